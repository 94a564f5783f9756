//go:build cgo

package features

import (
	"math/rand/v2"
	"testing"
)

// noise is n images of uniform noise in [-1, 1].
func noise(n, d int) []float32 {
	random := rand.New(rand.NewPCG(uint64(n), uint64(d)))
	x := make([]float32, n*d)
	for i := range x {
		x[i] = 2*random.Float32() - 1
	}
	return x
}

// BenchmarkLeNet is one evaluation of a training run.
func BenchmarkLeNet(b *testing.B) {
	e, err := Open(Spec{Name: Lenet}, Shape{1, 28, 28})
	if err != nil {
		b.Fatal(err)
	}
	defer e.Close()
	x := noise(2000, pixels)
	for b.Loop() {
		if _, err := e.Extract(x, 2000); err != nil {
			b.Fatal(err)
		}
	}
}
