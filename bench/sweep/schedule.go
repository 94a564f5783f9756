package sweep

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"fig5/bench/record"
	"fig5/bench/sweep/protocol"
)

// run is a sweep being run. All of it belongs to the goroutine of loop.
type run struct {
	o        Options
	ready    []*job           // can start now
	waiting  map[*job][]*job  // by pretraining: the cells that wait for it
	running  map[*job]*worker // on this machine, by this program
	aside    int              // jobs whose folder somebody else works on
	messages chan message
	meter    *meter
	result   Result
	fatal    error // ends everything
}

// message is what the other goroutines have to say about a job: one of the three.
type message struct {
	job    *job
	report *protocol.Event // its worker reports
	end    *outcome        // its worker has ended
	free   bool            // its folder's lock is free again
}

func newRun(o Options, cells []Cell, all []*job) *run {
	r := &run{
		o:        o,
		waiting:  map[*job][]*job{},
		running:  map[*job]*worker{},
		messages: make(chan message),
		result:   Result{Cells: len(cells)},
	}
	var ended int64
	for _, cell := range cells {
		switch cell.State {
		case record.Done:
			r.result.Done++
			ended += int64(cell.Iterations)
		case record.Diverged:
			r.result.Diverged++
			ended += int64(cell.Iterations)
		}
	}
	r.meter = newMeter(o.Now, o.Jobs, ended, all)
	for _, j := range all {
		if j.needs != nil {
			r.waiting[j.needs] = append(r.waiting[j.needs], j)
		} else {
			r.ready = append(r.ready, j)
		}
	}
	return r
}

// loop runs the jobs to their end; why is the reason for fewer workers than were asked for.
func (r *run) loop(ctx context.Context, why string) (Result, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r.notify(Event{Kind: Began, Message: why})
	stop := ctx.Done()
	for {
		for ctx.Err() == nil && len(r.running) < r.o.Jobs && len(r.ready) > 0 {
			if r.fail(r.start(ctx, r.next())) {
				cancel()
			}
		}
		if len(r.running) == 0 && r.aside == 0 {
			if ctx.Err() != nil && !r.result.Complete() {
				r.result.Stopped = true
			}
			return r.result, r.fatal
		}
		select {
		case m := <-r.messages:
			if r.fail(r.handle(m)) {
				cancel()
			}
		case <-stop:
			stop = nil
			r.notify(Event{Kind: Stopping})
			for _, w := range r.running {
				w.interrupt()
			}
		}
	}
}

// fail notes the first error that ends everything.
func (r *run) fail(err error) bool {
	if err != nil && r.fatal == nil {
		r.fatal = err
	}
	return err != nil
}

// next takes the ready job that is to start now.
func (r *run) next() *job {
	i := longest(r.ready)
	j := r.ready[i]
	r.ready = slices.Delete(r.ready, i, i+1)
	return j
}

// longest is the index of the job with the most ahead of it, the first of equals.
func longest(ready []*job) int {
	best := 0
	for i, j := range ready {
		if j.ahead > ready[best].ahead {
			best = i
		}
	}
	return best
}

// start begins a job, or finds that somebody else does or has done it. Its error
// ends everything.
func (r *run) start(ctx context.Context, j *job) error {
	lock, err := j.dir.TryLock()
	if err != nil {
		return err
	}
	if lock == nil {
		r.aside++
		r.notify(Event{Kind: Waiting, ID: j.id()})
		go func() {
			if lock, err := j.dir.Lock(ctx); err == nil {
				lock.Unlock()
			}
			r.messages <- message{job: j, free: true}
		}()
		return nil
	}
	found, err := r.prepare(j)
	lock.Unlock() // the worker takes it; should another be first, it finds the run ended
	if err != nil {
		return err
	}
	if found.Ended() {
		r.ended(j, found)
		return nil
	}
	tell := func(m protocol.Event) { r.messages <- message{job: j, report: &m} }
	w, end, err := startWorker(r.o.Worker, j.dir, tell)
	if err != nil {
		return err
	}
	go func() {
		out := <-end
		r.messages <- message{job: j, end: &out}
	}()
	r.running[j] = w
	r.meter.started()
	r.notify(Event{Kind: Started, ID: j.id(), Step: j.step, Total: j.total()})
	return nil
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
	if old != nil {
		lost := old.Pretraining && old.State == record.Done && !j.dir.HasCheckpoint()
		if old.Ended() && !lost {
			return old, nil
		}
		if !lost {
			now = *old
			now.State, now.Message = record.Running, ""
			now.Config, now.Cell = j.want.Config, j.want.Cell
		}
	}
	if j.needs != nil {
		p, err := j.needs.dir.Load()
		if err != nil {
			return nil, err
		}
		if p.State == record.Diverged {
			if err := record.WriteCurve(j.dir.Curve(), nil); err != nil {
				return nil, err
			}
			return &now, j.dir.Finish(&now, record.Diverged, "its pretraining diverged", r.o.Now())
		}
	}
	return &now, j.dir.Save(&now)
}

// handle takes in one message. Its error ends everything.
func (r *run) handle(m message) error {
	j := m.job
	switch {
	case m.free:
		r.aside--
		r.ready = append(r.ready, j)
	case m.report != nil:
		r.reported(j, *m.report)
	case m.end != nil:
		delete(r.running, j)
		r.meter.stopped()
		return r.workerEnded(j, *m.end)
	}
	return nil
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
		r.notify(Event{Kind: Warning, ID: j.id(), Message: oneLine(m.Message)})
	}
}

// workerEnded looks at what a worker left behind.
func (r *run) workerEnded(j *job, out outcome) error {
	if out.stopped {
		r.result.Stopped = true
		r.notify(Event{Kind: Ended, ID: j.id(), State: record.Running, Step: j.step, Total: j.total()})
		return nil
	}
	if out.failure == "" {
		found, err := j.dir.Load()
		if err == nil && found.Ended() {
			r.meter.trained(j, found.Step)
			r.ended(j, found)
			return nil
		}
		out.failure = "the worker ended before the run did"
		if err != nil {
			out.failure = oneLine(err.Error())
		}
	}
	if err := markFailed(j, out.failure); err != nil {
		return err
	}
	r.meter.fail(j)
	f := Failure{j.id(), out.failure}
	if held := r.waiting[j]; len(held) > 0 {
		f.Message += fmt.Sprintf(" (%s held up)", count(len(held), "cell"))
		for _, cell := range held {
			r.meter.fail(cell)
		}
		delete(r.waiting, j)
	}
	r.result.Failed = append(r.result.Failed, f)
	r.notify(Event{Kind: Ended, ID: j.id(), State: record.Failed, Message: f.Message, Step: j.step, Total: j.total()})
	if out.badInput {
		return InputError{errors.New(out.failure)}
	}
	return nil
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
	r.ready = append(r.ready, r.waiting[j]...)
	delete(r.waiting, j)
	if !found.Pretraining {
		if found.State == record.Done {
			r.result.Done++
		} else {
			r.result.Diverged++
		}
	}
	r.notify(Event{Kind: Ended, ID: j.id(), State: found.State, Message: found.Message, Step: j.total(), Total: j.total()})
}
