package fid

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

// echelon is a root whose columns are brought to an order in which its rows begin
// with zeros, each with at least as many as the row before: a Cholesky factor, whose
// features pivoting has mixed, is upper triangular again. R Σ R' then takes a quarter
// of the multiplications.
type echelon struct {
	order []int          // the features, but for those that are zero throughout
	start []int          // row i is zero before column start[i]
	rows  blas64.General // k×len(order)
	cov   []float64      // Σ in that order
	strip []float64      // a strip of rows times it
}

const (
	echelonLeast = 512 // rows from which it pays
	echelonStrip = 256 // rows at a time
)

// newEchelon is nil where too few multiplications would be saved.
func newEchelon(root *mat.Dense) *echelon {
	k, d := root.Dims()
	height := make([]int, d) // rows down to the last that is not zero
	for i := range k {
		for j, v := range root.RawRowView(i) {
			if v != 0 {
				height[j] = i + 1
			}
		}
	}
	e := &echelon{start: make([]int, k)}
	for j, h := range height {
		if h > 0 {
			e.order = append(e.order, j)
		}
	}
	slices.SortStableFunc(e.order, func(a, b int) int { return height[a] - height[b] })
	m, zeros := len(e.order), 0
	for i, at := 0, 0; i < k; i++ {
		for at < m && height[e.order[at]] <= i {
			at++
		}
		e.start[i], zeros = at, zeros+at
	}
	if 4*zeros < k*m { // of a triangular one it is half
		return nil
	}
	e.rows = dense(make([]float64, k*m), k, m)
	for i := range k {
		row := root.RawRowView(i)
		for at, j := range e.order {
			e.rows.Data[i*m+at] = row[j]
		}
	}
	return e
}

// product writes 2^-exp R Σ R', k×k, both triangles.
func (e *echelon) product(cov *mat.SymDense, exp int, square []float64) {
	k, m := e.rows.Rows, e.rows.Cols
	c := dense(grow(&e.cov, m*m), m, m)
	raw, d := cov.RawSymmetric().Data, cov.SymmetricDim()
	for i, p := range e.order {
		row := raw[p*d : (p+1)*d]
		for j, q := range e.order {
			c.Data[i*m+j] = row[q]
		}
	}
	unit := math.Ldexp(1, -exp)
	for i := 0; i < k; i += echelonStrip {
		rows, from := min(echelonStrip, k-i), e.start[i]
		strip := dense(grow(&e.strip, rows*(m-from)), rows, m-from)
		blas64.Gemm(blas.NoTrans, blas.NoTrans, unit, part(e.rows, i, rows, from), part(c, from, m-from, from), 0, strip)
		for j := i; j < k; j += echelonStrip {
			cols, at := min(echelonStrip, k-j), e.start[j]
			out := blas64.General{Rows: rows, Cols: cols, Stride: k, Data: square[i*k+j:]}
			blas64.Gemm(blas.NoTrans, blas.Trans, 1, part(strip, 0, rows, at-from), part(e.rows, j, cols, at), 0, out)
		}
	}
	mirror(square, k)
}

// part is rows of a from column from on.
func part(a blas64.General, first, rows, from int) blas64.General {
	return blas64.General{Rows: rows, Cols: a.Cols - from, Stride: a.Stride, Data: a.Data[first*a.Stride+from:]}
}
