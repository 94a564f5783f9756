package filters

import "math"

// movingAverage is the mean of the window points around each point; window is odd.
// Near the ends it shrinks on both sides alike, h = min((window-1)/2, i, n-1-i)
// points to either side, so that the first and the last point stay as they are.
// The window may be longer than y.
func movingAverage(y []float64, window int) []float64 {
	n := len(y)
	// Sums from the start to each point, with their rounding errors beside them
	// (Neumaier): the difference of two is as exact as adding the window up.
	sum, rest := make([]float64, n+1), make([]float64, n+1)
	for i, v := range y {
		t := sum[i] + v
		if math.Abs(sum[i]) >= math.Abs(v) {
			rest[i+1] = rest[i] + (sum[i] - t + v)
		} else {
			rest[i+1] = rest[i] + (v - t + sum[i])
		}
		sum[i+1] = t
	}
	out := make([]float64, n)
	for i := range out {
		h := min((window-1)/2, i, n-1-i)
		a, b := i-h, i+h+1
		out[i] = (sum[b] - sum[a] + (rest[b] - rest[a])) / float64(2*h+1)
	}
	if n > 0 {
		out[0], out[n-1] = y[0], y[n-1]
	}
	return out
}
