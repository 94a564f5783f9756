package figure

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"fig5/bench/config"
	"fig5/bench/data"
	"fig5/bench/figure/canvas"
	"fig5/bench/figure/samples"
	"fig5/bench/record"
)

// sheetOf is the sheet of a run with levels of n samples of the given shape.
func sheetOf(levels, n int, shape samples.Shape, value func(level, i int) float64) *samples.Sheet {
	d := 3
	if shape.Side > 0 {
		d = shape.Side * shape.Side * shape.Channels
	}
	s := &samples.Sheet{Shape: shape, Run: &record.Run{Config: &config.Config{Name: "mine"}}}
	s.Run.Cell.ID = "geometric-budget10000-k02-s00"
	for i := range levels {
		l := samples.Level{Index: i, Beta: math.Pow(10, float64(i)/4-1), N: n, D: d, X: make([]float64, n*d)}
		if i == levels-1 {
			l.Beta = math.Inf(1)
		}
		for k := range l.X {
			l.X[k] = value(i, k)
		}
		s.Levels = append(s.Levels, l)
	}
	return s
}

// cloudSheet is a run of points; those of the first level reach further.
func cloudSheet(levels, n int) *samples.Sheet {
	rng := rand.New(rand.NewPCG(1, 1))
	return sheetOf(levels, n, samples.Shape{}, func(i, _ int) float64 { return (0.5 + 1.1/float64(i+1)) * (2*rng.Float64() - 1) })
}

func open(t testing.TB, c config.Data) *data.Set {
	t.Helper()
	set, err := data.Open(c)
	check(t, err)
	return set
}

// dots counts the small diamonds of samples.
func (c *seen) dots() (n int) {
	for _, s := range c.filled {
		if len(s.at) == 4 && math.Abs(float64(s.at[0].X-s.at[2].X)) < 2 {
			n++
		}
	}
	return n
}

// Every sample within reach is a dot in each projection, the others are counted.
func TestClouds(t *testing.T) {
	s := sheetOf(3, 10, samples.Shape{}, func(i, k int) float64 {
		if i == 1 {
			return []float64{0.5, 1.6, math.Inf(1), math.NaN(), 0, 0}[k%6] // no row of three is inside
		}
		return []float64{0.5, -1.2, 0}[k%3]
	})
	f := s.Draw(nil)
	if f.Name != "samples-geometric-budget10000-k02-s00" || f.Width != canvas.Page {
		t.Errorf("%s, %v wide", f.Name, f.Width)
	}
	if want := "Samples of mine/geometric-budget10000-k02-s00 at the end of β = 0.1, β = 0.178, β = ∞"; f.Title != want {
		t.Errorf("title %q", f.Title)
	}
	c := look(f)
	if want := 2 * 3 * 10; c.dots() != want {
		t.Errorf("%d dots, want %d", c.dots(), want)
	}
	all := c.words()
	for _, want := range []string{"mine/geometric-budget10000-k02-s00|", "|β = 0.1|", "|100 % out|", " Out: beyond ±1.5.|", "|β = ∞|", "|x₃ over x₂"} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q in %q", want, all)
		}
	}
	if strings.Count(all, " out|") != 1 || strings.Contains(all, "data") {
		t.Errorf("texts %q", all)
	}
	if dots := look(s.Draw(open(t, config.Data{Name: "cubes"}))).dots(); dots != 3*3*10 {
		t.Errorf("%d dots beside the data", dots)
	}
	// So many that a figure would not open any more: as many of each as there is ink for.
	f = cloudSheet(8, 2000).Draw(open(t, config.Data{Name: "mixture"}))
	const most = 12_000
	if dots := look(f).dots(); dots > most || dots < most*8/10 {
		t.Errorf("%d dots", dots)
	}
}

// No text touches another or leaves the figure, however many levels there are.
func TestSamplesLayout(t *testing.T) {
	mix, idx := open(t, config.Data{Name: "mixture"}), open(t, config.Data{Name: "mnist", Path: "../data/testdata/idx"})
	for _, levels := range []int{1, 2, 3, 5, 8} {
		s := cloudSheet(levels, 1000)
		plain(t, "points", s.Draw(nil), s.Draw(mix))
		noise := rand.New(rand.NewPCG(2, 2))
		s = sheetOf(levels, 100, samples.Shape{Side: 28, Channels: 1}, func(i, k int) float64 {
			return float64(idx.X[k]) + 1.5/float64(i+1)*noise.NormFloat64()
		})
		plain(t, "images", s.Draw(nil), s.Draw(idx))
		for i := range s.Levels {
			s.Levels[i].Share = []float64{0, .2, .1, .1, .05, .15, .1, .1, .1, .1}
		}
		plain(t, "images with shares", s.Draw(nil), s.Draw(idx))
	}
}

// A row a run, a column a moment; every point of data and samples is a dot, and below it
// stand β and the modes that are held.
func TestTogether(t *testing.T) {
	mix := open(t, config.Data{Name: "mixture"})
	var sheets []*samples.Sheet
	for i := range 2 {
		s := cloudSheet(4, 600)
		s.Run.Config.Data.Name = "mixture"
		s.Run.Cell.Baseline, s.Run.Cell.K = []string{"cold", ""}[i], 20*i
		for j := range s.Levels {
			s.Levels[j].Total = 3000 * (j + 1)
		}
		sheets = append(sheets, s)
	}
	for i := range sheets[1].Levels[3].X {
		sheets[1].Levels[3].X[i] = float64(mix.X[i])
	}
	f, err := samples.DrawTogether(sheets, []*data.Set{mix, mix})
	check(t, err)
	plain(t, "together", f)
	all := look(f).words()
	for _, want := range []string{"|3000|", "|12,000|", "mixture|", "GAN|", "β-GAN, K = 20|", "β = ∞, 5 of 5 modes", "β = 0.1, "} {
		if !strings.Contains("|"+all, want) {
			t.Errorf("no %q in %q", want, all)
		}
	}
	sheets[0].Shape.Side = 28
	if _, err := samples.DrawTogether(sheets, []*data.Set{mix, mix}); err == nil {
		t.Error("images are drawn as points")
	}
}
