package stats

import "math"

// MannWhitney is the two-sided rank-sum test of two groups that share no seeds.
// The null hypothesis: both are drawn from one distribution.
//
// Statistic is U of a: #(a > b) + #(a = b)/2 over all pairs. P is exact without ties,
// else the normal approximation with the variance for ties and a continuity
// correction of ½ (scipy.stats.mannwhitneyu). PExact is given the ties: the share of
// all splits of the pooled values with U at least as far from its mean.
func MannWhitney(a, b []float64) (Test, error) {
	t := newTest(len(a) + len(b))
	u, classes, err := pairs(a, b)
	if err != nil {
		return t, err
	}
	if len(a) == 0 || len(b) == 0 {
		t.warn("nothing to compare: %d against %d values", len(a), len(b))
		return t, nil
	}
	t.Statistic = Number(float64(u) / 2)
	na, nb := float64(len(a)), float64(len(b))
	n := na + nb
	off := abs(u - len(a)*len(b)) // doubled distance of U from its mean
	variance := na * nb / 12 * (n + 1 - tieSum(classes, func(t float64) float64 { return t*t*t - t })/(n*(n-1)))
	if len(classes) == 1 {
		t.PApprox, t.PExact = 1, 1
		t.warn("zero variance: all values are equal")
	} else {
		sd := math.Sqrt(variance)
		t.Z = Number(float64(u-len(a)*len(b)) / 2 / sd)
		t.PApprox = Number(math.Min(1, 2*normalUpper((float64(off)/2-0.5)/sd)))
		if d := dealt([]int{len(b), len(a)}, classes); d != nil {
			t.PExact = Number(d.where(func(i int) bool { return abs(i-len(a)*len(b)) >= off }))
		}
	}
	if few := min(len(a), len(b)); few < fewSeeds {
		t.warn("%s in the smaller group", fewWarning(few))
	}
	t.warnUnsettled(a, b)
	if tied(classes) {
		t.warn("ties: normal approximation")
	}
	t.pick(!tied(classes), "normal")
	return t, nil
}

// pairs is doubled U, 2 #(a > b) + #(a = b), and the classes of equal values.
func pairs(a, b []float64) (u int, classes []int, err error) {
	if err := check("a", a); err != nil {
		return 0, nil, err
	}
	if err := check("b", b); err != nil {
		return 0, nil, err
	}
	pool := append(append(make([]float64, 0, len(a)+len(b)), a...), b...)
	doubled, classes := ranks(pool)
	for _, r := range doubled[:len(a)] {
		u += r
	}
	return u - len(a)*(len(a)+1), classes, nil
}
