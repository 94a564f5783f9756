package sweep

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"fig5/bench/record"
	"fig5/bench/sweep/protocol"
	"fig5/bench/sweep/worker"
)

// patience is how many looks in a row must find a task gone, and its run not ended, before
// that counts as a Failure: a file that was written on another machine may be seen late.
const patience = 3

// watch looks at the queue from time to time, until the loop has ended.
func (s *Slurm) watch() {
	silent := false
	for {
		select {
		case <-s.run.over:
			return
		case <-time.After(s.Poll):
		}
		found, err := s.queue.look()
		remark := ""
		switch {
		case err != nil && !silent:
			remark = fmt.Sprintf("Slurm does not answer (%s); what it has goes on, and is asked for again", worker.OneLine(err.Error()))
		case err == nil && silent:
			remark = "Slurm answers again"
		}
		silent = err != nil
		s.run.tell(func() {
			if remark != "" {
				s.run.notify(Event{Kind: Queue, Message: remark})
			}
			if err == nil {
				s.looked(found)
			}
		})
	}
}

// looked tells how all jobs get on, by what the queue and their folders say. That takes a
// while where there are thousands, and ends when the user does not want to wait.
func (s *Slurm) looked(found map[task]entry) {
	for j, w := range s.tasks {
		if s.run.ctx.Err() != nil {
			return
		}
		if out := s.lookAt(j, w, found[w.task]); out != nil {
			delete(s.tasks, j)
			s.run.workerEnded(j, *out)
		}
	}
}

// lookAt tells how a job gets on, and returns how it ended once it has. Its run folder has
// the last word.
func (s *Slurm) lookAt(j *job, w *watched, e entry) *worker.Outcome {
	if e.waits() {
		w.gone = 0
		return nil
	}
	if e.stuck() && !w.dropped { // so that it does not come to life later
		w.dropped = e.cancel(w.task) == nil
	}
	r, err := j.dir.Load()
	if err == nil && !w.begun && (e.live() || r.Ended()) {
		w.begun = true
		s.run.begun(j)
	}
	switch {
	case err == nil && r.Ended():
		return &worker.Outcome{}
	case e.live():
		w.gone = 0
		if err == nil {
			s.progress(j, w, r)
		}
		return nil
	case err == nil && r.State == record.Failed:
		return &worker.Outcome{Failure: r.Message}
	}
	if busy, err := j.dir.Busy(); err == nil && busy { // another task, or another fig5
		w.gone = 0
		return nil
	}
	if w.gone++; w.gone < patience {
		return nil
	}
	return &worker.Outcome{Failure: s.why(w, e)}
}

// progress reports how far a run is.
func (s *Slurm) progress(j *job, w *watched, r *record.Run) {
	step, report := r.Step, protocol.Event{Event: protocol.Progress}
	if p, ok := record.Newest(j.dir.Curve()); ok && int64(p.Iteration) > step {
		step, report.FID = int64(p.Iteration), &p.FID
	}
	if step > w.step {
		w.step, report.Step = step, &step
		s.run.reported(j, report)
	}
}

// why is a line about a task that is gone without having ended its run.
func (s *Slurm) why(w *watched, e entry) string {
	text, silent := "its Slurm task ended as "+e.state, ""
	switch {
	case w.dropped:
		text = "Slurm could not launch its task"
	case e.state == "": // also what a controller that died has forgotten
		text, silent = "its Slurm task is gone from the queue", ", as one that was cancelled before it began"
	case e.state == "CANCELLED":
		text = "its Slurm task was cancelled"
	case e.state == "TIMEOUT":
		text = "its Slurm task reached its time limit before it could stop"
	}
	log := filepath.Join(s.queue.dir, fmt.Sprintf("%s-%d.log", strings.TrimPrefix(w.name, s.queue.prefix), w.index))
	if f, err := os.Open(log); err == nil {
		defer f.Close()
		if last := worker.LastWords(f); last != "" {
			return text + ": " + last
		}
	}
	return text + silent
}
