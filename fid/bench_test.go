package fid

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// normal32 is n rows of d numbers with a common direction.
func normal32(n, d int) []float32 {
	rng := rand.New(rand.NewPCG(uint64(n), uint64(d)))
	x := make([]float32, n*d)
	for i := 0; i < len(x); i += d {
		z := rng.NormFloat64()
		for j := range d {
			x[i+j] = float32(z + rng.NormFloat64())
		}
	}
	return x
}

func moments32(b testing.TB, n, d int) Stats {
	m := NewMoments(d)
	m.AddRows32(normal32(n, d))
	s, err := m.Stats()
	if err != nil {
		b.Fatal(err)
	}
	return s
}

var sizes = []struct{ d, n int }{{3, 2000}, {64, 2000}, {784, 2000}, {784, 500}, {2048, 512}, {2048, 2500}}

func each(b *testing.B, f func(b *testing.B, d, n int)) {
	for _, s := range sizes {
		b.Run(fmt.Sprintf("d=%d/n=%d", s.d, s.n), func(b *testing.B) {
			if testing.Short() && s.d > 64 {
				b.Skip("seconds a run")
			}
			f(b, s.d, s.n)
		})
	}
}

// BenchmarkSamples is one evaluation of a training run: n samples against a reference.
func BenchmarkSamples(b *testing.B) {
	for name, eigen := range map[string]Eigen{"singular": nil, "eigen": GonumEigen} {
		b.Run(name, func(b *testing.B) {
			each(b, func(b *testing.B, d, n int) {
				ref, err := NewReference(moments32(b, 2*d+100, d), eigen)
				if err != nil {
					b.Fatal(err)
				}
				x := normal32(n, d)
				b.ReportAllocs()
				for b.Loop() {
					if _, err := ref.DistanceSamples(x, n); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}

// BenchmarkDistance is one distance of two full covariances.
func BenchmarkDistance(b *testing.B) {
	each(b, func(b *testing.B, d, n int) {
		if n < d {
			b.Skip("covariances only")
		}
		s, t := moments32(b, n, d), moments32(b, n+1, d)
		for b.Loop() {
			if _, err := Distance(s, t); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkMoments is mean and covariance of n rows.
func BenchmarkMoments(b *testing.B) {
	each(b, func(b *testing.B, d, n int) {
		x := normal32(n, d)
		b.ReportAllocs()
		for b.Loop() {
			m := NewMoments(d)
			m.AddRows32(x)
			m.flush()
		}
	})
}
