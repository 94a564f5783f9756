package sweep

import (
	"context"

	"fig5/bench/config"
	"fig5/bench/english"
	"fig5/bench/sweep/protocol"
	"fig5/bench/sweep/worker"
)

// Executor trains jobs. There are two: local starts a process a job on this machine, Slurm
// hands them to a cluster, where jobs may wait: for room, for a pretraining. What becomes of
// a job they tell the run, which calls them from the goroutine of its loop alone.
type Executor interface {
	// check refuses what cannot be trained there.
	check(ctx context.Context, c *config.Config, program string) error
	// open is called once, with what is missing of the sweep. It returns the jobs that are
	// there already, from an earlier Run, how many are trained at once, 0 if that is not
	// known, and a remark for the user.
	open(r *run, c *config.Config, missing []*job) (running []*job, workers int, remark string, err error)
	// start takes jobs over; what it has no room for is left. The remark is for the user.
	start(jobs []*job) (taken, left []*job, remark string, err error)
	// stop tells the workers to write a checkpoint and end; it is false where the jobs go
	// on without this program.
	stop() bool
}

// local trains on this machine, a process a job.
type local struct {
	jobs    int   // at once; 0: Workers
	memory  int64 // bytes that they may take together; 0: what is free
	run     *run
	workers map[*job]func() // each interrupts one
}

// check has the worker look for the GPU that c asks for.
func (l *local) check(ctx context.Context, c *config.Config, program string) error {
	return CheckDevice(ctx, program, c)
}

func (l *local) open(r *run, c *config.Config, missing []*job) ([]*job, int, string, error) {
	if l.jobs == 0 {
		l.jobs = Workers(c)
	}
	if l.memory == 0 {
		l.memory = Free()
	}
	l.run, l.workers = r, map[*job]func(){}
	fit, why := Fit(c, min(l.jobs, len(missing)), l.memory)
	if why != "" {
		l.jobs, why = fit, ": "+why
	}
	return nil, l.jobs, english.Plural(l.jobs, "worker") + " at a time" + why, nil
}

func (l *local) start(jobs []*job) (taken, left []*job, remark string, err error) {
	for _, j := range jobs {
		report := func(e protocol.Event) {
			l.run.tell(func() { l.run.reported(j, e) })
		}
		ended := func(out worker.Outcome) {
			l.run.tell(func() {
				delete(l.workers, j)
				l.run.workerEnded(j, out)
			})
		}
		if l.workers[j], err = worker.Train(l.run.o.Worker, j.dir, report, ended); err != nil {
			delete(l.workers, j)
			break
		}
		taken = append(taken, j)
	}
	return taken, nil, "", err
}

func (l *local) stop() bool {
	for _, interrupt := range l.workers {
		interrupt()
	}
	return true
}
