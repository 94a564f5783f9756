//go:build unix

package worker

import (
	"os"
	"os/exec"
	"syscall"
)

// OwnGroup keeps a terminal's Ctrl-C from reaching the process beside the one signal
// that this program sends it.
func OwnGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// signalOf is the signal that ended a process, nil if none did.
func signalOf(exit *exec.ExitError) os.Signal {
	if s, ok := exit.Sys().(syscall.WaitStatus); ok && s.Signaled() {
		return s.Signal()
	}
	return nil
}
