package samples

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/recorder"
	"pgregory.net/rapid"

	"fig5/bench/config"
	"fig5/bench/data"
	"fig5/bench/record"
	"fig5/bench/report/canvas"
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

// cloudRun is a run with n points of every level; those of the first reach further.
func cloudRun(t testing.TB, K, n int) record.Dir {
	dir, run := cell(t, mixture, toy, K)
	for i := range run.Cell.Levels {
		rng := rand.New(rand.NewPCG(1, 1))
		size := 0.5 + 1.1/float64(i+1)
		sample(t, dir, run, i, n, 3, func(int) float32 { return float32(size * (2*rng.Float64() - 1)) })
	}
	return dir
}

func load(t testing.TB, dir record.Dir) *Sheet {
	t.Helper()
	s, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func open(t testing.TB, c config.Data) *data.Set {
	t.Helper()
	set, err := data.Open(c)
	if err != nil {
		t.Fatal(err)
	}
	return set
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

// Every sample within reach is a dot in each projection, the others are counted.
func TestClouds(t *testing.T) {
	dir, run := cell(t, mixture, toy, 2)
	inf := float32(math.Inf(1))
	for i := range run.Cell.Levels {
		sample(t, dir, run, i, 10, 3, func(k int) float32 {
			if i == 1 {
				return []float32{0.5, 1.6, inf, float32(math.NaN()), 0, 0}[k%6] // no row of three is inside
			}
			return []float32{0.5, -1.2, 0}[k%3]
		})
	}
	f := load(t, dir).Figure(nil)
	if f.Name != "samples-geometric-budget10000-k02-s00" || f.Width != canvas.Page {
		t.Errorf("%s, %v wide", f.Name, f.Width)
	}
	if want := "Samples of mine/geometric-budget10000-k02-s00 at the end of β = 0.1, β = 10, β = ∞"; f.Title != want {
		t.Errorf("title %q", f.Title)
	}
	dots, texts := paint(t, f)
	if want := 2 * 3 * 10; dots != want {
		t.Errorf("%d dots, want %d", dots, want)
	}
	var words []string
	for _, w := range texts {
		words = append(words, w.text)
	}
	all := strings.Join(words, "|")
	for _, want := range []string{"mine/geometric-budget10000-k02-s00|", "|β = 0.1|", "|β = 10|", "|100 % out|", " Out: beyond ±1.5.|", "|β = ∞|", "|x₃ over x₂"} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q in %q", want, all)
		}
	}
	if strings.Count(all, " out|") != 1 || strings.Contains(all, "data") {
		t.Errorf("texts %q", all)
	}
	if dots, _ := paint(t, load(t, dir).Figure(open(t, config.Data{Name: "cubes"}))); dots != 3*3*10 {
		t.Errorf("%d dots beside the data", dots)
	}
	// So many that a figure would not open any more: as many of each as there is ink for.
	f = load(t, cloudRun(t, 8, 2000)).Figure(open(t, config.Data{Name: "mixture"}))
	if dots, _ := paint(t, f); dots > inkCap || dots < inkCap*8/10 {
		t.Errorf("%d dots", dots)
	}
}

// word is a text drawn level and where its ink is.
type word struct {
	text     string
	min, max vg.Point
}

// paint draws f and counts the dots (closed paths of four strokes); words are the
// texts that are not turned.
func paint(t *testing.T, f canvas.Figure) (dots int, words []word) {
	t.Helper()
	var rec recorder.Canvas
	f.Draw(draw.NewCanvas(&rec, f.Width, f.Height))
	turned := false
	for _, a := range rec.Actions {
		switch a := a.(type) {
		case *recorder.Push:
			turned = false
		case *recorder.Rotate:
			turned = true
		case *recorder.Pop:
			turned = false
		case *recorder.Fill:
			for _, c := range a.Path {
				if c.Type == vg.CloseComp {
					dots++
				}
			}
		case *recorder.FillString:
			w := word{text: a.String}
			if !turned {
				face := canvas.Style(a.Font.Size, false, nil)
				w.min, w.max = a.Point, vg.Point{X: a.Point.X + face.Width(a.String), Y: a.Point.Y + 0.72*a.Font.Size}
			}
			words = append(words, w)
		}
	}
	return dots - 1, words // but for the white page
}

// No text touches another or leaves the figure, however many levels there are.
func TestNoOverlappingText(t *testing.T) {
	out := os.Getenv("FIGURES")
	check := func(name string, f canvas.Figure) {
		_, words := paint(t, f)
		for i, a := range words {
			if a.min.X < 0 || a.min.Y < 0 || a.max.X > f.Width || a.max.Y > f.Height {
				t.Errorf("%s: %q sticks out", name, a.text)
			}
			for _, b := range words[:i] {
				if a.text != "" && b.text != "" && a.min.X < b.max.X && b.min.X < a.max.X && a.min.Y < b.max.Y && b.min.Y < a.max.Y {
					t.Errorf("%s: %q overlaps %q", name, a.text, b.text)
				}
			}
		}
		if out != "" {
			b, err := f.PNG()
			if err == nil {
				err = os.WriteFile(filepath.Join(out, name+".png"), b, 0o644)
			}
			if err != nil {
				t.Error(err)
			}
		}
	}
	mix, idx := open(t, config.Data{Name: "mixture"}), open(t, config.Data{Name: "mnist", Path: "../../data/testdata/idx"})
	for _, K := range []int{0, 1, 2, 4, 8} {
		s := load(t, cloudRun(t, K, 1000))
		check(fmt.Sprintf("points-%d", K), s.Figure(nil))
		check(fmt.Sprintf("points-%d-data", K), s.Figure(mix))
		dir, run := cell(t, digits, fc, K)
		for i := range run.Cell.Levels {
			noise := rand.New(rand.NewPCG(2, 2))
			size := 1.5 / float64(i+1)
			sample(t, dir, run, i, 100, 784, func(k int) float32 { return idx.X[k] + float32(size*noise.NormFloat64()) })
		}
		s = load(t, dir)
		check(fmt.Sprintf("images-%d", K), s.Figure(nil))
		check(fmt.Sprintf("images-%d-data", K), s.Figure(idx))
	}
}

// Pixels are black at -1 and white at 1 and beyond, row by row and channel by channel.
func TestMosaic(t *testing.T) {
	nan := math.NaN()
	grey := panel{n: 5, d: 4, x: []float64{
		-1, 1, 0, -7,
		7, -.5, .5, 0,
		nan, 0, 0, 0,
		1, 1, 1, math.Inf(-1),
		0, 0, 0, 0, // not shown: 2 x 2 are
	}}
	img, bad := form{2, 1}.mosaic(grey, 2)
	want := &image.Gray{Stride: 5, Rect: image.Rect(0, 0, 5, 5), Pix: []byte{
		0, 255, 255, 255, 64,
		128, 0, 255, 191, 128,
		255, 255, 255, 255, 255,
		255, 255, 255, 255, 255,
		255, 255, 255, 255, 255,
	}}
	if !reflect.DeepEqual(img, want) || bad != 2 {
		t.Errorf("%v, %d bad", img, bad)
	}
	img, _ = form{1, 3}.mosaic(panel{n: 1, d: 3, x: []float64{-1, 0, 1}}, 1)
	if have := img.At(0, 0); have != (color.RGBA{0, 128, 255, 255}) {
		t.Errorf("colour %v", have)
	}
}

// The form of a sample follows from the data.
func TestForm(t *testing.T) {
	for _, c := range []struct {
		data config.Data
		d    int
		want form
		ok   bool
	}{
		{config.Data{Name: "mixture"}, 3, form{}, true},
		{config.Data{Name: "cubes"}, 2, form{}, false},
		{config.Data{Name: "mnist"}, 784, form{28, 1}, true},
		{config.Data{Name: "mnist"}, 783, form{28, 1}, false},
		{config.Data{Name: "images", Size: 8}, 64, form{8, 1}, true},
		{config.Data{Name: "images", Size: 8}, 192, form{8, 3}, true},
		{config.Data{Name: "images", Size: 8}, 128, form{8, 2}, false},
		{config.Data{Name: "images"}, 3, form{0, 3}, false},
	} {
		if have, ok := formOf(c.data, c.d); have != c.want || ok != c.ok {
			t.Errorf("%v of %d: %v %v", c.data, c.d, have, ok)
		}
	}
}

// Real data are drawn from all of the set, each once, and always the same ones.
func TestRealPanel(t *testing.T) {
	set := open(t, config.Data{Name: "mixture"})
	p, again := realPanel(set, 500), realPanel(set, 500)
	if p.n != 500 || !reflect.DeepEqual(p, again) {
		t.Errorf("%d points, or others each time", p.n)
	}
	x := make([]float32, len(p.x))
	seen := map[[3]float64]bool{}
	for i, v := range p.x {
		x[i] = float32(v)
		seen[[3]float64(p.row(i/3))] = true
	}
	if len(seen) != 500 || data.CountModes(x, 3, set.Centres) != 5 {
		t.Errorf("%d different points, %d modes", len(seen), data.CountModes(x, 3, set.Centres))
	}
	if p := realPanel(set, 1<<20); p.n != set.Len() {
		t.Errorf("%d of %d", p.n, set.Len())
	}
}

func TestSameBytes(t *testing.T) {
	dir := cloudRun(t, 1, 50)
	set := open(t, config.Data{Name: "mixture"})
	for name, make := range map[string]func(canvas.Figure) ([]byte, error){"svg": canvas.Figure.SVG, "pdf": canvas.Figure.PDF, "png": canvas.Figure.PNG} {
		a, err := make(load(t, dir).Figure(set))
		if err != nil {
			t.Fatal(err)
		}
		if b, _ := make(load(t, dir).Figure(set)); !bytes.Equal(a, b) {
			t.Errorf("%s: two drawings differ", name)
		}
	}
}

func TestShare(t *testing.T) {
	for _, c := range []struct {
		k, n int
		want string
	}{{0, 7, "0 %"}, {1, 2000, "< 0.1 %"}, {2, 2000, "0.1 %"}, {199, 2000, "10 %"}, {198, 2000, "9.9 %"}, {7, 7, "100 %"}} {
		if have := share(c.k, c.n); have != c.want {
			t.Errorf("%d of %d: %q, want %q", c.k, c.n, have, c.want)
		}
	}
}
