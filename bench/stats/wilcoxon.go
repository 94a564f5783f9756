package stats

import (
	"math"

	"fig5/bench/english"
)

// maxSigned is the number of pairs up to which Wilcoxon is exact.
const maxSigned = 200

// Wilcoxon is the two-sided signed-rank test of paired values: a[i] and b[i] share a
// seed. The null hypothesis: the differences a - b are symmetric about 0.
//
// Statistic is W = min(W⁺, W⁻), sums of the average ranks of |a - b| over differences
// of each sign. Pairs that do not differ are left out (Wilcoxon's rule, as
// scipy.stats.wilcoxon), two unsettled values among them; one unsettled value of a
// pair makes the largest difference. P is exact up to 200 pairs: the distribution of
// W⁺ over all 2ⁿ signs, given the ties, which is SciPy's method='exact' where there
// are none. PApprox is the normal approximation with the variance for ties and no
// continuity correction.
func Wilcoxon(a, b []float64) (Test, error) {
	t := newTest()
	if err := checkPairs("a", a, "b", b); err != nil {
		return t, err
	}
	var size []float64
	var positive []bool
	for i := range a {
		if a[i] != b[i] {
			size, positive = append(size, math.Abs(a[i]-b[i])), append(positive, a[i] > b[i])
		}
	}
	n := len(size)
	if n == 0 {
		t.warn("no differences to test in %s", english.Plural(len(a), "pair"))
		if len(a) > 0 {
			t.Statistic, t.PExact = 0, 1
			t.pick()
		}
		return t, nil
	}
	doubled, classes := ranks(size)
	plus, total := 0, n*(n+1)
	for i, r := range doubled {
		if positive[i] {
			plus += r
		}
	}
	low := min(plus, total-plus)
	t.Statistic = Number(float64(low) / 2)

	fn := float64(n)
	variance := fn*(fn+1)*(2*fn+1)/24 - tieSum(classes, func(t float64) float64 { return t*t*t - t })/48
	z := (float64(plus) - float64(total)/2) / 2 / math.Sqrt(variance)
	t.PApprox = Number(2 * normalUpper(math.Abs(z)))
	if n <= maxSigned {
		t.PExact = Number(math.Min(1, 2*signed(doubled).where(func(i int) bool { return i <= low })))
	}

	if len(a) < fewSeeds {
		t.warn("%s: the smallest p there can be is %.2g", fewWarning(len(a)), math.Exp2(float64(1-len(a))))
	}
	t.warnUnsettled(a, b)
	if zeros := len(a) - n; zeros > 0 {
		t.warn("%s without a difference left out", english.Plural(zeros, "pair"))
	}
	if tied(classes) {
		t.warn("ties among the differences")
	}
	t.pick()
	return t, nil
}

// signed is the distribution of the sum of those ranks that a fair coin picks.
func signed(ranks []int) distribution {
	total := 0
	for _, r := range ranks {
		total += r
	}
	d := make(distribution, total+1)
	d[0] = 1
	reach := 0
	for _, r := range ranks {
		reach += r
		for s := reach; s >= 0; s-- {
			d[s] /= 2
			if s >= r {
				d[s] += d[s-r] / 2
			}
		}
	}
	return d
}
