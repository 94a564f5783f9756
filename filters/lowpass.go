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
		return checkButterworth(l.Order, l.Cutoff)
	case "moving-average":
		return checkWindow(l.Window)
	case "savgol":
		return checkSavgol(l.Window, l.PolyOrder)
	case "none":
		return nil
	}
	return fmt.Errorf("name: %q is not a filter (butterworth, moving-average, savgol, none)", l.Name)
}

// Apply returns y smoothed; y is left as it is. The points are taken as evenly
// spaced. A value that is not finite, or too few points for the filter, is an
// error that says which or how many.
func (l Lowpass) Apply(y []float64) ([]float64, error) {
	switch l.Name {
	case "butterworth":
		return Butterworth(y, l.Order, l.Cutoff)
	case "moving-average":
		return MovingAverage(y, l.Window)
	case "savgol":
		return SavitzkyGolay(y, l.Window, l.PolyOrder)
	case "none":
		if err := checkFinite(y); err != nil {
			return nil, err
		}
		return append([]float64{}, y...), nil
	}
	return nil, l.Validate()
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

// MarshalJSON writes the name and the parameters that go with it.
func (l Lowpass) MarshalJSON() ([]byte, error) {
	switch l.Name {
	case "butterworth":
		return json.Marshal(struct {
			Name   string  `json:"name"`
			Order  int     `json:"order"`
			Cutoff float64 `json:"cutoff"`
		}{l.Name, l.Order, l.Cutoff})
	case "moving-average":
		return json.Marshal(struct {
			Name   string `json:"name"`
			Window int    `json:"window"`
		}{l.Name, l.Window})
	case "savgol":
		return json.Marshal(struct {
			Name      string `json:"name"`
			Window    int    `json:"window"`
			PolyOrder int    `json:"polyorder"`
		}{l.Name, l.Window, l.PolyOrder})
	}
	return json.Marshal(struct {
		Name string `json:"name"`
	}{l.Name})
}
