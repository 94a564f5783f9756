package sweep

import (
	"time"

	"fig5/bench/record"
)

// Kind is what an Event tells.
type Kind int

const (
	Taken    Kind = iota // recorded cells: Message says how many
	Began                // the sweep: cells are looked up, nothing has started; Message: who will train
	Queue                // Message: what has happened to a cluster's queue
	Started              // a worker has started on a run
	Progress             // its step, and from time to time its FID
	Warning              // a file of the run was damaged: Message says which, and what became of it
	Waiting              // somebody else works on the run
	Ended                // State: done, diverged, failed, or running if it was stopped
	Stopping             // the sweep: workers were told to write a checkpoint and end
)

// Event is one thing that happened.
type Event struct {
	Kind    Kind
	ID      string // of the run: a cell's, or "pretrain-s03"
	State   record.State
	Message string
	Step    int64 // iterations done, of Total
	Total   int64
	FID     *float64
	Sweep   Status // of all, after the event
}

// Status is how far the sweep has come.
type Status struct {
	Cells  int
	Ended  int           // done or diverged
	Failed int           // runs
	Share  float64       // of the iterations, 0 to 1
	Left   time.Duration // estimate; negative while there is nothing to estimate from
}

func (r *run) notify(e Event) {
	if r.o.Notify == nil {
		return
	}
	share, left := r.meter.estimate()
	e.Sweep = Status{
		Cells:  r.result.Cells,
		Ended:  r.result.Done + r.result.Diverged,
		Failed: len(r.result.Failed),
		Share:  share,
		Left:   left,
	}
	r.o.Notify(e)
}
