package data

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"

	"fig5/bench/rng"
)

// drawn is the number of points of a synthetic set, drawn once for all seeds.
const drawn = 10000

// mixture is five Gaussians of equal weight and standard deviation 0.07 in three
// dimensions, as many points of each; the rare value beyond a wall is reflected.
func mixture() *Set {
	centres := [][]float32{{-.6, -.5, .4}, {.6, -.4, -.5}, {0, .7, .5}, {-.5, .5, -.6}, {.55, .35, .6}}
	const sd = .07
	s := rng.New(0, "data mixture")
	return synthetic("mixture", centres, func(centre float32) float32 {
		x := float64(centre) + float64(sd*s.NormFloat64())
		if math.Abs(x) > 1 {
			x = math.Copysign(2, x) - x
		}
		return float32(x)
	})
}

// cubes is uniform in two axis-aligned cubes of side 0.6 around +-(.5, .5, .5).
func cubes() *Set {
	centres := [][]float32{{-.5, -.5, -.5}, {.5, .5, .5}}
	const side = .6
	s := rng.New(0, "data cubes")
	return synthetic("cubes", centres, func(centre float32) float32 {
		return float32(float64(centre) + float64(side*(s.Float64()-.5)))
	})
}

// synthetic draws the coordinates of points that go round the centres.
func synthetic(name string, centres [][]float32, draw func(centre float32) float32) *Set {
	d := len(centres[0])
	x := make([]float32, 0, drawn*d)
	h := sha256.New()
	for i := range drawn {
		for _, c := range centres[i%len(centres)] {
			v := draw(c)
			x = append(x, v)
			h.Write(binary.LittleEndian.AppendUint32(nil, math.Float32bits(v)))
		}
	}
	return &Set{Name: name, Dim: d, X: x, Centres: centres, Sum: hex.EncodeToString(h.Sum(nil))}
}
