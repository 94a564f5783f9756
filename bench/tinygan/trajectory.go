package tinygan

import (
	"cmp"
	"fmt"
	"math"
)

// MaxRows bounds the rows of a trajectory.
const MaxRows = 1_000_000

// Trajectory is a solution at the times i·every.
type Trajectory struct {
	System System
	Times  []float64
	Path   []State // integrated, or descended
	Exact  []State // the flow's closed form; nil where there is none
}

// Integrate solves the flow from 0 to until and samples it at every multiple of
// every up to until. The integration is DOP853 at the edge of the arithmetic
// (tolerance 1e-14 a step): it leaves the closed form by some 5e-15 of the system's
// size per unit of time. Errors begin with the name of
// what is to be changed: a field of System, until or every.
func (s System) Integrate(until, every float64) (*Trajectory, error) {
	tr, err := s.sample(until, every)
	if err != nil {
		return nil, err
	}
	const tolerance = 1e-14
	size := max(s.Start.maxAbs(), math.Abs(s.Target))
	for _, v := range s.Levels {
		size = max(size, math.Abs(v))
	}
	size = cmp.Or(size, 1)
	run := newSolver(s.rate, vector{s.Start.Theta, s.Start.Psi, s.Start.Alpha}, tolerance, tolerance*size)
	k, alpha := 0, s.Start.Alpha
	for i, t := range tr.Times {
		for ; s.Levels != nil && k <= len(s.Levels) && reached(t, float64(k)*s.Tau); k++ {
			if err := run.advance(min(t, float64(k)*s.Tau)); err != nil {
				return nil, err
			}
			run.jump(s.jump(k) - alpha)
			alpha = s.jump(k)
		}
		if err := run.advance(t); err != nil {
			return nil, err
		}
		tr.Path[i] = State{run.x[0], run.x[1], run.x[2]}
	}
	return tr, nil
}

// sample validates and fills in the times and the closed form.
func (s System) sample(until, every float64) (*Trajectory, error) {
	if err := s.Validate(); err != nil {
		return nil, err
	}
	switch {
	case !(until >= 0 && until <= limit):
		return nil, fmt.Errorf("until: %v is not a time (0 or more, finite)", until)
	case !(every > 0 && every <= limit):
		return nil, fmt.Errorf("every: %v is not an interval (above 0, finite)", every)
	case until/every >= MaxRows:
		return nil, fmt.Errorf("every: %v up to %v is more than %d rows", every, until, MaxRows)
	}
	n := int(until/every+1e-9) + 1 // until is a row where it is a multiple of every but for rounding
	tr := &Trajectory{System: s, Times: make([]float64, n), Path: make([]State, n)}
	for i := range tr.Times {
		tr.Times[i] = float64(i) * every
	}
	at := s.exact()
	if at == nil {
		return tr, nil
	}
	tr.Exact = make([]State, n)
	for i, t := range tr.Times {
		tr.Exact[i] = at(t)
		if !tr.Exact[i].finite() {
			return nil, fmt.Errorf("until: the solution leaves the range of the arithmetic at t = %.4g", t)
		}
	}
	return tr, nil
}

// Deviation is the largest difference of any coordinate from the closed form; NaN
// where there is none.
func (tr *Trajectory) Deviation() float64 {
	if tr.Exact == nil {
		return math.NaN()
	}
	worst := 0.0
	for i, x := range tr.Path {
		e := tr.Exact[i]
		worst = max(worst, State{x.Theta - e.Theta, x.Psi - e.Psi, x.Alpha - e.Alpha}.maxAbs())
	}
	return worst
}

// Size is the largest coordinate of the path without its sign.
func (tr *Trajectory) Size() float64 {
	size := 0.0
	for _, x := range tr.Path {
		size = max(size, x.maxAbs())
	}
	return size
}
