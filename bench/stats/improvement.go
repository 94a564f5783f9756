package stats

import "math"

// Improvement is the probability that b improves on a: that a run of b has a smaller
// amplitude than a run of a, P(a > b) + P(a = b)/2 over all pairs of runs (U/(nm) of
// [MannWhitney]; "probability of improvement" in Agarwal et al. 2021, NeurIPS).
//
// The interval is Newcombe's method 5 (2006, Statistics in Medicine 25, 559): all θ
// with |θ̂ - θ| ≤ z √V(θ), V(θ) = θ(1-θ)/(nm) (1 + m̄ (1-θ)/(2-θ) + m̄ θ/(1+θ)),
// m̄ = (n+m)/2 - 1. It stays inside [0, 1] and has a length at 0 and 1. It takes the
// groups for independent: where they share seeds that move both, it is too wide. Both are
// undefined of an empty group.
func Improvement(a, b []float64) (Number, Interval, error) {
	u, _, err := pairs(a, b)
	if err != nil || len(a) == 0 || len(b) == 0 {
		return undefined, noInterval, err
	}
	p := float64(u) / 2 / float64(len(a)*len(b))
	return Number(p), newcombe(p, len(a), len(b)), nil
}

// newcombe solves |p - θ| = z √V(θ) on each side of p by bisection.
func newcombe(p float64, n, m int) Interval {
	const z = 1.959963984540054 // 0.975 quantile of the normal distribution
	more := float64(n+m)/2 - 1
	outside := func(t float64) bool {
		v := t * (1 - t) / float64(n*m) * (1 + more*(1-t)/(2-t) + more*t/(1+t))
		return math.Abs(p-t) > z*math.Sqrt(v)
	}
	// p itself is inside; end is outside, or is the end of the interval.
	edge := func(end float64) float64 {
		in, out := p, end
		for range 60 {
			if mid := (in + out) / 2; outside(mid) {
				out = mid
			} else {
				in = mid
			}
		}
		return in
	}
	return Interval{edge(0), edge(1)}
}
