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
	means := levelMeans(y, shifts)
	for i, s := range shifts {
		if a, b := means[i], means[i+1]; math.Abs(b-a) > math.Abs(after-before) {
			at, before, after = s, a, b
		}
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

// How many times the cutoff's period fits into a window: above manyPeriods its maximum is of
// the fastest swings (the default's fits 25 times), below fewPeriods the oscillation itself
// may have been filtered out.
const manyPeriods, fewPeriods = 250, 5

// periods warns of a low-pass that lets through far more than the slow swings of a window, or
// hardly an oscillation: the cutoff is a fraction of Nyquist, so that in a log of few points
// it is a long time.
func (j *judge) periods() {
	l, points := j.a.Lowpass, float64(j.m.Window.End-j.m.Window.Start)
	kept := l.Cutoff * points / 2
	switch {
	case l.Name != "butterworth":
	case kept > manyPeriods:
		r := j.lowpass(50 / points) // as many periods as the default keeps
		j.warn(Dense, r, "the low-pass keeps periods from %.3g points on, %.0f of them in the window of %.0f points: max_to_min grows with their number", 2/l.Cutoff, kept, points)
	case kept < fewPeriods && points >= 2*minTail:
		var r Remedy
		if c := 4 * fewPeriods / points; c < 1 {
			r = j.lowpass(c)
		}
		j.warn(Sparse, r, "the low-pass keeps periods from %.3g points on, %.2g of them in the window of %.0f points: it takes faster oscillations out", 2/l.Cutoff, kept, points)
	}
}
