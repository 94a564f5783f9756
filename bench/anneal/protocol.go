package anneal

import (
	"encoding/json"
	"fmt"
	"math"
)

// Level is a stretch of training at one beta.
type Level struct {
	Beta       float64 // 0 = the uniform box, +Inf = the data as they are
	Iterations int
}

// The names of a Protocol.
const (
	Budget   = "budget"    // Iterations in all; the first levels take the remainder
	PerLevel = "per-level" // Iterations at each level, as in Algorithm 1
)

// Protocol says for how many iterations each level is trained.
type Protocol struct {
	Name       string `yaml:"name"`
	Iterations int    `yaml:"iterations"`
}

// String is the protocol for tables and figures: "budget 10000".
func (p Protocol) String() string { return fmt.Sprintf("%s %d", p.Name, p.Iterations) }

// Lengths is the number of iterations of each of K levels. A budget that leaves a
// level without any is an error.
func (p Protocol) Lengths(K int) ([]int, error) {
	if K < 1 {
		return nil, fmt.Errorf("%d levels: a protocol divides over one or more", K)
	}
	total := p.Iterations
	switch {
	case p.Name == PerLevel && total < 1:
		return nil, fmt.Errorf("%d iterations a level: at least 1 is needed", total)
	case p.Name == PerLevel:
		total *= K
	case p.Name != Budget:
		return nil, fmt.Errorf("%q is not a protocol (%s or %s)", p.Name, Budget, PerLevel)
	case total < K:
		return nil, fmt.Errorf("a budget of %d iterations is too small for %d levels", total, K)
	}
	n := make([]int, K)
	for k := range n {
		n[k] = total / K
		if k < total%K {
			n[k]++
		}
	}
	return n, nil
}

// Ladder is Algorithm 1 after its pretraining: the levels of beta, each for as long
// as the protocol says, then final iterations at beta = infinity.
func Ladder(betas []float64, p Protocol, final int) ([]Level, error) {
	n, err := p.Lengths(len(betas))
	if err != nil {
		return nil, err
	}
	levels := make([]Level, 0, len(betas)+1)
	for k, beta := range betas {
		levels = append(levels, Level{beta, n[k]})
	}
	return append(levels, Level{math.Inf(1), final}), nil
}

// The names of a Baseline.
const (
	Cold = "cold" // no pretraining, no annealing
	Warm = "warm" // pretraining on the uniform box only
	Hot  = "hot"  // pretraining, then the uniform box for as long as an annealing
)

// Baseline is what a ladder is compared with. Iterations are the lengths of the hot
// phase, one group of runs each; none stands for the sweep's longest annealing.
type Baseline struct {
	Name       string `yaml:"name"`
	Iterations []int  `yaml:"iterations,omitempty"`
}

// BaselineLevels is the levels of the baseline of that name after its pretraining
// (which cold goes without); hot is the length of the hot phase.
func BaselineLevels(name string, hot, final int) ([]Level, error) {
	unheated := Level{math.Inf(1), final}
	switch name {
	case Cold, Warm:
		return []Level{unheated}, nil
	case Hot:
		if hot < 1 {
			return nil, fmt.Errorf("%s lasts as long as the longest annealing, and there is none", Hot)
		}
		return []Level{{0, hot}, unheated}, nil
	}
	return nil, fmt.Errorf("%q is not a baseline (%s, %s or %s)", name, Cold, Warm, Hot)
}

type levelJSON struct {
	Beta       any `json:"beta"`
	Iterations int `json:"iterations"`
}

// MarshalJSON writes beta = +Inf, which JSON has no number for, as "inf".
func (l Level) MarshalJSON() ([]byte, error) {
	v := levelJSON{l.Beta, l.Iterations}
	if math.IsInf(l.Beta, 1) {
		v.Beta = "inf"
	}
	return json.Marshal(v)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (l *Level) UnmarshalJSON(b []byte) error {
	var v levelJSON
	if err := json.Unmarshal(b, &v); err != nil {
		return err
	}
	beta, ok := v.Beta.(float64)
	if v.Beta == "inf" {
		beta = math.Inf(1)
	} else if !ok {
		return fmt.Errorf("beta %#v is not a number or \"inf\"", v.Beta)
	}
	*l = Level{beta, v.Iterations}
	return nil
}
