package stats

import (
	"cmp"
	"math"
	"slices"
)

// MannWhitney is the two-sided rank-sum test of two groups that share no seeds.
// The null hypothesis: both are drawn from one distribution.
//
// Statistic is U of a: #(a > b) + #(a = b)/2 over all pairs. P is exact without ties,
// else the normal approximation with the variance for ties and a continuity
// correction of ½ (scipy.stats.mannwhitneyu).
func MannWhitney(a, b []float64) (Test, error) {
	t := newTest()
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
		t.PApprox = 1
		t.warn("zero variance: all values are equal")
	} else {
		t.PApprox = Number(math.Min(1, 2*normalUpper((float64(off)/2-0.5)/math.Sqrt(variance))))
	}
	if !tied(classes) && 2*(na+1)*(nb+1)*na*nb <= maxSplits {
		t.PExact = Number(splits(len(b), len(a)).where(func(i int) bool { return abs(2*i-len(a)*len(b)) >= off }))
	}
	if few := min(len(a), len(b)); few < fewSeeds {
		t.warn("%s in the smaller group", fewWarning(few))
	}
	t.warnUnsettled(a, b)
	if tied(classes) {
		t.warn("ties: normal approximation")
	}
	t.pick()
	return t, nil
}

// pairs is doubled U, 2 #(a > b) + #(a = b), and the classes of equal values.
func pairs(a, b []float64) (u int, classes []int, err error) {
	if err := cmp.Or(check("a", a), check("b", b)); err != nil {
		return 0, nil, err
	}
	doubled, classes := ranks(slices.Concat(a, b))
	for _, r := range doubled[:len(a)] {
		u += r
	}
	return u - len(a)*(len(a)+1), classes, nil
}

func abs(i int) int { return max(i, -i) }

const maxSplits = 3e7 // products; about 0.1 s

// splits is the distribution of U over all ways to split n0 + n1 different values into
// groups of n0 and n1: walked in ascending order, each value goes to one of them, and in
// the second it exceeds those that are in the first.
func splits(n0, n1 int) distribution {
	row := make([]distribution, n0+1) // with g0 values in the first, so far g1 in the second
	for g1 := range n1 + 1 {
		for g0 := range n0 + 1 {
			left := float64(n0 + n1 - g0 - g1 + 1)
			sum := make(distribution, g0*g1+1)
			if g0+g1 == 0 {
				sum[0] = 1
			}
			if g1 > 0 {
				for u, p := range row[g0] {
					sum[u+g0] += p * (float64(n1-g1+1) / left)
				}
			}
			if g0 > 0 {
				for u, p := range row[g0-1] {
					sum[u] += p * (float64(n0-g0+1) / left)
				}
			}
			row[g0] = sum
		}
	}
	return row[n0]
}
