package filters

import "math"

// MSER is where a smoothed curve f begins to run on a horizontal line: the cut d, at
// most len(f) - window - half, that leaves the least squared standard error of the
// mean rank of f[d:],
//
//	e(d) = Σ (R(i) - mean R(d..))² / (n - d)²,   R the average ranks of f,
//
// of equal cuts the first. window is the length of what is to be measured behind it and
// half the reach of the filter, in points. limit says that the cut is the latest that
// leaves a window: the curve was still moving there. Where no window fits, the cut is
// at most len(f)/2 and limit is false. f has a point or more.
//
// K. P. White, "An effective truncation heuristic for bias reduction in simulation
// output", Simulation 69 (1997) 323, here on ranks, so that bursts and skewed noise do
// not move it; its limits: W. Wang & P. W. Glynn, Winter Simulation Conference 2016.
func MSER(f []float64, window, half int) (cut int, limit bool) {
	n := len(f)
	last := n - window - half
	fits := last >= 0
	if !fits {
		last = n / 2
	}
	cut = steadiest(ranks(f), last)
	return cut, fits && last > 0 && cut == last
}

// steadiest is the cut d, last at most, with the least squared standard error of the mean of
// y[d:], of equal cuts the first; 0 for a negative last.
func steadiest(y []float64, last int) (cut int) {
	n, best := len(y), math.Inf(1)
	var s, ss float64
	for i := n - 1; i >= 0; i-- {
		v := y[i] - y[n-1] // of ranks a half-integer, so that sums of equal ones are exact
		s += v
		ss += v * v
		if m := float64(n - i); i <= last {
			if e := (ss - s*s/m) / (m * m); e <= best {
				cut, best = i, e
			}
		}
	}
	return cut
}

// findMSER is the knee by MSER, half a filter's reach behind the cut, and as far behind
// the last jump of the raw curve to another level: the filter smears both.
func findMSER(_ Knee, c sought) (knee int, limit bool, warning string) {
	cut, limit := MSER(c.filtered, c.window, c.reach)
	knee = min(cut+c.reach, len(c.raw)-2)
	if j := lastLevel(c.raw[knee:]); j > 0 {
		knee = min(knee+j+c.reach, len(c.raw)-2)
	}
	return knee, limit, ""
}

// Reach is how far, in points, the filter carries a step to either side: half a period
// of a Butterworth filter's cutoff, half the window of a moving average or of
// Savitzky-Golay's, rounded down.
func (l Lowpass) Reach() int {
	switch l.Name {
	case "butterworth":
		return max(1, int(math.Floor(1/l.Cutoff+0.5)))
	case "moving-average", "savgol":
		return l.Window / 2
	}
	return 0
}
