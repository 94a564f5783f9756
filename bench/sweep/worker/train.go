package worker

import (
	"context"
	"encoding/json"
	"fmt"
	"syscall"

	"fig5/bench/record"
	"fig5/bench/sweep/protocol"
)

// Train starts the worker at path on dir. What it reports goes to tell, and then its end to
// ended, both from another goroutine. interrupt tells it to write a checkpoint and end; that
// it has ended already is no error.
func Train(path string, dir record.Dir, tell func(protocol.Event), ended func(Outcome)) (interrupt func(), err error) {
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
	return func() { _ = p.cmd.Process.Signal(syscall.SIGTERM) }, nil
}
