package tinygan

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Kind is which of the paper's equations govern α.
type Kind int

const (
	Autonomous Kind = iota // α = α_r throughout (Eq. 6)
	Beta                   // α is annealed and does not play (Eq. 8, λ = 0)
	BetaPrime              // α is annealed and descends the objective too (Eq. 8, λ = 1)
)

var kindNames = []string{"autonomous", "beta", "beta-prime"}

// ParseKind reads "autonomous", "beta" or "beta-prime".
func ParseKind(name string) (Kind, error) { return parse[Kind](kindNames, name) }

func (k Kind) String() string { return kindNames[k] }

// State is a point of the phase space: generator, discriminator, data.
type State struct{ Theta, Psi, Alpha float64 }

// ParseState reads "θ,ψ,α", three finite numbers.
func ParseState(s string) (State, error) {
	fields := strings.Split(s, ",")
	var v vector
	ok := len(fields) == len(v)
	for i := 0; ok && i < len(v); i++ {
		var err error
		v[i], err = strconv.ParseFloat(strings.TrimSpace(fields[i]), 64)
		ok = err == nil && isFinite(v[i])
	}
	if !ok {
		return State{}, fmt.Errorf("%q is not three finite numbers θ,ψ,α", s)
	}
	return State{v[0], v[1], v[2]}, nil
}

func (s State) finite() bool { return isFinite(s.Theta) && isFinite(s.Psi) && isFinite(s.Alpha) }

// maxAbs is the largest coordinate without its sign.
func (s State) maxAbs() float64 {
	return max(math.Abs(s.Theta), math.Abs(s.Psi), math.Abs(s.Alpha))
}

// System is one initial value problem.
type System struct {
	Kind      Kind
	Objective Objective
	Start     State   // at t = 0; of the autonomous system α equals Target
	Target    float64 // α_r
	T         float64 // time constant of Eq. 7; unused by Autonomous, and with Levels

	// Levels, where not nil, replaces Eq. 7 by a staircase: α jumps to Levels[0]
	// at t = 0, to Levels[k] at t = k Tau and to Target at t = len(Levels) Tau.
	// An empty list is one jump, at t = 0.
	Levels []float64
	Tau    float64 // time at each level

	AsPrinted bool // Eq. 8 with the printed sign of the λ term, which runs away
}

// limit bounds the numbers a system is given, so that no square of one overflows.
const limit = 1e100

// Validate checks every field; the error begins with the field's name as a flag of
// the command has it.
func (s System) Validate() error {
	for _, f := range []struct {
		name string
		v    float64
	}{{"start", s.Start.Theta}, {"start", s.Start.Psi}, {"start", s.Start.Alpha}, {"target", s.Target}} {
		if !(math.Abs(f.v) <= limit) {
			return fmt.Errorf("%s: %v is not a number within ±%g", f.name, f.v, limit)
		}
	}
	switch {
	case s.Kind < Autonomous || s.Kind > BetaPrime:
		return fmt.Errorf("system: %d is not a system", s.Kind)
	case s.Objective < Linear || s.Objective > JensenShannon:
		return fmt.Errorf("f: %d is not an objective", s.Objective)
	case s.Kind == Autonomous && s.Start.Alpha != s.Target:
		return fmt.Errorf("start: the autonomous system has α = α_r = %v throughout, not %v", s.Target, s.Start.Alpha)
	case s.annealed() && !(s.T >= 1/limit && s.T <= limit):
		return fmt.Errorf("%s: %v is not a time constant (above 0, finite)", "T", s.T)
	case s.Levels == nil:
		return nil
	case s.Kind == Autonomous:
		return fmt.Errorf("levels: the autonomous system is not annealed")
	case s.AsPrinted:
		return fmt.Errorf("as-printed: Eq. 8 prints no staircase; leave out levels")
	case !(s.Tau >= 1/limit && s.Tau <= limit):
		return fmt.Errorf("tau: %v is not a time at each level (above 0, finite)", s.Tau)
	}
	for i, v := range s.Levels {
		if !(math.Abs(v) <= limit) {
			return fmt.Errorf("levels: level %d: %v is not a number within ±%g", i+1, v, limit)
		}
	}
	return nil
}

// lambda is what multiplies ψ f'(-ψα) in α's equation: 0 without play, 1 where α
// descends the objective, -1 for the printed sign.
func (s System) lambda() float64 {
	switch {
	case s.Kind != BetaPrime:
		return 0
	case s.AsPrinted:
		return -1
	}
	return 1
}

// annealed reports whether α follows Eq. 7.
func (s System) annealed() bool { return s.Levels == nil && s.Kind != Autonomous }

// jump is what α jumps to at k Tau, k from 0 to len(Levels).
func (s System) jump(k int) float64 {
	if k < len(s.Levels) {
		return s.Levels[k]
	}
	return s.Target
}

// drive is the rate at which Eq. 7 moves α at time t.
func (s System) drive(t float64) float64 {
	if !s.annealed() {
		return 0
	}
	return (s.Target - s.Start.Alpha) / s.T * math.Exp(-t/s.T)
}

// scheduled is how far Eq. 7 has moved α by time t.
func (s System) scheduled(t float64) float64 {
	if !s.annealed() {
		return 0
	}
	return -(s.Target - s.Start.Alpha) * math.Expm1(-t/s.T)
}

// rate is the right-hand side of Eq. 8 (of Eq. 6 for the autonomous system).
func (s System) rate(t float64, x vector) vector {
	theta, psi, alpha := x[0], x[1], x[2]
	fake, real := s.Objective.slope(psi*theta), s.Objective.slope(-psi*alpha)
	return vector{
		-psi * fake,
		theta*fake - alpha*real,
		s.lambda()*psi*real + s.drive(t),
	}
}

func isFinite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
