package stats

import "math"

// PairedRatio is the geometric mean of b[i] / a[i], two amplitudes of one seed, with a
// t interval on logs. Pairs with an unsettled value (+Inf) or one that is not positive
// have no ratio; pairs counts the others.
func PairedRatio(a, b []float64) (ratio Number, ci95 Interval, pairs int, err error) {
	if err := checkPairs("a", a, "b", b); err != nil {
		return undefined, noInterval, 0, err
	}
	ratios := make([]float64, 0, len(a))
	for i := range a {
		if a[i] > 0 && b[i] > 0 && !math.IsInf(a[i], 1) && !math.IsInf(b[i], 1) {
			ratios = append(ratios, b[i]/a[i])
		}
	}
	s, err := Summarize(ratios)
	return s.GeoMean, s.GeoMeanCI95, len(ratios), err
}

// GroupRatio is the geometric mean of b over that of a, two groups without shared
// seeds, with Welch's t interval on logs (Welch 1947, Biometrika 34, 28; degrees of
// freedom by Satterthwaite). Unsettled values are left out; a value that is not
// positive leaves it undefined.
func GroupRatio(a, b []float64) (Number, Interval) {
	la, lb := logs(a), logs(b)
	if len(la) == 0 || len(lb) == 0 {
		return undefined, noInterval
	}
	ma, sda := meanSD(la)
	mb, sdb := meanSD(lb)
	d := mb - ma
	ratio := Number(math.Exp(d))
	na, nb := float64(len(la)), float64(len(lb))
	if !ratio.Defined() || na < 2 || nb < 2 {
		return ratio, noInterval
	}
	sa, sb := sda*sda/na, sdb*sdb/nb
	if sa+sb == 0 {
		return ratio, Interval{float64(ratio), float64(ratio)}
	}
	df := (sa + sb) * (sa + sb) / (sa*sa/(na-1) + sb*sb/(nb-1))
	h := tCritical(df) * math.Sqrt(sa+sb)
	return ratio, Interval{math.Exp(d - h), math.Exp(d + h)}
}

// logs is ln x of the settled values; nil where one is not positive.
func logs(x []float64) []float64 {
	out := settled(x)
	for i, v := range out {
		if v <= 0 {
			return nil
		}
		out[i] = math.Log(v)
	}
	return out
}

// SDLog is the standard deviation (n-1) of ln x over the settled values: the spread
// over seeds. NaN where there are fewer than two, or one is not positive.
func SDLog(x []float64) Number {
	v := logs(x)
	if len(v) < 2 {
		return undefined
	}
	mean, ss := 0.0, 0.0
	for _, l := range v {
		mean += l / float64(len(v))
	}
	for _, l := range v {
		ss += (l - mean) * (l - mean)
	}
	return Number(math.Sqrt(ss / float64(len(v)-1)))
}

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
