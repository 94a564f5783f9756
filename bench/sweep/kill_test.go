package sweep

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"pgregory.net/rapid"

	"fig5/bench/record"
	"fig5/bench/sweep/sweeptest"
)

// Whatever happens to a sweep, and however often, it ends with the same bytes.
func TestAnyFaults(t *testing.T) {
	c := with(t, smallText)
	want := undisturbed(t, c)
	rapid.Check(t, func(rt *rapid.T) {
		draw := rapid.Custom(func(t *rapid.T) string {
			id := rapid.SampledFrom([]string{smallCell, smallCold, smallPretrain}).Draw(t, "run")
			kinds := []string{"kill", "ahead", "fail", "panic", "quit", "junk"}
			if id != smallPretrain { // it has no curve
				kinds = append(kinds, "torn")
			}
			return fmt.Sprintf("%s:%d:%s", id, rapid.IntRange(0, 420).Draw(t, "step")*5, rapid.SampledFrom(kinds).Draw(t, "fault"))
		})
		list := rapid.SliceOfN(draw, 1, 4).Draw(rt, "faults")
		once, err := os.MkdirTemp(t.TempDir(), "")
		if err != nil {
			rt.Fatal(err)
		}
		t.Setenv(sweeptest.Faults, strings.Join(list, ","))
		t.Setenv(sweeptest.Once, once)
		runs, err := os.MkdirTemp(t.TempDir(), "")
		if err != nil {
			rt.Fatal(err)
		}
		for tries := 0; ; tries++ {
			r, err := Run(context.Background(), c, options(runs, nil))
			if err != nil || tries > len(list) {
				rt.Fatalf("%d tries: %+v %v", tries, r, err)
			}
			if r.Complete() {
				break
			}
		}
		have := tree(t, runs)
		for path := range want {
			if have[path] != want[path] {
				rt.Fatalf("%s differs", path)
			}
		}
		if len(have) != len(want) {
			rt.Fatalf("%d files, want %d", len(have), len(want))
		}
	})
}

// Told to stop, the workers write a checkpoint and end; the next Run goes on.
func TestStop(t *testing.T) {
	c := with(t, smallText)
	want := undisturbed(t, c)
	faults(t, smallCell+":777:stall", smallCold+":1234:stall")
	runs := t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	stalled, stopping := 0, 0
	r, err := Run(ctx, c, options(runs, func(e Event) {
		if stalledPID(e) > 0 {
			if stalled++; stalled == 2 {
				cancel()
			}
		}
		if e.Kind == Stopping {
			stopping++
		}
	}))
	if err != nil || !r.Stopped || len(r.Failed) > 0 || r.Done != 0 || stopping != 1 {
		t.Fatalf("%+v %v, %d notices", r, err, stopping)
	}
	wantState(t, runs, smallCell, record.Running, "")
	var steps []int64
	mustRun(t, c, options(runs, func(e Event) {
		if e.Kind == Started {
			steps = append(steps, e.Step)
		}
	}))
	if len(steps) != 2 || steps[0] != 777 && steps[1] != 777 || steps[0] != 1234 && steps[1] != 1234 {
		t.Errorf("went on at %v", steps)
	}
	wantTree(t, tree(t, runs), want)
}

// A worker that is told to stop before it listens has not failed.
func TestStopEarly(t *testing.T) {
	c, runs := with(t, smallText), t.TempDir()
	faults(t, smallCold+":0:early")
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	r, err := Run(ctx, c, options(runs, func(e Event) {
		if stalledPID(e) > 0 {
			cancel()
		}
	}))
	if err != nil || !r.Stopped || len(r.Failed) > 0 {
		t.Fatalf("%+v %v", r, err)
	}
	wantState(t, runs, smallCold, record.Running, "")
	mustRun(t, c, options(runs, nil))
}

// A worker that somebody else stops is not a failure, but the sweep is not complete.
func TestStoppedFromOutside(t *testing.T) {
	faults(t, smallCell+":777:stall")
	runs := t.TempDir()
	r, err := Run(context.Background(), with(t, smallText), options(runs, func(e Event) {
		if pid := stalledPID(e); pid > 0 {
			syscall.Kill(pid, syscall.SIGTERM)
		}
	}))
	if err != nil || !r.Stopped || r.Done != 1 || len(r.Failed) > 0 {
		t.Fatalf("%+v %v", r, err)
	}
}

// stalledPID is the process of a worker that says it has stalled, 0 for other events.
func stalledPID(e Event) int {
	if e.Kind != Progress || e.FID == nil {
		return 0
	}
	return max(int(-*e.FID), 0)
}

// The process that runs the sweep is killed, and its worker too or not: the next one
// waits for workers that still live, and ends with the same bytes.
func TestKilledSweep(t *testing.T) {
	config := writeConfig(t, smallText)
	c := loadConfig(t, config)
	want := undisturbed(t, c)
	for _, both := range []bool{false, true} {
		t.Run(fmt.Sprintf("both=%v", both), func(t *testing.T) {
			faults(t, smallPretrain+":123:stall", smallCold+":1111:stall", smallCell+":900:stall")
			runs := t.TempDir()
			for kills := 0; ; kills++ {
				if !killOne(t, config, runs, both) {
					if kills == 0 {
						t.Fatal("nothing was killed")
					}
					break
				}
			}
			mustRun(t, c, options(runs, nil))
			wantTree(t, tree(t, runs), want)
		})
	}
}

// killOne runs the sweep in a process and kills it as soon as a worker stalls. It is
// false when none did.
func killOne(t *testing.T, config, runs string, worker bool) bool {
	t.Helper()
	cmd := exec.Command(os.Args[0], "sweep", config, runs)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	s := bufio.NewScanner(out)
	if !s.Scan() {
		return false
	}
	pid, err := strconv.Atoi(s.Text())
	if err != nil {
		t.Fatal(err)
	}
	if worker {
		syscall.Kill(pid, syscall.SIGKILL)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	return true
}

// A job that somebody else works on is put aside until that somebody is done.
func TestWaiting(t *testing.T) {
	c, runs := with(t, smallText), t.TempDir()
	cold := record.OpenSweep(runs, "tiny").Cell(smallCold)
	lock, err := cold.Lock(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var order []string
	mustRun(t, c, options(runs, func(e Event) {
		switch {
		case e.Kind == Waiting:
			order = append(order, "waits "+e.ID)
		case e.Kind == Ended:
			order = append(order, "ended "+e.ID)
			if e.ID == smallCell {
				lock.Unlock()
			}
		}
	}))
	if have, want := strings.Join(order, ", "), "waits cold-s00, ended pretrain-s00, ended geometric-budget600-k02-s00, ended cold-s00"; have != want {
		t.Errorf("%s; want %s", have, want)
	}

	// Told to stop while all it does is wait, it stops.
	if err := os.RemoveAll(string(cold)); err != nil {
		t.Fatal(err)
	}
	if lock, err = cold.Lock(context.Background()); err != nil {
		t.Fatal(err)
	}
	defer lock.Unlock()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	r, err := Run(ctx, c, options(runs, func(e Event) {
		if e.Kind == Waiting {
			cancel()
		}
	}))
	if err != nil || !r.Stopped || r.Done != 1 {
		t.Errorf("%+v %v", r, err)
	}
}

// Two at once share the work and do not harm each other.
func TestTwoSweepsAtOnce(t *testing.T) {
	config := writeConfig(t, sweepText)
	c := loadConfig(t, config)
	want := undisturbed(t, c)
	runs := t.TempDir()
	var others []*exec.Cmd
	for range 2 {
		cmd := exec.Command(os.Args[0], "sweep", config, runs)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		others = append(others, cmd)
	}
	r, err := Run(context.Background(), c, options(runs, nil))
	if err != nil || !r.Complete() {
		t.Errorf("%+v %v", r, err)
	}
	for _, cmd := range others {
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	}
	wantTree(t, tree(t, runs), want)
}
