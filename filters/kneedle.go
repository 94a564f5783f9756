package filters

import (
	"fmt"
	"math"
	"slices"
)

// Kneedle is the index of the knee of a convex decreasing curve by Kneedle with
// the given sensitivity S, and whether there is one: the first knee found or, if
// online, the last. x is ascending, as long as y. It equals kneed 0.9.0,
//
//	KneeLocator(x, y, S=S, curve="convex", direction="decreasing", online=online)
//
// which does not smooth (its interp1d): with x and y scaled to [0, 1] and
// d = (max y - y) - x, every local maximum of d sets a threshold S mean(Δx) below
// it, and is a knee if d falls under that before the next local minimum. The ends
// and all points of a level stretch count as extrema.
//
// V. Satopää, J. Albrecht, D. Irwin, B. Raghavan, "Finding a Kneedle in a
// Haystack", ICDCS Workshops 2011.
func Kneedle(x, y []float64, sensitivity float64, online bool) (knee int, ok bool) {
	n := len(y)
	if n < 2 || len(x) != n {
		return 0, false
	}
	xn, yn := unit(x), unit(y)
	if xn == nil || yn == nil {
		return 0, false
	}
	top, sum := slices.Max(yn), 0.0
	for i := 1; i < n; i++ {
		sum += xn[i] - xn[i-1]
	}
	d := yn
	for i := range d {
		d[i] = top - yn[i] - xn[i]
	}
	// The conversion keeps the product from being fused with the subtraction below,
	// which would decide ties in another way than NumPy does.
	drop := float64(sensitivity * math.Abs(sum/float64(n-1)))
	at, active := -1, true
	for i := range n - 1 {
		before, after := d[max(i-1, 0)], d[i+1]
		if d[i] >= before && d[i] >= after {
			at, active = i, true
		}
		if d[i] <= before && d[i] <= after {
			active = false
		}
		if at >= 0 && active && after < d[at]-drop {
			knee, ok = at, true
			if !online {
				break
			}
		}
	}
	return knee, ok
}

// unit is v scaled to [0, 1], nil if all values are the same.
func unit(v []float64) []float64 {
	lo, hi := extent(v)
	if lo == hi {
		return nil
	}
	out := make([]float64, len(v))
	for i, x := range v {
		out[i] = (x - lo) / (hi - lo)
	}
	return out
}

// findKneedle is Kneedle on the filtered curve, from Least on. None, and one in the last
// quarter of the curve, does not count.
func findKneedle(k Knee, c sought) (index int, limit bool, warning string) {
	x := c.x
	at, ok := Kneedle(x[c.least:], c.filtered[c.least:], k.Sensitivity, k.Online)
	index = c.least + at
	switch {
	case !ok:
		warning = "kneedle finds no knee"
	case x[index] > x[0]+0.75*(x[len(x)-1]-x[0]):
		warning = fmt.Sprintf("kneedle finds its knee at %s, in the last quarter of the curve", number(x[index]))
	}
	return index, false, warning
}
