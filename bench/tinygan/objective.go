package tinygan

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Objective is the function f of Eq. 1.
type Objective int

const (
	Linear        Objective = iota // f(y) = y, the Wasserstein GAN's
	JensenShannon                  // f(y) = -log(1 + e^-y), the first GAN's
)

var objectiveNames = []string{"linear", "js"}

// ParseObjective reads "linear" or "js".
func ParseObjective(name string) (Objective, error) { return parse[Objective](objectiveNames, name) }

func (o Objective) String() string { return objectiveNames[o] }

// slope is f'(y).
func (o Objective) slope(y float64) float64 {
	if o == Linear {
		return 1
	}
	return 1 / (1 + math.Exp(y))
}

// Linearise describes the motion near the equilibrium θ = α, ψ = 0 at fixed α:
// perturbations decay as e^(-rate t) and turn with the angular frequency. The
// eigenvalues solve s² - 2 α² c s + b² = 0 with b and c the first and the second
// derivative of f at 0; of two real ones rate is the slower and frequency is 0.
//
// f(y) = y gives (0, 1), the undamped centre of the paper. Jensen-Shannon has
// b = 1/2 and c = -1/4, so it is damped at every α other than 0, and no longer
// oscillates from α² = 2 on.
func (o Objective) Linearise(alpha float64) (rate, frequency float64) {
	if o == Linear {
		return 0, 1
	}
	half := alpha * alpha / 4 // minus the mean of the two eigenvalues
	if half < 0.5 {
		return half, math.Sqrt((0.5 - half) * (0.5 + half))
	}
	// The slower root by Vieta: the difference half - sqrt(...) would cancel.
	return 0.25 / (half + math.Sqrt((half-0.5)*(half+0.5))), 0
}

// parse is the constant whose name it is: its place among the names.
func parse[T ~int](names []string, name string) (T, error) {
	if i := slices.Index(names, name); i >= 0 {
		return T(i), nil
	}
	last := len(names) - 1
	return 0, fmt.Errorf("%q is not one of %s or %s", name, strings.Join(names[:last], ", "), names[last])
}
