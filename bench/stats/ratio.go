package stats

import (
	"fmt"
	"math"
)

// PairedRatio is the geometric mean of b[i] / a[i], two amplitudes of one seed, with a
// t interval on logs. Pairs with an unsettled value (+Inf) or one that is not positive
// have no ratio; pairs counts the others.
func PairedRatio(a, b []float64) (ratio Number, ci95 Interval, pairs int, err error) {
	if len(b) != len(a) {
		return undefined, noInterval, 0, fmt.Errorf("b has %d values, but a has %d: pairs are needed", len(b), len(a))
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
	ma, va, na := logMoments(a)
	mb, vb, nb := logMoments(b)
	d := mb - ma
	ratio := Number(math.Exp(d))
	if !ratio.Defined() || na < 2 || nb < 2 {
		return ratio, noInterval
	}
	sa, sb := va/na, vb/nb
	if sa+sb == 0 {
		return ratio, Interval{float64(ratio), float64(ratio)}
	}
	df := (sa + sb) * (sa + sb) / (sa*sa/(na-1) + sb*sb/(nb-1))
	h := tCritical(df) * math.Sqrt(sa+sb)
	return ratio, Interval{math.Exp(d - h), math.Exp(d + h)}
}

// logMoments are the mean and the variance (n-1) of ln x over the settled values; NaN
// where there is none, or one is not positive.
func logMoments(x []float64) (mean, variance, n float64) {
	logs := settled(x)
	if len(logs) == 0 {
		return math.NaN(), math.NaN(), 0
	}
	for i, v := range logs {
		if v <= 0 {
			return math.NaN(), math.NaN(), float64(len(logs))
		}
		logs[i] = math.Log(v)
	}
	m, sd := meanSD(logs)
	return m, sd * sd, float64(len(logs))
}

// SDLog is the standard deviation (n-1) of ln x over the settled values: the spread
// over seeds. NaN where there are fewer than two, or one is not positive.
func SDLog(x []float64) Number {
	v := settled(x)
	if len(v) < 2 {
		return undefined
	}
	mean, ss := 0.0, 0.0
	for _, x := range v {
		if x <= 0 {
			return undefined
		}
		mean += math.Log(x) / float64(len(v))
	}
	for _, x := range v {
		ss += (math.Log(x) - mean) * (math.Log(x) - mean)
	}
	return Number(math.Sqrt(ss / float64(len(v)-1)))
}
