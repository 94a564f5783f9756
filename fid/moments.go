package fid

import (
	"errors"
	"fmt"

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
	block  []float64     // waiting rows, feature by feature: d×room
	room   int
	fill   int       // rows in block
	shift  []float64 // mean of a block, then its distance to mean
	err    error     // the first bad row
}

// blockSize is the room for waiting rows in numbers: half a megabyte, about a
// second-level cache. In many dimensions there is room for 256 rows all the same, as
// every block goes through the whole of sum.
const blockSize = 1 << 16

// NewMoments returns empty moments of d features, 1 to MaxDim; another d is an
// error that Stats returns.
func NewMoments(d int) *Moments {
	if d < 1 || d > MaxDim {
		return &Moments{err: fmt.Errorf("%d features; a covariance is held for 1 to %d", d, MaxDim)}
	}
	room := min(max(blockSize/d, 256), 512) | 1 // odd: columns a power of two apart share cache lines
	return &Moments{
		d:      d,
		origin: make([]float64, d),
		mean:   make([]float64, d),
		sum:    mat.NewSymDense(d, nil),
		block:  make([]float64, d*room),
		room:   room,
		shift:  make([]float64, d),
	}
}

// reset forgets all rows and keeps the memory.
func (m *Moments) reset() {
	if m.d > 0 {
		m.n, m.fill, m.err = 0, 0, nil
	}
}

// AddRows adds len(x)/d rows. Rows that do not fit, and numbers that are not
// finite, are an error that Stats returns.
func (m *Moments) AddRows(x []float64) { addRows(m, x) }

// AddRows32 is AddRows for float32.
func (m *Moments) AddRows32(x []float32) { addRows(m, x) }

func addRows[T float32 | float64](m *Moments, x []T) {
	if m.d == 0 {
		return // Stats returns the error
	}
	if m.err == nil && len(x)%m.d != 0 {
		m.err = fmt.Errorf("%d numbers are not rows of %d features", len(x), m.d)
	}
	for ; m.err == nil && len(x) > 0; x = x[m.d:] {
		at := m.fill
		for _, v := range x[:m.d] {
			m.block[at] = float64(v)
			at += m.room
		}
		if m.fill++; m.fill == m.room {
			m.flush()
		}
	}
}

// flush takes the waiting rows in.
func (m *Moments) flush() {
	if m.fill == 0 || m.err != nil {
		return
	}
	for j := range m.d {
		col := m.block[j*m.room:][:m.fill]
		if m.n == 0 {
			m.origin[j] = col[0]
		}
		sum := 0.0
		for _, v := range col {
			sum += v - m.origin[j]
		}
		mean := sum / float64(m.fill)
		if !finite(mean) {
			m.err = m.notFinite()
			return
		}
		m.shift[j] = mean
	}
	keep := 1.0
	if m.n == 0 {
		keep = 0
	}
	for j := range m.d {
		col := m.block[j*m.room:][:m.fill]
		for i := range col {
			col[i] = col[i] - m.origin[j] - m.shift[j]
		}
	}
	blas64.Syrk(blas.NoTrans, 1, blas64.General{Rows: m.d, Cols: m.fill, Stride: m.room, Data: m.block}, keep, m.sum.RawSymmetric())
	n, add := float64(m.n), float64(m.fill)
	m.n, m.fill = m.n+m.fill, 0
	if n == 0 {
		copy(m.mean, m.shift)
		return
	}
	for j := range m.shift {
		m.shift[j] -= m.mean[j]
		m.mean[j] += m.shift[j] * (add / (n + add))
	}
	blas64.Syr(n*add/(n+add), blas64.Vector{N: m.d, Data: m.shift, Inc: 1}, m.sum.RawSymmetric())
}

// notFinite is the error for waiting rows whose sum is not finite.
func (m *Moments) notFinite() error {
	rows := make([]float64, 0, m.fill*m.d)
	for i := range m.fill {
		for j := range m.d {
			rows = append(rows, m.block[j*m.room+i])
		}
	}
	return notFinite(rows, m.d, m.n)
}

// Stats is the mean and covariance (n-1) of the rows so far, of which there must
// be two; more may be added.
func (m *Moments) Stats() (Stats, error) { return m.stats(new([]float64)) }

// stats is Stats, its covariance in memory that is used again.
func (m *Moments) stats(cov *[]float64) (Stats, error) {
	m.flush()
	switch {
	case m.err != nil:
		return Stats{}, m.err
	case m.d == 0:
		return Stats{}, errors.New("moments are made by NewMoments")
	}
	if err := enough(m.n); err != nil {
		return Stats{}, err
	}
	s := Stats{Mean: make([]float64, m.d), N: m.n, cov: mat.NewSymDense(m.d, grow(cov, m.d*m.d))}
	for j, v := range m.mean {
		s.Mean[j] = m.origin[j] + v
	}
	s.cov.ScaleSym(1/float64(m.n-1), m.sum)
	mirror(s.cov.RawSymmetric().Data, m.d)
	for i := range m.d {
		if !finite(s.cov.At(i, i)) {
			return Stats{}, fmt.Errorf("the variance of feature %d overflows a float64", i)
		}
	}
	return s, nil
}
