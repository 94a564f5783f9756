package stats

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat"
)

// Slope is the line ln y = Intercept + Slope·ln x.
type Slope struct {
	Slope     Number   `json:"slope"`
	CI95      Interval `json:"ci95"` // slope ∓ t(0.975, n-2) stderr
	Intercept Number   `json:"intercept"`
	R         Number   `json:"r"`      // correlation of ln x and ln y
	StdErr    Number   `json:"stderr"` // of the slope
	P         Number   `json:"p"`      // two-sided, of no slope
	N         int      `json:"n"`      // points used
	Warnings  []string `json:"warnings"`
}

// LogLog fits ln y on ln x by least squares, one point a run: x = K, y = amplitude.
// A slope of -1 says that amplitude falls as 1/K. Points without a logarithm (K = 0,
// amplitude 0) and unsettled ones (+Inf) are left out with a warning. The interval
// takes residuals for independent: where seeds differ in level it is wider than need
// be (scipy.stats.linregress; stderr = √(RSS/(n-2)/Sxx)).
func LogLog(x, y []float64) (Slope, error) {
	s := Slope{Slope: undefined, CI95: noInterval, Intercept: undefined, R: undefined, StdErr: undefined, P: undefined, Warnings: []string{}}
	if len(y) != len(x) {
		return s, fmt.Errorf("y has %d values, but x has %d", len(y), len(x))
	}
	if err := check("x", x); err != nil {
		return s, err
	}
	if err := check("y", y); err != nil {
		return s, err
	}
	var lx, ly []float64
	unsettled, flat := 0, 0
	for i := range x {
		switch {
		case math.IsInf(x[i], 1) || math.IsInf(y[i], 1):
			unsettled++
		case x[i] <= 0 || y[i] <= 0:
			flat++
		default:
			lx, ly = append(lx, math.Log(x[i])), append(ly, math.Log(y[i]))
		}
	}
	if unsettled > 0 {
		s.warn("%s left out: unsettled", plural(unsettled, "point"))
	}
	if flat > 0 {
		s.warn("%s left out: not positive, no logarithm", plural(flat, "point"))
	}
	n := len(lx)
	s.N = n
	if n < 2 {
		s.warn("no slope through %s", plural(n, "point"))
		return s, nil
	}
	mx, sdx := meanSD(lx)
	my, sdy := meanSD(ly)
	if sdx == 0 {
		s.warn("no slope: one value of x")
		return s, nil
	}
	sxx, sxy := 0.0, 0.0
	for i := range lx {
		sxx += (lx[i] - mx) * (lx[i] - mx)
		sxy += (lx[i] - mx) * (ly[i] - my)
	}
	slope := sxy / sxx
	s.Slope, s.Intercept = Number(slope), Number(my-slope*mx)
	if sdy > 0 {
		s.R = Number(math.Max(-1, math.Min(1, stat.Correlation(lx, ly, nil))))
	} else {
		s.warn("zero variance: all amplitudes are equal")
	}
	if n == 2 {
		s.warn("two points: no interval")
		return s, nil
	}
	rss, syy := 0.0, 0.0
	for i := range lx {
		e := ly[i] - my - slope*(lx[i]-mx)
		rss += e * e
		syy += (ly[i] - my) * (ly[i] - my)
	}
	if rss <= 1e-28*syy { // residuals are rounding
		rss = 0
		s.warn("zero variance about the line")
	}
	se := math.Sqrt(rss / float64(n-2) / sxx)
	h := tCritical(float64(n-2)) * se
	s.StdErr, s.CI95 = Number(se), Interval{slope - h, slope + h}
	switch {
	case se > 0:
		s.P = Number(tTwoSided(slope/se, float64(n-2)))
	case slope != 0:
		s.P = 0
	}
	return s, nil
}

func (s *Slope) warn(format string, args ...any) {
	s.Warnings = append(s.Warnings, fmt.Sprintf(format, args...))
}
