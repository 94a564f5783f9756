//go:build cgo

package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// exits runs `exits CODE COMMAND ARG...` and fails unless the command ends with that code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND ARG...")
	}
	code := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		code = exit.ExitCode()
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}

// kill9 runs `kill9 FILE COMMAND ARG...`: it starts the command in a process group of
// its own, waits until FILE exists, and kills the whole group with SIGKILL, workers
// included. Its last words, if it ended before, are a failure.
func kill9(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: kill9 FILE COMMAND ARG...")
	}
	var out bytes.Buffer
	name, err := exec.LookPath(args[1])
	if err != nil { // on the script's own PATH
		name = filepath.Join(filepath.Dir(fig5), args[1])
	}
	cmd := exec.Command(name, args[2:]...)
	cmd.Dir = ts.Getenv("WORK")
	cmd.Env = append(os.Environ(), "FIG5_TORCH="+ts.Getenv("FIG5_TORCH"))
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	ts.Check(cmd.Start())
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	poll := time.NewTicker(time.Millisecond)
	defer poll.Stop()
	for {
		select {
		case err := <-ended:
			ts.Fatalf("%s ended (%v) before %s was there:\n%s", args[1], err, args[0], out.String())
		case <-poll.C:
			if _, err := os.Stat(ts.MkAbs(args[0])); err == nil {
				ts.Check(syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL))
				<-ended
				return
			}
		}
	}
}

// same runs `same DIR1 DIR2`: every curve, floor, checkpoint and sample file below
// the first must be below the second with the same bytes, and the other way round.
func same(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: same DIR1 DIR2")
	}
	read := func(root string) map[string][]byte {
		files := map[string][]byte{}
		root = ts.MkAbs(root)
		ts.Check(filepath.WalkDir(root, func(path string, e os.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			switch filepath.Ext(path) {
			case ".csv", ".npz", ".npy":
				name, _ := filepath.Rel(root, path)
				files[name], err = os.ReadFile(path)
			}
			return err
		}))
		return files
	}
	a, b := read(args[0]), read(args[1])
	if len(a) == 0 || len(a) != len(b) {
		ts.Fatalf("%s has %d files, %s %d", args[0], len(a), args[1], len(b))
	}
	for name := range a {
		if !bytes.Equal(a[name], b[name]) {
			ts.Fatalf("%s differs", name)
		}
	}
}
