package tinygan

import (
	"fmt"
	"math"
	"math/cmplx"
)

// Descent is gradient descent with a constant step, the discrete counterpart of
// the flow.
type Descent int

const (
	Simultaneous Descent = iota // all players move from the same point
	Alternating                 // ψ first, as in Algorithm 1; then θ and α against the new ψ
)

var descentNames = []string{"simultaneous", "alternating"}

// ParseDescent reads "simultaneous" or "alternating".
func ParseDescent(name string) (Descent, error) { return parse[Descent](descentNames, name) }

func (d Descent) String() string { return descentNames[d] }

// next is one step of length h from (t, x); the annealing of α is taken from Eq. 7
// itself, as a training run takes it from its schedule.
func (d Descent) next(s System, h, t float64, x State) State {
	fake, real := s.Objective.slope(x.Psi*x.Theta), s.Objective.slope(-x.Psi*x.Alpha)
	y := x
	y.Psi += h * (x.Theta*fake - x.Alpha*real)
	if psi := y.Psi; d == Alternating {
		x.Psi = psi
		fake, real = s.Objective.slope(psi*x.Theta), s.Objective.slope(-psi*x.Alpha)
	}
	y.Theta -= h * x.Psi * fake
	y.Alpha += h*s.lambda()*x.Psi*real + s.scheduled(t+h) - s.scheduled(t)
	return y
}

// Descend is Integrate for gradient descent with step h, of which every must be a
// multiple. Exact stays the closed form of the flow, so that the two columns show
// where the prediction stops holding. Errors as of Integrate, and step.
func (s System) Descend(how Descent, h, until, every float64) (*Trajectory, error) {
	tr, err := s.sample(until, every)
	if err != nil {
		return nil, err
	}
	stride := math.Round(every / h)
	switch {
	case how < Simultaneous || how > Alternating:
		return nil, fmt.Errorf("method: %d is not a way to descend", how)
	case !(h > 0 && h <= limit):
		return nil, fmt.Errorf("step: %v is not a step (above 0, finite)", h)
	case s.Levels != nil:
		return nil, fmt.Errorf("levels: gradient descent follows Eq. 7 only; leave out levels or the method")
	case stride < 1 || math.Abs(stride*h-every) > 1e-9*every:
		return nil, fmt.Errorf("step: %v does not divide %v, the interval of the rows", h, every)
	case until/h > 20*MaxSteps:
		return nil, fmt.Errorf("step: %v up to %v is more than %d steps", h, until, 20*MaxSteps)
	}
	x, n := s.Start, 0
	for i := range tr.Times {
		for ; n < i*int(stride); n++ {
			x = how.next(s, h, float64(n)*h, x)
		}
		if !x.finite() {
			return nil, fmt.Errorf("step: the descent leaves the range of the arithmetic before t = %.4g", tr.Times[i])
		}
		tr.Path[i] = x
	}
	return tr, nil
}

// GrowthRate is the rate at which the oscillation of f(y) = y with angular
// frequency w grows under descent with step h, per unit of time. Simultaneous
// descent multiplies it by |1+iwh| a step and spirals out at any h, at the rate
// log(1+w²h²)/(2h), about w²h/2. Alternating descent is area-preserving: its
// orbits are closed up to h = 2/w and explode above.
func (d Descent) GrowthRate(w, h float64) float64 {
	wh := w * h
	switch {
	case d == Simultaneous:
		return math.Log1p(wh*wh) / (2 * h)
	case wh <= 2:
		return 0
	}
	return 2 * math.Acosh(wh/2) / h // the eigenvalue -e^(±2 acosh(wh/2))
}

// DescentAmplitude is the amplitude of ψ at time t under descent with step h, in
// closed form: what Steady().AmplitudePsi becomes when time is discrete. With
// q = e^(-h/T), z = (θ-α) + i w ψ and a start at the equilibrium of α(0):
//
//	simultaneous: A (1-q) / |1 + iwh - q| (1+w²h²)^(t/2h) / w
//	alternating:  A (1-q) / |e^(iφ) - q| / (w sqrt(1-w²h²/4)),  2 sin(φ/2) = wh
//
// +Inf where alternating descent explodes, at h ≥ 2/w. ok is false for systems
// without a steady oscillation and for staircases.
func (s System) DescentAmplitude(how Descent, h, t float64) (amplitude float64, ok bool) {
	if _, ok := s.Steady(); !ok || s.Levels != nil || !(h > 0) {
		return 0, false
	}
	w := s.frequency()
	distance, gap := 0.0, 1.0 // A, 1 - q
	if s.Kind != Autonomous {
		distance, gap = s.Target-s.Start.Alpha, -math.Expm1(-h/s.T)
	}
	d := s.Start.Theta - s.Start.Alpha
	if how == Simultaneous {
		z := complex(d, w*s.Start.Psi) - complex(distance*gap, 0)/complex(gap, w*h)
		return cmplx.Abs(z) / w * math.Exp(t*how.GrowthRate(w, h)), true
	}
	if w*h >= 2 {
		return math.Inf(1), true
	}
	// ψ_n = Re(c e^(iφn)): c from ψ_0 and ψ_1 = ψ_0 + h (θ-α)_0, and a kick of
	// θ-α by -Δ adds ihΔ/sin φ to it.
	sinHalf := w * h / 2
	sinPhi := 2 * sinHalf * math.Sqrt(1-sinHalf*sinHalf)
	oneLessCos := 2 * sinHalf * sinHalf
	c := complex(s.Start.Psi, -(s.Start.Psi*oneLessCos+h*d)/sinPhi)
	c += complex(0, h/sinPhi*distance*gap) / complex(gap-oneLessCos, sinPhi)
	return cmplx.Abs(c), true
}

// LargestStep is the step of descent up to which the amplitude at time t stays
// within a factor 1 ± tolerance of the flow's: beyond it, the prediction of
// Eq. 16 no longer holds. For small steps of simultaneous descent it is
// 2 log(1+tolerance)/(w² t); alternating descent keeps the prediction for any t up
// to a step of the order of 1. NaN where there is no oscillation to predict.
func (s System) LargestStep(how Descent, t, tolerance float64) float64 {
	steady, ok := s.Steady()
	if !ok || s.Levels != nil || !(steady.AmplitudePsi > 0) {
		return math.NaN()
	}
	holds := func(h float64) bool {
		a, _ := s.DescentAmplitude(how, h, t)
		return math.Abs(a/steady.AmplitudePsi-1) <= tolerance
	}
	lo := 1e-3 * min(1, math.Log1p(tolerance)/(1+t))
	if !holds(lo) {
		return math.NaN()
	}
	const factor = 1.02
	for holds(lo * factor) {
		if lo *= factor; lo > 1e3 {
			return math.Inf(1)
		}
	}
	hi := lo * factor
	for range 50 {
		if mid := math.Sqrt(lo * hi); holds(mid) {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo
}
