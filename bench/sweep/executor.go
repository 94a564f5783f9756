package sweep

import (
	"sync"

	"fig5/bench/config"
	"fig5/bench/english"
	"fig5/bench/record"
	"fig5/bench/sweep/protocol"
	"fig5/bench/sweep/worker"
)

// Executor trains jobs. There are two: local starts a process a job on this machine, slurm
// hands them to a cluster. The loop of Run knows no other difference.
type Executor interface {
	// check refuses what cannot be trained there.
	check(c *config.Config) error
	// open is called once, with what is missing of the sweep. It returns the jobs that are
	// there already, from an earlier Run, and a remark for the user. What becomes of a job
	// goes to tell.
	open(c *config.Config, sweep record.Sweep, missing []*job, program string, tell func(message)) (running []*job, remark string, err error)
	// queues reports whether jobs may wait there: for room, for a pretraining. Then it tells
	// when one has begun; else it has when start returns.
	queues() bool
	// room is how many jobs it takes, so many being there already.
	room(running int) int
	// workers is how many jobs are trained at once, 0 if that is not known.
	workers() int
	// start takes jobs over, the first ones if not all. The remark is for the user.
	start(jobs []*job) (taken int, remark string, err error)
	// stop tells the workers to write a checkpoint and end; it is false where the jobs go
	// on without this program.
	stop() bool
}

// message is what an executor, or a lock, has to say about a job: one of these.
type message struct {
	job    *job
	begun  bool            // it waited in a queue, and a worker has started on it
	report *protocol.Event // its worker reports
	end    *worker.Outcome // its worker has ended
	free   bool            // its folder's lock is free again
	remark string          // about no job in particular
}

// local trains on this machine, a process a job.
type local struct {
	jobs    int    // at once; 0: Workers
	memory  int64  // bytes that they may take together; 0: what is free
	program string // the worker's path
	tell    func(message)
	mu      sync.Mutex
	running map[*job]*worker.Training
}

func (l *local) check(c *config.Config) error { return Check(c) }

func (l *local) open(c *config.Config, _ record.Sweep, missing []*job, program string, tell func(message)) ([]*job, string, error) {
	if l.jobs == 0 {
		l.jobs = Workers(c)
	}
	if l.memory == 0 {
		l.memory = Free()
	}
	l.program, l.tell, l.running = program, tell, map[*job]*worker.Training{}
	fit, why := Fit(c, min(l.jobs, len(missing)), l.memory)
	if why != "" {
		l.jobs, why = fit, ": "+why
	}
	return nil, english.Plural(l.jobs, "worker") + " at a time" + why, nil
}

func (l *local) queues() bool         { return false }
func (l *local) room(running int) int { return l.jobs - running }
func (l *local) workers() int         { return l.jobs }

func (l *local) start(jobs []*job) (taken int, remark string, err error) {
	for _, j := range jobs {
		report := func(e protocol.Event) { l.tell(message{job: j, report: &e}) }
		w, end, err := worker.Train(l.program, j.dir, report)
		if err != nil {
			return taken, "", err
		}
		taken++
		l.mu.Lock()
		l.running[j] = w
		l.mu.Unlock()
		go func() {
			out := <-end
			l.mu.Lock()
			delete(l.running, j)
			l.mu.Unlock()
			l.tell(message{job: j, end: &out})
		}()
	}
	return taken, "", nil
}

func (l *local) stop() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, w := range l.running {
		w.Interrupt()
	}
	return true
}
