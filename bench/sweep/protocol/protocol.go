// Package protocol is what a worker and package sweep, which starts it, say to each other.
//
// The worker is called as
//
//		fig5-torch train --parent RUN_DIR
//
//	 1. RUN_DIR/run.json is there, with the state "running". The worker takes the folder's
//	    lock, waiting for it if need be, and reads the manifest. If the run has ended
//	    meanwhile it says so.
//	 2. It goes on from checkpoint.npz where there is one, else from the pretraining's
//	    (runs/<sweep>/pretrain/<seed>/checkpoint.npz) where the cell has one, else from the
//	    beginning. A pretraining is a run folder like a cell's, with "pretraining": true and
//	    beta = 0 as its one level, and without a curve.
//	 3. Its standard output is an Event a line; anything else there is ignored:
//
//		{"event":"start","cell":ID,"step":S,"total":N}
//		{"event":"progress","step":S,"total":N,"fid":F,"rate":R}
//		{"event":"warning","cell":ID,"message":"one line"}
//		{"event":"done","cell":ID,"state":"done","seconds":S}        or "state":"diverged"
//		{"event":"error","cell":ID,"message":"one line"}
//
//	 4. Its exit code is 0 when the run has ended (run.json then says done or diverged), 1
//	    when it failed, 2 when what it was given is wrong, 3 when it was told to stop and
//	    has written a checkpoint.
//	 5. SIGTERM, SIGINT and, with --parent, the end of its standard input (a pipe that ends
//	    when the process that started it does, however it does) tell it to stop.
package protocol

import "fig5/bench/record"

// The events.
const (
	Start    = "start"
	Progress = "progress"
	Warning  = "warning"
	Done     = "done"
	Error    = "error"
)

// Event is one line of a worker's standard output.
type Event struct {
	Event   string       `json:"event"`          // one of the above
	Cell    string       `json:"cell,omitempty"` // the run's ID
	Step    *int64       `json:"step,omitempty"` // iterations done, of Total
	Total   int64        `json:"total,omitempty"`
	FID     *float64     `json:"fid,omitempty"`     // the newest; none in pretraining
	Rate    float64      `json:"rate,omitempty"`    // iterations per second
	State   record.State `json:"state,omitempty"`   // done or diverged
	Seconds float64      `json:"seconds,omitempty"` // since the worker began
	Message string       `json:"message,omitempty"` // one line: why it failed or diverged, or what was damaged
}

// Exit codes beside 0 (done, a divergence included) and 1 (failed).
const (
	ExitInput   = 2 // wrong usage or input
	ExitStopped = 3 // stopped before the end; a checkpoint is written
)
