package worker

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"syscall"

	"fig5/bench/record"
	"fig5/bench/sweep/protocol"
)

// Training is a process that trains one run.
type Training struct {
	*process
	stop sync.Once
}

// Train starts the worker at path on dir. What it reports goes to tell, from another
// goroutine; its end to the channel that is returned.
func Train(path string, dir record.Dir, tell func(protocol.Event)) (*Training, <-chan Outcome, error) {
	p, err := start(context.Background(), oneThread, path, "train", "--parent", string(dir))
	if err != nil {
		return nil, nil, fmt.Errorf("cannot start the worker: %w", err)
	}
	end := make(chan Outcome, 1)
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
		end <- p.end(said)
	}()
	return &Training{process: p}, end, nil
}

// Interrupt tells the worker, once, to write a checkpoint and end. A worker that has
// ended already is no error.
func (t *Training) Interrupt() { t.stop.Do(func() { _ = t.cmd.Process.Signal(syscall.SIGTERM) }) }
