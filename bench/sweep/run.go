package sweep

import (
	"context"
	"fmt"

	"fig5/bench/config"
	"fig5/bench/english"
	"fig5/bench/record"
	"fig5/bench/sweep/worker"
)

// Options is how a sweep is run.
type Options struct {
	Runs     string      // the root folder: runs go to Runs/<sweep>/<cell>
	Jobs     int         // workers at a time; 0: Workers
	Cells    []string    // only the cells of these IDs; none: all
	Recorded string      // cells that are missing are taken from Recorded/<sweep> if they have ended there; "": they are trained
	Worker   string      // the worker's path; "": worker.Find
	Notify   func(Event) // told of everything, in order, never twice at once; nil: nobody
	Memory   int64       // bytes that the workers may take together; 0: what this machine has free
	Slurm    *Slurm      // trained by the tasks of a cluster; nil: on this machine
	Detach   bool        // returns as soon as all is in a queue
}

// Result is what a sweep looks like when Run has ended.
type Result struct {
	Cells    int       `json:"cells"` // that were asked for
	Done     int       `json:"done"`
	Diverged int       `json:"diverged"`
	Failed   []Failure `json:"failed"`
	Queued   int       `json:"queued"`  // runs that are in a queue, or being trained, without this program
	Stopped  bool      `json:"stopped"` // the caller, or somebody who signalled a worker, ended it early
}

// Failure is a run that failed.
type Failure struct {
	ID      string `json:"id"`
	Message string `json:"message"` // one line
}

// Complete reports whether every cell has ended.
func (r Result) Complete() bool { return r.Done+r.Diverged == r.Cells }

// count counts a cell that has ended.
func (r *Result) count(s record.State) {
	if s == record.Done {
		r.Done++
	} else {
		r.Diverged++
	}
}

// Run trains what is missing of the sweep and returns when every worker has ended.
// When ctx ends the workers are told to write a checkpoint and stop; the tasks of a cluster
// go on, and the next Run finds them. That cells fail
// is no error: Result lists them. A sweep that is complete is left untouched.
func Run(ctx context.Context, c *config.Config, o Options) (Result, error) {
	cells, err := Plan(c, o.Runs)
	if err != nil {
		return Result{}, err
	}
	if len(o.Cells) > 0 {
		if cells, err = only(cells, o.Cells); err != nil {
			return Result{}, err
		}
	}
	if o.Recorded != "" {
		from := record.OpenSweep(o.Recorded, c.Name)
		taken, err := takeRecorded(c, cells, from, record.OpenSweep(o.Runs, c.Name))
		if err != nil {
			return Result{}, InputError{Err: err}
		}
		if taken > 0 && o.Notify != nil {
			o.Notify(Event{Kind: Taken, Message: fmt.Sprintf("%s taken from %s", english.Plural(taken, "cell"), from)})
		}
	}
	if err := checkEnded(cells); err != nil {
		return Result{}, err
	}
	all, err := jobs(c, o.Runs, cells)
	if err != nil {
		return Result{}, err
	}
	var exec Executor = &local{jobs: o.Jobs, memory: o.Memory}
	if o.Slurm != nil {
		exec = o.Slurm
	}
	if len(all) > 0 {
		if err := o.check(ctx, c, exec); err != nil {
			return Result{}, InputError{Err: err}
		}
	}
	return newRun(o, exec, cells, all).loop(ctx, c, all)
}

// check finds the worker, and what would keep every one from training.
func (o *Options) check(ctx context.Context, c *config.Config, exec Executor) (err error) {
	if err := Check(c); err != nil {
		return err
	}
	if o.Worker == "" {
		if o.Worker, err = worker.Find(); err != nil {
			return err
		}
	}
	if err := exec.check(ctx, c, o.Worker); err != nil {
		return err
	}
	return checkFiles(c)
}
