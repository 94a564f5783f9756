package fid

import (
	"errors"
	"fmt"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

// Result is a distance in its two parts.
type Result struct {
	FID       float64 // MeanTerm + TraceTerm
	MeanTerm  float64 // ‖μ1-μ2‖²
	TraceTerm float64 // tr(Σ1) + tr(Σ2) - 2 tr((Σ1^½ Σ2 Σ1^½)^½)
	Warnings  []string
}

// Distance is the Fréchet distance of two statistics of the same dimension.
//
// TraceTerm is at least 0 but for rounding, which is left in: where the
// covariances are equal it is 0 to some 1e-15 of the traces, of either sign. Where
// negative eigenvalues were clipped, with a warning, the traces still hold them.
// Errors are statistics of different dimensions, a matrix that is no covariance
// (negative eigenvalues beyond rounding) and overflow. A result is finite.
func Distance(a, b Stats) (Result, error) {
	r, err := NewReference(a, nil)
	if err != nil {
		return Result{}, fmt.Errorf("first: %w", err)
	}
	res, err := r.Distance(b)
	if err != nil {
		return Result{}, fmt.Errorf("second: %w", err)
	}
	var all []string
	for _, w := range r.Warnings {
		all = append(all, "first: "+w)
	}
	for _, w := range res.Warnings {
		all = append(all, "second: "+w)
	}
	res.Warnings = all
	return res, nil
}

// result puts the parts together; sum is the trace of the square root.
func result(meanTerm, trace1, trace2, sum float64, warnings []string) (Result, error) {
	r := Result{MeanTerm: meanTerm, TraceTerm: (trace1 - sum) + (trace2 - sum), Warnings: warnings}
	r.FID = r.MeanTerm + r.TraceTerm
	if !finite(r.FID) {
		return Result{}, errors.New("the distance overflows a float64; bring the samples to another unit")
	}
	return r, nil
}

// meanTerm is the squared distance of two means.
func meanTerm(a, b []float64) float64 {
	s := 0.0
	for i := range a {
		s += (a[i] - b[i]) * (a[i] - b[i])
	}
	return s
}

// nuclear is the sum of the singular values of C = R1 R2' (Σ1 = R1'R1, Σ2 = R2'R2)
// times unit. C C' = R1 Σ2 R1' has the eigenvalues of Σ1^½ Σ2 Σ1^½ but for zeros,
// so their roots are the singular values of C. Taken from C itself they lose
// nothing where the product is singular, where the eigenvalue route loses √eps.
func nuclear(r1, r2 *mat.Dense, unit float64, singular Singular) (float64, error) {
	k1, _ := r1.Dims()
	k2, _ := r2.Dims()
	c := make([]float64, k1*k2)
	blas64.Gemm(blas.NoTrans, blas.Trans, unit, r1.RawMatrix(), r2.RawMatrix(), 0, dense(c, k1, k2))
	values, err := singular(c, k1, k2)
	if err != nil {
		return 0, err
	}
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	if !finite(sum) {
		return 0, fmt.Errorf("the singular values of a %d×%d matrix are not finite", k1, k2)
	}
	return sum, nil
}
