package report

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"fig5/filters"
)

// falling is ten runs of a curve that falls by so much with a time constant of 2000
// iterations and oscillates by 2 all along.
func falling(t *testing.T, a filters.Analysis, k int, by float64) Group {
	t.Helper()
	g := Group{K: k}
	for seed := range 10 {
		random := rand.New(rand.NewPCG(uint64(seed), uint64(k)))
		phase, size := 2*math.Pi*random.Float64(), math.Exp(0.1*random.NormFloat64())
		r := Run{Seed: seed, Status: Settled}
		for i := range 700 {
			x := float64(100 * i)
			r.X = append(r.X, x)
			r.Y = append(r.Y, 10+by*math.Exp(-x/2000)+size*math.Sin(x/1500+phase)+0.05*random.NormFloat64())
		}
		m, err := a.Measure(r.X, r.Y)
		if err != nil {
			t.Fatal(err)
		}
		r.Measured, r.Warnings = &m, m.Warnings
		g.Runs = append(g.Runs, r)
	}
	return g
}

// TestBehind: what falls with K is the end of the descent. Measured again behind it
// the claim is not reproduced, and RESULTS.md says both; without a descent nothing is
// measured again, and the data stay as they are.
func TestBehind(t *testing.T) {
	a := filters.DefaultAnalysis()
	a.Window = 40000
	d := &Data{Name: "x", Analysis: a, Groups: []Group{falling(t, a, 1, 300), falling(t, a, 20, 0)}}
	first := d.Groups[0].Runs[0].Measured
	fs, err := d.Findings("max_to_min")
	if err != nil {
		t.Fatal(err)
	}
	f := fs[0]
	if f.ID != "2" || f.Verdict != Reproduced || f.Behind == nil || f.Behind.Verdict != NotReproduced {
		t.Fatalf("%+v, behind %+v", f, f.Behind)
	}
	if r := f.Behind.Numbers.Ratio; r < 0.8 || r > 1.25 || len(f.Behind.Settings) != 1 || !strings.HasPrefix(f.Behind.Settings[0], "--set analysis.knee.least=") {
		t.Errorf("behind %+v", f.Behind)
	}
	if d.Groups[0].Runs[0].Measured != first || d.Analysis != a {
		t.Error("the data have changed")
	}
	b, err := Results([]*Data{d}, "max_to_min", "How.", func(*Data) []string { return nil })
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Reproduced (not reproduced behind the end of the descent) in `x`.", "; behind the end of the descent **not reproduced** ("} {
		if !strings.Contains(string(b), want) {
			t.Errorf("no %q in\n%s", want, b)
		}
	}
	d.Groups[0] = falling(t, a, 1, 0)
	if fs, err = d.Findings("max_to_min"); err != nil || fs[0].Behind != nil {
		t.Errorf("%v, %+v", err, fs[0].Behind)
	}
}
