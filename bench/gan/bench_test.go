package gan

import (
	"math"
	"runtime"
	"testing"

	"fig5/bench/config"
	"fig5/bench/data"
)

// BenchmarkIteration is one iteration of Algorithm 1 on the toy net at β = ∞, its
// share of the FID evaluation left out.
func BenchmarkIteration(b *testing.B) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for _, engine := range []string{"torch", "auto"} {
		b.Run(engine, func(b *testing.B) {
			c, err := config.Load("../../configs/fig5.yaml", []string{"train.engine=" + engine})
			if err != nil {
				b.Fatal(err)
			}
			set, err := data.Open(c.Data)
			if err != nil {
				b.Fatal(err)
			}
			t, err := New(c, set, 0)
			if err != nil {
				b.Fatal(err)
			}
			defer t.free()
			for b.Loop() {
				t.iterate(c.Anneal.Box, math.Inf(1))
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "it/s")
		})
	}
}
