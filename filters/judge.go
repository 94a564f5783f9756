package filters

import (
	"fmt"
	"math"
)

// judge looks at a finished measurement for what makes it weak.
type judge struct {
	a    Analysis
	x, y []float64
	step float64
	m    *Measurement
}

func (j *judge) warn(k Kind, times float64, r Remedy, format string, a ...any) {
	j.m.Warnings = append(j.m.Warnings, Warning{k, fmt.Sprintf(format, a...), times, r})
}

// span is the length of the curve, each point standing for one step.
func (j *judge) span() float64 { return j.step * float64(len(j.x)) }

// Room is the longest window behind least in a curve of the given length that leaves
// a quarter of it, rounded down; 0 where there is none.
func Room(length, least float64) float64 {
	if room := length - least; room >= length/4 {
		return RoundDown(room)
	}
	return 0
}

// behind is the remedy of beginning at least behind the first point, with a window
// that fits; none where no window is left.
func (j *judge) behind(least float64) Remedy {
	least = RoundUp(least)
	room := Room(j.span(), least)
	if room == 0 {
		return Remedy{}
	}
	r := Remedy{Least: least}
	if room < j.a.Window {
		r.Window = room
	}
	return r
}

// length warns of a window that the curve does not fill, or of too few points.
func (j *judge) length() {
	w := j.m.Window
	have := w.End - w.Start
	rest := j.step * float64(len(j.x)-w.Start)
	switch {
	case !w.Complete:
		var r Remedy
		if have >= 2*minTail {
			r.Window = RoundDown(rest)
		}
		j.warn(Incomplete, 0, r, "the window ends at %s, the curve at %s: the amplitude, of %d points, is not to be compared", number(w.To), number(j.x[len(j.x)-1]), have)
	case have < 2*minTail:
		var r Remedy
		if points := min(500, len(j.x)-w.Start); points >= 2*minTail {
			r.Window = RoundDown(j.step * float64(points))
		}
		j.warn(FewPoints, 0, r, "the window holds too few points for an oscillation: %d", have)
	}
}

// jumpBefore warns of a shift at which the plateau begins, seen in as many points on
// either side as half the way to it, or as there are.
func (j *judge) jumpBefore() {
	y, knee := j.y, j.m.Knee.Index
	h := min(knee/2, len(y)-knee)
	for _, at := range Shifts(y[knee-h : knee+h]) {
		if d := float64(at - h); math.Abs(d) <= max(minTail, float64(h)/10) {
			before, after := mean(y[knee-h:knee-h+at]), mean(y[knee:knee+h])
			j.warn(JumpBefore, 0, Remedy{}, "the level jumps from %.3g to %.3g at %s: a mode transition; the plateau is what follows", before, after, number(j.x[knee-h+at]))
			return
		}
	}
}

// slope warns of a window that is less than a tenth of what follows the knee, and says
// whether it lies off the level there: of the stretches of its length that follow it,
// further from the quartiles of their levels than three times the distance between
// those (Tukey's "far out").
func (j *judge) slope() bool {
	w := j.m.Window
	n, rest := w.End-w.Start, len(j.y)-w.End
	if rest < 9*n {
		return false
	}
	share := 100 * float64(n) / float64(n+rest)
	levels := make([]float64, rest/n)
	for i := range levels {
		levels[i] = mean(j.y[w.End+i*n : w.End+(i+1)*n])
	}
	low, middle, high := spread(levels, 4)
	level := mean(j.y[w.Start:w.End])
	if fence := 3 * (high - low); level >= low-fence && level <= high+fence {
		r := Remedy{Window: RoundDown(j.step * float64(n+rest))}
		r.Cutoff = j.cutoff(n + rest)
		j.warn(Brief, 0, r, "the window holds %.2g %% of what follows the knee: slower oscillations and rarer swings are not seen", share)
		return false
	}
	lo, hi := extent(j.m.Filtered[len(j.y)-rest/2:])
	r := j.behind(j.pastDescent(w.Start, hi-lo))
	if r.Least > 0 {
		r.Window = Room(j.span(), r.Least)
		r.Cutoff = j.cutoff(int(r.Window / j.step))
	}
	j.warn(OnSlope, 0, r, "the window, %.2g %% of what follows the knee, lies on the slope: its level is %.3g, that of what follows %.3g", share, level, middle)
	return true
}

// pastDescent is the distance from the first point, that at index from or more, behind
// which a tenth of swing is left of the descent: the knee by settle with the tolerance
// that this makes.
func (j *judge) pastDescent(from int, swing float64) float64 {
	_, tail := plateau(j.y)
	p, most := mean(j.y[tail:]), 0.0
	for i := range len(j.y) - 4 {
		most = max(most, math.Abs(mean(j.y[i:i+5])-p))
	}
	tolerance := min(max(0.1*swing/most, 1e-6), 0.5)
	return j.x[max(Settle(j.y, tolerance), from)] - j.x[0]
}

// unsteady warns of what is in the window and is none of the oscillation that the
// amplitude is to measure: a shift, a drift, or the rest of the descent.
func (j *judge) unsteady() {
	w := j.m.Window
	x, y, filtered := j.x[w.Start:w.End], j.y[w.Start:w.End], j.m.Filtered[w.Start:w.End]
	n := len(y)
	if n < 2*minTail {
		return
	}
	if shifts := Shifts(y); len(shifts) > 0 {
		at, before, after := largestJump(y, shifts)
		j.warn(Shift, 0, j.behind(x[shifts[len(shifts)-1]]-j.x[0]), "the level shifts from %.3g to %.3g at %s, inside the window: a mode transition, not an oscillation; it inflates the amplitude", before, after, number(x[at]))
		return
	}
	mx, my := mean(x), mean(y)
	var xx, xy float64
	for i, v := range y {
		xx += (x[i] - mx) * (x[i] - mx)
		xy += (x[i] - mx) * (v - my)
	}
	slope := xy / xx
	rest := make([]float64, n)
	for i, v := range y {
		rest[i] = v - my - slope*(x[i]-mx)
	}
	_, _, lo, hi := extremes(y)
	_, _, l, h := extremes(rest)
	change := slope * (x[n-1] - x[0])
	if hi-lo > 4*(h-l) && math.Abs(change) > 2*deviation(rest) {
		j.warn(Drift, 0, Remedy{}, "the level drifts by %.3g over the window: the curve has not settled; see the detrended amplitude", change)
		return
	}
	tail := plateauTail(y, (n+1)/2, false)
	lo, hi = extent(filtered)
	l, h = extent(filtered[tail:])
	if hi-lo > 2*(h-l) {
		r := j.behind(j.pastDescent(w.Start+tail, h-l))
		j.warn(Descent, (hi-lo)/(h-l), r, "the end of the descent lies in the window and inflates the amplitude: max_to_min is %.3g, from %s on %.3g", hi-lo, number(x[tail]), h-l)
	}
}

// manyPeriods is how many times the cutoff's period fits into a window above which its
// maximum is of the fastest swings; the default's fits 25 times.
const manyPeriods = 250

// cutoff is that of a Butterworth filter which keeps as many periods in n points as the
// default does, where the one set keeps too many; 0 elsewhere.
func (j *judge) cutoff(n int) float64 {
	if l := j.a.Lowpass; l.Name != "butterworth" || l.Cutoff*float64(n) <= 2*manyPeriods {
		return 0
	}
	return RoundDown(50 / float64(n))
}

// dense warns of a low-pass that lets through far more than the slow swings of a window.
func (j *judge) dense() {
	n := j.m.Window.End - j.m.Window.Start
	if c := j.cutoff(n); c > 0 {
		now := j.a.Lowpass.Cutoff
		j.warn(Dense, 0, Remedy{Cutoff: c}, "the low-pass keeps periods from %.3g points on, %.0f of them in the window of %d points: max_to_min grows with their number", 2/now, now*float64(n)/2, n)
	}
}

// fewPeriods is how many times the cutoff's period fits into a window below which the
// oscillation itself may have been filtered out.
const fewPeriods = 5

// sparse warns of a low-pass that leaves hardly an oscillation in a window: the cutoff is
// a fraction of Nyquist, so that in a log of few points it is a long time.
func (j *judge) sparse() {
	n, l := j.m.Window.End-j.m.Window.Start, j.a.Lowpass
	if l.Name != "butterworth" || n < 2*minTail || l.Cutoff*float64(n) >= 2*fewPeriods {
		return
	}
	var r Remedy
	if c := 4 * fewPeriods / float64(n); c < 1 {
		r.Cutoff = RoundDown(c)
	}
	j.warn(Sparse, 0, r, "the low-pass keeps periods from %.3g points on, %.2g of them in the window of %d points: it takes faster oscillations out", 2/l.Cutoff, l.Cutoff*float64(n)/2, n)
}

// largestJump is where the level changes most, and the levels there.
func largestJump(y []float64, shifts []int) (at int, before, after float64) {
	from, most := 0, 0.0
	for i, s := range shifts {
		to := len(y)
		if i+1 < len(shifts) {
			to = shifts[i+1]
		}
		a, b := mean(y[from:s]), mean(y[s:to])
		if d := math.Abs(b - a); d > most {
			at, before, after, most = s, a, b, d
		}
		from = s
	}
	return at, before, after
}
