package figure

import (
	"bytes"
	"image"
	"math"
	"strings"
	"testing"

	"fig5/bench/claims"
	"fig5/bench/curves"
	"fig5/bench/figure/canvas"
	"fig5/bench/measure"
	"fig5/bench/tinygan"
	"fig5/filters"
)

// Twelve curves of 60,000 points make a figure that opens.
func TestLongCurves(t *testing.T) {
	sw := (synthetic{seeds: 12, ladders: []ladders{budget(500, 1)}}).sweep(t)
	for _, r := range sw.Groups[0].Runs {
		r.X, r.Y, r.Measured.Filtered = nil, nil, nil
		for i := range 60000 {
			level := 0.01 + 0.3*math.Exp(-float64(i)/2000)
			r.X = append(r.X, 100*float64(i))
			r.Y = append(r.Y, level*math.Exp(0.3*math.Sin(float64(i*i%1000))))
			r.Measured.Filtered = append(r.Measured.Filtered, level+0.003*math.Sin(float64(i)/50))
		}
		r.Measured.Window = filters.Window{From: 1e6, To: 5e6, Complete: true, Start: 10000, End: 50000}
	}
	sum, err := claims.Summarize(sw, "max_to_min")
	check(t, err)
	f := Curves(sw, sum)[0]
	svg, err := f.SVG()
	check(t, err)
	if len(svg) > 2e6 {
		t.Errorf("%d bytes", len(svg))
	}
	plain(t, "long", f)
}

// What became of a run stands above its curve.
func TestCurveNotes(t *testing.T) {
	sw := (synthetic{seeds: 4, ladders: []ladders{budget(500, 1)}}).sweep(t)
	runs := sw.Groups[0].Runs
	runs[1].Status = measure.Unsettled
	runs[2].Status, runs[2].Measured = measure.Diverged, nil
	runs[3].Measured.Filtered[200] = -1
	sum, err := claims.Summarize(sw, "max_to_min")
	check(t, err)
	words := look(Curves(sw, sum)[0]).words()
	for _, want := range []string{"seed 20: amplitude 0.0", "seed 21: unsettled, the curve ends before its window", "seed 22: diverged", "min −1.00 below the axis"} {
		if !strings.Contains(words, want) {
			t.Errorf("no %q in %q", want, words)
		}
	}
}

// A window of a thousandth of the curve is seen in the figure, and a curve of very many
// points makes no large file.
func TestAnalyzedLongCurve(t *testing.T) {
	c := &curves.Curve{File: "long.csv", Source: curves.Source{X: "step", Y: "fid"}}
	for i := range 100000 {
		c.X, c.Y = append(c.X, float64(i)), append(c.Y, 20+280*math.Exp(-float64(i)/8000)+math.Sin(float64(i)/5))
	}
	a := filters.DefaultAnalysis()
	a.Window = 100
	m, err := a.Measure(c.X, c.Y)
	check(t, err)
	f := Analyzed(c, a.Lowpass, &m)
	svg, err := f.SVG()
	if err != nil || len(svg) > 400e3 {
		t.Errorf("%d bytes, %v", len(svg), err)
	}
	b, err := f.PNG()
	check(t, err)
	img, _, err := image.Decode(bytes.NewReader(b))
	check(t, err)
	seen, size := 0, img.Bounds().Size()
	for y := size.Y / 4; y < size.Y; y++ { // below the legend
		for x := range size.X / 2 {
			r, g, b, _ := img.At(x, y).RGBA()
			if want := canvas.Faint; uint8(r>>8) == want.R && uint8(g>>8) == want.G && uint8(b>>8) == want.B {
				seen++
			}
		}
	}
	if seen < 60 { // 3 by 2.5 points are 130, the knee's line covers some
		t.Errorf("the window's edge has %d pixels", seen)
	}
}

func TestFigure1(t *testing.T) {
	figs, err := Figure1()
	check(t, err)
	var names []string
	for _, f := range figs {
		names = append(names, f.Name)
		for _, w := range []string{"θ (generator)", "ψ (discriminator)", "α (data)"} {
			if !strings.Contains(look(f).words(), w) {
				t.Errorf("%s: no %q", f.Name, w)
			}
		}
	}
	if got := strings.Join(names, " "); got != "figure1 figure1a figure1b figure1c figure1d" {
		t.Errorf("figures %s", got)
	}
	// The amplitudes in the titles of panels c and d are Eq. 16's.
	for T, title := range map[float64]float64{3: 0.63, 30: 0.067} {
		if got := 2 / math.Hypot(1, T); math.Abs(got/title-1) > 0.01 {
			t.Errorf("T = %v: amplitude %v, the title says %v", T, got, title)
		}
	}
}

// A circle in the phase portrait is one.
func TestRound(t *testing.T) {
	s := tinygan.System{Start: tinygan.State{Theta: 1, Psi: 2, Alpha: 3}, Target: 3}
	tr, err := s.Integrate(7, 0.01)
	check(t, err)
	x, y := canvas.Padded([]float64{0, 6}), canvas.Padded([]float64{-1, 3})
	data := canvas.Rectangle(0, 0, 150, 100)
	round(&x, &y, data)
	if across, up := (x.Max-x.Min)/150, (y.Max-y.Min)/100; math.Abs(across/up-1) > 1e-9 {
		t.Errorf("a point is %v across and %v up", across, up)
	}
	plain(t, "circle", Trajectory(tr, "circle"))
}

func TestTheory(t *testing.T) {
	f, points := Theory()
	words := look(f).words()
	for _, w := range []string{"fixed time τ per level", "fixed total time", "5 % off", "limit K → ∞"} {
		if strings.Count(words, w) != 1 {
			t.Errorf("%q in %q", w, words)
		}
	}
	series := map[string]int{}
	for _, p := range points {
		if !(p.X > 0) || !(p.Y >= 0) || math.IsInf(p.Y, 0) {
			t.Errorf("%+v", p)
		}
		series[p.Panel+" "+p.Series]++
	}
	if series["b τ = 2π"] != maxK || series["c total 30"] != maxK || series["c limit of total 30"] != 2 {
		t.Errorf("points %v", series)
	}
}

func TestSampling(t *testing.T) {
	for _, c := range []struct{ until, step, want float64 }{{40, 0, 0.1}, {2000, 0, 0.1}, {4, 0, 0.01}, {40, 0.03, 0.09}, {40, 0.5, 0.5}} {
		if got, err := Sampling(c.until, c.step); err != nil || math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%+v: %v, %v", c, got, err)
		}
	}
	if _, err := Sampling(1e5, 0); err == nil || err.Error() != "until: 100000 is too long to draw (2000 at most); take the numbers instead" {
		t.Error(err)
	}
}

// What is not positive has no place on logarithmic axes; markers stand where their points
// are, and those outside the limits are left out.
func TestPanels(t *testing.T) {
	p := Lines{Title: "t", X: "x", Y: "y", Limits: [4]float64{1, 100, 1, 100}, Lines: []Line{
		{Name: "a", Points: [][2]float64{{1, 1}, {10, 10}, {50, 0}, {100, 100}, {1000, 5}, {20, math.NaN()}}},
		{Name: "", As: Guide, Points: [][2]float64{{1, 2}, {100, 2}}},
	}}
	f := Panels("name", "title", 3, p, p, p)
	plain(t, "panels", f)
	seen := look(f)
	if got := seen.of(blue); got != 3*(3+1) { // and one in the legend
		t.Errorf("%d markers", got)
	}
	if strings.Contains(seen.words(), "||") {
		t.Errorf("an empty name: %q", seen.words())
	}
}
