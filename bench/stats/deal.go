package stats

import (
	"maps"
	"slices"
)

// trendDistribution is the distribution of doubled J over all ways to deal values,
// in classes of equal ones, out to groups of the given sizes; nil where the work is
// too large.
func trendDistribution(sizes, classes []int) distribution {
	if tied(classes) || len(sizes) == 2 {
		return dealt(sizes, classes)
	}
	// Without ties J is a sum of independent two-group statistics: each group
	// against all before it (Terpstra 1952).
	total, before := distribution{1}, sizes[0]
	for _, n := range sizes[1:] {
		classes := make([]int, before+n)
		for i := range classes {
			classes[i] = 1
		}
		d := dealt([]int{before, n}, classes)
		if d == nil || float64(len(total))*float64(len(d)) > maxDealt {
			return nil
		}
		total, before = total.convolve(d), before+n
	}
	return total
}

const maxDealt = 3e7 // products; about 0.1 s

// dealt walks the classes in ascending order; a state is how many values each group
// has received, and holds the distribution of doubled J so far.
func dealt(sizes, classes []int) distribution {
	g, N, span, states := len(sizes), 0, 0, 1.0
	for _, n := range sizes {
		span += 2 * N * n
		N += n
		states *= float64(n + 1)
	}
	if states*float64(span) > maxDealt {
		return nil
	}
	radix := make([]int, g)
	for i, r := 0, 1; i < g; i++ {
		radix[i] = r
		r *= sizes[i] + 1
	}
	layer := map[int]distribution{0: {1}}
	done, work := 0, 0.0
	for _, t := range classes {
		next := map[int]distribution{}
		all := choose(N-done, t)
		// In order of state, so that the rounding is the same each time.
		for _, state := range slices.Sorted(maps.Keys(layer)) {
			d := layer[state]
			got := make([]int, g)
			for i := range got {
				got[i] = state / radix[i] % (sizes[i] + 1)
			}
			deal(sizes, got, t, func(k []int, ways float64) {
				gain, to := 0, state
				for j := range k {
					to += k[j] * radix[j]
					for i := range j {
						gain += 2*got[i]*k[j] + k[i]*k[j]
					}
				}
				sum := next[to]
				if need := len(d) + gain; len(sum) < need {
					sum = append(sum, make(distribution, need-len(sum))...)
					next[to] = sum
				}
				ways /= all
				for s, p := range d {
					sum[s+gain] += p * ways
				}
				work += float64(len(d))
			})
			if work > maxDealt {
				return nil
			}
		}
		layer = next
		done += t
	}
	for _, d := range layer {
		return d
	}
	return nil
}

// deal calls f with every way to give t equal values to groups that already have
// got, and with the number of ways to pick the members.
func deal(sizes, got []int, t int, f func(k []int, ways float64)) {
	k := make([]int, len(sizes))
	var next func(i, left int, ways float64)
	next = func(i, left int, ways float64) {
		room := sizes[i] - got[i]
		if i == len(sizes)-1 {
			if left <= room {
				k[i] = left
				f(k, ways*choose(room, left))
			}
			return
		}
		for k[i] = 0; k[i] <= min(left, room); k[i]++ {
			next(i+1, left-k[i], ways*choose(room, k[i]))
		}
		k[i] = 0
	}
	next(0, t, 1)
}

// choose is the binomial coefficient.
func choose(n, k int) float64 {
	k = min(k, n-k)
	c := 1.0
	for i := 1; i <= k; i++ {
		c = c * float64(n-k+i) / float64(i)
	}
	return c
}
