package rng

import (
	"fmt"
	"testing"
)

// BenchmarkUniform fills the noise of a batch: 64 rows of the toy net, or of MNIST's.
func BenchmarkUniform(b *testing.B) {
	for _, n := range []int{64 * 3, 64 * 784} {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			x, s := make([]float32, n), New(0, "benchmark")
			b.SetBytes(int64(4 * n))
			for b.Loop() {
				s.Uniform(x)
			}
		})
	}
}

// BenchmarkNormal is one normal number.
func BenchmarkNormal(b *testing.B) {
	s := New(0, "benchmark")
	for b.Loop() {
		s.NormFloat64()
	}
}

// BenchmarkNew derives a stream from a seed and a purpose.
func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		New(0, "benchmark")
	}
}
