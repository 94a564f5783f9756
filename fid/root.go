package fid

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack/lapack64"
	"gonum.org/v1/gonum/mat"
)

const eps = 0x1p-52

// Negative eigenvalues of a covariance are clipped at 0. The sum of those clipped
// is judged as a share of the trace: up to clipSilent·d·eps it is rounding in
// float64, above it is reported, and above clipRefused no rounding, not even that
// of a covariance computed in float32, explains it.
const (
	clipSilent  = 16
	clipRefused = 1e-4
)

// root is R of k×d with R'R = cov, k the numerical rank, and a warning where
// negative eigenvalues beyond rounding were clipped.
//
// The features are first brought to variances between 1/2 and 2 by powers of two,
// which is exact: what counts as rounding is then judged feature by feature, and a
// small variance is as accurate as a large one. On the scaled matrix the Cholesky
// factorization with complete pivoting (LAPACK's dpstrf) stops where all remaining
// pivots are below d·eps. If what remains is below rounding too, that is the root.
// If not, the matrix is indefinite by more than rounding, as a covariance computed
// in float32 is; there pivots amplify the error, and the root is taken from the
// eigendecomposition instead.
func root(cov *mat.SymDense, eigen Eigen) (*mat.Dense, string, error) {
	live, exps, err := scale(cov)
	if err != nil {
		return nil, "", err
	}
	d, k := cov.SymmetricDim(), len(live)
	if k == 0 { // all samples are the same point
		return mat.NewDense(1, d, nil), "", nil
	}
	scaled := mat.NewSymDense(k, nil)
	fill := func() {
		for i, p := range live {
			for j := i; j < k; j++ {
				scaled.SetSym(i, j, math.Ldexp(cov.At(p, live[j]), -exps[i]-exps[j]))
			}
		}
	}
	fill()
	tol := float64(k) * eps
	piv := make([]int, k)
	u, rank, full := lapack64.Pstrf(scaled.RawSymmetric(), piv, tol, make([]float64, 2*k))
	if full || remainder(cov, u, live, exps, piv, rank) <= clipSilent*tol {
		r := mat.NewDense(rank, d, nil)
		for i := range rank {
			for j := i; j < k; j++ {
				p := piv[j]
				r.Set(i, live[p], math.Ldexp(u.Data[i*u.Stride+j], exps[p]))
			}
		}
		return r, "", nil
	}
	fill()
	return spectralRoot(scaled, live, exps, d, eigen)
}

// scale returns the features with positive variance and the binary exponents e
// that bring their variances v to v/4^e in [1/2, 2).
func scale(cov *mat.SymDense) (live, exps []int, err error) {
	d := cov.SymmetricDim()
	largest := 0.0
	for i := range d {
		v := cov.At(i, i)
		largest = max(largest, v)
		if v > 0 {
			_, e := math.Frexp(v)
			live, exps = append(live, i), append(exps, e>>1)
		}
	}
	for i := range d {
		if cov.At(i, i) > 0 {
			continue
		}
		for j := range d {
			if v := cov.At(i, j); math.Abs(v) > symmetryTol*largest {
				return nil, nil, fmt.Errorf("sigma: is not a covariance: [%d,%d] = %g, but the variance [%d,%d] is 0", i, j, v, i, i)
			}
		}
	}
	return live, exps, nil
}

// remainder is the largest entry, in the scaled matrix, of what the factor u of
// the first rank pivots leaves of it. The pivoted rows are right by construction.
func remainder(cov *mat.SymDense, u blas64.Triangular, live, exps, piv []int, rank int) float64 {
	m := u.N - rank
	rest := mat.NewSymDense(m, nil)
	for i := range m {
		p := piv[rank+i]
		for j := i; j < m; j++ {
			q := piv[rank+j]
			rest.SetSym(i, j, math.Ldexp(cov.At(live[p], live[q]), -exps[p]-exps[q]))
		}
	}
	if rank > 0 {
		right := blas64.General{Rows: rank, Cols: m, Stride: u.Stride, Data: u.Data[rank:]}
		blas64.Syrk(blas.Trans, -1, right, 1, rest.RawSymmetric())
	}
	largest := 0.0
	for _, v := range rest.RawSymmetric().Data {
		largest = max(largest, math.Abs(v))
	}
	return largest
}

// spectralRoot is the root of the scaled matrix, which it overwrites, from its
// eigenvalues above rounding.
func spectralRoot(scaled *mat.SymDense, live, exps []int, d int, eigen Eigen) (*mat.Dense, string, error) {
	k := len(live)
	a := scaled.RawSymmetric().Data
	mirror(a, k)
	w, err := eigen(a, k, true)
	if err != nil {
		return nil, "", err
	}
	least := float64(k) * eps * slices.Max(w)
	r := mat.NewDense(k, d, nil)
	rank, clipped := 0, 0.0
	for c, v := range w {
		for j, p := range live {
			e := math.Ldexp(a[j*k+c], exps[j])
			switch {
			case v > least:
				r.Set(rank, p, math.Sqrt(v)*e)
			case v < 0:
				clipped -= v * e * e
			}
		}
		if v > least {
			rank++
		}
	}
	r = r.Slice(0, rank, 0, d).(*mat.Dense)
	warning, err := judgeClip(clipped, squares(r.RawMatrix().Data[:rank*d])-clipped, k)
	return r, warning, err
}

// judgeClip judges the sum of negative eigenvalues clipped beside the trace.
func judgeClip(clipped, trace float64, d int) (string, error) {
	switch {
	case clipped <= clipSilent*float64(d)*eps*trace:
		return "", nil
	case clipped <= clipRefused*trace:
		return fmt.Sprintf("the covariance has negative eigenvalues: %.2g of its trace was clipped", clipped/trace), nil
	}
	return "", fmt.Errorf("sigma: is not a covariance: its negative eigenvalues sum to %.2g, its trace is %.2g", -clipped, trace)
}
