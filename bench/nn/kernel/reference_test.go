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
		case LeakyReLU:
			r.v[i] = max(0.2*v, v)
			r.err[i] += 2 * eps32 * math.Abs(v)
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
		case l.Act == LeakyReLU && y[i] <= 0:
			s = 0.2
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

// sums is results and, for each, the sizes of what it is added up from: rounding
// falls on those, whatever cancels.
type sums struct{ v, terms []float64 }

func newSums(n int) sums { return sums{make([]float64, n), make([]float64, n)} }

func (s sums) add(i int, v, terms float64) {
	s.v[i] += v
	s.terms[i] += terms
}

// known is s, each element known to k roundings of its terms.
func (s sums) known(k int) approx {
	r := approx{s.v, make([]float64, len(s.v))}
	for i, t := range s.terms {
		r.err[i] = float64(k) * eps32 * t
	}
	return r
}

// far is how large x and its mean are beside the standard deviation, which is known to
// that many roundings.
type refNormed struct {
	y, mean, variance sums
	inv, far          []float64
}

func refNorm(x, gamma, beta []float32, rows, width int, leak float64) refNormed {
	r := refNormed{newSums(rows * width), newSums(width), newSums(width), make([]float64, width), make([]float64, width)}
	n := float64(rows)
	for j := range width {
		column := func(i int) float64 { return float64(x[i*width+j]) }
		for i := range rows {
			r.mean.add(j, column(i)/n, math.Abs(column(i))/n)
		}
		mean, v := r.mean.v[j], 0.0
		for i := range rows {
			v += (column(i) - mean) * (column(i) - mean) / n
		}
		r.inv[j] = 1 / math.Sqrt(v+NormEps)
		for i := range rows {
			r.far[j] = max(r.far[j], (math.Abs(column(i))+math.Abs(mean))*r.inv[j])
		}
		r.variance.add(j, v, (v+NormEps)*(1+r.far[j]))
		for i := range rows {
			v, terms := refNormOne(column(i), mean, r.inv[j], float64(gamma[j]), float64(beta[j]), leak)
			r.y.add(i*width+j, v, terms*(1+r.far[j]))
		}
	}
	return r
}

// refNormOne is an output of batch norm with ReLU, of that slope below 0, and its terms.
func refNormOne(x, mean, inv, gamma, beta, leak float64) (v, terms float64) {
	v = gamma*(x-mean)*inv + beta
	return max(leak*v, v), math.Abs(gamma)*(math.Abs(x)+math.Abs(mean))*inv + math.Abs(beta)
}

// refNormBackward is the gradient of Σ dy y by x, gamma and beta where y is
// refNorm of x; slope is that of the activation at an output.
func refNormBackward(dy, x, gamma []float32, slope func(i int) float64, rows, width int) (dx, dgamma, dbeta sums) {
	r := refNorm(x, gamma, make([]float32, width), rows, width, 0)
	dx, dgamma, dbeta = newSums(rows*width), newSums(width), newSums(width)
	n := float64(rows)
	for j := range width {
		d, hat, size, most := make([]float64, rows), make([]float64, rows), make([]float64, rows), 0.0
		for i := range rows {
			at := i*width + j
			d[i] = slope(at) * float64(dy[at])
			most = max(most, math.Abs(d[i]))
			hat[i] = (float64(x[at]) - r.mean.v[j]) * r.inv[j]
			size[i] = (math.Abs(float64(x[at])) + math.Abs(r.mean.v[j])) * r.inv[j]
			dbeta.add(j, d[i], math.Abs(d[i]))
			dgamma.add(j, d[i]*hat[i], math.Abs(d[i])*size[i]*(1+r.far[j]))
		}
		for i := range rows {
			scale := float64(gamma[j]) * r.inv[j]
			dx.add(i*width+j, scale*(d[i]-dbeta.v[j]/n-hat[i]*dgamma.v[j]/n), math.Abs(scale)*(most*(1+r.far[j])+size[i]*dgamma.terms[j]/n))
		}
	}
	return dx, dgamma, dbeta
}

func refSoftplus(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }
