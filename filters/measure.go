package filters

import (
	"fmt"
	"math"
)

// Validate checks all parameters; its errors begin with the key, as in
// "lowpass.cutoff: 1.5 is outside (0, 1), a fraction of Nyquist".
func (a Analysis) Validate() error {
	if err := a.Lowpass.Validate(); err != nil {
		return fmt.Errorf("lowpass.%w", err)
	}
	if err := a.Knee.Validate(); err != nil {
		return fmt.Errorf("knee.%w", err)
	}
	if !(a.Window > 0) || math.IsInf(a.Window, 1) {
		return fmt.Errorf("window: %v is not a length in iterations (above 0)", a.Window)
	}
	return nil
}

// Measure turns the curve y at the evenly spaced, ascending points x, two or more,
// into its amplitude. What is wrong with the curve is an error with the index; what
// makes the number weak is a warning.
func (a Analysis) Measure(x, y []float64) (Measurement, error) {
	m := Measurement{Warnings: []Warning{}}
	if err := a.Validate(); err != nil {
		return m, err
	}
	step, err := Interval(x)
	if err != nil {
		return m, err
	}
	if len(y) != len(x) {
		return m, fmt.Errorf("%d points of x, %d of y", len(x), len(y))
	}
	period := a.Lowpass.Period > 0
	if a.Lowpass, err = a.Lowpass.At(step); err != nil {
		return m, fmt.Errorf("lowpass.%w", err)
	}
	if m.Filtered, err = a.Lowpass.Apply(y); err != nil {
		return m, err
	}
	var notes []string
	if m.Knee, notes, err = a.Knee.Find(x, m.Filtered, y, windowPoints(a.Window, step), a.Lowpass.Reach()); err != nil {
		return m, fmt.Errorf("knee.%w", err)
	}
	for _, text := range notes {
		m.Warnings = append(m.Warnings, Warning{Kind: NoKnee, Text: text})
	}
	m.Window = cut(x, step, m.Knee.Index, a.Window)
	w := m.Window
	inside := m.Filtered[w.Start:w.End]
	m.Level = mean(inside)
	m.Amplitude = MeasureAmplitude(x[w.Start:w.End], inside)
	j := &judge{a: a, x: x, y: y, step: step, m: &m, period: period}
	j.length()
	if m.Knee.Limit {
		j.warn(Moving, Remedy{}, "the curve is still moving where the last window begins: the amplitude may hold a drift; train longer, or see the detrended amplitude")
	}
	j.shift()
	j.periods()
	return m, nil
}

// Interval is the distance of the points x, which are evenly spaced to a millionth
// of it and ascending; where they are not, the error gives the index.
func Interval(x []float64) (float64, error) {
	n := len(x)
	if n < 2 {
		return 0, fmt.Errorf("%d points are too few for a curve", n)
	}
	for i, v := range x {
		if math.IsNaN(v) || math.Abs(v) > TooLarge {
			return 0, fmt.Errorf("x[%d]: %v is not a finite number of at most %g", i, v, TooLarge)
		}
		if i > 0 && v <= x[i-1] {
			return 0, fmt.Errorf("x[%d]: %s does not come after %s", i, number(v), number(x[i-1]))
		}
	}
	first := x[1] - x[0]
	for i := 2; i < n; i++ {
		// Decimal fractions (0.1, 0.2, 0.3) are uneven by their rounding.
		if d := x[i] - x[i-1]; math.Abs(d-first) > 1e-6*first+4e-16*math.Abs(x[i]) {
			return 0, fmt.Errorf("x[%d]: %s is %s after the point before, the points so far are %s apart", i, number(x[i]), number(d), number(first))
		}
	}
	return (x[n-1] - x[0]) / float64(n-1), nil
}

// cut is the window of the given length from the point at index start on. It is
// complete if the data reach its end, each point standing for one step: a window of
// 500 steps wants 500 points.
func cut(x []float64, step float64, start int, length float64) Window {
	points, have := windowPoints(length, step), len(x)-start
	return Window{
		From: x[start], To: x[start] + length, Complete: have >= points,
		Start: start, End: start + min(points, have),
	}
}

// windowPoints is how many points of the given step fill a window of the given length:
// 1 or more, and no more than a curve may have.
func windowPoints(length, step float64) int {
	return int(min(max(math.Ceil(length/step-1e-6), 1), math.MaxInt32)) // steps are even up to rounding
}
