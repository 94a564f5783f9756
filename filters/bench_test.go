package filters

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

func benchCurve(n int) []float64 {
	c := shapes[0].draw(rand.New(rand.NewPCG(1, 1)), 100)
	y := make([]float64, n)
	for i := range y {
		y[i] = c.y[i*len(c.y)/n]
	}
	return y
}

func BenchmarkLowpass(b *testing.B) {
	y := benchCurve(800)
	for _, l := range []Lowpass{
		{Name: "butterworth", Order: 3, Cutoff: 0.1},
		{Name: "butterworth", Order: 12, Cutoff: 0.1},
		{Name: "moving-average", Window: 21},
		{Name: "savgol", Window: 21, PolyOrder: 3},
	} {
		b.Run(fmt.Sprintf("%s-%d", l.Name, l.Order), func(b *testing.B) {
			for b.Loop() {
				if _, err := l.Apply(y); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkKnee(b *testing.B) {
	for _, n := range []int{800, 100000} {
		y, x := benchCurve(n), points(n)
		b.Run(fmt.Sprintf("kneedle-%d", n), func(b *testing.B) {
			for b.Loop() {
				Kneedle(x, y, 1, true)
			}
		})
		b.Run(fmt.Sprintf("settle-%d", n), func(b *testing.B) {
			for b.Loop() {
				Settle(y, tolerance)
			}
		})
	}
}

func BenchmarkMeasure(b *testing.B) {
	y, x := benchCurve(800), points(800)
	a := DefaultAnalysis()
	a.Window = 500
	for b.Loop() {
		if _, err := a.Measure(x, y); err != nil {
			b.Fatal(err)
		}
	}
}
