package claims

import (
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"fig5/bench/measure"
	"fig5/filters"
)

// curves gives every run of a sweep a curve of 70,000 iterations: a fall to a plateau
// with an oscillation of the run's amplitude, of a period of 10,000 iterations; cold's is
// of 3000, which a cutoff of .05 takes out.
func curves(t *testing.T, s *measure.Sweep) *measure.Sweep {
	t.Helper()
	rng := rand.New(rand.NewPCG(5, 5))
	for _, g := range s.Groups {
		period := 10000.0
		if g.Baseline == "cold" {
			period = 3000
		}
		for _, r := range g.Runs {
			size := r.Measured.Amplitude.MaxToMin
			r.X, r.Y = nil, nil
			for i := range 700 {
				x := float64(100 * i)
				r.X = append(r.X, x)
				r.Y = append(r.Y, 1+20*math.Exp(-x/1000)+size/2*math.Sin(2*math.Pi*(x/period+float64(r.Seed)/7))+0.0001*rng.NormFloat64())
			}
		}
	}
	out, err := s.Remeasure(filters.DefaultAnalysis())
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestConfirm(t *testing.T) {
	a := steady()
	for i := range 4 { // ladders and hot phases fall with their length
		f := 1 / float64(i+1)
		a.hot[i], a.perLevel[i], a.budget[i] = times(a.hot[i], f), times(a.perLevel[i], f), times(a.budget[i], 0.25)
	}
	s := curves(t, a.sweep())
	c, err := Confirm(s)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Agreement) != 4 {
		t.Fatalf("%+v", c.Agreement)
	}
	for i, want := range []Agreement{{Verdict: Falls, Agree: 60}, {Verdict: HotAsWell, Agree: 60}, {Verdict: LevelsNot, Agree: 60}, {Verdict: Damps, Agree: 60}} {
		if got := c.Agreement[i]; got.ID != i+1 || got.Verdict != want.Verdict || got.Settings != 60 || got.Agree != want.Agree || got.Agree+len(got.Others) != 60 {
			t.Errorf("%+v", got)
		}
	}
	for _, name := range []string{"peak_to_trough", "relative", "sd"} {
		if q := c.Amplitudes[name]; q.Measure != name || len(q.Questions) != 4 || q.Questions[0].Verdict != Falls {
			t.Errorf("by %s: %+v", name, q)
		}
	}
	// ln amplitude falls from 0 to -ln 4 over the lengths, and not with K.
	if f := c.Fit; f.Runs != 56 || f.Seeds != 8 || f.LengthCI95.Hi > -0.2 || !f.KCI95.Contains(0) {
		t.Errorf("%+v", f)
	}

	// Where cold is twice K = 50 as it is measured, it is smaller behind a cutoff of .05.
	s = curves(t, steady().sweep())
	if c, err = Confirm(s); err != nil {
		t.Fatal(err)
	}
	q := c.Agreement[3]
	if q.Verdict != Damps || q.Agree != 40 || q.Settings != 60 || slices.ContainsFunc(q.Others, func(o Setting) bool { return o.Cutoff != 0.05 }) {
		t.Errorf("%+v", q)
	}
	if c.Fit == nil || math.Abs(float64(c.Fit.Length)) > 0.01 {
		t.Errorf("%+v", c.Fit)
	}
}

// A window at the end ends with the curve; where curves have several lengths there is none.
func TestSettings(t *testing.T) {
	s := curves(t, steady().sweep())
	n := 0
	for _, set := range settingsOf(s) {
		if set.Knee != "end" {
			continue
		}
		n++
		again, err := s.Remeasure(set.analysis)
		if err != nil {
			t.Fatal(err)
		}
		if w := again.Groups[0].Runs[0].Measured.Window; !w.Complete || w.End != 700 || w.Start != 700-int(set.Window)/100 {
			t.Errorf("%+v: %+v", set.Setting, w)
		}
	}
	if n != 6 {
		t.Errorf("%d settings", n)
	}
	r := s.Groups[0].Runs[0]
	r.X, r.Y = r.X[:650], r.Y[:650]
	if n := len(settingsOf(s)); n != 6 {
		t.Errorf("%d settings of curves of two lengths", n)
	}
}

// One length, one K, or K in step with the length say nothing of the two.
func TestFitLadders(t *testing.T) {
	per := annealed(group(grid("g", "per-level 500"), 1, "", high...), 500)
	more := annealed(group(grid("g", "per-level 500"), 5, "", low...), 2500)
	for name, groups := range map[string][]measure.Group{
		"in step":    {per, more},
		"one length": {annealed(group(grid("g", "budget 500"), 1, "", high...), 500), annealed(group(grid("g", "budget 500"), 5, "", low...), 500)},
		"no lengths": {group(grid("g", "b"), 1, "", high...), group(grid("g", "b"), 5, "", low...)},
		"no ladders": {baseline("cold", high...)},
	} {
		if f, err := FitLadders(&measure.Sweep{Groups: groups}, "max_to_min"); f != nil || err != nil {
			t.Errorf("%s: %+v, %v", name, f, err)
		}
	}
}

// The recorded sweep with both protocols: p and ratios from its amplitudes by SciPy
// (page_trend_test and wilcoxon, both exact; ttest_1samp on logs).
func TestRecorded(t *testing.T) {
	const root = "../../runs/recorded"
	if _, err := os.Stat(root + "/fig5-full"); os.IsNotExist(err) {
		t.Skip("fig5-full is not recorded")
	}
	sweeps, err := measure.Open(root+"/fig5-full", "", []string{"analysis.knee={name: mser}", "analysis.lowpass={name: butterworth, order: 3, cutoff: 0.1}", "analysis.window=50000"})
	if err != nil {
		t.Fatal(err)
	}
	s := sweeps[0]
	a := ask(t, s)
	if len(a.Questions) != 4 {
		t.Fatalf("%+v", a.Questions)
	}
	for i, want := range []struct {
		p, ratio, lo, hi float64
		verdict          Verdict
	}{
		{0.00010342871528294163, 0.50027355, 0.33271983, 0.75220532, Falls},
		{0.10546875, 1.12340123, 0.96875184, 1.30273851, HotAsWell},
		{0.060244735412067464, 0.76933229, 0.47767652, 1.23906481, Undecided},
		{0.001953125, 0.37390322, 0.28094847, 0.49761301, Damps},
	} {
		q := a.Questions[i]
		close := func(got, want float64) bool { return math.Abs(got-want) <= 1e-8*math.Max(1, want) }
		if q.ID != i+1 || !close(float64(q.P), want.p) || !close(float64(q.Ratio), want.ratio) || !close(q.RatioCI95.Lo, want.lo) || !close(q.RatioCI95.Hi, want.hi) || q.Verdict != want.verdict {
			t.Errorf("question %d: %+v, want %+v", i+1, q, want)
		}
	}
	// K = 20 is one training by both protocols: eleven ladders of ten seeds.
	f, err := FitLadders(s, "max_to_min")
	if err != nil || f.Runs != 110 || f.Seeds != 10 {
		t.Errorf("%+v, %v", f, err)
	}
}
