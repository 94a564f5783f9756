package filters

import (
	"cmp"
	"encoding/json"
	"math"
	"slices"
)

// MeasureAmplitude measures the oscillation of a smoothed curve y at the ascending
// points x, one or more, by five definitions:
//
//	max_to_min      max y - min y, the paper's
//	peak_to_trough  mean |e(i+1) - e(i)| over consecutive extrema e; an extremum is
//	                an inner run of equal values above, or below, both its neighbours
//	sd              sqrt(Σ (y - mean y)² / (n-1))
//	detrended       max r - min r, r = y less its least-squares line over x
//	relative        max log y - min log y
//
// peak_to_trough is nil with fewer than two extrema, relative where some y is not
// positive; sd is NaN for one point.
func MeasureAmplitude(x, y []float64) Amplitude {
	lo, hi := extent(y)
	a := Amplitude{MaxToMin: hi - lo, PeakToTrough: peakToTrough(y)}
	if lo > 0 {
		r := math.Log(hi) - math.Log(lo)
		if near := (hi - lo) / lo; near < 1 {
			r = math.Log1p(near) // the difference of two like logarithms is mostly rounding
		}
		a.Relative = &r
	}
	n := float64(len(y))
	my, mx := mean(y), mean(x)
	var xx, xy, yy float64
	for i, v := range y {
		dx, dy := x[i]-mx, v-my
		xx += dx * dx
		xy += dx * dy
		yy += dy * dy
	}
	a.SD = math.Sqrt(yy / (n - 1))
	if len(y) > 2 { // two points are a line
		low, high := math.Inf(1), math.Inf(-1)
		for i, v := range y {
			r := v - my - xy/xx*(x[i]-mx)
			low, high = min(low, r), max(high, r)
		}
		a.Detrended = high - low
	}
	return a
}

// MarshalJSON writes what is undefined as null.
func (a Amplitude) MarshalJSON() ([]byte, error) {
	out := struct {
		MaxToMin     float64  `json:"max_to_min"`
		PeakToTrough *float64 `json:"peak_to_trough"`
		SD           *float64 `json:"sd"`
		Detrended    float64  `json:"detrended"`
		Relative     *float64 `json:"relative"`
	}{a.MaxToMin, a.PeakToTrough, &a.SD, a.Detrended, a.Relative}
	if math.IsNaN(a.SD) {
		out.SD = nil
	}
	return json.Marshal(out)
}

// peakToTrough is the mean distance of consecutive inner extrema of y, nil with
// fewer than two.
func peakToTrough(y []float64) *float64 {
	var last, sum float64
	count, way := 0, 0 // way: the sign of the last step that was not level
	for i := 1; i < len(y); i++ {
		step := cmp.Compare(y[i], y[i-1])
		if step == 0 {
			continue
		}
		if way == -step { // y[i-1] is an extremum
			if count > 0 {
				sum += math.Abs(y[i-1] - last)
			}
			last = y[i-1]
			count++
		}
		way = step
	}
	if count < 2 {
		return nil
	}
	m := sum / float64(count-1)
	return &m
}

func extent(y []float64) (lo, hi float64) { return slices.Min(y), slices.Max(y) }

// mean of y, added up from its first value so that equal values give just that value.
func mean(y []float64) float64 {
	s := 0.0
	for _, v := range y {
		s += v - y[0]
	}
	return y[0] + s/float64(len(y))
}
