package stats

import "math"

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
