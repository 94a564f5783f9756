package stats

import (
	"fmt"
	"math"
)

// Jonckheere is the Jonckheere-Terpstra test for a decrease along ordered groups
// (one-sided), which does not know that groups share seeds.
//
// J = Σ_{i<j} #(a < b) + #(a = b)/2 over a in group i and b in group j; small J speaks
// for a decrease. p is the normal approximation with the variance for ties and no
// continuity correction (Hollander, Wolfe, Chicken, Nonparametric Statistical Methods,
// 3rd ed., 6.2); undefined where all values are equal. Both are undefined of fewer than
// two groups. The test for an increase is that of the groups in reverse.
func Jonckheere(groups [][]float64) (j, p Number, err error) {
	var pool []float64
	sizes := []int{}
	for i, g := range groups {
		if err := check(fmt.Sprintf("groups[%d]", i), g); err != nil {
			return undefined, undefined, err
		}
		if len(g) > 0 {
			pool, sizes = append(pool, g...), append(sizes, len(g))
		}
	}
	if len(sizes) < 2 {
		return undefined, undefined, nil
	}
	for i := range groups {
		for _, later := range groups[i+1:] {
			u, _, _ := pairs(later, groups[i])
			j += Number(u) / 2
		}
	}
	_, classes := ranks(pool)
	mean, variance := jonckheereMoments(sizes, classes)
	if variance == 0 {
		return j, undefined, nil
	}
	return j, Number(normalUpper(-(float64(j) - mean) / math.Sqrt(variance))), nil
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
