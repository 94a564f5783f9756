package worker

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"

	"fig5/bench/sweep/protocol"
)

// name is that of the program.
const name = "fig5-torch"

// Find is the path of the worker: $FIG5_TORCH, else beside this program, in
// bin/ below the current folder, or on the PATH.
func Find() (string, error) {
	if path := os.Getenv("FIG5_TORCH"); path != "" {
		found, err := exec.LookPath(path)
		if err != nil {
			return "", fmt.Errorf("FIG5_TORCH=%s: is not a program; unset it, or build the worker with `make build`", path)
		}
		return filepath.Abs(found)
	}
	var places []string
	if self, err := os.Executable(); err == nil {
		if self, err = filepath.EvalSymlinks(self); err == nil {
			places = append(places, filepath.Join(filepath.Dir(self), name))
		}
	}
	for _, path := range append(places, filepath.Join("bin", name), name) {
		if found, err := exec.LookPath(path); err == nil {
			return filepath.Abs(found)
		}
	}
	return "", fmt.Errorf("%s, the worker that trains, is neither beside fig5, in bin/ nor on the PATH; build it with `make build`, or name it in FIG5_TORCH", name)
}

// oneThread is one thread a worker: the cores are busy with other workers, and the
// order of floating-point sums must not depend on how many threads share them.
var oneThread = []string{"OMP_NUM_THREADS=1", "MKL_NUM_THREADS=1", "OPENBLAS_NUM_THREADS=1"}

// process is a worker that was started.
type process struct {
	cmd  *exec.Cmd
	in   io.WriteCloser // with --parent the worker stops when it ends
	out  io.Reader
	last chan string // its last words, or a library's
}

// OwnGroup keeps a terminal's Ctrl-C from reaching the process beside the one signal
// that this program sends it.
func OwnGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// start starts the worker at path; it is killed when ctx ends.
func start(ctx context.Context, env []string, path string, args ...string) (*process, error) {
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env = append(os.Environ(), env...)
	OwnGroup(cmd)
	in, errIn := cmd.StdinPipe()
	out, errOut := cmd.StdoutPipe()
	stderr, errErr := cmd.StderrPipe()
	if err := errors.Join(errIn, errOut, errErr); err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &process{cmd, in, out, make(chan string, 1)}
	go func() { p.last <- lastWords(stderr) }()
	return p, nil
}

// end waits for the worker's end. said is its own account of a failure, if it gave one.
func (p *process) end(said string) Outcome {
	last := <-p.last
	err := p.cmd.Wait() // closes its pipes
	var exit *exec.ExitError
	if err == nil {
		return Outcome{}
	} else if !errors.As(err, &exit) {
		return Outcome{Failure: OneLine(err.Error())}
	}
	code, status := exit.ExitCode(), exit.Sys().(syscall.WaitStatus)
	if code == protocol.ExitStopped || status.Signal() == syscall.SIGTERM || status.Signal() == syscall.SIGINT { // before it could listen: libtorch loads for a second
		return Outcome{Stopped: true}
	}
	if plain := trimName(last); plain != last && said == "" {
		said = plain
	}
	if said != "" { // a crash of the Go runtime says nothing, and has exit code 2 as well
		return Outcome{Failure: said, BadInput: code == protocol.ExitInput}
	}
	how := fmt.Sprintf("the worker ended with exit code %d", code)
	if status.Signaled() {
		how = "the worker was ended by a signal: " + status.Signal().String()
	}
	if last != "" {
		how += ": " + last
	}
	return Outcome{Failure: how, crash: last}
}

// InputError is an error in what the caller gave: a cell that is not in the sweep,
// settings other than those the folder was trained with, no worker, bad data.
type InputError struct{ Err error }

func (e InputError) Error() string { return e.Err.Error() }
func (e InputError) Unwrap() error { return e.Err }

// Outcome is how a worker ended; empty when it did what it was to do.
type Outcome struct {
	Stopped  bool   // it was told to stop, and has written a checkpoint if it had begun
	Failure  string // one line; empty when it ended well or was stopped
	BadInput bool   // the failure lies in what it was given, so every cell would fail alike

	crash string // its last words, where it gave no account of its own
}

// LastWords is the line of a worker's standard error that tells best why it ended, without
// the worker's name before it.
func LastWords(r io.Reader) string { return trimName(lastWords(r)) }

// trimName is a line of the worker's without its name.
func trimName(line string) string { return strings.TrimPrefix(line, name+": ") }

// crash is how the first line of a crash begins, in Go's runtime or C++'s.
var crash = regexp.MustCompile(`^(panic: |fatal error: |SIG[A-Z]+: |terminate called |what\(\): )`)

// lastWords is LastWords with the worker's name: the first line of a crash (C++'s what(),
// which follows it, where there is one), else the last line there is.
func lastWords(r io.Reader) string {
	var last, cause string
	eachLine(r, func(line []byte) {
		text := OneLine(string(line))
		if text == "" {
			return
		}
		last = text
		if m := crash.FindString(text); m != "" && (cause == "" || m == "what(): ") {
			cause = text
		}
	})
	return cmp.Or(cause, last)
}

// maxLine is how much of a worker's line is kept; the rest of it is thrown away.
const maxLine = 1 << 16

// eachLine calls f with each line of r, without its newline, until r ends or fails.
func eachLine(r io.Reader, f func([]byte)) {
	b := bufio.NewReaderSize(r, maxLine)
	for {
		line, more, err := b.ReadLine()
		if err != nil {
			return
		}
		f(line)
		for more && err == nil {
			_, more, err = b.ReadLine()
		}
	}
}

// OneLine is text without line breaks, of a length that fits a message.
func OneLine(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > 500 {
		text = string(r[:497]) + "..."
	}
	return text
}
