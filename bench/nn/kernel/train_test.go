//go:build cgo

package kernel

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// TestNorm compares batch norm with ReLU or LeakyReLU, forward, backward and in inference, with
// float64. A sum over the rows may lose a rounding a row.
func TestNorm(t *testing.T) {
	eachSet(t, func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			var f fences
			defer f.close(t)
			width, rows := size(t, "width", 300), 2+size(t, "rows", 128)
			if width < 8 && rapid.Bool().Draw(t, "many") { // more than are summed at once
				rows += 2000
			}
			draw, n := values(rapid.Uint64().Draw(t, "values")), Norm{Width: width}
			leak := 0.0
			if rapid.Bool().Draw(t, "leaky") {
				n.Act, leak = LeakyReLU, 0.2
			}
			x, dy := f.new(rows*width, draw), f.new(rows*width, draw)
			gamma, beta := f.new(width, func() float32 { return 1 + draw()/2 }), f.new(width, draw)
			runMean, runVar := f.new(width, draw), f.new(width, func() float32 { return 1 + draw()/2 })
			y, mean, inv := f.new(rows*width, garbage), f.new(width, garbage), f.new(width, garbage)
			wantMean, wantVar := newSums(width), newSums(width)
			ref := refNorm(x, gamma, beta, rows, width, leak)
			for j := range width {
				unbiased := float64(rows) / float64(rows-1)
				wantMean.add(j, 0.9*float64(runMean[j])+0.1*ref.mean.v[j], 0.9*math.Abs(float64(runMean[j]))+0.1*ref.mean.terms[j])
				wantVar.add(j, 0.9*float64(runVar[j])+0.1*ref.variance.v[j]*unbiased, 0.9*float64(runVar[j])+0.1*ref.variance.terms[j]*unbiased)
			}
			k := rows + 8
			n.Forward(y, x, gamma, beta, runMean, runVar, mean, inv, rows)
			within(t, "y", y, ref.y.known(k))
			within(t, "running mean", runMean, wantMean.known(k))
			within(t, "running variance", runVar, wantVar.known(k))

			slope := func(i int) float64 {
				if y[i] > 0 {
					return 1
				}
				return leak
			}
			dx, dgamma, dbeta := f.new(rows*width, garbage), f.new(width, garbage), f.new(width, garbage)
			wantX, wantGamma, wantBeta := refNormBackward(dy, x, gamma, slope, rows, width)
			n.Backward(dx, dgamma, dbeta, dy, x, y, gamma, mean, inv, rows, false)
			within(t, "dx", dx, wantX.known(k))
			within(t, "dgamma", dgamma, wantGamma.known(k))
			within(t, "dbeta", dbeta, wantBeta.known(k))

			want := newSums(rows * width)
			for i := range want.v {
				j := i % width
				v, terms := refNormOne(float64(x[i]), float64(runMean[j]), 1/math.Sqrt(float64(runVar[j])+NormEps), float64(gamma[j]), float64(beta[j]), leak)
				want.add(i, v, terms)
			}
			n.Infer(y, x, gamma, beta, runMean, runVar, rows)
			within(t, "inference", y, want.known(8))
		})
	})
}

// TestLosses compares losses and gradients with float64, far from zero as well.
func TestLosses(t *testing.T) {
	eachSet(t, func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			n, draw := size(t, "rows", 130), values(rapid.Uint64().Draw(t, "values"))
			scale := rapid.SampledFrom([]float32{0.01, 1, 20, 200}).Draw(t, "scale")
			real, fake := make([]float32, n), make([]float32, n)
			for i := range n {
				real[i], fake[i] = scale*draw(), scale*draw()
			}
			dreal, dfake := make([]float32, n), make([]float32, n)
			check := func(what string, got, want float64, dx, x []float32, slope func(x float64) float64) {
				t.Helper()
				if math.Abs(got-want) > 1e-6*(1+math.Abs(want)) {
					t.Fatalf("%s %s: %g, want %g", Set(), what, got, want)
				}
				d := newSums(n)
				for i, v := range x {
					s := slope(float64(v)) / float64(n)
					d.add(i, s, math.Abs(s))
				}
				within(t, what+" gradient", dx, d.known(16))
			}
			mean := func(x []float32, sign float64) (m float64) {
				for _, v := range x {
					m += refSoftplus(sign*float64(v)) / float64(n)
				}
				return m
			}
			sigmoid := func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
			loss, want := Softplus(dreal, real, -1, 1)+Softplus(dfake, fake, 1, 1), mean(real, -1)+mean(fake, 1)
			check("D, real", loss, want, dreal, real, func(x float64) float64 { return -sigmoid(-x) })
			check("D, fake", loss, want, dfake, fake, sigmoid)
			check("G, minimax", Softplus(dfake, fake, 1, -1), -mean(fake, 1), dfake, fake, func(x float64) float64 { return -sigmoid(x) })
			check("G, non-saturating", Softplus(dfake, fake, -1, 1), mean(fake, -1), dfake, fake, func(x float64) float64 { return -sigmoid(-x) })
		})
	})
}
