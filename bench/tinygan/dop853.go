package tinygan

import (
	"fmt"
	"math"
)

// vector is θ, ψ, α for the integrator.
type vector [3]float64

// field is the right-hand side x' = field(t, x).
type field func(t float64, x vector) vector

// MaxSteps bounds the steps of one integration or descent, so that an unlucky
// question is answered with an error instead of minutes of silence.
const MaxSteps = 1_000_000

// solver integrates one field by DOP853 with the step control of Hairer, Nørsett
// and Wanner. It remembers its step from one call of advance to the next.
type solver struct {
	f          field
	rtol, atol float64
	t          float64
	x          vector
	slope      vector  // f(t, x)
	h          float64 // the step to try next; 0 before the first
	steps      int     // tried so far
	most       int     // steps allowed
}

func newSolver(f field, x vector, rtol, atol float64) *solver {
	return &solver{f: f, rtol: rtol, atol: atol, x: x, slope: f(0, x), most: MaxSteps}
}

// jump moves α without time passing.
func (s *solver) jump(by float64) {
	s.x[2] += by
	s.slope, s.h = s.f(s.t, s.x), 0
}

// advance integrates up to time end exactly.
func (s *solver) advance(end float64) error {
	rejected := false
	for s.t < end {
		if s.h == 0 {
			s.h = s.firstStep(end - s.t)
		}
		h, last := s.h, false
		if left := end - s.t; h >= left || left-h < 1e-3*h {
			h, last = left, true // also a step too many for a sliver is avoided
		}
		if s.steps++; s.steps > s.most {
			return fmt.Errorf("until: %d steps lead no further than t = %.4g; ask for less time", s.most, s.t)
		}
		next := s.t + h
		if last {
			next = end
		}
		x, e := s.step(h)
		slope := s.f(next, x)
		factor := max(0.2, 0.9*math.Pow(e, -1./8)) // +Inf where there is no error
		if !(e <= 1) || !finite(x) || !finite(slope) {
			if s.t+h/4 == s.t {
				return fmt.Errorf("until: the solution leaves the range of the arithmetic at t = %.4g", s.t)
			}
			s.h, rejected = h/5, true
			if e > 1 {
				s.h = h * factor
			}
			continue
		}
		grow := min(10, factor)
		if rejected {
			grow = min(grow, 1)
		}
		if last && grow == 10 {
			s.h = max(s.h, h*grow) // a step cut short by end says little about the next
		} else {
			s.h = h * grow
		}
		rejected = false
		s.t, s.x, s.slope = next, x, slope
	}
	return nil
}

// step is one step of length h from (t, x): the solution of order 8 and the error
// of the step in units of the tolerance (Hairer's combination of both estimates).
func (s *solver) step(h float64) (vector, float64) {
	var k [stages]vector
	k[0] = s.slope
	for i := 1; i < stages; i++ {
		x := s.x
		for j, a := range tableau[i][:i] {
			if a != 0 {
				for c := range x {
					x[c] += h * a * k[j][c]
				}
			}
		}
		k[i] = s.f(s.t+nodes[i]*h, x)
	}
	var norm5, norm3 float64
	next := s.x
	for c := range next {
		var dx, e5, e3 float64
		for i := range k {
			dx += weights[i] * k[i][c]
			e5 += error5[i] * k[i][c]
			e3 += error3[i] * k[i][c]
		}
		next[c] += h * dx
		scale := s.atol + s.rtol*max(math.Abs(s.x[c]), math.Abs(next[c]))
		norm5 += e5 / scale * (e5 / scale)
		norm3 += e3 / scale * (e3 / scale)
	}
	if norm5 == 0 && norm3 == 0 {
		return next, 0
	}
	return next, h * norm5 / math.Sqrt((norm5+0.01*norm3)*float64(len(next)))
}

// firstStep guesses a step from the sizes of x and its first two derivatives
// (Hairer, Nørsett and Wanner, Section II.4), no longer than most.
func (s *solver) firstStep(most float64) float64 {
	norm := func(v vector) float64 {
		sum := 0.0
		for c := range v {
			r := v[c] / (s.atol + s.rtol*math.Abs(s.x[c]))
			sum += r * r
		}
		return math.Sqrt(sum / float64(len(v)))
	}
	h, d1 := most, norm(s.slope)
	if d0 := norm(s.x); d0 > 0 && d1 > 0 {
		h = min(h, 0.01*d0/d1)
	}
	x := s.x
	for c := range x {
		x[c] += h * s.slope[c]
	}
	change := s.f(s.t+h, x)
	for c := range change {
		change[c] = (change[c] - s.slope[c]) / h
	}
	if d := max(d1, norm(change)); d > 0 && isFinite(d) {
		h = min(100*h, math.Pow(0.01/d, 1./8), most)
	}
	return max(h, 16*math.Nextafter(s.t, math.Inf(1))-16*s.t)
}

func finite(x vector) bool { return isFinite(x[0]) && isFinite(x[1]) && isFinite(x[2]) }
