package samples

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"fig5/bench/config"
	"fig5/bench/record"
)

const (
	mixture = "{name: mixture}"
	digits  = "{name: mnist, path: ../../data/testdata/idx}"
	toy     = "toy"
	fc      = "mnist-fc"
)

// cell is the run folder of the cell of K levels, or of cold where K is 0, without
// samples.
func cell(t testing.TB, source, model string, K int) (record.Dir, *record.Run) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "mine.yaml")
	text := fmt.Sprintf("name: mine\ndata: %s\nmodel: {name: %s}\nanneal: {steps: [%d], baselines: [cold]}\nseeds: 1\n", source, model, max(K, 1))
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	c, err := config.Load(file, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, cell := range c.Cells() {
		if cell.K == K {
			dir, run := record.OpenSweep(t.TempDir(), c.Name).Cell(cell.ID), record.NewRun(c, cell)
			run.State, run.Step = record.Done, int64(cell.Iterations)
			if err := os.MkdirAll(string(dir), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := dir.Save(run); err != nil {
				t.Fatal(err)
			}
			return dir, run
		}
	}
	t.Fatalf("no cell with K = %d", K)
	return "", nil
}

// sample writes n samples of d numbers of a level.
func sample(t testing.TB, dir record.Dir, run *record.Run, level, n, d int, value func(i int) float32) {
	t.Helper()
	x := make([]float32, n*d)
	for i := range x {
		x[i] = value(i)
	}
	if err := record.WriteSamples(dir.LevelSamples(level, run.Cell.Levels[level].Beta), x, n, d); err != nil {
		t.Fatal(err)
	}
}

func load(t testing.TB, dir record.Dir) *Sheet {
	t.Helper()
	s, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSpread(t *testing.T) {
	if have := spread(21, Shown); !reflect.DeepEqual(have, []int{0, 3, 6, 9, 11, 14, 17, 20}) {
		t.Errorf("%v", have)
	}
	rapid.Check(t, func(t *rapid.T) {
		n, most := rapid.IntRange(1, 300).Draw(t, "n"), rapid.IntRange(2, 20).Draw(t, "most")
		s := spread(n, most)
		if len(s) != min(n, most) || s[0] != 0 || s[len(s)-1] != n-1 {
			t.Fatalf("%v", s)
		}
		for i := 1; i < len(s); i++ {
			if gap, even := float64(s[i]-s[i-1]), float64(n-1)/float64(len(s)-1); gap < 1 || math.Abs(gap-even) > 1 {
				t.Fatalf("%v: gap %v at %d, even would be %v", s, gap, i, even)
			}
		}
	})
}

// What is read is what was written, at the first and the last level and six between.
func TestLoad(t *testing.T) {
	dir, run := cell(t, mixture, toy, 20)
	for i := range run.Cell.Levels {
		sample(t, dir, run, i, 4, 3, func(k int) float32 { return float32(i) + float32(k)/16 })
	}
	s := load(t, dir)
	if len(s.Levels) != Shown || len(s.Warnings) != 0 {
		t.Fatalf("%d levels, warnings %q", len(s.Levels), s.Warnings)
	}
	first, last := s.Levels[0], s.Levels[Shown-1]
	if first.Index != 0 || first.Beta != 0.1 || last.Index != 20 || !math.IsInf(last.Beta, 1) {
		t.Errorf("levels %d (β %v) to %d (β %v)", first.Index, first.Beta, last.Index, last.Beta)
	}
	if last.N != 4 || last.D != 3 || last.X[11] != 20+11./16 {
		t.Errorf("%d x %d: %v", last.N, last.D, last.X)
	}
}

// A run that is under way shows what it has, and says so.
func TestUnderWay(t *testing.T) {
	dir, run := cell(t, mixture, toy, 4)
	sample(t, dir, run, 0, 2, 3, func(int) float32 { return 0 })
	sample(t, dir, run, 1, 2, 3, func(int) float32 { return 0 })
	run.State, run.Step = record.Running, 6000
	if err := dir.Save(run); err != nil {
		t.Fatal(err)
	}
	s := load(t, dir)
	want := []string{"3 of 5 levels have no samples (the run is running, at iteration 6000 of 90000)"}
	if len(s.Levels) != 2 || !reflect.DeepEqual(s.Warnings, want) {
		t.Errorf("%d levels, warnings %q", len(s.Levels), s.Warnings)
	}
}

func TestLoadErrors(t *testing.T) {
	cases := map[string]struct {
		spoil func(t *testing.T, dir record.Dir, run *record.Run)
		want  string
		none  bool
	}{
		"no run":     {func(t *testing.T, dir record.Dir, run *record.Run) { os.Remove(dir.RunJSON()) }, "DIR: is not a run folder (it has no run.json)", false},
		"no samples": {func(t *testing.T, dir record.Dir, run *record.Run) {}, "DIR: has no samples; fig5 run writes them at the end of each level", true},
		"pretraining": {func(t *testing.T, dir record.Dir, run *record.Run) { dir.Save(record.NewPretraining(run.Config, 0)) },
			"DIR: has no samples: it is a pretraining; name the run folder of a cell", true},
		"dimension": {func(t *testing.T, dir record.Dir, run *record.Run) {
			sample(t, dir, run, 0, 2, 5, func(int) float32 { return 0 })
		}, "DIR/samples/level-00-beta-0.1.npy: 2 rows of 5 numbers are not samples of data.name: mixture", false},
		"empty": {func(t *testing.T, dir record.Dir, run *record.Run) {
			sample(t, dir, run, 0, 0, 3, nil)
		}, "DIR/samples/level-00-beta-0.1.npy: shape (0, 3), want n rows of d numbers", false},
		"cut off": {func(t *testing.T, dir record.Dir, run *record.Run) {
			sample(t, dir, run, 0, 2, 3, func(int) float32 { return 0 })
			os.Truncate(dir.LevelSamples(0, 0.1), 140)
		}, "DIR/samples/level-00-beta-0.1.npy: ", false},
		"manifest": {func(t *testing.T, dir record.Dir, run *record.Run) { os.WriteFile(dir.RunJSON(), []byte("{"), 0o644) },
			"DIR/run.json: not a run's manifest: ", false},
	}
	for name, c := range cases {
		dir, run := cell(t, mixture, toy, 2)
		c.spoil(t, dir, run)
		_, err := Load(dir)
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		have := strings.ReplaceAll(err.Error(), string(dir), "DIR")
		if have != c.want && !(strings.HasSuffix(c.want, ": ") && strings.HasPrefix(have, c.want)) {
			t.Errorf("%s: %q, want %q", name, have, c.want)
		}
		if errors.Is(err, ErrNone) != c.none {
			t.Errorf("%s: ErrNone is %v", name, !c.none)
		}
	}
}

// The shape of a sample follows from the data.
func TestShape(t *testing.T) {
	for _, c := range []struct {
		data config.Data
		d    int
		want Shape
		ok   bool
	}{
		{config.Data{Name: "mixture"}, 3, Shape{}, true},
		{config.Data{Name: "cubes"}, 2, Shape{}, false},
		{config.Data{Name: "mnist"}, 784, Shape{28, 1}, true},
		{config.Data{Name: "mnist"}, 783, Shape{28, 0}, false},
		{config.Data{Name: "images", Size: 8}, 64, Shape{8, 1}, true},
		{config.Data{Name: "images", Size: 8}, 192, Shape{8, 3}, true},
		{config.Data{Name: "images", Size: 8}, 128, Shape{8, 2}, false},
		{config.Data{Name: "images"}, 3, Shape{0, 3}, false},
	} {
		if have, ok := shapeOf(c.data, c.d); have != c.want || ok != c.ok {
			t.Errorf("%v of %d: %v %v", c.data, c.d, have, ok)
		}
	}
}

// The levels nearest to the β asked for, on a logarithmic scale, each once; and the share
// of each class beside them.
func TestNearest(t *testing.T) {
	dir, run := cell(t, digits, fc, 5) // β .1, .316, 1, 3.16, 10 and ∞
	for i := range run.Cell.Levels {
		sample(t, dir, run, i, 2, 784, func(int) float32 { return float32(i) })
	}
	counts := []float32{500, 0, 1500, 0, 0, 0, 0, 0, 0, 0}
	if err := record.WriteSamples(record.Classes(dir.LevelSamples(5, math.Inf(1))), counts, 1, 10); err != nil {
		t.Fatal(err)
	}
	s, err := Load(dir, .1, .12, 1.7, 5, math.Inf(1))
	if err != nil {
		t.Fatal(err)
	}
	var have []int
	for _, l := range s.Levels {
		have = append(have, l.Index)
	}
	if !reflect.DeepEqual(have, []int{0, 2, 3, 5}) {
		t.Errorf("levels %v", have)
	}
	if last := s.Levels[3]; last.Share[0] != .25 || last.Share[2] != .75 || s.Levels[0].Share != nil {
		t.Errorf("shares %v and %v", last.Share, s.Levels[0].Share)
	}
}

// Runs are shown after the same iterations in all, of which a pretraining is a part.
func TestTogether(t *testing.T) {
	annealed, run := cell(t, mixture, toy, 2) // 3000 before, 5000 at each of two β
	cold, coldRun := cell(t, mixture, toy, 0)
	for _, c := range []struct {
		dir  record.Dir
		run  *record.Run
		have []int
	}{{annealed, run, []int{0, 1000, 6000}}, {cold, coldRun, []int{3000, 4000, 7000, 9000, 80000}}} {
		c.run.Config.Train.Snapshots = []int{0, 1000, 3000, 4000, 6000, 7000, 9000, 80000, 99999}
		if err := c.dir.Save(c.run); err != nil {
			t.Fatal(err)
		}
		for _, n := range c.have {
			if err := record.WriteSamples(c.dir.Snapshot(int64(n)), make([]float32, 6), 2, 3); err != nil {
				t.Fatal(err)
			}
		}
	}
	sheets, err := LoadTogether([]record.Dir{annealed, cold})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range [][]float64{{0, .1, 10}, {math.Inf(1), math.Inf(1), math.Inf(1)}} {
		var betas []float64
		var totals []int
		for _, l := range sheets[i].Levels {
			betas, totals = append(betas, l.Beta), append(totals, l.Total)
		}
		if !reflect.DeepEqual(totals, []int{3000, 4000, 9000}) || !reflect.DeepEqual(betas, want) {
			t.Errorf("run %d: β %v after %v", i, betas, totals)
		}
	}
	other, _ := cell(t, mixture, toy, 3)
	if _, err := LoadTogether([]record.Dir{annealed, other}); !errors.Is(err, ErrNone) {
		t.Error(err)
	}
}
