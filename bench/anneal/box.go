package anneal

import (
	"math"

	"fig5/bench/rng"
)

// The kinds of a Box: what its walls do to a heated point.
const (
	Reflect = "reflect" // folded back at the walls, as often as needed
	Rescale = "rescale" // divided by 1 + 3 sigma, then cut at the walls
	Clip    = "clip"    // cut at the walls
)

// Box keeps heated points inside [-1, 1]. HalfWidth is its half side in the units in
// which beta is an inverse variance: sigma = 1/(HalfWidth sqrt(beta)) in units of [-1, 1].
type Box struct {
	Kind      string  `yaml:"kind"`
	HalfWidth float64 `yaml:"half_width"`
}

// Sigma is the standard deviation of the noise at beta; +Inf at beta = 0, 0 at +Inf.
func (b Box) Sigma(beta float64) float64 {
	return 1 / (b.HalfWidth * math.Sqrt(beta))
}

// uniformSigma is a sigma from which a reflected point is uniform for every purpose:
// the slowest term of its Fourier series is exp(-(pi sigma/2)^2/2), here 5e-20.
const uniformSigma = 6

// Heat replaces every value of dst by a heated one, with fresh noise from s. Beta = 0
// gives the uniform box whatever its kind, beta = +Inf leaves dst and s untouched.
// It allocates nothing.
func (b Box) Heat(dst []float32, beta float64, s *rng.Stream) {
	sigma := b.Sigma(beta)
	switch {
	case sigma == 0:
	case math.IsInf(sigma, 1) || b.Kind == Reflect && sigma >= uniformSigma:
		s.Uniform(dst)
	case b.Kind == Reflect:
		for i, x := range dst {
			// The conversion keeps a compiler from fusing the product into the sum,
			// which would change the bits from one machine to another.
			dst[i] = float32(fold(float64(x) + float64(sigma*s.NormFloat64())))
		}
	default:
		shrink := 1.0
		if b.Kind == Rescale {
			shrink += 3 * sigma
		}
		for i, x := range dst {
			y := (float64(x) + float64(sigma*s.NormFloat64())) / shrink
			dst[i] = float32(max(-1, min(1, y)))
		}
	}
}

// fold reflects x, of magnitude below 2^51, at -1 and 1 until it is between them: the
// distance of x+1 from the nearest multiple of 4, the period of folding, less 1. It
// has no branch, because half of the hot values would mispredict it.
func fold(x float64) float64 {
	const round = 3 << 51 // added and taken away again, it rounds to a whole number
	t := x + 1
	n := (t*.25 + round) - round
	return math.Abs(t-4*n) - 1
}
