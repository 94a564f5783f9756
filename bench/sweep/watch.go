package sweep

import (
	"context"
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

// watch looks at the queue and the run folders from time to time, until ctx ends.
func (s *Slurm) watch(ctx context.Context) {
	silent := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(s.Poll):
		}
		found, err := s.queue.look()
		if err != nil {
			if !silent {
				s.tell(message{remark: fmt.Sprintf("Slurm does not answer (%s); what it has goes on, and is asked for again", worker.OneLine(err.Error()))})
			}
			silent = true
			continue
		}
		if silent {
			s.tell(message{remark: "Slurm answers again"})
		}
		silent = false
		s.mu.Lock()
		tasks := make(map[*job]*watched, len(s.tasks))
		for j, w := range s.tasks {
			tasks[j] = w
		}
		s.mu.Unlock()
		for j, w := range tasks {
			if out := s.lookAt(j, w, found[w.task]); out != nil {
				s.mu.Lock()
				delete(s.tasks, j)
				s.mu.Unlock()
				s.tell(message{job: j, end: out})
			}
		}
	}
}

// lookAt tells how a job gets on, and returns how it ended once it has. Its run folder has
// the last word.
func (s *Slurm) lookAt(j *job, w *watched, e entry) *worker.Outcome {
	if e.live() && !e.running() {
		w.gone = 0
		return nil
	}
	if e.stuck() && !w.dropped { // so that it does not come to life later
		_, err := client(time.Minute, "scancel", fmt.Sprintf("%s_%d", e.array, w.index))
		w.dropped = err == nil
	}
	r, err := j.dir.Load()
	if err == nil && !w.begun && (e.running() || r.Ended()) {
		w.begun = true
		s.tell(message{job: j, begun: true})
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
		s.tell(message{job: j, report: &report})
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
	log := filepath.Join(string(s.dir), fmt.Sprintf("%s-%d.log", strings.TrimPrefix(w.name, s.queue.prefix), w.index))
	if f, err := os.Open(log); err == nil {
		defer f.Close()
		if last := worker.LastWords(f); last != "" {
			return text + ": " + last
		}
	}
	return text + silent
}
