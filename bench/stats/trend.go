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

// Spearman correlates two series by rank; +Inf ranks last.
//
// correlation is Pearson's correlation of average ranks. p is two-sided from
// t = ρ √((n-2)/(1-ρ²)) with n-2 degrees of freedom, as scipy.stats.spearmanr. Both are
// undefined of fewer than three values and of a constant.
func Spearman(x, y []float64) (correlation, p Number, err error) {
	if err := checkPairs("x", x, "y", y); err != nil {
		return undefined, undefined, err
	}
	n := len(x)
	rx, cx := ranks(x)
	ry, cy := ranks(y)
	if n < 3 || len(cx) == 1 || len(cy) == 1 {
		return undefined, undefined, nil
	}
	// Whole numbers: ranks are doubled and have the mean n+1.
	sxy, sxx, syy := 0, 0, 0
	for i := range rx {
		a, b := rx[i]-(n+1), ry[i]-(n+1)
		sxy, sxx, syy = sxy+a*b, sxx+a*a, syy+b*b
	}
	rho := float64(sxy) / (math.Sqrt(float64(sxx)) * math.Sqrt(float64(syy)))
	if sxx == syy { // exact where it matters: |ρ| = 1 without ties
		rho = float64(sxy) / float64(sxx)
	}
	rho = math.Max(-1, math.Min(1, rho))
	t := rho * math.Sqrt(float64(n-2)/((1-rho)*(1+rho)))
	return Number(rho), Number(tTwoSided(t, float64(n-2))), nil
}

// LogLog is the slope of ln y on ln x by least squares with its t interval, one point a
// run: x = K, y = amplitude. A slope of -1 says that amplitude falls as 1/K. Points
// without a logarithm (K = 0, amplitude 0) and unsettled ones (+Inf) are left out; of one
// x there is no slope, of two points no interval. The interval takes residuals for
// independent: where seeds differ in level it is wider than need be
// (scipy.stats.linregress; standard error √(RSS/(n-2)/Sxx)).
func LogLog(x, y []float64) (Number, Interval, error) {
	if err := checkPairs("x", x, "y", y); err != nil {
		return undefined, noInterval, err
	}
	var lx, ly []float64
	for i := range x {
		if x[i] > 0 && y[i] > 0 && !math.IsInf(x[i]+y[i], 1) {
			lx, ly = append(lx, math.Log(x[i])), append(ly, math.Log(y[i]))
		}
	}
	n := len(lx)
	if n < 2 {
		return undefined, noInterval, nil
	}
	mx, sdx := meanSD(lx)
	my, _ := meanSD(ly)
	if sdx == 0 {
		return undefined, noInterval, nil
	}
	sxx, sxy := 0.0, 0.0
	for i := range lx {
		sxx += (lx[i] - mx) * (lx[i] - mx)
		sxy += (lx[i] - mx) * (ly[i] - my)
	}
	slope := sxy / sxx
	if n == 2 {
		return Number(slope), noInterval, nil
	}
	rss, syy := 0.0, 0.0
	for i := range lx {
		e := ly[i] - my - slope*(lx[i]-mx)
		rss += e * e
		syy += (ly[i] - my) * (ly[i] - my)
	}
	if rss <= 1e-28*syy { // residuals are rounding
		rss = 0
	}
	h := tCritical(float64(n-2)) * math.Sqrt(rss/float64(n-2)/sxx)
	return Number(slope), Interval{slope - h, slope + h}, nil
}
