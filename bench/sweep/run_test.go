package sweep

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"fig5/bench/record"
)

// A sweep ends with the same bytes whatever the number of workers; run again, it is
// not touched and needs no worker.
func TestRun(t *testing.T) {
	c := with(t, sweepText)
	want := undisturbed(t, c)
	runs := t.TempDir()
	var last Event
	r := mustRun(t, c, Options{Runs: runs, Jobs: 3, Worker: os.Args[0], Notify: func(e Event) { last = e }})
	if r.Done != 14 || r.Diverged != 0 || r.Cells != 14 {
		t.Errorf("%+v", r)
	}
	if s := last.Sweep; s.Ended != 14 || s.Cells != 14 || s.Share != 1 || s.Left != 0 {
		t.Errorf("the last event's status is %+v", s)
	}
	wantTree(t, tree(t, runs), want)

	stamps := func() map[string]string {
		m := map[string]string{}
		err := filepath.WalkDir(runs, func(path string, e fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			info, err := e.Info()
			m[path] = fmt.Sprint(info.Mode(), info.ModTime(), info.Size())
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	before := stamps()
	mustRun(t, c, Options{Runs: runs, Worker: "/nowhere/fig5-torch"})
	if after := stamps(); !reflect.DeepEqual(after, before) {
		t.Errorf("a finished sweep was touched:\n%v\n%v", before, after)
	}
	wantTree(t, tree(t, runs), want)
}

// Pretrainings start first, then the longest cells.
func TestOrder(t *testing.T) {
	var order []string
	mustRun(t, with(t, sweepText), Options{Runs: t.TempDir(), Jobs: 1, Worker: os.Args[0], Notify: func(e Event) {
		if e.Kind == Started {
			order = append(order, fmt.Sprintf("%s %d", e.ID, e.Total))
		}
	}})
	want := []string{
		"pretrain-s00 400", "pretrain-s01 400",
		"hot-s00 2900", "geometric-per-level300-k03-s00 2900", "hot-s01 2900", "geometric-per-level300-k03-s01 2900",
		"geometric-budget600-k01-s00 2600", "geometric-budget600-k03-s00 2600", "geometric-budget600-k01-s01 2600", "geometric-budget600-k03-s01 2600",
		"geometric-per-level300-k01-s00 2300", "geometric-per-level300-k01-s01 2300",
		"cold-s00 2000", "cold-s01 2000", "warm-s00 2000", "warm-s01 2000",
	}
	if !reflect.DeepEqual(order, want) {
		t.Errorf("have %s\nwant %s", strings.Join(order, "\n     "), strings.Join(want, "\n     "))
	}
}

// One cell takes its pretraining with it and nothing else.
func TestOneCell(t *testing.T) {
	c := with(t, sweepText)
	runs := t.TempDir()
	o := options(runs, nil)
	o.Cells = []string{"warm-s01"}
	if r := mustRun(t, c, o); r.Cells != 1 || r.Done != 1 {
		t.Errorf("%+v", r)
	}
	dirs, err := record.Find(runs)
	s := record.OpenSweep(runs, "tiny")
	if err != nil || !reflect.DeepEqual(dirs, []record.Dir{s.Pretrain(1), s.Cell("warm-s01")}) {
		t.Errorf("%v %v", dirs, err)
	}
	o.Cells = []string{"wram-s01"}
	_, err = Run(context.Background(), c, o)
	wantError(t, err, true, "--cell wram-s01: the sweep has no such cell; the nearest is warm-s01, `fig5 plan` lists all")
}

// A worker that is killed at the worst moments costs nothing but time.
func TestKilledWorkers(t *testing.T) {
	c := with(t, smallText)
	want := undisturbed(t, c)
	for _, fault := range []string{
		smallCell + ":0:kill", smallCell + ":499:kill", smallCell + ":500:kill", smallCell + ":2099:kill",
		smallCell + ":100:torn", smallCell + ":700:torn",
		smallCell + ":500:ahead", smallCell + ":1000:ahead", smallCell + ":2100:ahead",
		smallPretrain + ":399:kill", smallPretrain + ":400:ahead",
		"*:0:kill", "*:250:kill", "*:0:panic",
	} {
		t.Run(strings.ReplaceAll(fault, "*", "all"), func(t *testing.T) {
			faults(t, fault)
			runs := t.TempDir()
			r, err := Run(context.Background(), c, options(runs, nil))
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Failed) == 0 {
				t.Fatal("nothing failed")
			}
			for range 3 { // "*" strikes a cell after its pretraining
				if r, err = Run(context.Background(), c, options(runs, nil)); err != nil {
					t.Fatal(err)
				}
			}
			if !r.Complete() {
				t.Fatalf("%+v", r)
			}
			wantTree(t, tree(t, runs), want)
		})
	}
}

// A failed cell is recorded, does not stop the others, and is tried again.
func TestFailures(t *testing.T) {
	c := with(t, smallText)
	for fault, want := range map[string]string{
		"fail":  "told to fail at step 100",
		"kill":  "the worker was ended by a signal: killed",
		"panic": "the worker ended with exit code 2: panic: told to panic",
		"quit":  "the worker ended before the run did",
		"full":  "curve.csv: no space left on device",
	} {
		t.Run(fault, func(t *testing.T) {
			faults(t, smallCell+":100:"+fault)
			runs := t.TempDir()
			r, err := Run(context.Background(), c, options(runs, nil))
			if err != nil {
				t.Fatal(err)
			}
			if r.Done != 1 || len(r.Failed) != 1 || r.Failed[0].ID != smallCell || !strings.HasSuffix(r.Failed[0].Message, want) || r.Stopped {
				t.Fatalf("%+v, want %s", r, want)
			}
			wantState(t, runs, smallCell, record.Failed, r.Failed[0].Message)
			wantState(t, runs, smallCold, record.Done, "")
			mustRun(t, c, options(runs, nil))
			wantState(t, runs, smallCell, record.Done, "")
		})
	}
}

// The cells that begin from a pretraining that failed wait for the next run.
func TestFailedPretraining(t *testing.T) {
	faults(t, smallPretrain+":7:fail")
	c, runs := with(t, smallText), t.TempDir()
	r, err := Run(context.Background(), c, options(runs, nil))
	if err != nil {
		t.Fatal(err)
	}
	want := Result{Cells: 2, Done: 1, Failed: []Failure{{smallPretrain, "told to fail at step 7 (1 cell held up)"}}}
	if !reflect.DeepEqual(r, want) {
		t.Errorf("%+v, want %+v", r, want)
	}
	mustRun(t, c, options(runs, nil))
}

// A divergence is a result: it is not tried again. A pretraining's is its cells'.
func TestDiverged(t *testing.T) {
	c := with(t, smallText)
	t.Run("cell", func(t *testing.T) {
		faults(t, smallCell+":300:nan")
		runs := t.TempDir()
		for range 2 {
			if r := mustRun(t, c, options(runs, nil)); r.Done != 1 || r.Diverged != 1 {
				t.Errorf("%+v", r)
			}
		}
		wantState(t, runs, smallCell, record.Diverged, "fid is not finite at iteration 300")
	})
	t.Run("pretraining", func(t *testing.T) {
		faults(t, smallPretrain+":300:nan")
		runs := t.TempDir()
		for range 2 {
			if r := mustRun(t, c, options(runs, nil)); r.Done != 1 || r.Diverged != 1 {
				t.Errorf("%+v", r)
			}
		}
		wantState(t, runs, smallCell, record.Diverged, "its pretraining diverged")
	})
}

// Input that is wrong for one cell is wrong for all: it ends the sweep at once.
func TestBadInput(t *testing.T) {
	t.Setenv("FIG5_FAKE_FAULTS", "*:0:bad")
	runs := t.TempDir()
	_, err := Run(context.Background(), with(t, smallText), options(runs, nil))
	wantError(t, err, true, "data/train.gz: is not an IDX file")
}

// Whatever a library writes to the worker's standard output.
func TestChatter(t *testing.T) {
	faults(t, smallCell+":100:junk")
	mustRun(t, with(t, smallText), options(t.TempDir(), nil))
}

// What an earlier run left is only used if it is what the config asks for.
func TestMismatch(t *testing.T) {
	runs := t.TempDir()
	o := options(runs, nil)
	o.Cells = []string{smallCold}
	mustRun(t, with(t, smallText), o)
	const todo = "; delete the folder to train it anew, or give the sweep another name (--set name=...)"
	_, err := Run(context.Background(), with(t, smallText, "final: 1500", "final: 1600"), o)
	wantError(t, err, true, runs+"/tiny/cold-s00/run.json: was trained with train.final = 1500, the config now says 1600"+todo)

	o.Cells = nil
	mustRun(t, with(t, smallText), o)
	before := tree(t, runs)
	_, err = Run(context.Background(), with(t, smallText, "final: 1500", "final: 1500, optimizer: {name: adam, lr: 0.1}"), o)
	wantError(t, err, true, runs+"/tiny/cold-s00/run.json: was trained with train.optimizer.lr = 0.0002, the config now says 0.1"+todo+" (and so it is with 1 more)")
	wantTree(t, tree(t, runs), before)

	mustRun(t, with(t, smallText, "window: 500", "window: 600"), o) // the analysis may change
	wantTree(t, tree(t, runs), before)
}

// A run that goes on takes what does not determine its curve from the config as it is.
func TestResumeWithNewPaths(t *testing.T) {
	faults(t, smallCold+":700:fail")
	runs := t.TempDir()
	o := options(runs, nil)
	o.Cells = []string{smallCold}
	if r, err := Run(context.Background(), with(t, smallText), o); err != nil || len(r.Failed) != 1 {
		t.Fatalf("%+v %v", r, err)
	}
	mustRun(t, with(t, smallText, "checkpoint: 500", "checkpoint: 250"), o)
	r, err := record.OpenSweep(runs, "tiny").Cell(smallCold).Load()
	if err != nil || r.Config.Train.Checkpoint != 250 {
		t.Errorf("%+v %v", r, err)
	}
}

// A finished cell whose files were changed is not passed over.
func TestDamagedFiles(t *testing.T) {
	c, runs := with(t, smallText), t.TempDir()
	mustRun(t, c, options(runs, nil))
	d := record.OpenSweep(runs, "tiny").Cell(smallCold)
	if err := os.Remove(d.Curve()); err != nil {
		t.Fatal(err)
	}
	_, err := Run(context.Background(), c, options(runs, nil))
	wantError(t, err, false, d.Curve()+": no such file or directory; delete "+string(d)+" to train it anew")
	if err := os.RemoveAll(string(d)); err != nil {
		t.Fatal(err)
	}
	mustRun(t, c, options(runs, nil))
}

// A pretraining that lost its checkpoint is made again when a cell needs it.
func TestLostPretraining(t *testing.T) {
	c, runs := with(t, smallText), t.TempDir()
	mustRun(t, c, options(runs, nil))
	want := tree(t, runs)
	s := record.OpenSweep(runs, "tiny")
	if err := os.Remove(s.Pretrain(0).Checkpoint()); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(string(s.Cell(smallCell))); err != nil {
		t.Fatal(err)
	}
	mustRun(t, c, options(runs, nil))
	wantTree(t, tree(t, runs), want)
}

// A disk that is full ends the sweep with one line.
func TestFullDisk(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("no /dev/full here")
	}
	runs := t.TempDir()
	d := record.OpenSweep(runs, "tiny").Pretrain(0)
	if err := os.MkdirAll(string(d), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/dev/full", d.RunJSON()+".tmp"); err != nil {
		t.Fatal(err)
	}
	_, err := Run(context.Background(), with(t, smallText), options(runs, nil))
	wantError(t, err, false, d.RunJSON()+".tmp: no space left on device")
}

func TestNoWorker(t *testing.T) {
	t.Setenv("FIG5_TORCH", "./none")
	_, err := Run(context.Background(), with(t, smallText), Options{Runs: t.TempDir()})
	wantError(t, err, true, "FIG5_TORCH=./none: is not a program; unset it, or build the worker with `make build`")
}
