package worker

import (
	"context"
	"encoding/json"
	"fmt"
	"syscall"

	"fig5/bench/record"
	"fig5/bench/sweep/protocol"
)

// Training is a process that trains one run.
type Training struct{ *process }

// Train starts the worker at path on dir. What it reports goes to tell, and then its end to
// ended, both from another goroutine.
func Train(path string, dir record.Dir, tell func(protocol.Event), ended func(Outcome)) (*Training, error) {
	p, err := start(context.Background(), oneThread, path, "train", "--parent", string(dir))
	if err != nil {
		return nil, fmt.Errorf("cannot start the worker: %w", err)
	}
	go func() {
		said := "" // the worker's own account of its failure
		eachLine(p.out, func(line []byte) {
			var e protocol.Event
			if json.Unmarshal(line, &e) != nil || e.Event == "" {
				return
			}
			if e.Event == protocol.Error {
				said = OneLine(e.Message)
			}
			tell(e)
		})
		ended(p.end(said))
	}()
	return &Training{p}, nil
}

// Interrupt tells the worker to write a checkpoint and end. A worker that has ended already
// is no error.
func (t *Training) Interrupt() { _ = t.cmd.Process.Signal(syscall.SIGTERM) }
