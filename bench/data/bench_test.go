package data

import (
	"testing"

	"fig5/bench/rng"
)

// BenchmarkBatch draws the real samples of a batch: 64 of the mixture's, and of 784
// numbers each.
func BenchmarkBatch(b *testing.B) {
	toy, err := Open(Source{Name: "mixture"})
	if err != nil {
		b.Fatal(err)
	}
	for name, set := range map[string]*Set{"toy": toy, "mnist": {Dim: 784, X: make([]float32, 10000*784)}} {
		b.Run(name, func(b *testing.B) {
			x, index, s := make([]float32, 64*set.Dim), make([]int32, 64), rng.New(0, "benchmark")
			n := uint32(set.Len())
			for b.Loop() {
				for i := range index {
					index[i] = int32(s.Uint32N(n))
				}
				set.Gather(x, index)
			}
		})
	}
}

// BenchmarkCountModes is the modes among the 2000 samples of an evaluation.
func BenchmarkCountModes(b *testing.B) {
	set, err := Open(Source{Name: "mixture"})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		CountModes(set.X[:2000*set.Dim], set.Dim, set.Centres)
	}
}
