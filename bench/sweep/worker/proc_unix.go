//go:build unix

package worker

import (
	"os/exec"
	"syscall"
)

// OwnGroup keeps a terminal's Ctrl-C from reaching the process beside the one signal
// that this program sends it.
func OwnGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// signalOf names the signal that ended a process, if one did.
func signalOf(exit *exec.ExitError) string {
	if s, ok := exit.Sys().(syscall.WaitStatus); ok && s.Signaled() {
		return s.Signal().String()
	}
	return ""
}

// toldToStop reports whether the process was ended by a signal that asks for it.
func toldToStop(exit *exec.ExitError) bool {
	s, ok := exit.Sys().(syscall.WaitStatus)
	return ok && s.Signaled() && (s.Signal() == syscall.SIGTERM || s.Signal() == syscall.SIGINT)
}
