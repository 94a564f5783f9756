package data

import (
	"encoding/binary"
	"fmt"
	"math"

	"fig5/bench/rng"
)

// drawn is the number of points of a synthetic set, drawn once for all seeds.
const drawn = 10000

// The sums of the synthetic sets: every machine must draw the same bits.
const (
	mixtureSum = "481a07daaa2d6fb31216f287927a23374f9745b1f08525f560bdc5879ddd422c"
	cubesSum   = "5078ac3a0fb66d9acafec2da9198a35ad5c5e8fd6f4e7783bdf096148c81058d"
)

// points is the shape of the synthetic samples.
var points = Shape{1, 1, 3}

var mixtureKind = Kind{
	Name: "mixture", Modes: 5, Drawn: true,
	shape: points, rows: drawn, open: mixture,
}

var cubesKind = Kind{
	Name: "cubes", Modes: 2, Drawn: true,
	shape: points, rows: drawn, open: cubes,
}

// mixture is five Gaussians of standard deviation 0.07 in three dimensions, 2,000
// points of each; the rare coordinate beyond a wall is reflected.
func mixture(c Source) (*Set, error) {
	const sd = .07
	s := rng.New(0, "data mixture")
	centres := [][]float32{{-.6, -.5, .4}, {.6, -.4, -.5}, {0, .7, .5}, {-.5, .5, -.6}, {.55, .35, .6}}
	return synthetic(c, mixtureSum, centres, func(centre float32) float32 {
		x := float64(centre) + float64(sd*s.NormFloat64())
		if math.Abs(x) > 1 {
			x = math.Copysign(2, x) - x
		}
		return float32(x)
	})
}

// cubes is uniform in two cubes of side 0.6 around +-(.5, .5, .5), 5,000 points in each.
func cubes(c Source) (*Set, error) {
	const side = .6
	s := rng.New(0, "data cubes")
	centres := [][]float32{{-.5, -.5, -.5}, {.5, .5, .5}}
	return synthetic(c, cubesSum, centres, func(centre float32) float32 {
		return float32(float64(centre) + float64(side*(s.Float64()-.5)))
	})
}

// synthetic draws points around the centres in turn, coordinate by coordinate.
func synthetic(c Source, sum string, centres [][]float32, draw func(centre float32) float32) (*Set, error) {
	var x []float32
	for i := range drawn {
		for _, at := range centres[i%len(centres)] {
			x = append(x, draw(at))
		}
	}
	bits, _ := binary.Append(nil, binary.LittleEndian, x)
	if got := sumOf(bits); got != sum {
		return nil, fmt.Errorf("data.name: the %s drawn here is not that of other machines (sha256 %s, want %s)", c.Name, got, sum)
	}
	set := newSet(points, x, sum)
	set.Centres = centres
	return set, nil
}
