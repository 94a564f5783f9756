package anneal

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
)

// The rules of Levels.
const (
	Geometric   = "geometric"
	Linear      = "linear"
	Exponential = "exponential"
)

// The ends of Levels.
const (
	Inclusive = "inclusive" // the last level is beta_K
	Printed   = "printed"   // as in the paper: beta_K is approached and never trained
)

// A rule is a row of the table of schedules. levels gives level k = 1 ... K-1 of a ramp,
// and the error of one that the rule is not for.
type rule struct {
	name   string
	levels func(r ramp) (level func(k int) float64, err error)
}

// ramp is what the levels lead over: from beta_1 to beta_K in so many steps, K-1, or K
// where the end is Printed.
type ramp struct {
	from, to float64
	steps    float64
	tau      float64 // time constant in levels
	printed  bool
}

// rules is every schedule by rule; docs/config.md lists them in this order.
var rules = []rule{
	{Geometric, geometric},
	{Linear, linear},
	{Exponential, exponential},
}

// Rules are the names of the schedules by rule.
func Rules() []string {
	var names []string
	for _, r := range rules {
		names = append(names, r.name)
	}
	return names
}

func geometric(r ramp) (func(k int) float64, error) {
	if !(r.from > 0 && r.to > 0) {
		return nil, errors.New("a geometric schedule needs beta above 0")
	}
	return func(k int) float64 { return r.from * math.Pow(r.to/r.from, float64(k)/r.steps) }, nil
}

func linear(r ramp) (func(k int) float64, error) {
	return func(k int) float64 { return r.from + (r.to-r.from)*(float64(k)/r.steps) }, nil
}

func exponential(r ramp) (func(k int) float64, error) {
	if !(r.tau > 0) || math.IsInf(r.tau, 0) {
		return nil, fmt.Errorf("tau %g: an exponential schedule needs one above 0", r.tau)
	}
	if r.printed {
		// betaK - span exp(-k/tau), without its cancellation at small k.
		return func(k int) float64 { return r.from - (r.to-r.from)*math.Expm1(-float64(k)/r.tau) }, nil
	}
	return func(k int) float64 {
		return r.from + (r.to-r.from)*(math.Expm1(-float64(k)/r.tau)/math.Expm1(-r.steps/r.tau))
	}, nil
}

// Schedule names a rule for the levels of beta, or lists them.
type Schedule struct {
	Name   string    `yaml:"name"`             // geometric | linear | exponential, or any other name with Levels
	Tau    float64   `yaml:"tau,omitempty"`    // exponential: time constant in levels; 0 = a third of K
	Levels []float64 `yaml:"levels,omitempty"` // the levels themselves, ascending
}

// String is the name for tables and figures: "geometric", "exponential tau 5".
func (s Schedule) String() string {
	if s.Tau != 0 {
		return fmt.Sprintf("%s tau %g", s.Name, s.Tau)
	}
	return s.Name
}

// Levels is beta_1 ... beta_K by the rule of s, with b = beta1, B = betaK and k = 0 ... K-1:
//
//	geometric    inclusive  b (B/b)^(k/(K-1))
//	             printed    b (B/b)^(k/K)                       (Algorithm 1: cooling factor (B/b)^(1/K))
//	linear       inclusive  b + (B-b) k/(K-1)
//	             printed    b + (B-b) k/K                       (Algorithm 1's K equal steps, the last not taken)
//	exponential  inclusive  b + (B-b) (1-e^(-k/tau))/(1-e^(-(K-1)/tau))
//	             printed    B - (B-b) e^(-k/tau)                (Eq. 7 in the level index)
//
// One level is always beta1. A schedule with its own Levels gives a copy of them;
// K must then be their number. The levels are computed one by one from k, so that
// rounding does not pile up, and the last inclusive one is betaK itself.
func Levels(s Schedule, K int, beta1, betaK float64, end string) ([]float64, error) {
	if len(s.Levels) > 0 {
		if K != len(s.Levels) {
			return nil, fmt.Errorf("schedule %s has %d levels, not %d", s.Name, len(s.Levels), K)
		}
		return slices.Clone(s.Levels), nil
	}
	if K < 1 {
		return nil, fmt.Errorf("%d levels: a schedule has one or more", K)
	}
	steps := K - 1
	switch end {
	case Inclusive:
	case Printed:
		steps = K
	default:
		return nil, fmt.Errorf("end %q is not %s or %s", end, Inclusive, Printed)
	}
	r := ramp{from: beta1, to: betaK, steps: float64(steps), tau: s.Tau, printed: end == Printed}
	if r.tau == 0 {
		r.tau = float64(K) / 3
	}
	at := slices.IndexFunc(rules, func(r rule) bool { return r.name == s.Name })
	if at < 0 {
		return nil, fmt.Errorf("%q is not a schedule (%s)", s.Name, strings.Join(Rules(), ", "))
	}
	level, err := rules[at].levels(r)
	if err != nil {
		return nil, err
	}
	levels := make([]float64, K)
	levels[0] = beta1
	for k := 1; k < K; k++ {
		levels[k] = level(k)
	}
	if end == Inclusive && K > 1 {
		levels[K-1] = betaK
	}
	return levels, nil
}
