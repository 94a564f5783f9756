package tinygan

import (
	"math"
	"math/cmplx"
	"sort"
)

// frequency is w, the angular frequency of the corrected system with f(y) = y.
func (s System) frequency() float64 {
	if s.Kind == BetaPrime {
		return math.Sqrt2
	}
	return 1
}

// runsAway reports whether this is the printed sign of Eq. 8 at work.
func (s System) runsAway() bool { return s.AsPrinted && s.Kind == BetaPrime }

// forcing returns g = (A/T)/(w²+a²), g a and g/a without overflow at extreme T.
func (s System) forcing() (g, ga, gByA float64) {
	if s.Kind == Autonomous {
		return 0, 0, 0
	}
	A, w := s.Target-s.Start.Alpha, s.frequency()
	if a := 1 / s.T; a <= 1 {
		d := w*w + a*a
		return A * a / d, A * a * a / d, A / d
	}
	d := w*w*s.T*s.T + 1
	return A * s.T / d, A / d, A * s.T * s.T / d
}

// At is the closed form at time t ≥ 0; ok is false where none is known
// (Jensen-Shannon). With d = θ(0) - α(0), g = (A/T)/(w²+a²):
//
//	ψ = g (cos wt - a/w sin wt - e^-at) + ψ(0) cos wt + d/w sin wt
//	θ = θ(0) - ∫ψ = θ(0) - g (sin wt / w + a/w² (cos wt - 1) + (e^-at - 1)/a)
//	                - ψ(0)/w sin wt - d/w² (1 - cos wt)
//
// and α is Eq. 7 (β) or θ(0) + α(0) - θ plus what Eq. 7 adds (β'). These are
// Eq. 13 and Eq. 18 with the signs and the constant of docs/paper.md, for any
// start; the paper's start has ψ(0) = d = 0. A staircase is solved segment by
// segment, the printed sign by quadrature.
func (s System) At(t float64) (x State, ok bool) {
	at := s.exact()
	if at == nil {
		return State{}, false
	}
	return at(t), true
}

// exact is At as a function of time; nil where there is no closed form.
func (s System) exact() func(t float64) State {
	switch {
	case s.Objective != Linear:
		return nil
	case s.Levels != nil:
		return s.jumps().at
	case s.runsAway():
		return s.printedAt
	}
	return s.smoothAt
}

// smoothAt is the formula of At.
func (s System) smoothAt(t float64) (x State) {
	w := s.frequency()
	sin, cos := math.Sincos(w * t)
	vers := math.Sin(w*t/2) * math.Sin(w*t/2) * 2 // 1 - cos wt
	d := s.Start.Theta - s.Start.Alpha
	g, ga, gByA := s.forcing()
	var decay, decayed float64 // e^-at, 1 - e^-at
	if s.Kind != Autonomous {
		decay, decayed = math.Exp(-t/s.T), -math.Expm1(-t/s.T)
	}
	x.Psi = g*(cos-decay) - ga/w*sin + s.Start.Psi*cos + d/w*sin
	x.Theta = s.Start.Theta - g*sin/w + ga/(w*w)*vers + gByA*decayed - s.Start.Psi/w*sin - d/(w*w)*vers
	x.Alpha = s.Start.Alpha + s.scheduled(t)
	if s.Kind == BetaPrime {
		x.Alpha += s.Start.Theta - x.Theta
	}
	return x
}

// printedAt solves Eq. 8 with the printed sign: θ and α then move together, so
// θ - α = d - A (1 - e^-at) feels no restoring force and ψ is its integral.
func (s System) printedAt(t float64) State {
	A, d, u := s.Target-s.Start.Alpha, s.Start.Theta-s.Start.Alpha, t/s.T
	one, two, three := expTails(u)
	x := State{Psi: s.Start.Psi + d*t - A*s.T*two}
	x.Theta = s.Start.Theta - s.Start.Psi*t - d*t*t/2 + A*s.T*s.T*three
	x.Alpha = x.Theta - d + A*one
	return x
}

// expTails returns 1-e^-u, u-(1-e^-u) and u²/2-u+(1-e^-u) for u ≥ 0, each to full
// precision (the last two lose it to cancellation at small u).
func expTails(u float64) (one, two, three float64) {
	one = -math.Expm1(-u)
	if u > 1 {
		return one, u - one, u*u/2 - u + one
	}
	term := u * u * u / 6 // three = u³/3! - u⁴/4! + ...
	for n := 4; term != 0 && n < 25; n++ {
		three += term
		term *= -u / float64(n)
	}
	return one, u*u/2 - three, three
}

// segments is a staircase solved exactly. Between jumps z = (θ-α) + i w ψ turns
// as e^(iwt), and a jump of α by Δ takes Δ from it; θ + α stays but for the jumps
// when α plays too (β'), α alone stays when it does not (β).
type segments struct {
	System
	z     []complex128 // just after the jump at k tau
	level []float64    // β: α in segment k; β': θ + α
}

func (s System) jumps() *segments {
	p, w := &segments{System: s}, s.frequency()
	z := complex(s.Start.Theta-s.Start.Alpha, w*s.Start.Psi)
	turn := cmplx.Rect(1, w*s.Tau)
	level, alpha := s.Start.Theta+s.Start.Alpha, s.Start.Alpha
	for k := range len(s.Levels) + 1 {
		next := s.jump(k)
		if k > 0 {
			z *= turn
		}
		z -= complex(next-alpha, 0)
		level += next - alpha
		if s.Kind != BetaPrime {
			level = next
		}
		alpha = next
		p.z, p.level = append(p.z, z), append(p.level, level)
	}
	return p
}

// at is the state at time t; at a jump, after it.
func (p *segments) at(t float64) State {
	jumpAt := func(k int) float64 { return float64(k) * p.Tau }
	k := max(0, sort.Search(len(p.z), func(k int) bool { return !reached(t, jumpAt(k)) })-1)
	w := p.frequency()
	z := p.z[k] * cmplx.Rect(1, w*max(t-jumpAt(k), 0))
	x := State{Psi: imag(z) / w, Alpha: p.level[k]}
	if p.Kind == BetaPrime {
		x.Alpha = (p.level[k] - real(z)) / 2
	}
	x.Theta = x.Alpha + real(z)
	return x
}

// reached reports whether a row at time t comes after a jump at time jump; both
// are products that may differ in the last digit where they mean the same.
func reached(t, jump float64) bool { return t >= jump*(1-1e-12) }

// Steady is the oscillation that remains once the annealing is over.
type Steady struct {
	Frequency      float64 // angular
	AmplitudeTheta float64 // half of peak to peak
	AmplitudePsi   float64
	CentreTheta    float64
	// Slope is d log amplitude / d log T: -w²T²/(1+w²T²) from an equilibrium, so
	// -1 for slow annealing and 0 for a jump. NaN where there is no T or no oscillation.
	Slope float64
}

// Steady is the limit of At for large t; ok is false where there is no closed
// form, or no steady oscillation (the printed sign). From the equilibrium of
// α(0), with a = 1/T:
//
//	β   (Eq. 16): amplitude of ψ and θ |A/T| / sqrt(1+a²), about α_r for every T
//	β':           of ψ |A/T| / sqrt(2(2+a²)), of θ √2 less, about (θ(0)+α_r)/2
//
// Other starts, and staircases, have their own; this is exact for them as well.
func (s System) Steady() (steady Steady, ok bool) {
	if s.Objective != Linear || s.runsAway() {
		return Steady{}, false
	}
	w := s.frequency()
	steady = Steady{Frequency: w, Slope: math.NaN()}
	if s.Levels != nil {
		p := s.jumps()
		last := len(p.z) - 1
		steady.AmplitudePsi = cmplx.Abs(p.z[last]) / w
		steady.CentreTheta = p.level[last]
		if s.Kind == BetaPrime {
			steady.CentreTheta /= 2
		}
	} else {
		d := s.Start.Theta - s.Start.Alpha
		g, ga, gByA := s.forcing()
		cos, sin := g+s.Start.Psi, (d-ga)/w // ψ -> cos cos wt + sin sin wt
		steady.AmplitudePsi = math.Hypot(cos, sin)
		steady.CentreTheta = s.Start.Theta + (ga-d)/(w*w) + gByA
		if amp := steady.AmplitudePsi; s.Kind != Autonomous && amp > 0 {
			// By log T, g changes at g (a²-w²)/(w²+a²) and g a at -2 g a w²/(w²+a²).
			share := 1 / (1 + 1/(w*w*s.T*s.T)) // w²/(w²+a²)
			dg, dga := g*(1-2*share), -2*ga*share
			steady.Slope = cos/amp*(dg/amp) - sin/amp*(dga/w/amp)
		}
	}
	steady.AmplitudeTheta = steady.AmplitudePsi / w
	return steady, true
}
