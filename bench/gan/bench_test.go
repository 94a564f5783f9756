//go:build cgo

package gan

import (
	"context"
	"math"
	"runtime"
	"testing"
	"time"

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
				t.iterate(c.BoxOf(config.Cell{}), math.Inf(1))
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "it/s")
		})
	}
}

// BenchmarkEvaluation is one FID evaluation of 2000 samples on MNIST's nets, which the
// default config makes every 100 iterations; cost is its time over that of these.
func BenchmarkEvaluation(b *testing.B) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for _, kind := range []string{"raw", "lenet"} {
		b.Run(kind, func(b *testing.B) {
			c, err := config.Load("../../configs/mnist.yaml", []string{"data.path=../data/testdata/idx", "fid.features=" + kind})
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
			j, err := newJudge(context.Background(), t, "")
			if err != nil {
				b.Fatal(err)
			}
			defer j.free()
			var training time.Duration
			for b.Loop() {
				if _, err := j.measure(t.eval); err != nil {
					b.Fatal(err)
				}
				b.StopTimer()
				began := time.Now()
				for range 20 {
					t.iterate(c.BoxOf(config.Cell{}), math.Inf(1))
				}
				training += 5 * time.Since(began)
				b.StartTimer()
			}
			b.ReportMetric(100*float64(b.Elapsed())/float64(training), "%cost")
		})
	}
}
