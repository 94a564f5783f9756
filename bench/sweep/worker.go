package sweep

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"syscall"

	"fig5/bench/record"
	"fig5/bench/sweep/protocol"
)

// workerName is the program that trains.
const workerName = "fig5-torch"

// FindWorker is the path of the worker: $FIG5_TORCH, else beside this program, in
// bin/ below the current folder, or on the PATH.
func FindWorker() (string, error) {
	if path := os.Getenv("FIG5_TORCH"); path != "" {
		found, err := exec.LookPath(path)
		if err != nil {
			return "", fmt.Errorf("FIG5_TORCH=%s: is not a program; unset it, or build the worker with `make build`", path)
		}
		return filepath.Abs(found)
	}
	name := workerName
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	var places []string
	if self, err := os.Executable(); err == nil {
		if self, err = filepath.EvalSymlinks(self); err == nil {
			places = append(places, filepath.Join(filepath.Dir(self), name))
		}
	}
	for _, path := range append(places, filepath.Join("bin", name), workerName) {
		if found, err := exec.LookPath(path); err == nil {
			return filepath.Abs(found)
		}
	}
	return "", fmt.Errorf("%s, the worker that trains, is neither beside fig5, in bin/ nor on the PATH; build it with `make build`, or name it in FIG5_TORCH", workerName)
}

// oneThread is one thread a worker: the cores are busy with other workers, and the
// order of floating-point sums must not depend on how many threads share them.
var oneThread = []string{"OMP_NUM_THREADS=1", "MKL_NUM_THREADS=1", "OPENBLAS_NUM_THREADS=1"}

// worker is a process that trains one job.
type worker struct {
	cmd   *exec.Cmd
	stdin io.Closer // held until the worker has ended
	stop  sync.Once
}

// startWorker starts the program at path on dir. What it reports goes to tell, from
// another goroutine; its end to the channel that is returned.
func startWorker(path string, dir record.Dir, tell func(protocol.Event)) (*worker, <-chan outcome, error) {
	cmd := exec.Command(path, "train", "--parent", string(dir))
	cmd.Env = append(os.Environ(), oneThread...)
	ownGroup(cmd)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, nil, err
	}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		return nil, nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, nil, fmt.Errorf("cannot start the worker: %w", err)
	}
	w := &worker{cmd: cmd, stdin: stdin}
	end := make(chan outcome, 1)
	go func() {
		var said string // the worker's own account of its failure
		var last string // what it, or a library, last wrote to standard error
		read := make(chan struct{})
		go func() {
			defer close(read)
			last = lastWords(stderr)
		}()
		eachLine(stdout, func(line []byte) {
			var r protocol.Event
			if json.Unmarshal(line, &r) != nil || r.Event == "" {
				return
			}
			if r.Event == protocol.Error {
				said = oneLine(r.Message)
			}
			tell(r)
		})
		<-read
		err := cmd.Wait()
		stdin.Close()
		end <- judge(err, said, last)
	}()
	return w, end, nil
}

// interrupt tells the worker, once, to write a checkpoint and end. A worker that has
// ended already is no error.
func (w *worker) interrupt() { w.stop.Do(func() { _ = w.cmd.Process.Signal(syscall.SIGTERM) }) }

// judge turns a worker's end into an outcome.
func judge(err error, said, last string) outcome {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return outcome{}
	case !errors.As(err, &exit):
		return outcome{failure: oneLine(err.Error())}
	case exit.ExitCode() == protocol.ExitStopped || toldToStop(exit): // before it could listen: libtorch loads for a second
		return outcome{stopped: true}
	}
	if plain := trimName(last); plain != last && said == "" {
		said = plain
	}
	if said != "" { // a crash of the Go runtime says nothing, and has exit code 2 as well
		return outcome{failure: said, badInput: exit.ExitCode() == protocol.ExitInput}
	}
	how := "the worker ended with exit code " + fmt.Sprint(exit.ExitCode())
	if signal := signalOf(exit); signal != "" {
		how = "the worker was ended by a signal: " + signal
	}
	if last != "" {
		how += ": " + last
	}
	return outcome{failure: how}
}

// trimName is a line of the worker's without its name.
func trimName(line string) string { return strings.TrimPrefix(line, workerName+": ") }

// crash is how the first line of a crash begins, in Go's runtime or C++'s.
var crash = regexp.MustCompile(`^(panic: |fatal error: |SIG[A-Z]+: |terminate called |what\(\): )`)

// lastWords is the line of standard error that tells best why a program ended: the
// first line of a crash (C++'s what(), which follows it, where there is one), else
// the last line there is.
func lastWords(r io.Reader) string {
	var last, cause string
	eachLine(r, func(line []byte) {
		text := oneLine(string(line))
		if text == "" {
			return
		}
		last = text
		if m := crash.FindString(text); m != "" && (cause == "" || m == "what(): ") {
			cause = text
		}
	})
	if cause != "" {
		return cause
	}
	return last
}

// maxLine is how much of a worker's line is kept; the rest of it is thrown away.
const maxLine = 1 << 14

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

// oneLine is text without line breaks, of a length that fits a message.
func oneLine(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > 500 {
		text = string(r[:497]) + "..."
	}
	return text
}
