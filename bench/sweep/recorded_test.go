package sweep

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"fig5/bench/config"
	"fig5/bench/record"
)

// recorded trains a sweep whole and copies some of its cells as scripts/record.sh does.
func recorded(t *testing.T, c *config.Config, ids ...string) (root string) {
	t.Helper()
	runs := t.TempDir()
	mustRun(t, c, options(runs, nil))
	root = filepath.Join(t.TempDir(), "recorded")
	from, to := record.OpenSweep(runs, "tiny"), record.OpenSweep(root, "tiny")
	for _, id := range ids {
		if err := os.MkdirAll(string(to.Cell(id)), 0o777); err != nil {
			t.Fatal(err)
		}
		f, d := from.Cell(id), to.Cell(id)
		for _, p := range [][2]string{{d.RunJSON(), f.RunJSON()}, {d.Curve(), f.Curve()}, {d.Floor(), f.Floor()}} {
			if err := record.CopyFile(p[0], p[1]); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := record.CopyFile(to.RealFloor(), from.Cell(ids[0]).Floor()); err != nil { // the worker here makes none
		t.Fatal(err)
	}
	return root
}

// What is recorded is taken, byte for byte, and only the rest is trained.
func TestRecorded(t *testing.T) {
	c := with(t, sweepText)
	taken := []string{"cold-s00", "warm-s01", "geometric-budget600-k03-s00"}
	root := recorded(t, c, taken...)
	whole := tree(t, root)
	runs := t.TempDir()
	var started []string
	said := ""
	o := options(runs, func(e Event) {
		switch e.Kind {
		case Taken:
			said = announce(e)
		case Started:
			started = append(started, e.ID)
		}
	})
	o.Recorded = root
	if r := mustRun(t, c, o); r.Done != 14 {
		t.Errorf("%+v", r)
	}
	if want := "3 cells taken from " + root + "/tiny"; said != want {
		t.Errorf("%q, want %q", said, want)
	}
	if len(started) != 14-3+2 { // and two pretrainings
		t.Errorf("started %v", started)
	}
	for _, id := range started {
		for _, other := range taken {
			if id == other {
				t.Errorf("%s was trained", id)
			}
		}
	}
	have := tree(t, runs)
	for path, text := range whole {
		if have[path] != text {
			t.Errorf("%s is not the recorded one", path)
		}
	}

	// The result is a sweep like any other: run again it is left alone, with the flag or without.
	said, started = "", nil
	mustRun(t, c, o)
	o.Recorded = ""
	mustRun(t, c, o)
	if again := tree(t, runs); said != "" || len(started) > 0 || !reflect.DeepEqual(again, have) {
		t.Errorf("%q, started %v", said, started)
	}
}

// A cell that has begun here is not replaced.
func TestRecordedBeside(t *testing.T) {
	c := with(t, smallText)
	root := recorded(t, c, smallCold)
	runs := t.TempDir()
	faults(t, smallCold+":700:fail")
	o := options(runs, nil)
	o.Cells = []string{smallCold}
	if r, err := Run(context.Background(), c, o); err != nil || len(r.Failed) != 1 {
		t.Fatal(r, err)
	}
	from := int64(-1)
	o.Recorded, o.Notify = root, func(e Event) {
		if e.Kind == Started {
			from = e.Step
		}
	}
	mustRun(t, c, o)
	if from != 500 {
		t.Errorf("it went on at %d, its checkpoint is of 500", from)
	}
}

// Recorded runs of other settings, damaged ones and none at all are refused, and nothing
// is made or trained.
func TestRecordedRefused(t *testing.T) {
	c := with(t, smallText)
	root := recorded(t, c, smallCold)
	d := record.OpenSweep(root, "tiny").Cell(smallCold)
	refused := func(c *config.Config, root, want string) {
		t.Helper()
		runs := t.TempDir()
		o := options(runs, nil)
		o.Recorded = root
		_, err := Run(context.Background(), c, o)
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
		wantError(t, err, true, err.Error())
		if left, _ := os.ReadDir(runs); len(left) > 0 {
			t.Errorf("%v is left", left)
		}
	}
	refused(with(t, smallText, "final: 1500", "final: 1500, optimizer: {name: adam, lr: 0.1}"), root,
		d.RunJSON()+": was trained with train.optimizer.lr = 0.0002, the config now says 0.1; run without --recorded to train it here")
	refused(c, root+"/none", root+"/none/tiny: holds no recorded runs; run without --recorded")
	if err := os.WriteFile(d.Curve(), []byte("iteration,beta,fid,d_loss,g_loss,modes\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	refused(c, root, d.Curve()+": is not the file the run ended with")
}
