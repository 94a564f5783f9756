package stats

import "math"

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

func abs(i int) int { return max(i, -i) }
