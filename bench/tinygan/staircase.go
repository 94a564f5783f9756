package tinygan

import (
	"math"
)

// MaxLevels bounds the levels that a command should ask for.
const MaxLevels = 100_000

// StaircaseRMS is the root mean square over tau of the amplitude that Algorithm 1 leaves
// in the β-GAN with f(y) = y: from the equilibrium of start, α jumps to levels[0] at once,
// to the next level after each time tau, and from the last to target. Each jump
// Δα_k = α_k - α_{k-1} at time k tau starts an oscillation of its own size, so that the
// sum, of ψ and of θ, has the amplitude
//
//	|Σ_k Δα_k e^(ikτ)|,  k = 0 ... len(levels),
//
// and the root mean square sqrt(Σ Δα_k²): what to expect when the phase that an
// oscillation turns through at each level is not known, as it is not for a GAN of
// networks. K+1 equal jumps give |target-start| / sqrt(K+1): slope -1/2 in K, not -1.
func StaircaseRMS(start float64, levels []float64, target float64) float64 {
	sum, before := 0.0, start
	for _, v := range levels {
		sum = math.Hypot(sum, v-before)
		before = v
	}
	return math.Hypot(sum, target-before)
}

// LinearLevels are k levels at equal distances between start and target, so that
// the k+1 jumps are equal.
func LinearLevels(start, target float64, k int) []float64 {
	levels := make([]float64, k)
	for i := range levels {
		levels[i] = start + (target-start)*float64(i+1)/float64(k+1)
	}
	return levels
}

// ExponentialLevels are the values of Eq. 7 at the times tau, 2 tau, ..., k tau,
// with time constant T: each level is held at the value that Eq. 7 has at its end.
func ExponentialLevels(start, target, T, tau float64, k int) []float64 {
	levels := make([]float64, k)
	for i := range levels {
		levels[i] = start - (target-start)*math.Expm1(-float64(i+1)*tau/T)
	}
	return levels
}

// EqualJumps is the amplitude (StaircaseRMS) for k levels of LinearLevels and a distance of
// 1, in closed form: |sin((k+1)τ/2) / ((k+1) sin(τ/2))|. It is 1 at τ = 2πm for
// every k, and elsewhere at most 1/((k+1)|sin(τ/2)|).
func EqualJumps(k int, tau float64) float64 {
	n := float64(k + 1)
	half := math.Remainder(tau, 2*math.Pi) / 2
	if s := math.Sin(half); math.Abs(s) > 1e-150 {
		return math.Abs(math.Sin(n*half) / (n * s))
	}
	return 1
}

// EqualJumpsLimit is the limit of EqualJumps(k, total/k) for large k, a ramp of
// length total: |sin(total/2) / (total/2)|. At a fixed total time a finer
// staircase comes no lower than the ramp, however fine.
func EqualJumpsLimit(total float64) float64 {
	if total == 0 {
		return 1
	}
	return math.Abs(math.Sin(total/2) / (total / 2))
}

// ExponentialLimitRMS is what the amplitude over ExponentialLevels of total time span·T
// and distance 1 comes to as the levels become finer, |1 - iT e^(-span + i span T)| /
// sqrt(1+T²), as a root mean square over the phase span·T: sqrt(1 + T² e^(-2 span)) /
// sqrt(1+T²). The smooth annealing of Eq. 7 goes on for ever and has 1/sqrt(1+T²); the
// staircase ends with a jump of e^-span to α_r. It leaves Eq. 16 where T e^-span
// comes near 1, and levels off at e^-span.
func ExponentialLimitRMS(T, span float64) float64 {
	return math.Hypot(1, T*math.Exp(-span)) / math.Hypot(1, T)
}
