package sweep

import (
	"fmt"
	"io"
	"time"

	"fig5/bench/record"
)

// Lines is a Notify that writes a plain log to w: a line when a run starts and ends,
// and how far the sweep is at most once every interval.
func Lines(w io.Writer, every time.Duration, now func() time.Time) func(Event) {
	last := now()
	return func(e Event) {
		if text := announce(e); text != "" {
			fmt.Fprintln(w, text)
			last = now()
			return
		}
		if e.Kind == Progress && now().Sub(last) >= every {
			fmt.Fprintln(w, summary(e.Sweep))
			last = now()
		}
	}
}

// announce is the line that an event is worth, empty if none.
func announce(e Event) string {
	switch e.Kind {
	case Taken, Queue:
		return e.Message
	case Began:
		if e.Sweep.Ended == e.Sweep.Cells {
			return ""
		}
		return fmt.Sprintf("%d of %d cells are there; %s", e.Sweep.Ended, e.Sweep.Cells, e.Message)
	case Started:
		if e.Step > 0 {
			return fmt.Sprintf("%s: goes on at iteration %d of %d", e.ID, e.Step, e.Total)
		}
		return fmt.Sprintf("%s: started, %d iterations", e.ID, e.Total)
	case Warning:
		return fmt.Sprintf("%s: %s", e.ID, e.Message)
	case Waiting:
		return fmt.Sprintf("%s: another process works on it; waiting for its lock", e.ID)
	case Stopping:
		return "stopping: workers finish their checkpoint (once more to end at once)"
	case Ended:
		how := string(e.State)
		if e.State == record.Running {
			how = fmt.Sprintf("stopped at iteration %d of %d", e.Step, e.Total)
		} else if e.Message != "" {
			how += ": " + e.Message
		}
		return fmt.Sprintf("%s: %s; %s", e.ID, how, summary(e.Sweep))
	}
	return ""
}

// summary is "12 of 90 cells, 1 failed, 13 %, 1h5m left".
func summary(s Status) string {
	text := fmt.Sprintf("%d of %d cells", s.Ended, s.Cells)
	if s.Failed > 0 {
		text += fmt.Sprintf(", %d failed", s.Failed)
	}
	text += fmt.Sprintf(", %.0f %%", 100*s.Share)
	if s.Left >= time.Second {
		text += ", " + Duration(s.Left) + " left"
	}
	return text
}

// Duration is d as people say it: 40s, 12m30s, 3h5m, 2d4h.
func Duration(d time.Duration) string {
	const day = 24 * time.Hour
	switch d = d.Round(time.Second); {
	case d < time.Minute:
		return fmt.Sprintf("%ds", d/time.Second)
	case d < time.Hour:
		return fmt.Sprintf("%dm%ds", d/time.Minute, d%time.Minute/time.Second)
	case d < day:
		return fmt.Sprintf("%dh%dm", d/time.Hour, d%time.Hour/time.Minute)
	}
	return fmt.Sprintf("%dd%dh", d/day, d%day/time.Hour)
}
