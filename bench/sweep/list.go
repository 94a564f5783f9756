package sweep

import (
	"fmt"
	"maps"
	"time"

	"fig5/bench/record"
	"fig5/bench/sweep/worker"
)

// Listed is one run in a list.
type Listed struct {
	Path        string       `json:"path"`
	ID          string       `json:"id"`
	State       record.State `json:"state"`
	Busy        bool         `json:"busy"`   // a process works on it
	Queued      bool         `json:"queued"` // it waits in Slurm's queue
	Pretraining bool         `json:"pretraining"`
	K           int          `json:"k"`
	Baseline    string       `json:"baseline"`
	Seed        int          `json:"seed"`
	Schedule    string       `json:"schedule"`
	Protocol    string       `json:"protocol"`
	Step        int64        `json:"step"`
	Iterations  int          `json:"iterations"`
	Seconds     float64      `json:"seconds"`
	Started     *time.Time   `json:"started"`
	Finished    *time.Time   `json:"finished"`
	Message     string       `json:"message"`
}

// List is the runs in dirs. unread are the errors of manifests that cannot be read, and
// notKnown what keeps a cluster's queue from being known, a line each.
func List(dirs []record.Dir) (runs []Listed, unread []error, notKnown []string, err error) {
	queued, seen := map[record.Dir]bool{}, map[record.Sweep]bool{}
	for _, d := range dirs {
		if s := d.Sweep(); !seen[s] { // of a cell: each sweep has one
			seen[s] = true
			waiting, err := Queued(s)
			if err != nil {
				notKnown = append(notKnown, fmt.Sprintf("%s: what is queued is not known: %s", s, worker.OneLine(err.Error())))
			}
			maps.Copy(queued, waiting)
		}
	}
	runs = []Listed{}
	for _, d := range dirs {
		r, err := d.Load()
		if err != nil {
			unread = append(unread, err)
			continue
		}
		busy, err := d.Busy()
		if err != nil {
			return nil, nil, nil, err
		}
		l := NewListed(d, r, busy)
		l.Queued = queued[d] && !busy && !r.Ended()
		runs = append(runs, l)
	}
	return runs, unread, notKnown, nil
}

// NewListed is the run in d, which is in no queue.
func NewListed(d record.Dir, r *record.Run, busy bool) Listed {
	c := r.Cell
	return Listed{
		Path: string(d), ID: c.ID, State: r.State, Busy: busy, Pretraining: r.Pretraining,
		K: c.K, Baseline: c.Baseline, Seed: c.Seed, Schedule: c.Schedule, Protocol: c.Protocol,
		Step: r.Step, Iterations: c.Iterations, Seconds: r.Seconds,
		Started: orNil(r.Started), Finished: orNil(r.Finished), Message: r.Message,
	}
}

func orNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// Now is what is said of the run: its state, but that it is running only while it is.
func (l Listed) Now() string {
	if l.Queued {
		return "queued"
	}
	if l.State == record.Running && !l.Busy {
		return "stopped"
	}
	return string(l.State)
}
