package fid

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

// MaxDim is the largest number of features a covariance is held for (2 GiB).
const MaxDim = 1 << 14

// symmetryTol is what two mirrored entries of a covariance may differ by, as a
// share of the largest variance: far above what summation in another order does
// in float64, far below an error of meaning.
const symmetryTol = 1e-10

// Stats is the mean and covariance of a set of samples. It is made by NewStats,
// OfRows, ReadStats or Moments, which check it, and does not change.
type Stats struct {
	Mean []float64 // length d
	N    int       // samples; 0 where unknown

	// One of the two, the other nil: the covariance, both triangles filled, or for
	// n < d its root, the n×d centred samples over √(n-1).
	cov  *mat.SymDense
	root *mat.Dense
}

// NewStats takes a mean of d numbers and a covariance of d×d, row by row, and
// copies them; n is the number of samples behind them, 0 if unknown. It refuses
// what no set of samples has: NaN or Inf, negative variance, asymmetry beyond
// rounding, fewer than two samples. What asymmetry there is is averaged out.
func NewStats(mean, cov []float64, n int) (Stats, error) {
	d := len(mean)
	switch {
	case d == 0:
		return Stats{}, fmt.Errorf("mu: has no elements")
	case d > MaxDim:
		return Stats{}, fmt.Errorf("mu: %d features; a covariance is held for at most %d", d, MaxDim)
	case len(cov) != d*d:
		return Stats{}, fmt.Errorf("sigma: %d elements for %d features, want %d", len(cov), d, d*d)
	case n != 0:
		if err := enough(n); err != nil {
			return Stats{}, err
		}
	}
	return newStats(mean, cov, n, symmetryTol)
}

func newStats(mean, cov []float64, n int, tol float64) (Stats, error) {
	d := len(mean)
	for i, v := range mean {
		if !finite(v) {
			return Stats{}, fmt.Errorf("mu: [%d] is %g", i, v)
		}
	}
	largest := 0.0
	for i, v := range cov {
		if !finite(v) {
			return Stats{}, fmt.Errorf("sigma: [%d,%d] is %g", i/d, i%d, v)
		}
		if i%(d+1) == 0 {
			if v < 0 {
				return Stats{}, fmt.Errorf("sigma: [%d,%d] = %g is a negative variance", i/d, i/d, v)
			}
			largest = max(largest, v)
		}
	}
	sym := make([]float64, d*d)
	for i := range d {
		for j := i; j < d; j++ {
			a, b := cov[i*d+j], cov[j*d+i]
			if math.Abs(a/2-b/2) > tol/2*largest {
				return Stats{}, fmt.Errorf("sigma: is not symmetric: [%d,%d] = %g, [%d,%d] = %g", i, j, a, j, i, b)
			}
			sym[i*d+j] = a/2 + b/2
		}
	}
	mirror(sym, d)
	return Stats{Mean: append([]float64(nil), mean...), N: n, cov: mat.NewSymDense(d, sym)}, nil
}

// OfRows is the statistics of n samples of d features, row by row in x. For
// n < d it keeps the centred samples in place of the d×d covariance.
func OfRows[T float32 | float64](x []T, n, d int) (Stats, error) {
	return batchStats(new(batch), x, n, d)
}

// batch is memory for the statistics of rows, which those of the next rows use again.
type batch struct {
	moments   *Moments
	rows, cov []float64
}

func batchStats[T float32 | float64](b *batch, x []T, n, d int) (Stats, error) {
	if d < 1 || n < 0 || len(x) != n*d {
		return Stats{}, fmt.Errorf("%d numbers are not %d samples of %d features", len(x), n, d)
	}
	if err := enough(n); err != nil {
		return Stats{}, err
	}
	if n >= d {
		if b.moments == nil {
			b.moments = NewMoments(d)
		}
		b.moments.reset()
		addRows(b.moments, x)
		return b.moments.stats(&b.cov)
	}
	rows := grow(&b.rows, len(x))
	for i, v := range x {
		rows[i] = float64(v)
	}
	s := Stats{Mean: make([]float64, d), N: n, root: mat.NewDense(n, d, rows)}
	if err := centre(rows, s.Mean); err != nil {
		return Stats{}, err
	}
	unit := 1 / math.Sqrt(float64(n-1))
	for i := range rows { // mat's Scale takes a copy
		rows[i] *= unit
	}
	return s, nil
}

// made is an error for a Stats that none of its makers made.
func (s Stats) made() error {
	if s.cov == nil && s.root == nil {
		return errors.New("no statistics; they are made by NewStats, OfRows, ReadStats or Moments")
	}
	return nil
}

// Dim is the number of features.
func (s Stats) Dim() int { return len(s.Mean) }

// Cov is the covariance, with n-1, both triangles filled; it is not to be changed.
func (s Stats) Cov() *mat.SymDense {
	if s.cov != nil || s.root == nil {
		return s.cov
	}
	c := mat.NewSymDense(s.Dim(), nil)
	blas64.Syrk(blas.Trans, 1, s.root.RawMatrix(), 0, c.RawSymmetric())
	mirror(c.RawSymmetric().Data, s.Dim())
	return c
}

// trace is the sum of the variances.
func (s Stats) trace() float64 {
	if s.root != nil {
		return squares(s.root.RawMatrix().Data)
	}
	return mat.Trace(s.cov)
}

// enough refuses a number of samples that has no covariance.
func enough(n int) error {
	switch {
	case n >= 2:
		return nil
	case n == 1:
		return errors.New("1 sample; a covariance needs at least two")
	}
	return fmt.Errorf("%d samples; a covariance needs at least two", n)
}

// centre subtracts the mean of the rows of x, of len(mean) each, and stores it.
func centre(x, mean []float64) error {
	d := len(mean)
	clear(mean)
	for at := 0; at < len(x); at += d {
		for j, v := range x[at : at+d] {
			mean[j] += v
		}
	}
	n := float64(len(x) / d)
	for j := range mean {
		if mean[j] /= n; !finite(mean[j]) {
			return notFinite(x, d, 0)
		}
	}
	for at := 0; at < len(x); at += d {
		row := x[at : at+d]
		for j := range row {
			row[j] -= mean[j]
		}
	}
	return nil
}

// notFinite is the error for rows, counted from first, whose sum is not finite.
func notFinite(x []float64, d, first int) error {
	for i, v := range x {
		if !finite(v) {
			return fmt.Errorf("sample %d, feature %d is %g", first+i/d, i%d, v)
		}
	}
	return fmt.Errorf("samples %d to %d: their sum overflows a float64", first, first+len(x)/d-1)
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// squares is the sum of squares.
func squares(x []float64) float64 {
	s := 0.0
	for _, v := range x {
		s += v * v
	}
	return s
}
