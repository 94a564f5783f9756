package sweep

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"fig5/bench/config"
	"fig5/bench/english"
	"fig5/bench/record"
	"fig5/bench/sweep/protocol"
	"fig5/bench/sweep/worker"
)

// run is a sweep being run. All of it belongs to the goroutine of loop.
type run struct {
	o       Options
	exec    Executor
	ready   ready
	running map[*job]bool // with the executor; true: a worker has begun
	full    bool          // the executor took less than it was given: wait until a job has ended
	aside   int           // jobs whose folder somebody else works on
	todo    chan func()   // what other goroutines have to tell
	over    chan struct{} // closed when loop has returned
	ctx     context.Context
	cancel  func() // ends ctx
	meter   *meter
	result  Result
	fatal   error // ends everything
}

func newRun(o Options, exec Executor, cells []Cell, all []*job) *run {
	r := &run{
		o:       o,
		exec:    exec,
		running: map[*job]bool{},
		todo:    make(chan func()),
		over:    make(chan struct{}),
		result:  Result{Cells: len(cells)},
	}
	var ended int64
	for _, cell := range cells {
		if cell.Ended() {
			r.result.count(cell.State)
			ended += int64(cell.Iterations)
		}
	}
	r.meter = newMeter(time.Now, o.Jobs, ended, all)
	for _, j := range all {
		if r.queues() {
			j.held = nil // the queue holds them back
		}
		if r.queues() || j.needs == nil {
			r.ready.add(j)
		}
	}
	return r
}

// queues reports whether jobs are given to a queue, where they may wait.
func (r *run) queues() bool { return r.o.Slurm != nil }

// loop runs all jobs to their end.
func (r *run) loop(ctx context.Context, c *config.Config, all []*job) (Result, error) {
	r.ctx, r.cancel = context.WithCancel(ctx)
	defer r.cancel()
	defer close(r.over)
	remark := ""
	if len(all) > 0 {
		running, workers, text, err := r.exec.open(r, c, all)
		if err != nil {
			return r.result, err
		}
		for _, j := range running {
			r.running[j] = false
		}
		remark, r.meter.jobs = text, workers
	}
	r.notify(Event{Kind: Began, Message: remark})
	stop := r.ctx.Done()
	for {
		for r.ctx.Err() == nil && len(r.ready) > 0 && !r.full && r.room() > 0 {
			r.fail(r.start())
		}
		if len(r.running) == 0 && r.aside == 0 {
			if r.ctx.Err() != nil && !r.result.Complete() {
				r.result.Stopped = true
			}
			return r.result, r.fatal
		}
		if r.o.Detach {
			return r.leave()
		}
		select {
		case do := <-r.todo:
			do()
		case <-stop:
			stop = nil
			if !r.exec.stop() {
				r.result.Stopped = true
				return r.leave()
			}
			r.notify(Event{Kind: Stopping})
		}
	}
}

// room is how many jobs the executor is given: a queue takes all that it can.
func (r *run) room() int {
	if r.queues() {
		return len(r.ready)
	}
	return r.meter.jobs - len(r.running)
}

// leave ends the loop while jobs go on.
func (r *run) leave() (Result, error) {
	r.result.Queued = len(r.running)
	if n := len(r.ready); r.o.Detach && n > 0 {
		r.fail(fmt.Errorf("%s are in no queue yet; run the same command again when it has room", english.Plural(n, "run")))
	}
	return r.result, r.fatal
}

// tell has the loop do what another goroutine found, unless it has ended.
func (r *run) tell(do func()) {
	select {
	case r.todo <- do:
	case <-r.over:
	}
}

// fail ends everything if there is an error; the first one is kept.
func (r *run) fail(err error) {
	if err != nil {
		r.fatal = cmp.Or(r.fatal, err)
		r.cancel()
	}
}

// start begins the first jobs that are ready, as many as there is room for, but for those
// that somebody else works on or has done. Its error ends everything.
func (r *run) start() error {
	var jobs []*job
	for n := r.room(); n > 0 && len(r.ready) > 0; n-- {
		j := r.ready[0]
		r.ready = r.ready[1:]
		if _, there := r.running[j]; there { // from an earlier start
			continue
		}
		ok, err := r.claim(j)
		if err != nil {
			return err
		}
		if ok {
			jobs = append(jobs, j)
		}
	}
	if len(jobs) == 0 {
		return nil
	}
	taken, left, remark, err := r.exec.start(jobs)
	for _, j := range taken {
		r.running[j] = false
		if !r.queues() {
			r.begun(j)
		}
	}
	r.ready, r.full = append(left, r.ready...), len(left) > 0
	if remark != "" {
		r.notify(Event{Kind: Queue, Message: remark})
	}
	return err
}

// begun notes that a worker has started on a job.
func (r *run) begun(j *job) {
	r.running[j] = true
	r.meter.started()
	r.notify(Event{Kind: Started, ID: j.id(), Step: j.step, Total: j.total()})
}

// claim makes a job's folder ready for a worker. It is false if somebody else works on the
// job, or has done it.
func (r *run) claim(j *job) (bool, error) {
	lock, err := j.dir.TryLock()
	if err != nil {
		return false, err
	}
	if lock == nil {
		r.aside++
		r.notify(Event{Kind: Waiting, ID: j.id()})
		go func() {
			if lock, err := j.dir.Lock(r.ctx); err == nil {
				lock.Unlock()
			}
			r.tell(func() {
				r.aside--
				r.ready.add(j)
			})
		}()
		return false, nil
	}
	found, err := r.prepare(j)
	lock.Unlock() // the worker takes it; should another be first, it finds the run ended
	if err != nil {
		return false, err
	}
	if found.Ended() {
		r.ended(j, found)
		return false, nil
	}
	return true, nil
}

// prepare writes the manifest that the worker reads, unless the run has ended; the
// folder's lock is held. What does not determine the curve (where the data lie, the
// analysis) is taken from the config as it is now.
func (r *run) prepare(j *job) (*record.Run, error) {
	old, err := load(j.dir, j.want)
	if err == nil && old == nil || errors.Is(err, record.ErrDamaged) {
		var warnings []string
		warnings, err = j.dir.Renew(j.want)
		for _, w := range warnings {
			r.notify(Event{Kind: Warning, ID: j.id(), Message: w})
		}
	}
	if err != nil {
		return nil, err
	}
	now := *j.want
	if !now.Pretraining {
		now = *record.NewRun(now.Config, now.Cell)
	}
	switch lost := old != nil && old.Pretraining && old.State == record.Done && !j.dir.HasCheckpoint(); {
	case old == nil || lost:
	case old.Ended():
		return old, nil
	default:
		now = *old
		now.State, now.Message = record.Running, ""
		now.Config, now.Cell = j.want.Config, j.want.Cell
	}
	if j.needs != nil {
		p, err := j.needs.dir.Load()
		if err != nil && !errors.Is(err, fs.ErrNotExist) { // in a queue it may be yet to begin
			return nil, err
		}
		if err == nil && p.State == record.Diverged {
			if err := record.WriteCurve(j.dir.Curve(), nil); err != nil {
				return nil, err
			}
			return &now, j.dir.Finish(&now, record.Diverged, "its pretraining diverged", time.Now())
		}
	}
	return &now, j.dir.Save(&now)
}

func (r *run) reported(j *job, m protocol.Event) {
	step := int64(0)
	if m.Step != nil {
		step = *m.Step
	}
	switch m.Event {
	case protocol.Start:
		r.meter.resumed(j, step)
		r.notify(Event{Kind: Progress, ID: j.id(), Step: j.step, Total: j.total()})
	case protocol.Progress:
		r.meter.trained(j, step)
		r.notify(Event{Kind: Progress, ID: j.id(), Step: j.step, Total: j.total(), FID: m.FID})
	case protocol.Warning:
		r.notify(Event{Kind: Warning, ID: j.id(), Message: worker.OneLine(m.Message)})
	}
}

// workerEnded looks at what a worker left behind.
func (r *run) workerEnded(j *job, out worker.Outcome) {
	if r.running[j] {
		r.meter.stopped()
	}
	delete(r.running, j)
	r.full = false
	if out.Stopped {
		r.result.Stopped = true
		r.notify(Event{Kind: Ended, ID: j.id(), State: record.Running, Step: j.step, Total: j.total()})
		return
	}
	if out.Failure == "" {
		found, err := j.dir.Load()
		if err == nil && found.Ended() {
			r.meter.trained(j, found.Step)
			r.ended(j, found)
			return
		}
		out.Failure = "the worker ended before the run did"
		if err != nil {
			out.Failure = worker.OneLine(err.Error())
		}
	}
	if err := markFailed(j, out.Failure); err != nil {
		r.fail(err)
		return
	}
	r.meter.fail(j)
	f := Failure{j.id(), out.Failure}
	if len(j.held) > 0 {
		f.Message += fmt.Sprintf(" (%s held up)", english.Plural(len(j.held), "cell"))
	}
	for _, cell := range j.held {
		r.meter.fail(cell)
	}
	r.result.Failed = append(r.result.Failed, f)
	r.notify(Event{Kind: Ended, ID: j.id(), State: record.Failed, Message: f.Message, Step: j.step, Total: j.total()})
	if out.BadInput {
		r.fail(InputError{Err: errors.New(out.Failure)})
	}
}

// markFailed notes in run.json that the worker failed, unless somebody else is at
// work there by now.
func markFailed(j *job, message string) error {
	lock, err := j.dir.TryLock()
	if err != nil || lock == nil {
		return err
	}
	defer lock.Unlock()
	r, err := j.dir.Load()
	if err != nil || r.Ended() {
		return err
	}
	r.State, r.Message = record.Failed, message
	return j.dir.Save(r)
}

// ended notes that a run has ended, and lets those that waited for it start.
func (r *run) ended(j *job, found *record.Run) {
	r.meter.drop(j)
	r.ready.add(j.held...)
	j.held = nil
	if !found.Pretraining {
		r.result.count(found.State)
	}
	r.notify(Event{Kind: Ended, ID: j.id(), State: found.State, Message: found.Message, Step: j.total(), Total: j.total()})
}
