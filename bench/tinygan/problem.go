package tinygan

import (
	"fmt"
	"strings"
)

// Problem is a trajectory as a user asks for it. The errors of Solve begin with the name of
// what is to be changed, in small letters.
type Problem struct {
	System    string // autonomous, beta or beta-prime
	Objective string // linear or js: f
	Start     string // θ,ψ,α
	Method    string // flow, simultaneous or alternating
	Schedule  string // of the levels: exponential or linear
	T, Target float64
	Until     float64 // the end
	Every     float64 // the time between rows
	Step      float64 // of gradient descent
	AsPrinted bool
	Staircase bool // of so many Levels, for Tau each
	Levels    int
	Tau       float64
}

// Solve solves it.
func (p *Problem) Solve() (*Answer, error) {
	s, how, err := p.parse()
	if err != nil {
		return nil, err
	}
	var tr *Trajectory
	if p.Descends() {
		tr, err = s.Descend(how, p.Step, p.Until, p.Every)
	} else {
		tr, err = s.Integrate(p.Until, p.Every)
	}
	if err != nil {
		return nil, err
	}
	return p.answer(tr, how), nil
}

// parse is the system, and how it moves.
func (p *Problem) parse() (s System, how Descent, err error) {
	if s.Kind, err = ParseKind(p.System); err != nil {
		return s, 0, fmt.Errorf("system: %w", err)
	}
	if s.Objective, err = ParseObjective(p.Objective); err != nil {
		return s, 0, fmt.Errorf("f: %w", err)
	}
	if s.Start, err = ParseState(p.Start); err != nil {
		return s, 0, fmt.Errorf("start: %w", err)
	}
	if p.Descends() {
		if how, err = ParseDescent(p.Method); err != nil {
			return s, 0, fmt.Errorf("method: %q is not one of flow, simultaneous or alternating", p.Method)
		}
	}
	s.Target, s.T, s.AsPrinted = p.Target, p.T, p.AsPrinted
	if !p.Staircase {
		return s, how, nil
	}
	if p.Levels < 0 || p.Levels > MaxLevels {
		return s, 0, fmt.Errorf("levels: %d is not a number of levels (0 to %d)", p.Levels, MaxLevels)
	}
	s.Tau = p.Tau
	switch p.Schedule {
	case "linear":
		s.Levels = LinearLevels(s.Start.Alpha, s.Target, p.Levels)
	case "exponential":
		smooth := s
		if err := smooth.Validate(); err != nil { // T is that of the levels
			return s, 0, err
		}
		s.Levels = ExponentialLevels(s.Start.Alpha, s.Target, s.T, s.Tau, p.Levels)
	default:
		return s, 0, fmt.Errorf("schedule: %q is not one of exponential or linear", p.Schedule)
	}
	return s, how, nil
}

// Descends reports whether it is gradient descent, and not the flow.
func (p *Problem) Descends() bool { return p.Method != "flow" }

// title describes the system in one line.
func (p *Problem) title(s System) string {
	parts := []string{map[Kind]string{Autonomous: "autonomous", Beta: "β-GAN (λ = 0)", BetaPrime: "β′-GAN (λ = 1)"}[s.Kind]}
	if s.AsPrinted && s.Kind == BetaPrime {
		parts[0] += " as printed"
	}
	if s.Objective == JensenShannon {
		parts = append(parts, "Jensen-Shannon")
	}
	switch {
	case p.Staircase && p.Schedule == "linear":
		parts = append(parts, fmt.Sprintf("%d even levels of %v", p.Levels, s.Tau))
	case p.Staircase:
		parts = append(parts, fmt.Sprintf("%d levels of %v, T = %v", p.Levels, s.Tau, s.T))
	case s.Kind != Autonomous:
		parts = append(parts, fmt.Sprintf("T = %v", s.T))
	}
	if p.Descends() {
		parts = append(parts, fmt.Sprintf("%s descent, h = %v", p.Method, p.Step))
	}
	return strings.Join(parts, ", ")
}
