package stats

import (
	"fmt"
	"math"
	"slices"
)

// Jonckheere is the Jonckheere-Terpstra test for a decrease along ordered groups
// (one-sided), which does not know that groups share seeds.
//
// J = Σ_{i<j} #(a < b) + #(a = b)/2 over a in group i and b in group j; small J speaks
// for a decrease. P is the normal approximation with the variance for ties and no
// continuity correction (Hollander, Wolfe, Chicken, Nonparametric Statistical Methods,
// 3rd ed., 6.2). PExact is given the ties, over all ways to deal the values out.
// The test for an increase is that of the groups in reverse.
func Jonckheere(groups [][]float64) (Test, error) {
	var pool []float64
	sizes := []int{}
	for i, g := range groups {
		if err := check(fmt.Sprintf("groups[%d]", i), g); err != nil {
			return newTest(0), err
		}
		if len(g) > 0 {
			pool, sizes = append(pool, g...), append(sizes, len(g))
		}
	}
	t := newTest(len(pool))
	if len(sizes) < 2 {
		t.warn("no trend over %s", plural(len(sizes), "group"))
		return t, nil
	}
	doubled := 0
	for i := range groups {
		for j := i + 1; j < len(groups); j++ {
			for _, a := range groups[i] {
				for _, b := range groups[j] {
					if a < b {
						doubled += 2
					} else if a == b {
						doubled++
					}
				}
			}
		}
	}
	_, classes := ranks(pool)
	t.Statistic = Number(float64(doubled) / 2)
	mean, variance := jonckheereMoments(sizes, classes)
	if variance > 0 {
		z := (float64(doubled)/2 - mean) / math.Sqrt(variance)
		t.Z, t.PApprox = Number(z), Number(normalUpper(-z))
	} else {
		t.warn("all values are equal: no trend to test")
	}
	if d := trendDistribution(sizes, classes); d != nil {
		t.PExact = Number(d.lower(doubled))
	}
	if smallest := slices.Min(sizes); smallest < fewSeeds {
		t.warn("%s in the smallest group", fewWarning(smallest))
	}
	t.warnUnsettled(groups...)
	if tied(classes) {
		t.warn("ties: the variance is corrected for them")
	}
	if variance > 0 {
		t.pick(false, "normal")
	}
	return t, nil
}

// jonckheereMoments are the mean and the variance of J under the null hypothesis.
func jonckheereMoments(sizes, classes []int) (mean, variance float64) {
	N := 0.0
	for _, n := range sizes {
		N += float64(n)
	}
	pairs := func(t float64) float64 { return t * (t - 1) }
	triples := func(t float64) float64 { return t * (t - 1) * (t - 2) }
	spread := func(t float64) float64 { return t * (t - 1) * (2*t + 5) }
	mean = (N*N - tieSum(sizes, func(n float64) float64 { return n * n })) / 4
	variance = (spread(N) - tieSum(sizes, spread) - tieSum(classes, spread)) / 72
	if N > 2 {
		variance += tieSum(sizes, triples) * tieSum(classes, triples) / (36 * triples(N))
	}
	variance += tieSum(sizes, pairs) * tieSum(classes, pairs) / (8 * pairs(N))
	if len(classes) == 1 { // exactly 0; the terms cancel only to rounding
		variance = 0
	}
	return mean, variance
}
