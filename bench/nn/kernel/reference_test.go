//go:build cgo

package kernel

import "math"

// The operations again in plain float64. Each result carries a bound of the
// error that float32 may make: eps times the operations, on the sum of absolute values.

const eps32 = 1.0 / (1 << 24)

type approx struct{ v, err []float64 }

func newApprox(n int) approx { return approx{make([]float64, n), make([]float64, n)} }

// product is a[m][k] b[k][n] with any strides, plus c[n] where c is not nil.
func product(m, k, n int, a []float32, ars, acs int, b []float32, brs, bcs int, c []float32) approx {
	r := newApprox(m * n)
	for i := range m {
		for j := range n {
			var sum, abs float64
			if c != nil {
				sum, abs = float64(c[j]), math.Abs(float64(c[j]))
			}
			for l := range k {
				t := float64(a[i*ars+l*acs]) * float64(b[l*brs+j*bcs])
				sum, abs = sum+t, abs+math.Abs(t)
			}
			r.v[i*n+j], r.err[i*n+j] = sum, float64(k+2)*eps32*abs
		}
	}
	return r
}

// tanhError is what vtanh may be off by, relative (TestTanh).
const tanhError = 4 * eps32

func refForward(l Linear, x, w, b []float32, rows int) approx {
	r := product(rows, l.In, l.Out, x, l.In, 1, w, l.Out, 1, b)
	for i, v := range r.v {
		switch l.Act {
		case ReLU:
			r.v[i] = max(0, v)
		case Tanh:
			r.v[i] = math.Tanh(v)
			r.err[i] += tanhError * math.Abs(r.v[i])
		}
	}
	return r
}

// refSlope is dy ∘ act'(y) in float32, with its relative error bounded by 4 eps
// of |dy|; the products of Backward are then checked on the kernel's own dz.
func refSlope(l Linear, dy, y []float32) approx {
	r := newApprox(len(dy))
	for i, g := range dy {
		s := 1.0
		switch {
		case l.Act == ReLU && y[i] <= 0:
			s = 0
		case l.Act == Tanh:
			s = 1 - float64(y[i])*float64(y[i])
		}
		r.v[i], r.err[i] = float64(g)*s, 4*eps32*math.Abs(float64(g))
	}
	return r
}

func columnSums(a []float32, rows, n int) approx {
	one := make([]float32, rows)
	for i := range one {
		one[i] = 1
	}
	return product(1, rows, n, one, 0, 1, a, n, 1, nil)
}

// plus is the sum of k products that began from what was there before.
func (r approx) plus(before []float32, k int) approx {
	for i, b := range before {
		r.v[i] += float64(b)
		r.err[i] += float64(k+2) * eps32 * math.Abs(float64(b))
	}
	return r
}

type refNormed struct{ y, mean, inv, variance, terms []float64 }

// terms are the sizes of what an output of batch norm is added up from, on which its
// rounding falls whatever cancels or ReLU then cuts off.
func terms(x, mean, inv, gamma, beta float64) float64 {
	return math.Abs(gamma)*(math.Abs(x)+math.Abs(mean))*inv + math.Abs(beta)
}

func refNorm(x, gamma, beta []float32, rows, width int) refNormed {
	r := refNormed{make([]float64, rows*width), make([]float64, width), make([]float64, width), make([]float64, width), make([]float64, rows*width)}
	for j := range width {
		var mean, v float64
		for i := range rows {
			mean += float64(x[i*width+j]) / float64(rows)
		}
		for i := range rows {
			d := float64(x[i*width+j]) - mean
			v += d * d / float64(rows)
		}
		r.mean[j], r.variance[j], r.inv[j] = mean, v, 1/math.Sqrt(v+NormEps)
		for i := range rows {
			r.y[i*width+j] = max(0, float64(gamma[j])*(float64(x[i*width+j])-mean)*r.inv[j]+float64(beta[j]))
			r.terms[i*width+j] = terms(float64(x[i*width+j]), mean, r.inv[j], float64(gamma[j]), float64(beta[j]))
		}
	}
	return r
}

// refNormBackward is the gradient of Σ dy y by x, gamma and beta where y is
// refNorm of x; passes tells which outputs are above zero.
func refNormBackward(dy, x, gamma []float32, passes func(i int) bool, rows, width int) (dx, dgamma, dbeta []float64) {
	r := refNorm(x, gamma, make([]float32, width), rows, width)
	dx, dgamma, dbeta = make([]float64, rows*width), make([]float64, width), make([]float64, width)
	for j := range width {
		for i := range rows {
			if passes(i*width + j) {
				dbeta[j] += float64(dy[i*width+j])
				dgamma[j] += float64(dy[i*width+j]) * (float64(x[i*width+j]) - r.mean[j]) * r.inv[j]
			}
		}
		for i := range rows {
			d := 0.0
			if passes(i*width + j) {
				d = float64(dy[i*width+j])
			}
			hat := (float64(x[i*width+j]) - r.mean[j]) * r.inv[j]
			dx[i*width+j] = float64(gamma[j]) * r.inv[j] * (d - dbeta[j]/float64(rows) - hat*dgamma[j]/float64(rows))
		}
	}
	return dx, dgamma, dbeta
}

func refSoftplus(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }
