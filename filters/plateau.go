package filters

import (
	"cmp"
	"slices"
)

const (
	minTail  = 5  // the fewest points that a level is read from
	minNoisy = 20 // the fewest that one is read from and compared by ranks
)

// plateau is a point from which on y is sure to be on its plateau, for the level to be
// read from there, and y without the outliers behind it.
//
// The tail that MSER leaves is the quietest, and where the noise is skewed, as that of
// an FID is, the quiet stretches are the low ones: a short tail lies below the
// plateau. It is extended by the stretch before it, of a quarter of its length, or
// half, ..., as long as there is one of the same level. The spread that counts is
// that of the earlier stretch, the tail's being small by selection; both its halves
// must agree, which a descent or a jump does not. The last piece may still hold some
// of those: the point is where MSER cuts the curve in it or before.
//
// Outliers are further from the quartiles of the tail than three times the distance
// between those (J. W. Tukey's "far out") and get its median.
func plateau(y []float64) ([]float64, int) {
	n := len(y)
	first := plateauTail(y, max(min(minNoisy, n/4), n/10, minTail))
	tail, sure := first, first
	for m := shortest(n - tail); m <= tail; {
		if _, middle, _ := spread(y[tail:], 4); sameLevel(y[tail-m:tail], middle) {
			sure, tail = tail, tail-m
			m = shortest(n - tail)
		} else {
			m *= 2
		}
	}
	if tail == first {
		return y, tail
	}
	low, middle, high := spread(y[sure:], 4)
	fence := 3 * (high - low)
	y = slices.Clone(y)
	for i := tail; i < n; i++ {
		if y[i] < low-fence || y[i] > high+fence {
			y[i] = middle
		}
	}
	return y, plateauTail(y, n-sure)
}

// shortest is the length of the shortest stretch that a tail is extended by.
func shortest(tail int) int { return max(minNoisy, tail/4) }

// sameLevel reports whether v is nothing unusual in either half of y: an eighth of
// the points or more lie on both sides of it.
func sameLevel(y []float64, v float64) bool {
	for _, half := range [][]float64{y[:len(y)/2], y[len(y)/2:]} {
		if low, _, high := spread(half, 8); v < low || v > high {
			return false
		}
	}
	return true
}

// spread is the median of y and what the k-th part of its points lies below and above.
func spread(y []float64, k int) (low, middle, high float64) {
	s := slices.Sorted(slices.Values(y))
	n := len(s)
	return s[n/k], s[(n-1)/2]/2 + s[n/2]/2, s[n-1-n/k]
}

// plateauTail is where the end of y that has no trend left begins, least points long
// or more but for a shift in it. In noise that grows with the level, MSER takes a low
// level and a high one behind it for one tail; the jump is found by ranks.
func plateauTail(y []float64, least int) int {
	n := len(y)
	tail := steadiest(y, n-least)
	shifts := Shifts(y[tail:])
	if len(shifts) == 0 {
		shifts = Shifts(ranks(y[tail:]))
	}
	for _, at := range slices.Backward(shifts) {
		if n-tail-at >= max(minTail, n/20) {
			return tail + at
		}
	}
	return tail
}

// ranks are the places of the points of y in ascending order, equal ones sharing the
// mean of theirs.
func ranks(y []float64) []float64 {
	at := make([]int, len(y))
	for i := range at {
		at[i] = i
	}
	slices.SortFunc(at, func(a, b int) int { return cmp.Compare(y[a], y[b]) })
	r := make([]float64, len(y))
	for from, to := 0, 0; from < len(at); from = to {
		for to = from; to < len(at) && y[at[to]] == y[at[from]]; to++ {
		}
		for _, i := range at[from:to] {
			r[i] = float64(from+to-1) / 2
		}
	}
	return r
}
