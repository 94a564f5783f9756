package stats

import (
	"fmt"
	"math"
)

// Spearman correlates two series by rank; +Inf ranks last.
//
// Statistic is ρ, Pearson's correlation of average ranks. P is two-sided from
// t = ρ √((n-2)/(1-ρ²)) with n-2 degrees of freedom, as scipy.stats.spearmanr;
// PExact is the share of all n! orders with |ρ| at least the observed one, for n ≤ 10.
// With |ρ| = 1 the approximation answers 0, and PExact is the honest number.
func Spearman(x, y []float64) (Test, error) {
	n := len(x)
	t := newTest(n)
	if len(y) != n {
		return t, fmt.Errorf("y has %d values, but x has %d", len(y), n)
	}
	if err := check("x", x); err != nil {
		return t, err
	}
	if err := check("y", y); err != nil {
		return t, err
	}
	if n < 3 {
		t.warn("no rank correlation of %s", plural(n, "value"))
		return t, nil
	}
	rx, cx := ranks(x)
	ry, cy := ranks(y)
	if len(cx) == 1 || len(cy) == 1 {
		t.warn("zero variance: no rank correlation with a constant")
		return t, nil
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
	t.Statistic = Number(rho)
	t.PApprox = Number(tTwoSided(rho*math.Sqrt(float64(n-2)/((1-rho)*(1+rho))), float64(n-2)))
	if n <= maxMatched {
		d, low := matched(rx, ry)
		centre := n * (n + 1) * (n + 1) // mean of Σ rx ry
		t.PExact = Number(d.where(func(i int) bool { return abs(low+i-centre) >= abs(sxy) }))
	}
	if n < fewSeeds {
		t.warn("only %s", plural(n, "value"))
	}
	t.warnUnsettled(x, y)
	t.pick(false, "t")
	return t, nil
}

func abs(i int) int { return max(i, -i) }
