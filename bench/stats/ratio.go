package stats

import "math"

// PairedRatio is the geometric mean of b[i] / a[i], two amplitudes of one seed, with a
// t interval on logs. Pairs with an unsettled value (+Inf) or one that is not positive
// have no ratio; pairs counts the others.
func PairedRatio(a, b []float64) (ratio Number, ci95 Interval, pairs int, err error) {
	if err := checkPairs("a", a, "b", b); err != nil {
		return undefined, noInterval, 0, err
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
	la, lb := logs(a), logs(b)
	if len(la) == 0 || len(lb) == 0 {
		return undefined, noInterval
	}
	ma, sda := meanSD(la)
	mb, sdb := meanSD(lb)
	d := mb - ma
	ratio := Number(math.Exp(d))
	na, nb := float64(len(la)), float64(len(lb))
	if !ratio.Defined() || na < 2 || nb < 2 {
		return ratio, noInterval
	}
	sa, sb := sda*sda/na, sdb*sdb/nb
	if sa+sb == 0 {
		return ratio, Interval{float64(ratio), float64(ratio)}
	}
	df := (sa + sb) * (sa + sb) / (sa*sa/(na-1) + sb*sb/(nb-1))
	h := tCritical(df) * math.Sqrt(sa+sb)
	return ratio, Interval{math.Exp(d - h), math.Exp(d + h)}
}

// logs is ln x of the settled values; nil where one is not positive.
func logs(x []float64) []float64 {
	out := settled(x)
	for i, v := range out {
		if v <= 0 {
			return nil
		}
		out[i] = math.Log(v)
	}
	return out
}

// SDLog is the standard deviation (n-1) of ln x over the settled values: the spread
// over seeds. NaN where there are fewer than two, or one is not positive.
func SDLog(x []float64) Number {
	v := logs(x)
	if len(v) < 2 {
		return undefined
	}
	mean, ss := 0.0, 0.0
	for _, l := range v {
		mean += l / float64(len(v))
	}
	for _, l := range v {
		ss += (l - mean) * (l - mean)
	}
	return Number(math.Sqrt(ss / float64(len(v)-1)))
}
