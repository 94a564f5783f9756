package report

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"fig5/bench/anneal"
	"fig5/bench/report/canvas"
	"fig5/filters"
)

// synthetic makes a sweep's data without training: log-normal amplitudes about what
// runs on the mixture show.
type synthetic struct {
	seeds     int
	steps     []int
	baselines []string
	by        []map[string]string // one a series
	spoil     bool                // some runs unsettled, diverged, failed
}

func (s synthetic) data() *Data {
	rng := rand.New(rand.NewPCG(1, 2))
	d := &Data{Name: "synthetic", Dir: "runs/synthetic", Analysis: filters.DefaultAnalysis(), RealFloor: []filters.Amplitude{fake(0.0012, 1)}}
	add := func(g Group, level, spread float64, levels []anneal.Level) {
		for seed := range s.seeds {
			amp := level * math.Exp(spread*rng.NormFloat64())
			r := Run{ID: fmt.Sprintf("%s-k%02d-s%02d", g.Series(), g.K, seed), Seed: seed, Status: Settled, Levels: levels, Seconds: 60}
			r.X, r.Y, r.Measured = fakeCurve(rng, amp, level*0.6)
			f := fake(0.002*math.Exp(0.25*rng.NormFloat64()), level)
			r.Floor = &f
			lost := 0
			if rng.Float64() < 4*level {
				lost = 3
			}
			r.Lost = &lost
			switch {
			case !s.spoil:
			case rng.Float64() < 0.08:
				r.Status = Unsettled
				r.Measured.Window.Complete = false
			case rng.Float64() < 0.05:
				r.Status, r.Message, r.Measured, r.Floor, r.Lost = Diverged, "the FID was not finite at iteration 4200", nil, nil, nil
				r.X, r.Y = r.X[:40], r.Y[:40]
			case rng.Float64() < 0.03:
				r.Status, r.Message, r.Measured, r.Floor, r.Lost = Failed, "killed", nil, nil, nil
				r.X, r.Y = nil, nil
			}
			g.Runs = append(g.Runs, r)
		}
		d.Groups = append(d.Groups, g)
	}
	for i, name := range s.baselines {
		levels, _ := anneal.BaselineLevels(name, 10000, 10000)
		add(Group{By: map[string]string{"baseline": name}, Baseline: name}, []float64{0.07, 0.018, 0.0115}[i], []float64{1.1, 1.2, 0.4}[i], levels)
	}
	for i, by := range s.by {
		for _, k := range s.steps {
			betas, _ := anneal.Levels(anneal.Schedule{Name: "geometric"}, k, 0.1, 10, "inclusive")
			levels, _ := anneal.Ladder(betas, anneal.Protocol{Name: "budget", Iterations: 10000}, 10000)
			add(Group{By: by, K: k}, 0.012*math.Pow(float64(k), -0.05-0.1*float64(i)), 1.1/math.Sqrt(float64(k)), levels)
		}
	}
	return d
}

func fake(a, level float64) filters.Amplitude {
	half, rel := a/2.5, math.Log1p(a/level)
	return filters.Amplitude{MaxToMin: a, PeakToTrough: &half, SD: a / 4, Detrended: 0.95 * a, Relative: &rel}
}

func fakeCurve(rng *rand.Rand, amp, level float64) (x, y []float64, m *filters.Measurement) {
	n := 100
	filtered := make([]float64, n)
	for i := range n {
		t := float64(i)
		x = append(x, 10000+100*t)
		filtered[i] = level + 3*level*math.Exp(-t/6) + amp/2*math.Sin(t/5+float64(rng.IntN(2))*0.2)
		filtered[i] = math.Max(filtered[i], level/10)
		y = append(y, filtered[i]*math.Exp(0.15*rng.NormFloat64()))
	}
	return x, y, &filters.Measurement{
		Filtered: filtered, Knee: filters.KneeResult{Method: "settle", Iteration: 13400, Index: 34},
		Window: filters.Window{From: 13400, To: 18400, Complete: true, Start: 34, End: 84},
		Level:  level, Amplitude: fake(amp, level), Warnings: []filters.Warning{},
	}
}

var (
	one      = []map[string]string{{"schedule": "geometric", "anneal.protocol": "budget 10000"}}
	default8 = synthetic{seeds: 8, steps: []int{1, 2, 5, 20}, baselines: []string{"cold", "warm", "hot"}, by: one}
	grid     = synthetic{seeds: 8, steps: []int{1, 2, 5, 10, 20, 50}, baselines: []string{"cold", "warm", "hot"}, spoil: true, by: []map[string]string{
		{"schedule": "geometric", "anneal.protocol": "budget 10000"}, {"schedule": "geometric", "anneal.protocol": "per-level 500"},
		{"schedule": "linear", "anneal.protocol": "budget 10000"}, {"schedule": "linear", "anneal.protocol": "per-level 500"}}}
)

// look writes figures to $FIGURES, for the eye.
func look(t *testing.T, prefix string, figs []canvas.Figure) {
	t.Helper()
	for _, f := range figs {
		b, err := f.PNG()
		if err != nil {
			t.Fatal(err)
		}
		if dir := os.Getenv("FIGURES"); dir != "" {
			if err := os.WriteFile(filepath.Join(dir, prefix+f.Name+".png"), b, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestLook(t *testing.T) {
	if os.Getenv("FIGURES") == "" {
		t.Skip("FIGURES names no folder")
	}
	look(t, "default-", default8.data().Figures("max_to_min"))
	look(t, "grid-", grid.data().Figures("max_to_min"))
	many := grid
	many.steps, many.by = []int{1, 5, 20}, nil
	for _, name := range []string{"geometric", "linear", "exponential tau 5", "mine", "theirs", "a schedule with a long name"} {
		many.by = append(many.by, map[string]string{"schedule": name, "anneal.protocol": "per-level 12345"})
	}
	look(t, "many-", many.data().Figures("max_to_min"))
	s := default8
	s.seeds = 1
	look(t, "one-", s.data().Figures("max_to_min"))
	s.seeds, s.spoil = 10, true
	look(t, "spoiled-", s.data().Figures("relative"))
	look(t, "spoiled-", s.data().CurveFigures())
	for name, s := range map[string]synthetic{"default-": default8, "grid-": grid} {
		f, ok := s.data().StaircaseFigure()
		if !ok {
			t.Fatal("no staircase")
		}
		look(t, name, []canvas.Figure{f})
	}
}
