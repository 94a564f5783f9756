package fid

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

// Moments gathers mean and covariance of rows in one pass, in float64. Rows are
// collected in blocks; a block is centred at its own mean, enters by one rank-k
// update, and is merged with what came before by the update of Chan, Golub &
// LeVeque (1983). All is relative to the first row, so that a mean far from zero
// costs no digits. The result depends on the order of the rows only by rounding,
// and not on how they were divided among calls.
type Moments struct {
	d      int
	n      int           // rows in mean and sum
	origin []float64     // what mean is relative to
	mean   []float64     // of the first n rows
	sum    *mat.SymDense // of (x-mean)(x-mean)' over them
	block  []float64     // rows waiting, room for a whole number of them
	fill   int           // numbers in block
	shift  []float64     // mean of a block, then its distance to mean
	err    error         // the first bad row
}

// blockSize is the room for waiting rows in numbers: half a megabyte, which fits
// in the second-level cache while the rank-k update reads it once a feature.
const blockSize = 1 << 16

// NewMoments returns empty moments of d features, 1 to MaxDim; another d is an
// error that Stats returns.
func NewMoments(d int) *Moments {
	if d < 1 || d > MaxDim {
		return &Moments{err: fmt.Errorf("%d features; a covariance is held for 1 to %d", d, MaxDim)}
	}
	return &Moments{
		d:      d,
		origin: make([]float64, d),
		mean:   make([]float64, d),
		sum:    mat.NewSymDense(d, nil),
		block:  make([]float64, min(max(blockSize/d, 8), 512)*d),
		shift:  make([]float64, d),
	}
}

// N is the number of rows added.
func (m *Moments) N() int {
	if m.d == 0 {
		return 0
	}
	return m.n + m.fill/m.d
}

// Reset forgets all rows and keeps the memory.
func (m *Moments) Reset() {
	if m.d > 0 {
		m.n, m.fill, m.err = 0, 0, nil
	}
}

// Add adds one row.
func (m *Moments) Add(row []float64) {
	if len(row) != m.d {
		m.fail(fmt.Errorf("sample %d has %d features, want %d", m.N(), len(row), m.d))
		return
	}
	m.AddRows(row)
}

// AddRows adds len(x)/d rows. Rows that do not fit, and numbers that are not
// finite, are an error that Stats returns.
func (m *Moments) AddRows(x []float64) {
	if !m.whole(len(x)) {
		return
	}
	for len(x) > 0 && m.err == nil {
		k := copy(m.block[m.fill:], x)
		x = x[k:]
		m.took(k)
	}
}

// AddRows32 is AddRows for float32.
func (m *Moments) AddRows32(x []float32) {
	if !m.whole(len(x)) {
		return
	}
	for len(x) > 0 && m.err == nil {
		k := min(len(x), len(m.block)-m.fill)
		for i, v := range x[:k] {
			m.block[m.fill+i] = float64(v)
		}
		x = x[k:]
		m.took(k)
	}
}

func (m *Moments) whole(k int) bool {
	if m.err == nil && k%m.d != 0 {
		m.fail(fmt.Errorf("%d numbers are not rows of %d features", k, m.d))
	}
	return m.err == nil
}

func (m *Moments) fail(err error) {
	if m.err == nil {
		m.err = err
	}
}

// took counts k numbers copied into the block and empties it when full.
func (m *Moments) took(k int) {
	if m.fill += k; m.fill == len(m.block) {
		m.flush()
	}
}

// flush takes the waiting rows in.
func (m *Moments) flush() {
	if m.fill == 0 || m.err != nil {
		return
	}
	x, k := m.block[:m.fill], m.fill/m.d
	if m.n == 0 {
		for j, v := range x[:m.d] {
			m.origin[j] = 0
			if math.Abs(v) < 1e150 { // larger ones may overflow, and NaN is reported
				m.origin[j] = v
			}
		}
	}
	for at := 0; at < len(x); at += m.d {
		for j, v := range m.origin {
			x[at+j] -= v
		}
	}
	if m.err = centre(x, m.shift, m.n); m.err != nil {
		return
	}
	m.fill = 0
	keep := 1.0
	if m.n == 0 {
		keep = 0
	}
	blas64.Syrk(blas.Trans, 1, blas64.General{Rows: k, Cols: m.d, Stride: m.d, Data: x}, keep, m.sum.RawSymmetric())
	m.join(k)
}

// join moves mean by k rows whose scatter about their own mean, in shift, is
// already in sum.
func (m *Moments) join(k int) {
	if m.n == 0 {
		m.n = k
		copy(m.mean, m.shift)
		return
	}
	n, add := float64(m.n), float64(k)
	for j := range m.shift {
		m.shift[j] -= m.mean[j]
		m.mean[j] += m.shift[j] * (add / (n + add))
	}
	blas64.Syr(n*add/(n+add), blas64.Vector{N: m.d, Data: m.shift, Inc: 1}, m.sum.RawSymmetric())
	m.n += k
}

// Merge adds the rows that o, another one, holds; o does not change.
func (m *Moments) Merge(o *Moments) {
	switch {
	case m.err != nil:
		return
	case o.err != nil:
		m.err = o.err
		return
	case o == m:
		m.fail(errors.New("moments merged with themselves"))
		return
	case o.d != m.d:
		m.fail(fmt.Errorf("moments of %d features merged with those of %d", m.d, o.d))
		return
	}
	if o.n > 0 {
		m.flush()
		if m.err != nil {
			return
		}
		if m.n == 0 {
			copy(m.origin, o.origin)
			m.sum.CopySym(o.sum)
		} else {
			m.sum.AddSym(m.sum, o.sum)
		}
		for j, v := range o.mean {
			m.shift[j] = v + (o.origin[j] - m.origin[j])
		}
		m.join(o.n)
	}
	m.AddRows(o.block[:o.fill])
}

// Stats is the mean and covariance (n-1) of the rows so far, of which there must
// be two; more may be added.
func (m *Moments) Stats() (Stats, error) {
	s := Stats{Mean: make([]float64, m.d), cov: mat.NewSymDense(max(m.d, 1), nil)}
	err := m.stats(&s)
	if err != nil {
		return Stats{}, err
	}
	return s, nil
}

// stats is Stats into s, whose memory is used.
func (m *Moments) stats(s *Stats) error {
	m.flush()
	if m.err != nil {
		return m.err
	}
	if err := enough(m.n); err != nil {
		return err
	}
	s.N = m.n
	for j, v := range m.mean {
		s.Mean[j] = m.origin[j] + v
	}
	s.cov.ScaleSym(1/float64(m.n-1), m.sum)
	mirror(s.cov.RawSymmetric().Data, m.d)
	for i := range m.d {
		if !finite(s.cov.At(i, i)) {
			return fmt.Errorf("the variance of feature %d overflows a float64", i)
		}
	}
	return nil
}
