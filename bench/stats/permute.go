package stats

import (
	"math"
	"math/bits"
	"slices"
)

// distribution is P(S = i) at index i, for a statistic S on the whole numbers from 0.
type distribution []float64

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
	n, high, orders := len(a), 0, 1.0
	for i := range a {
		high += a[i] * slices.Max(b)
		orders *= float64(i + 1)
	}
	count := make([][]float64, 1<<n)
	count[0] = make([]float64, high+1)
	count[0][0] = 1
	for set := range count {
		for j := range n {
			larger := set | 1<<j
			if larger == set {
				continue
			}
			if count[larger] == nil {
				count[larger] = make([]float64, high+1)
			}
			to, step := count[larger], a[bits.OnesCount(uint(set))]*b[j]
			for s, c := range count[set] {
				if c != 0 {
					to[s+step] += c
				}
			}
		}
		if set < len(count)-1 {
			count[set] = nil
		}
	}
	for s, c := range count[len(count)-1] {
		switch {
		case c == 0:
			continue
		case d == nil:
			low = s
		}
		d = append(d, make(distribution, s-low-len(d))...) // of values between, which never occur
		d = append(d, c/orders)
	}
	return d, low
}
