package sweep

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/vbauerster/mpb/v8"

	"fig5/bench/config"
	"fig5/bench/record"
)

// clock is a time that only tests move.
type clock struct{ t time.Time }

func (c *clock) now() time.Time       { return c.t }
func (c *clock) pass(d time.Duration) { c.t = c.t.Add(d) }

func newJob(id string, iterations int, needs *job) *job {
	return &job{want: &record.Run{Cell: config.Cell{ID: id, Iterations: iterations}}, needs: needs}
}

func TestMeter(t *testing.T) {
	c := &clock{time.Unix(1000, 0)}
	pre := newJob("pretrain", 100, nil)
	a, b := newJob("a", 1000, pre), newJob("b", 500, nil)
	m := newMeter(c.now, 2, 400, []*job{pre, a, b})
	want := func(when string, share float64, left time.Duration) {
		t.Helper()
		if s, l := m.estimate(); s != share || l != left {
			t.Errorf("%s: %v done, %v left; want %v, %v", when, s, l, share, left)
		}
	}
	want("at first", 0.2, -1) // 400 of 2000
	m.started()
	m.started()
	m.resumed(pre, 0)
	m.resumed(b, 100) // it goes on from its checkpoint: no work of ours
	want("resumed", 0.25, -1)
	c.pass(10 * time.Second)
	m.trained(pre, 50)
	m.trained(b, 150)
	// 100 iterations in 2 x 10 s: 0.2 s each. 1400 are left for two workers, but the
	// chain of pre and a is 1050 long.
	want("after 10 s", 0.3, 210*time.Second)
	c.pass(10 * time.Second)
	m.trained(pre, 100)
	m.drop(pre)
	m.trained(b, 200)
	want("after 20 s", 0.35, 200*time.Second)
	m.stopped()
	c.pass(time.Hour) // one worker for an hour: it counts once
	m.trained(b, 500)
	m.drop(b)
	m.stopped()
	c.pass(time.Hour) // nobody
	want("b is done", 0.5, time.Duration(float64(time.Hour+40*time.Second)/500*1000))
	m.fail(newJob("failed", 100, nil)) // 100 of the 2000 will not come
	want("another failed", 0.45, time.Duration(float64(time.Hour+40*time.Second)/500*1000))
	m.trained(a, 5000) // more than there are
	want("beyond the end", 0.95, 0)
	m.drop(a)
	want("at the end", 0.95, 0)
}

func TestMeterOfNothing(t *testing.T) {
	m := newMeter(time.Now, 1, 0, nil)
	if share, left := m.estimate(); share != 1 || left != 0 {
		t.Errorf("%v %v", share, left)
	}
}

func TestLines(t *testing.T) {
	var b bytes.Buffer
	c := &clock{time.Unix(1000, 0)}
	notify := Lines(&b, 30*time.Second, c.now)
	status := Status{Cells: 90, Ended: 12, Share: 0.134, Left: -1}
	for _, e := range []Event{
		{Kind: Began, Message: "1 worker at a time"},
		{Kind: Queue, Message: "7 runs in Slurm's queue (job 12)"},
		{Kind: Started, ID: "a", Total: 1000},
		{Kind: Started, ID: "b", Step: 500, Total: 1000},
		{Kind: Progress, ID: "a", Step: 100, Total: 1000}, // too early for another line
		{Kind: Waiting, ID: "c"},
		{Kind: Ended, ID: "a", State: record.Done},
		{Kind: Ended, ID: "b", State: record.Diverged, Message: "fid is not finite at iteration 300"},
		{Kind: Ended, ID: "d", State: record.Failed, Message: "no space left on device"},
		{Kind: Stopping},
		{Kind: Ended, ID: "e", State: record.Running, Step: 70, Total: 1000},
	} {
		e.Sweep = status
		notify(e)
	}
	c.pass(31 * time.Second)
	status.Left, status.Failed = 65*time.Minute, 1
	notify(Event{Kind: Progress, ID: "a", Sweep: status})
	notify(Event{Kind: Progress, ID: "a", Sweep: status})
	status.Ended = 90
	notify(Event{Kind: Began, Sweep: status})
	want := `12 of 90 cells are there; 1 worker at a time
7 runs in Slurm's queue (job 12)
a: started, 1000 iterations
b: goes on at iteration 500 of 1000
c: another process works on it; waiting for its lock
a: done; 12 of 90 cells, 13 %
b: diverged: fid is not finite at iteration 300; 12 of 90 cells, 13 %
d: failed: no space left on device; 12 of 90 cells, 13 %
stopping: workers finish their checkpoint (once more to end at once)
e: stopped at iteration 70 of 1000; 12 of 90 cells, 13 %
12 of 90 cells, 1 failed, 13 %, 1h5m left
`
	if b.String() != want {
		t.Errorf("have\n%s\nwant\n%s", b.String(), want)
	}
}

// The bars come and go with their runs; what is worth a line stays above them.
func TestBars(t *testing.T) {
	var b bytes.Buffer
	notify, end := newBars(mpb.WithOutput(&b), mpb.WithAutoRefresh())
	status := Status{Cells: 2, Share: 0.1, Left: 90 * time.Second}
	notify(Event{Kind: Began, Message: "2 workers at a time", Sweep: status})
	notify(Event{Kind: Started, ID: "cold-s00", Total: 1000, Sweep: status})
	notify(Event{Kind: Started, ID: "warm-s00", Total: 1000, Sweep: status})
	notify(Event{Kind: Progress, ID: "cold-s00", Step: 1000, Total: 1000, Sweep: status})
	status.Ended, status.Share, status.Left = 1, 0.6, 40*time.Second
	notify(Event{Kind: Ended, ID: "cold-s00", State: record.Done, Total: 1000, Sweep: status})
	status.Ended, status.Share, status.Left = 2, 1, 0
	notify(Event{Kind: Ended, ID: "warm-s00", State: record.Diverged, Message: "a loss is not finite", Total: 1000, Sweep: status})
	end()
	for _, want := range []string{"0 of 2 cells are there; 2 workers at a time\n", "warm-s00: diverged: a loss is not finite; 2 of 2 cells, 100 %\n"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is not in\n%q", want, b.String())
		}
	}
	if !strings.HasSuffix(strings.TrimSpace(b.String()), "2 of 2 cells, 100 %") {
		t.Errorf("it ends with\n%q", b.String())
	}
}

// Bars that are closed before anything happened draw nothing.
func TestBarsOfNothing(t *testing.T) {
	var b bytes.Buffer
	_, end := newBars(mpb.WithOutput(&b))
	end()
	if b.Len() > 0 {
		t.Errorf("%q", b.String())
	}
}

func TestDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0:                            "0s",
		59*time.Second + 600e6:       "1m0s",
		12*time.Minute + 30e9:        "12m30s",
		3*time.Hour + 5*time.Minute:  "3h5m",
		52*time.Hour + 4*time.Minute: "2d4h",
	} {
		if have := Duration(d); have != want {
			t.Errorf("%v: %s, want %s", d, have, want)
		}
	}
}
