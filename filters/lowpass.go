package filters

import (
	"encoding/json"
	"fmt"
	"math"
)

// Validate checks the parameters; its errors begin with the parameter's name.
func (l Lowpass) Validate() error {
	switch l.Name {
	case "butterworth":
		cutoff := l.Cutoff
		if l.Period != 0 {
			if l.Cutoff != 0 {
				return fmt.Errorf("period: %s is given beside cutoff %s; give one of the two", number(l.Period), number(l.Cutoff))
			}
			if !(l.Period > 0) || math.IsInf(l.Period, 1) {
				return fmt.Errorf("period: %v is not a length in units of x (above 0)", l.Period)
			}
			cutoff = 0.5 // At finds the real one
		}
		if l.Order < 1 || l.Order > MaxOrder {
			return fmt.Errorf("order: %d is outside 1 to %d", l.Order, MaxOrder)
		}
		if !(cutoff > 0 && cutoff < 1) {
			return fmt.Errorf("cutoff: %v is outside (0, 1), a fraction of Nyquist", cutoff)
		}
		return nil
	case "moving-average":
		return checkWindow(l.Window)
	case "savgol":
		if err := checkWindow(l.Window); err != nil {
			return err
		}
		if most := min(l.Window-1, MaxPolyOrder); l.PolyOrder < 0 || l.PolyOrder > most {
			return fmt.Errorf("polyorder: %d is outside 0 to %d for a window of %d", l.PolyOrder, most, l.Window)
		}
		return nil
	case "none":
		return nil
	}
	return fmt.Errorf("name: %q is not a filter (butterworth, moving-average, savgol, none)", l.Name)
}

func checkWindow(window int) error {
	if window < 1 || window%2 == 0 {
		return fmt.Errorf("window: %d is not an odd number of points", window)
	}
	return nil
}

// At is the filter for points that lie step apart: with the cutoff 2 step/Period in
// place of a Period. A period that is not longer than two steps is an error that begins
// with the parameter's name.
func (l Lowpass) At(step float64) (Lowpass, error) {
	if l.Period == 0 {
		return l, nil
	}
	cutoff := 2 * step / l.Period
	if !(cutoff < 1) {
		return l, fmt.Errorf("period: %s is not above %s, two steps of %s", number(l.Period), number(2*step), number(step))
	}
	l.Period, l.Cutoff = 0, cutoff
	return l, nil
}

// Apply returns y smoothed; y is left as it is. The points are taken as evenly
// spaced, with a cutoff in place of a period (At). A value that is not finite, or too few points for the filter, is an
// error that says which or how many.
func (l Lowpass) Apply(y []float64) ([]float64, error) {
	l.Period = 0
	if err := l.Validate(); err != nil {
		return nil, err
	}
	if err := checkFinite(y); err != nil {
		return nil, err
	}
	switch l.Name {
	case "butterworth":
		return butterworth(y, l.Order, l.Cutoff)
	case "moving-average":
		return movingAverage(y, l.Window), nil
	case "savgol":
		return savitzkyGolay(y, l.Window, l.PolyOrder)
	}
	return append([]float64{}, y...), nil
}

// TooLarge is the largest |value| of a curve, so that no sum or square overflows.
const TooLarge = 1e150

// checkFinite is an error about the first value that is not a finite number.
func checkFinite(y []float64) error {
	for i, v := range y {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("y[%d]: %v is not a finite number", i, v)
		}
		if math.Abs(v) > TooLarge {
			return fmt.Errorf("y[%d]: %g is too large (%g at most)", i, v, TooLarge)
		}
	}
	return nil
}

// MarshalJSON writes the name and the parameters that go with it, of savgol a degree of 0 as well.
func (l Lowpass) MarshalJSON() ([]byte, error) {
	type plain Lowpass
	if l.Name != "savgol" {
		return json.Marshal(plain(l))
	}
	return json.Marshal(struct {
		plain
		PolyOrder int `json:"polyorder"`
	}{plain(l), l.PolyOrder})
}
