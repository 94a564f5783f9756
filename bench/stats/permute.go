package stats

import (
	"math"
	"slices"
)

// distribution is P(S = i) at index i, for a statistic S on the whole numbers from 0.
type distribution []float64

func (d distribution) upper(s int) float64 { return d.where(func(i int) bool { return i >= s }) }
func (d distribution) lower(s int) float64 { return d.where(func(i int) bool { return i <= s }) }

// where is the probability of the values that in accepts.
func (d distribution) where(in func(i int) bool) float64 {
	p := 0.0
	for i, v := range d {
		if in(i) {
			p += v
		}
	}
	return math.Min(p, 1)
}

// convolve is the distribution of the sum of two independent statistics, in the memory
// of spare where that is large enough.
func (d distribution) convolve(e, spare distribution) distribution {
	n := len(d) + len(e) - 1
	out := slices.Grow(spare[:0], n)[:n]
	clear(out)
	// Statistics of doubled ranks without ties are even: half of the values never occur.
	at := make([]int, 0, len(e))
	for j, q := range e {
		if q != 0 {
			at = append(at, j)
		}
	}
	for i, p := range d {
		if p == 0 {
			continue
		}
		to := out[i : i+len(e)]
		for _, j := range at {
			to[j] += p * e[j]
		}
	}
	return out
}

// maxMatched is the longest pair of vectors matched handles: 2¹⁰ sets of used entries.
const maxMatched = 10

// matched is the distribution of Σ a[i]·b[σ(i)] over all orders σ, by dynamic
// programming over the set of entries of b used so far. It is less its smallest
// value, low. At most maxMatched entries, not negative.
func matched(a, b []int) (d distribution, low int) {
	n := len(a)
	high := 0
	for i := range a {
		most := 0
		for _, v := range b {
			most = max(most, v)
		}
		high += a[i] * most
	}
	count := make([][]float64, 1<<n)
	count[0] = make([]float64, high+1)
	count[0][0] = 1
	for set := range count {
		from := count[set]
		if from == nil {
			continue
		}
		used := 0
		for s := set; s > 0; s &= s - 1 {
			used++
		}
		if used == n {
			break
		}
		for j := range n {
			if set&(1<<j) != 0 {
				continue
			}
			to := count[set|1<<j]
			if to == nil {
				to = make([]float64, high+1)
				count[set|1<<j] = to
			}
			step := a[used] * b[j]
			for s, c := range from {
				if c != 0 {
					to[s+step] += c
				}
			}
		}
		count[set] = nil
	}
	all := count[len(count)-1]
	orders := 1.0
	for i := 2; i <= n; i++ {
		orders *= float64(i)
	}
	low, top := -1, 0
	for s, c := range all {
		if c != 0 {
			if low < 0 {
				low = s
			}
			top = s
		}
	}
	d = make(distribution, top-low+1)
	for i := range d {
		d[i] = all[low+i] / orders
	}
	return d, low
}
