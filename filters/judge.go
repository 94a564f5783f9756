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

	period bool // the low-pass was given by its period
}

func (j *judge) warn(k Kind, r Remedy, format string, a ...any) {
	j.m.Warnings = append(j.m.Warnings, Warning{k, fmt.Sprintf(format, a...), r})
}

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
	room := Room(j.step*float64(len(j.x)), least) // each point stands for one step
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
	have, rest := w.End-w.Start, len(j.x)-w.Start
	var r Remedy
	switch {
	case !w.Complete:
		points := have
		if points < 2*minTail { // the knee may be earlier for a shorter window
			points = max(2*minTail, (len(j.x)-j.a.Lowpass.Reach())/2)
		}
		knee, _, err := j.a.Knee.Find(j.x, j.m.Filtered, j.y, points, j.a.Lowpass.Reach())
		if err == nil && knee.Index+points <= len(j.x) {
			r.Window = RoundDown(j.step * float64(points))
		}
		j.warn(Incomplete, r, "the window ends at %s, the curve at %s: the amplitude, of %d points, is not to be compared", number(w.To), number(j.x[len(j.x)-1]), have)
	case have < 2*minTail:
		if rest >= 2*minTail {
			r.Window = RoundDown(j.step * float64(min(500, rest)))
		}
		j.warn(FewPoints, r, "the window holds too few points for an oscillation: %d", have)
	}
}

// moving warns of a curve that has not come to rest.
func (j *judge) moving() {
	if j.m.Knee.Limit {
		j.warn(Moving, Remedy{}, "the curve is still moving where the last window begins: the amplitude may hold a drift; train longer, or see the detrended amplitude")
	}
}

// shift warns of a jump to another level in the window.
func (j *judge) shift() {
	w := j.m.Window
	y := j.y[w.Start:w.End]
	shifts := Shifts(y)
	if len(shifts) == 0 {
		return
	}
	at, before, after := largestJump(y, shifts)
	level := w.Start + shifts[len(shifts)-1] + j.a.Lowpass.Reach() // the filter smears the jump
	j.warn(Shift, j.behind(j.step*float64(level)), "the level shifts from %.3g to %.3g at %s, inside the window: a mode transition, not an oscillation; it inflates the amplitude", before, after, number(j.x[w.Start+at]))
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

// lowpass is the remedy of a low-pass with the given cutoff, or one just below it, in the
// terms in which the low-pass was given.
func (j *judge) lowpass(cutoff float64) Remedy {
	if j.period {
		return Remedy{Period: RoundUp(2 * j.step / cutoff)}
	}
	return Remedy{Cutoff: RoundDown(cutoff)}
}

// manyPeriods is how many times the cutoff's period fits into a window above which its
// maximum is of the fastest swings; the default's fits 25 times.
const manyPeriods = 250

// dense warns of a low-pass that lets through far more than the slow swings of a window.
func (j *judge) dense() {
	n, l := j.m.Window.End-j.m.Window.Start, j.a.Lowpass
	if l.Name != "butterworth" || l.Cutoff*float64(n) <= 2*manyPeriods {
		return
	}
	r := j.lowpass(50 / float64(n)) // as many periods as the default keeps
	j.warn(Dense, r, "the low-pass keeps periods from %.3g points on, %.0f of them in the window of %d points: max_to_min grows with their number", 2/l.Cutoff, l.Cutoff*float64(n)/2, n)
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
		r = j.lowpass(c)
	}
	j.warn(Sparse, r, "the low-pass keeps periods from %.3g points on, %.2g of them in the window of %d points: it takes faster oscillations out", 2/l.Cutoff, l.Cutoff*float64(n)/2, n)
}
