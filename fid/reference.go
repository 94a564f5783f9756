package fid

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack"
	"gonum.org/v1/gonum/lapack/lapack64"
	"gonum.org/v1/gonum/mat"
)

// Eigen is a symmetric eigensolver: a is d×d, row by row, both triangles filled.
// It returns the eigenvalues, in any order. With vectors it overwrites a by the
// eigenvectors, column i that of value i; without, by anything.
type Eigen func(a []float64, d int, vectors bool) (values []float64, err error)

// GonumEigen is gonum's eigensolver, LAPACK's dsyev in Go.
func GonumEigen(a []float64, d int, vectors bool) ([]float64, error) {
	job := lapack.EVNone
	if vectors {
		job = lapack.EVCompute
	}
	sym := blas64.Symmetric{Uplo: blas.Upper, N: d, Stride: d, Data: a}
	w, work := make([]float64, d), make([]float64, 1)
	lapack64.Syev(job, sym, w, work, -1)
	work = make([]float64, int(work[0]))
	if !lapack64.Syev(job, sym, w, work, len(work)) {
		return nil, fmt.Errorf("the eigenvalues of a %d×%d matrix did not converge", d, d)
	}
	return w, nil
}

// Singular gives the singular values of a, rows×cols, row by row, in any order. It may
// overwrite a.
type Singular func(a []float64, rows, cols int) (values []float64, err error)

// GonumSingular is gonum's singular value decomposition, LAPACK's dgesvd in Go.
func GonumSingular(a []float64, rows, cols int) ([]float64, error) {
	var svd mat.SVD
	if !svd.Factorize(mat.NewDense(rows, cols, a), mat.SVDNone) {
		return nil, fmt.Errorf("the singular values of a %d×%d matrix did not converge", rows, cols)
	}
	return svd.Values(nil), nil
}

// Reference is fixed statistics, those of the real data, with the root of their
// covariance taken once. It keeps its working memory from one distance to the
// next, so it serves one goroutine at a time.
type Reference struct {
	Warnings []string // about these statistics; Result.Warnings are about the others
	Singular Singular // what distances come from; nil for the eigenvalues, where there is an eigensolver

	mean  []float64
	trace float64
	exp   int        // even; trace/2^exp is about 1
	root  *mat.Dense // k×d, Σ = 2^exp root' root
	steps *echelon   // the same, ordered; nil where that does not pay
	eigen Eigen

	batch  batch     // of DistanceSamples
	wide   []float64 // k×d: root Σ2; or n×k: rows root'
	square []float64 // the matrix whose eigenvalues are taken
}

// NewReference takes the root of s.
//
// With eigen nil the distances come from gonum's singular values, which lose
// nothing on singular covariances. With an eigensolver they come from the
// eigenvalues of R1 Σ2 R1', or of the n×n Gram matrix for n < d samples: about
// √eps of the traces is lost where that product is singular, nothing else, and
// LAPACK's eigensolver makes it several times as fast.
func NewReference(s Stats, eigen Eigen) (*Reference, error) {
	if err := s.made(); err != nil {
		return nil, err
	}
	r := &Reference{mean: s.Mean, trace: s.trace(), eigen: eigen}
	if eigen == nil {
		r.Singular = GonumSingular
	}
	root, warning, err := rootOf(s, eigen)
	if err != nil {
		return nil, err
	}
	r.exp = evenExp(r.trace)
	r.root = new(mat.Dense)
	r.root.Scale(math.Ldexp(1, -r.exp/2), root)
	if k, _ := r.root.Dims(); eigen != nil && k >= echelonLeast {
		r.steps = newEchelon(r.root)
	}
	r.Warnings = warnings(s, warning)
	return r, nil
}

// rootOf is the root of the covariance that s holds.
func rootOf(s Stats, eigen Eigen) (*mat.Dense, string, error) {
	if s.root != nil {
		return s.root, "", nil
	}
	if eigen == nil {
		eigen = GonumEigen
	}
	return root(s.cov, eigen)
}

// warnings are those about one side of a distance.
func warnings(s Stats, warning string) []string {
	var w []string
	if s.N > 0 && s.N <= s.Dim() {
		w = append(w, fmt.Sprintf("%d samples of %d features: the covariance is singular and the distance is biased upwards", s.N, s.Dim()))
	}
	if warning != "" {
		w = append(w, warning)
	}
	return w
}

// Distance is the distance of s from the reference, as the function Distance.
func (r *Reference) Distance(s Stats) (Result, error) {
	if err := s.made(); err != nil {
		return Result{}, err
	}
	if s.Dim() != len(r.mean) {
		return Result{}, fmt.Errorf("%d features, but the reference has %d", s.Dim(), len(r.mean))
	}
	sum, warning, err := r.rootTrace(s)
	if err != nil {
		return Result{}, err
	}
	return result(meanTerm(r.mean, s.Mean), r.trace, s.trace(), sum, warnings(s, warning))
}

// DistanceSamples is the distance of n samples, row by row in x, from the
// reference: Distance of their statistics, in memory that is kept: as garbage of every
// evaluation it would double what a training takes.
func (r *Reference) DistanceSamples(x []float32, n int) (Result, error) {
	s, err := batchStats(&r.batch, x, n, len(r.mean))
	if err != nil {
		return Result{}, err
	}
	return r.Distance(s)
}

// rootTrace is the trace of (Σ1^½ Σ2 Σ1^½)^½.
func (r *Reference) rootTrace(s Stats) (float64, string, error) {
	trace := s.trace()
	if r.trace == 0 || trace == 0 {
		return 0, "", nil
	}
	if !finite(r.trace) || !finite(trace) {
		return math.Inf(1), "", nil // result refuses it
	}
	exp := evenExp(trace)
	if r.Singular != nil {
		root2, warning, err := rootOf(s, r.eigen)
		if err != nil {
			return 0, "", err
		}
		sum, err := nuclear(r.root, root2, math.Ldexp(1, -exp/2), r.Singular)
		return math.Ldexp(sum, (r.exp+exp)/2), warning, err
	}
	m, size := r.product(s, exp)
	w, err := r.eigen(m, size, false)
	if err != nil {
		return 0, "", err
	}
	sum, clipped := 0.0, 0.0
	for _, v := range w {
		if v > 0 {
			sum += math.Sqrt(v)
		} else {
			clipped -= v
		}
	}
	if !finite(clipped) || !finite(sum) {
		return 0, "", errors.New("the eigensolver returned a value that is not finite")
	}
	warning, err := judgeClip(clipped, math.Ldexp(r.trace, -r.exp)*math.Ldexp(trace, -exp), size)
	return math.Ldexp(sum, (r.exp+exp)/2), warning, err
}

// evenExp is the even power of two that brings a trace to [1, 4): the product of
// two covariances of 1e-200 must not vanish.
func evenExp(trace float64) int {
	if trace == 0 || !finite(trace) {
		return 0
	}
	return max(math.Ilogb(trace), -1000) &^ 1
}

// product is a symmetric matrix, both triangles, with the eigenvalues of
// Σ1^½ Σ2 Σ1^½ over 2^(r.exp+exp), but for zeros, and its size.
func (r *Reference) product(s Stats, exp int) ([]float64, int) {
	k, d := r.root.Dims()
	root := r.root.RawMatrix()
	if s.root == nil {
		square := grow(&r.square, k*k)
		if r.steps != nil {
			r.steps.product(s.cov, exp, square)
			return square, k
		}
		wide := dense(grow(&r.wide, k*d), k, d)
		blas64.Gemm(blas.NoTrans, blas.NoTrans, math.Ldexp(1, -exp), root, dense(s.cov.RawSymmetric().Data, d, d), 0, wide)
		blas64.Gemm(blas.NoTrans, blas.Trans, 1, wide, root, 0, dense(square, k, k))
		for i := range k {
			for j := range i {
				square[j*k+i] = (square[i*k+j] + square[j*k+i]) / 2
			}
		}
		mirror(square, k)
		return square, k
	}
	n, _ := s.root.Dims()
	wide := dense(grow(&r.wide, n*k), n, k)
	blas64.Gemm(blas.NoTrans, blas.Trans, math.Ldexp(1, -exp/2), s.root.RawMatrix(), root, 0, wide)
	size, side := n, blas.NoTrans
	if k < n {
		size, side = k, blas.Trans
	}
	square := grow(&r.square, size*size)
	blas64.Syrk(side, 1, wide, 0, blas64.Symmetric{Uplo: blas.Upper, N: size, Stride: size, Data: square})
	mirror(square, size)
	return square, size
}

// mirror copies the upper triangle of a d×d matrix to the lower.
func mirror(a []float64, d int) {
	for i := range d {
		for j := range i {
			a[i*d+j] = a[j*d+i]
		}
	}
}

// grow returns n numbers of the memory in *x.
func grow(x *[]float64, n int) []float64 {
	if cap(*x) < n {
		*x = make([]float64, n)
	}
	return (*x)[:n]
}

func dense(x []float64, rows, cols int) blas64.General {
	return blas64.General{Rows: rows, Cols: cols, Stride: cols, Data: x}
}
