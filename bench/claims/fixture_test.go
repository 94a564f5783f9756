package claims

import (
	"math"
	"slices"
	"testing"

	"fig5/bench/anneal"
	"fig5/bench/measure"
	"fig5/filters"
)

var (
	inf, nan = math.Inf(1), math.NaN()
	high     = []float64{0.021, 0.034, 0.028, 0.019, 0.041, 0.025, 0.030, 0.022}
	low      = []float64{0.011, 0.014, 0.017, 0.009, 0.020, 0.012, 0.013, 0.0105}
	mixed    = []float64{0.023, 0.030, 0.029, 0.017, 0.044, 0.024, 0.033, 0.020}
)

// group makes a group of runs, a value a seed: +Inf is unsettled, NaN failed.
func group(by map[string]string, k int, baseline string, values ...float64) measure.Group {
	g := measure.Group{By: by, K: k, Baseline: baseline}
	for seed, v := range values {
		r := &measure.Run{Seed: seed, Status: measure.Settled, Floor: &filters.Amplitude{MaxToMin: 0.0021}}
		relative := v / 0.1
		r.Measured = &filters.Measurement{Level: 0.1, Amplitude: filters.Amplitude{MaxToMin: v, SD: v, Relative: &relative}}
		switch {
		case math.IsInf(v, 1):
			r.Status = measure.Unsettled
		case math.IsNaN(v):
			r.Status, r.Measured = measure.Failed, nil
		}
		g.Runs = append(g.Runs, r)
	}
	return g
}

// annealed gives a group iterations before β = ∞.
func annealed(g measure.Group, iterations int) measure.Group {
	for _, r := range g.Runs {
		r.Levels = []anneal.Level{{Beta: 1, Iterations: iterations}, {Beta: math.Inf(1), Iterations: 70000}}
	}
	return g
}

func grid(schedule, protocol string) map[string]string {
	return map[string]string{"schedule": schedule, "anneal.protocol": protocol}
}

func baseline(name string, values ...float64) measure.Group {
	return group(map[string]string{"baseline": name}, 0, name, values...)
}

// amplitudes is a sweep with the groups of configs/fig5-confirm.yaml.
type amplitudes struct {
	cold, warm            []float64
	hot, perLevel, budget [4][]float64 // by length; by K; by K, of which the last is that of perLevel
}

var (
	confirmK       = []int{1, 5, 20, 50}
	confirmLengths = []int{500, 2500, 10000, 25000}
)

func (a amplitudes) sweep() *measure.Sweep {
	s := &measure.Sweep{Name: "confirm", Groups: []measure.Group{baseline("cold", a.cold...), baseline("warm", a.warm...)}}
	for i, n := range confirmLengths {
		length := map[int]string{500: "500", 2500: "2500", 10000: "10000", 25000: "25000"}[n]
		s.Groups = append(s.Groups, annealed(group(map[string]string{"baseline": "hot", "iterations": length}, 0, "hot", a.hot[i]...), n))
	}
	for i, k := range confirmK {
		s.Groups = append(s.Groups, annealed(group(grid("geometric", "per-level 500"), k, "", a.perLevel[i]...), 500*k))
	}
	for i, k := range confirmK {
		g := annealed(group(grid("geometric", "budget 25000"), k, "", a.budget[i]...), 25000)
		if k == 50 { // one training in two groups
			g.Runs = s.Groups[len(s.Groups)-4].Runs
		}
		s.Groups = append(s.Groups, g)
	}
	return s
}

// times is v, each times f and a little of its own.
func times(v []float64, f float64) []float64 {
	out := slices.Clone(v)
	for i := range out {
		out[i] *= f * (1 + 0.01*math.Sin(float64(7*i)+100*f))
	}
	return out
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-9*math.Max(1, math.Abs(want))) {
		t.Errorf("%s: %.17g, want %.17g", what, got, want)
	}
}
