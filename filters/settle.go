package filters

import (
	"math"
	"slices"
)

// Settle is the index of the first point after which the trend of y stays on its
// plateau: no further from it than tolerance, a share in (0, 1), of the largest
// distance it ever had, and behind the last jump to another level, however small
// (Shifts). It is at most len(y)-2. A curve that never leaves its plateau settles
// at 0, and so does one of five points or fewer.
//
//  1. The plateau's level p is the mean of the tail that White's rule (MSER) leaves:
//     the cut d, at most 0.9 n and n - min(20, n/4), with the smallest squared
//     standard error of the mean of y[d:]. A tail with a shift in it begins behind
//     that. One that is quiet by chance would have all before it look like a descent,
//     so it is extended by what is before it and of the same level, judged by ranks;
//     that passes over bursts that come back, and outliers are taken out (plateau).
//  2. The band is p ± tolerance times the largest |y - p|, of the first point or of
//     the mean of five.
//  3. Page's chart for either side adds up how far y is outside the band, from zero
//     whenever it falls below, and an excursion ends where its sum is largest. That
//     is where the monotone regression of y crosses the edge of the band: noise and
//     oscillation are averaged over as many points as it takes and no more.
//  4. The last excursion that counts ends the descent. One counts if over some
//     number of points, 1, 2, 4, ..., it is more than twice as far from p as the
//     curve ever is behind it: what comes again is oscillation. A burst does not
//     count: an excursion before which the curve was on its plateau.
//  5. If there is a shift behind, the plateau begins with the level of the end.
//
// K. P. White, "An effective truncation heuristic for bias reduction in simulation
// output", Simulation 69 (1997) 323; E. S. Page, "Continuous inspection schemes",
// Biometrika 41 (1954) 100.
func Settle(y []float64, tolerance float64) int {
	n := len(y)
	if n <= minTail {
		return 0
	}
	y, tail := plateau(y)
	p := mean(y[tail:])
	sums := make([]float64, n+1)
	for i, v := range y {
		sums[i+1] = sums[i] + (v - p)
	}
	farthest := math.Abs(y[0] - p)
	for i := range n - 4 {
		farthest = max(farthest, math.Abs(sums[i+5]-sums[i])/5)
	}
	list := append(excursions(y, p, 1, tolerance*farthest), excursions(y, p, -1, tolerance*farthest)...)
	slices.SortFunc(list, func(a, b excursion) int { return b.to - a.to })
	_, level, _ := spread(y[tail:], 4)
	knee, w := 0, newWander(sums)
	for _, e := range list {
		if e.counts(w, min(e.to, tail)) && !e.burst(y, level) {
			knee = e.to
			break
		}
	}
	return min(knee+lastLevel(y[knee:]), n-2)
}

// lastLevel is where y comes to the level of its end, 0 if it has but one. A stretch
// of another level between two of that one does not matter.
func lastLevel(y []float64) int {
	shifts := Shifts(y)
	if len(shifts) == 0 {
		return 0
	}
	means, from := levelMeans(y, shifts), 0
	end := means[len(shifts)]
	for i, at := range shifts {
		if math.Abs(means[i]-end) < math.Abs(means[i]-means[i+1])/2 {
			break
		}
		from = at
	}
	return from
}

// excursion is a stretch y[from:to] on one side of the band about the plateau.
type excursion struct {
	from, to int
	side     float64 // 1 above, -1 below
}

// excursions are those of y out of p ± band to one side.
func excursions(y []float64, p, side, band float64) []excursion {
	var list []excursion
	var sum, top float64
	e := excursion{side: side}
	for i, v := range y {
		sum += side*(v-p) - band
		if sum <= 0 {
			if top > 0 {
				list = append(list, e)
			}
			sum, top, e.from = 0, 0, i+1
		} else if sum > top {
			top, e.to = sum, i+1
		}
	}
	if top > 0 {
		list = append(list, e)
	}
	return list
}

// counts reports whether e is twice what the curve does from behind on. A single
// point counts only as the first: elsewhere it is an outlier.
func (e excursion) counts(w *wander, behind int) bool {
	usual := 0.0
	for q := 0; 1<<q <= e.to-e.from && 2<<q <= w.n-behind; q++ {
		usual = max(usual, w.from(behind, q))
		last := e.to - 1<<q
		if q == 0 {
			last = min(e.from, 0)
		}
		for i := e.from; i <= last; i++ {
			if e.side*(w.sums[i+1<<q]-w.sums[i]) > 2*usual {
				return true
			}
		}
	}
	return false
}

// burst reports whether y was at the level before e, for twice as long as e: a curve
// that leaves its plateau and comes back to it had settled before.
func (e excursion) burst(y []float64, level float64) bool {
	m := 2 * max(e.to-e.from, minTail)
	return e.from >= m && sameLevel(y[e.from-m:e.from], level)
}

// wander is how far the sums of a curve about its plateau go over 1, 2, 4, ... points.
type wander struct {
	sums    []float64
	n       int
	most    []float64 // for each power of two
	counted []int     // from which point on
}

func newWander(sums []float64) *wander {
	w := &wander{sums: sums, n: len(sums) - 1}
	for q := 0; 1<<q <= w.n; q++ {
		w.most = append(w.most, 0)
		w.counted = append(w.counted, w.n-1<<q+1)
	}
	return w
}

// from is the largest |sum| of 2^q consecutive points behind the given one, which
// must not be larger than in the call before.
func (w *wander) from(behind, q int) float64 {
	for ; w.counted[q] > behind; w.counted[q]-- {
		i := w.counted[q] - 1
		w.most[q] = max(w.most[q], math.Abs(w.sums[i+1<<q]-w.sums[i]))
	}
	return w.most[q]
}

// findSettle is Settle on the raw curve.
func findSettle(k Knee, c sought) (int, bool, string) { return Settle(c.raw, k.Tolerance), false, "" }
