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
	m := Measurement{Warnings: []string{}}
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
	if m.Filtered, err = a.Lowpass.Apply(y); err != nil {
		return m, err
	}
	var warnings []string
	if m.Knee, warnings, err = a.Knee.Find(x, m.Filtered, y); err != nil {
		return m, fmt.Errorf("knee.%w", err)
	}
	m.Warnings = append(m.Warnings, warnings...)
	m.Window = cut(x, step, m.Knee.Index, a.Window)
	w := m.Window
	if !w.Complete {
		m.Warnings = append(m.Warnings, fmt.Sprintf("the window ends at %s, the curve at %s: the amplitude, of %d points, is not to be compared", number(w.To), number(x[len(x)-1]), w.End-w.Start))
	} else if w.End-w.Start < 2*minTail {
		m.Warnings = append(m.Warnings, fmt.Sprintf("the window holds too few points for an oscillation: %d", w.End-w.Start))
	}
	if m.Knee.Method == "settle" || m.Knee.Fallback {
		m.Warnings = append(m.Warnings, jumpBefore(x, y, m.Knee.Index)...)
	}
	inside := m.Filtered[w.Start:w.End]
	m.Level = mean(inside)
	m.Amplitude = MeasureAmplitude(x[w.Start:w.End], inside)
	m.Warnings = append(m.Warnings, unsteady(x[w.Start:w.End], y[w.Start:w.End], inside)...)
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
	points := math.Ceil(length/step - 1e-6) // steps are even up to rounding
	have := float64(len(x) - start)
	return Window{
		From: x[start], To: x[start] + length, Complete: have >= points,
		Start: start, End: start + int(min(max(points, 1), have)),
	}
}

// jumpBefore warns of a shift at which the plateau begins, seen in as many points on
// either side as half the way to it, or as there are.
func jumpBefore(x, y []float64, knee int) []string {
	h := min(knee/2, len(y)-knee)
	for _, at := range Shifts(y[knee-h : knee+h]) {
		if d := float64(at - h); math.Abs(d) <= max(minTail, float64(h)/10) {
			before, after := mean(y[knee-h:knee-h+at]), mean(y[knee:knee+h])
			return []string{fmt.Sprintf("the level jumps from %.3g to %.3g at %s: a mode transition; the plateau is what follows", before, after, number(x[knee-h+at]))}
		}
	}
	return nil
}

// unsteady warns of what is in the window and is none of the oscillation that the
// amplitude is to measure: a shift, a drift, or the rest of the descent.
func unsteady(x, y, filtered []float64) []string {
	n := len(y)
	if n < 2*minTail {
		return nil
	}
	if shifts := Shifts(y); len(shifts) > 0 {
		at, before, after := largestJump(y, shifts)
		return []string{fmt.Sprintf("the level shifts from %.3g to %.3g at %s, inside the window: a mode transition, not an oscillation; it inflates the amplitude", before, after, number(x[at]))}
	}
	mx, my := mean(x), mean(y)
	var xx, xy float64
	for i, v := range y {
		xx += (x[i] - mx) * (x[i] - mx)
		xy += (x[i] - mx) * (v - my)
	}
	slope := xy / xx
	rest := make([]float64, n)
	for i, v := range y {
		rest[i] = v - my - slope*(x[i]-mx)
	}
	_, _, lo, hi := extremes(y)
	_, _, l, h := extremes(rest)
	change := slope * (x[n-1] - x[0])
	if hi-lo > 4*(h-l) && math.Abs(change) > 2*deviation(rest) {
		return []string{fmt.Sprintf("the level drifts by %.3g over the window: the curve has not settled; see the detrended amplitude", change)}
	}
	tail := plateauTail(y, (n+1)/2, false)
	lo, hi = extent(filtered)
	l, h = extent(filtered[tail:])
	if hi-lo > 2*(h-l) {
		return []string{fmt.Sprintf("the end of the descent lies in the window and inflates the amplitude: max_to_min is %.3g, from %s on %.3g; raise knee.least or lower knee.tolerance", hi-lo, number(x[tail]), h-l)}
	}
	return nil
}

// largestJump is where the level changes most, and the levels there.
func largestJump(y []float64, shifts []int) (at int, before, after float64) {
	from, most := 0, 0.0
	for i, s := range shifts {
		to := len(y)
		if i+1 < len(shifts) {
			to = shifts[i+1]
		}
		a, b := mean(y[from:s]), mean(y[s:to])
		if d := math.Abs(b - a); d > most {
			at, before, after, most = s, a, b, d
		}
		from = s
	}
	return at, before, after
}
