package figure

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"fig5/bench/anneal"
	"fig5/bench/claims"
	"fig5/bench/measure"
	"fig5/filters"
)

// synthetic makes a sweep without training: log-normal amplitudes that fall with the
// iterations of annealing, about what runs on the mixture show.
type synthetic struct {
	seeds      int
	cold, warm bool
	hot        []int // iterations
	ladders    []ladders
	spoil      bool // some runs unsettled, diverged, failed
}

// ladders is one series.
type ladders struct {
	schedule string
	protocol anneal.Protocol
	steps    []int
}

func perLevel(n int, steps ...int) ladders {
	return ladders{"geometric", anneal.Protocol{Name: anneal.PerLevel, Iterations: n}, steps}
}

func budget(n int, steps ...int) ladders {
	return ladders{"geometric", anneal.Protocol{Name: anneal.Budget, Iterations: n}, steps}
}

func (l ladders) named(schedule string) ladders {
	l.schedule = schedule
	return l
}

// confirm is the groups of configs/fig5-confirm.yaml: 13 trained, 14 reported.
var confirm = synthetic{seeds: 16, cold: true, warm: true, hot: []int{500, 2500, 10000, 25000},
	ladders: []ladders{perLevel(500, 1, 5, 20, 50), budget(25000, 1, 5, 20, 50)}}

// sweep makes the runs and the summary by an amplitude.
func (s synthetic) sweep(t testing.TB) *measure.Sweep {
	t.Helper()
	rng := rand.New(rand.NewPCG(1, 2))
	sw := &measure.Sweep{Name: "synthetic", Analysis: filters.DefaultAnalysis(), RealFloor: []filters.Amplitude{fake(0.0011, 0.01)}}
	trained := map[string][]*measure.Run{}
	add := func(g measure.Group, levels []anneal.Level, id string, level float64) {
		if runs, ok := trained[id]; ok {
			g.Runs = runs
			sw.Groups = append(sw.Groups, g)
			return
		}
		for seed := range s.seeds {
			g.Runs = append(g.Runs, s.run(rng, id, seed+20, level*math.Exp(0.45*rng.NormFloat64()), level*0.6, levels))
		}
		trained[id] = g.Runs
		sw.Groups = append(sw.Groups, g)
	}
	still, err := anneal.BaselineLevels(anneal.Cold, 0, 70000)
	check(t, err)
	if s.cold {
		add(measure.Group{By: map[string]string{"baseline": "cold"}, Baseline: "cold"}, still, "cold", 0.07)
	}
	if s.warm {
		add(measure.Group{By: map[string]string{"baseline": "warm"}, Baseline: "warm"}, still, "warm", 0.05)
	}
	after := func(length int) float64 { return 0.35 * math.Pow(float64(length), -0.38) }
	for _, n := range s.hot {
		by := map[string]string{"baseline": "hot"}
		if len(s.hot) > 1 {
			by["iterations"] = strconv.Itoa(n)
		}
		levels, err := anneal.BaselineLevels(anneal.Hot, n, 70000)
		check(t, err)
		add(measure.Group{By: by, Baseline: "hot"}, levels, fmt.Sprint("hot", n), after(n))
	}
	for _, l := range s.ladders {
		for _, k := range l.steps {
			betas, err := anneal.Levels(anneal.Schedule{Name: "geometric"}, k, 0.1, 10, "inclusive")
			check(t, err)
			levels, err := anneal.Ladder(betas, l.protocol, 70000)
			check(t, err)
			n := 0
			for _, level := range levels[:k] {
				n += level.Iterations
			}
			add(measure.Group{By: map[string]string{"schedule": l.schedule, "anneal.protocol": l.protocol.String()}, K: k}, levels, fmt.Sprint(l.schedule, k, n), after(n))
		}
	}
	return sw
}

// run is one run; some of a spoilt sweep have no amplitude.
func (s synthetic) run(rng *rand.Rand, id string, seed int, amp, level float64, levels []anneal.Level) *measure.Run {
	floor, lost := fake(0.002*math.Exp(0.25*rng.NormFloat64()), level), 0
	r := &measure.Run{ID: fmt.Sprintf("%s-s%02d", id, seed), Seed: seed, Status: measure.Settled, Levels: levels, Floor: &floor, Lost: &lost}
	r.X, r.Y, r.Measured = fakeCurve(rng, amp, level)
	if rng.Float64() < 6*level {
		lost = 3
	}
	switch p := rng.Float64(); {
	case !s.spoil:
	case p < 0.08:
		r.Status, r.Measured.Window.Complete = measure.Unsettled, false
	case p < 0.13:
		r.Status, r.Measured, r.Floor, r.Lost = measure.Diverged, nil, nil, nil
		r.X, r.Y = r.X[:40], r.Y[:40]
	case p < 0.16:
		r.Status, r.Measured, r.Floor, r.Lost, r.X, r.Y = measure.Failed, nil, nil, nil, nil, nil
	}
	return r
}

func fake(a, level float64) filters.Amplitude {
	half, rel := a/2.5, math.Log1p(a/level)
	return filters.Amplitude{MaxToMin: a, PeakToTrough: &half, SD: a / 4, Detrended: 0.95 * a, Relative: &rel}
}

func fakeCurve(rng *rand.Rand, amp, level float64) (x, y []float64, m *filters.Measurement) {
	const n = 700
	filtered := make([]float64, n)
	for i := range n {
		t := float64(i)
		x = append(x, 10000+100*t)
		filtered[i] = max(level+60*level*math.Exp(-t/20)+amp/2*math.Sin(t/5), level/10)
		y = append(y, filtered[i]*math.Exp(0.15*rng.NormFloat64()))
	}
	return x, y, &filters.Measurement{
		Filtered: filtered, Knee: filters.KneeResult{Method: "mser", Iteration: 24000, Index: 140},
		Window: filters.Window{From: 24000, To: 74000, Complete: true, Start: 140, End: 640},
		Level:  level, Amplitude: fake(amp, level), Warnings: []filters.Warning{},
	}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// sample is a sweep with its summaries by an amplitude and by another.
func (s synthetic) sample(t testing.TB, amplitude, other string) (*measure.Sweep, *claims.Summary, *claims.Summary) {
	t.Helper()
	sw := s.sweep(t)
	sum, err := claims.Summarize(sw, amplitude)
	check(t, err)
	second, err := claims.Summarize(sw, other)
	check(t, err)
	return sw, sum, second
}
