package filters

import (
	"math"
	"slices"
)

// Shifts is the points at which y changes to another level and stays there for a
// while: what a mode transition does, and an oscillation or a drift does not. Level
// i begins at the i-th of them; there are none in a curve of one level.
//
// Where the sums S of y less its mean are furthest from zero, y is cut in two
// (binary segmentation); if that is no shift, the stretch between the lowest and
// the highest S is cut out (circular binary segmentation: a level that is left and
// comes back). With parts of five points or more, it is a shift if either
//
//   - taking each part's own mean out makes the range of S at least six times
//     smaller (a straight line gives four, one period of a sine 4.8, more periods or
//     an exponential less) and the levels lie apart by more than twice the standard
//     deviation of any part, or
//   - with the cut moved to where y crosses the middle of the levels, they lie apart
//     by more than 2.5 times the range of any part without its seventh at either end
//     (a period of a sine gives 1.6).
//
// The parts are then searched in the same way.
//
// A. B. Olshen et al., "Circular binary segmentation", Biostatistics 5 (2004) 557.
func Shifts(y []float64) []int {
	var found []int
	search(y, 0, &found)
	slices.Sort(found)
	return found
}

// levelMeans are the means of the levels that the shifts cut y into.
func levelMeans(y []float64, shifts []int) []float64 {
	var means []float64
	from := 0
	for _, to := range append(slices.Clone(shifts), len(y)) {
		means = append(means, mean(y[from:to]))
		from = to
	}
	return means
}

func search(y []float64, at int, found *[]int) {
	n := len(y)
	if n < 2*minTail {
		return
	}
	low, high, lo, hi := extremes(y)
	furthest := low
	if hi > -lo {
		furthest = high
	}
	jump := sharpen(y, stretch{0, furthest})
	if oneLevel(max(hi, -lo), y[:furthest], y[furthest:]) || farApart(y[:jump.to], y[jump.to:]) {
		*found = append(*found, at+jump.to)
		search(y[:jump.to], at, found)
		search(y[jump.to:], at+jump.to, found)
		return
	}
	from, to := min(low, high), max(low, high)
	c := sharpen(y, stretch{from, to})
	if oneLevel(hi-lo, y[from:to], y[:from], y[to:]) || farApart(y[c.from:c.to], y[:c.from], y[c.to:]) {
		for _, cut := range []int{c.from, c.to} { // behind sharpen one may be an end of y
			if 0 < cut && cut < n {
				*found = append(*found, at+cut)
			}
		}
		search(y[:c.from], at, found)
		search(y[c.from:c.to], at+c.from, found)
		search(y[c.to:], at+c.to, found)
	}
}

// oneLevel reports whether each part of a curve has one level, the first another
// than the others; r is the range of the curve's sums.
func oneLevel(r float64, first []float64, others ...[]float64) bool {
	d := levels(first, others)
	for _, part := range append(others, first) {
		if len(part) < minTail || d <= 2*deviation(part) {
			return false
		}
		if _, _, lo, hi := extremes(part); r < 6*(hi-lo) {
			return false
		}
	}
	return true
}

// farApart reports whether the first part's level is far from those of the others.
func farApart(first []float64, others ...[]float64) bool {
	d := levels(first, others)
	parts := append(others, first)
	slices.SortFunc(parts, func(a, b []float64) int { return len(a) - len(b) }) // the cheapest answer first
	for _, part := range parts {
		if len(part) < minTail {
			return false
		}
		s := slices.Clone(part)
		slices.Sort(s)
		if d <= 2.5*(s[len(s)-1-len(s)/7]-s[len(s)/7]) {
			return false
		}
	}
	return true
}

// levels is the smallest distance of the first part's mean from those of the others.
func levels(first []float64, others [][]float64) float64 {
	d := math.Inf(1)
	for _, part := range others {
		if len(part) > 0 && len(first) > 0 {
			d = min(d, math.Abs(mean(part)-mean(first)))
		}
	}
	return d
}

type stretch struct{ from, to int }

// sharpen moves the ends of a stretch, of another level than the rest, to where y
// crosses the middle of the two levels: the stretch with the largest sum beyond it.
// One that begins at 0 goes on beginning there.
func sharpen(y []float64, c stretch) stretch {
	from, to := c.from, c.to
	if to <= from || to-from == len(y) {
		return c
	}
	in, all := mean(y[from:to]), mean(y)
	share := float64(to-from) / float64(len(y))
	out := (all - share*in) / (1 - share)
	middle, side := (in+out)/2, 1.0
	if in < out {
		side = -1
	}
	var sum, best float64
	start := 0
	for i, v := range y {
		sum += side * (v - middle)
		if sum > best {
			best, c = sum, stretch{start, i + 1}
		}
		if sum < 0 && from > 0 {
			sum, start = 0, i+1
		}
	}
	return c
}

// deviation is the standard deviation of y (n).
func deviation(y []float64) float64 {
	m, ss := mean(y), 0.0
	for _, v := range y {
		ss += (v - m) * (v - m)
	}
	return math.Sqrt(ss / float64(len(y)))
}

// extremes are the lowest and the highest of the sums of y less its mean, and the
// number of points summed up there.
func extremes(y []float64) (low, high int, lo, hi float64) {
	m, s := mean(y), 0.0
	for i, v := range y {
		s += v - m
		if s < lo {
			lo, low = s, i+1
		}
		if s > hi {
			hi, high = s, i+1
		}
	}
	return low, high, lo, hi
}
