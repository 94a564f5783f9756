package curves

import (
	"math"
	"slices"
	"strings"
)

// grid places ascending x on even steps: at is the step of each, from 0 on, with gaps where
// some are missing. The steps are even to a millionth (exact), or x is rounded to a unit of
// its last digit and within half of it of some straight line; step is then the simplest
// number that fits. odd is the first x that fits neither way, -1 where all do.
func grid(x []float64) (at []int, step float64, exact bool, odd int) {
	steps := make([]float64, len(x)-1)
	for i := range steps {
		steps[i] = x[i+1] - x[i]
	}
	sorted := slices.Sorted(slices.Values(steps))
	step = sorted[(len(sorted)-1)/2]
	at = make([]int, len(x))
	odd = -1
	for i, d := range steps {
		n := min(max(math.Ceil(d/step-0.5), 1), maxRows)
		at[i+1] = at[i] + int(n)
		if math.Abs(d-n*step) > n*(1e-6*step+4e-16*math.Abs(x[i+1])) && odd < 0 { // 0.1, 0.2, 0.3 are uneven by their rounding
			odd = i + 1
		}
	}
	if odd < 0 {
		return at, step, true, -1
	}
	// With a unit as large as half a step a point that is missing would pass as rounding.
	if u := unit(x); sorted[0] >= 2*u {
		if b, ok := line(x, at, u); ok {
			return at, b, false, -1
		}
	}
	return at, step, false, odd
}

// unit is what x is rounded to: one of the last digit behind the point that any of them
// has, or of a float32.
func unit(x []float64) float64 {
	most, single, largest := 0, true, 0.0
	for _, v := range x {
		single = single && float64(float32(v)) == v
		largest = max(largest, math.Abs(v))
		_, fraction, _ := strings.Cut(short(v), ".")
		most = max(most, len(fraction))
	}
	if single && most > 0 {
		return largest * 0x1p-23
	}
	return math.Pow10(-most)
}

// line is the slope of a straight line over at that passes all x within half a unit, the
// one with the fewest digits. The range of x - slope·at is convex in the slope.
func line(x []float64, at []int, unit float64) (slope float64, ok bool) {
	width := func(b float64) float64 {
		lo, hi := math.Inf(1), math.Inf(-1)
		for i, v := range x {
			d := v - b*float64(at[i])
			lo, hi = min(lo, d), max(hi, d)
		}
		return hi - lo
	}
	fits := func(b float64) bool { return width(b) <= unit*(1+1e-9) }
	n := len(x) - 1
	slope = (x[n] - x[0]) / float64(at[n])
	lo, hi := slope-2*unit/float64(at[n]), slope+2*unit/float64(at[n])
	for range 60 {
		if ok = fits(slope); ok {
			break
		}
		a, b := lo+(hi-lo)/3, hi-(hi-lo)/3
		if width(a) < width(b) {
			hi = b
		} else {
			lo = a
		}
		slope = (lo + hi) / 2
	}
	for d := 0; ok && d < 15; d++ {
		scale := math.Pow10(d)
		if r := math.Round(slope*scale) / scale; fits(r) {
			return r, true
		}
	}
	return slope, ok
}
