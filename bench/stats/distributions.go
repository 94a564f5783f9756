package stats

import (
	"math"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// normalUpper is P(Z ≥ z), accurate in the tail.
func normalUpper(z float64) float64 { return math.Erfc(z/math.Sqrt2) / 2 }

// tTwoSided is P(|T| ≥ |t|) with df degrees of freedom, accurate in the tail.
func tTwoSided(t, df float64) float64 {
	if math.IsInf(t, 0) {
		return 0
	}
	return mathext.RegIncBeta(df/2, 0.5, df/(df+t*t))
}

// tCritical is the 0.975 quantile of Student's t with df degrees of freedom.
func tCritical(df float64) float64 {
	d := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}
	t := d.Quantile(0.975)
	// gonum inverts the incomplete beta function by bisection; two Newton steps
	// on the upper tail bring its error to rounding.
	for range 2 {
		t += (tTwoSided(t, df)/2 - 0.025) / d.Prob(t)
	}
	return t
}
