//go:build cgo

package nn

// #include "torch.h"
import "C"

import (
	"fmt"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"

	"fig5/fid"
)

// LibtorchVersion is the version of libtorch that the program was compiled against.
func LibtorchVersion() string { return C.GoString(C.fig5_libtorch_version()) }

// FlushDenormals makes libtorch's operators on the calling thread, which the caller has
// locked, take and give denormal numbers as zero, as the kernels do.
func FlushDenormals() { C.fig5_flush_denormal() }

// gonumEigen is up to which size gonum takes eigenvalues: its bits do not depend on the
// processor, as those of MKL do, and at 84 it needs less than a millisecond.
const gonumEigen = 256

// Eigen gives the eigenvalues of the symmetric d×d matrix a, ascending, by gonum up to
// d = 256 and by LAPACK's syevd in libtorch above; with vectors, a is overwritten by the
// eigenvectors, column i that of value i. It has the type fid.Eigen.
func Eigen(a []float64, d int, vectors bool) (values []float64, err error) {
	if len(a) != d*d {
		return nil, fmt.Errorf("nn: %d values are not a %d×%d matrix", len(a), d, d)
	}
	if d <= gonumEigen {
		return fid.GonumEigen(a, d, vectors)
	}
	values = make([]float64, d)
	return values, failed("linalg_eigh", C.fig5_eigen((*C.double)(&a[0]), C.long(d), flag(vectors), (*C.double)(&values[0])))
}

// Singular gives the singular values of a, rows×cols, descending, by LAPACK's gesdd in
// libtorch. It has the type fid.Singular.
func Singular(a []float64, rows, cols int) ([]float64, error) {
	if rows < 1 || cols < 1 || len(a) != rows*cols {
		return nil, fmt.Errorf("nn: %d values are not a %d×%d matrix", len(a), rows, cols)
	}
	values := make([]float64, min(rows, cols))
	if C.fig5_svdvals((*C.double)(&a[0]), C.long(rows), C.long(cols), (*C.double)(&values[0])) != nil {
		return nil, fmt.Errorf("nn: the singular values of a %d×%d matrix did not converge", rows, cols)
	}
	return values, nil
}

// BLAS is gonum's BLAS with the large products of doubles done by libtorch, for
// blas64.Use: an order of magnitude at the sizes of an image's covariance.
type BLAS struct{ gonum.Implementation }

// large is the number of multiplications from which a call of libtorch pays.
const large = 1 << 18

// Dgemm is C = alpha op(A) op(B) + beta C; see blas.Float64Level3.
func (b BLAS) Dgemm(tA, tB blas.Transpose, m, n, k int, alpha float64, a []float64, lda int, x []float64, ldx int, beta float64, c []float64, ldc int) {
	if m*n*k < large || C.fig5_gemm(flag(tA != blas.NoTrans), flag(tB != blas.NoTrans), C.long(m), C.long(n), C.long(k), C.double(alpha), (*C.double)(&a[0]), C.long(lda),
		(*C.double)(&x[0]), C.long(ldx), C.double(beta), (*C.double)(&c[0]), C.long(ldc)) != nil {
		b.Implementation.Dgemm(tA, tB, m, n, k, alpha, a, lda, x, ldx, beta, c, ldc)
	}
}

// Dsyrk is C = alpha A Aᵀ + beta C or C = alpha Aᵀ A + beta C on one triangle of C: in
// strips of rows, of which only the square on the diagonal is computed whole.
func (b BLAS) Dsyrk(ul blas.Uplo, tA blas.Transpose, n, k int, alpha float64, a []float64, lda int, beta float64, c []float64, ldc int) {
	if n*n*k < large {
		b.Implementation.Dsyrk(ul, tA, n, k, alpha, a, lda, beta, c, ldc)
		return
	}
	tB, row := blas.Trans, lda // from a row of op(A) to the next
	if tA != blas.NoTrans {
		tB, row = blas.NoTrans, 1
	}
	const strip = 192
	square := make([]float64, strip*strip)
	for from := 0; from < n; from += strip {
		m := min(strip, n-from)
		other, width := from+m, n-from-m // the columns of the strip beside the square
		if ul == blas.Lower {
			other, width = 0, from
		}
		if width > 0 {
			b.Dgemm(tA, tB, m, width, k, alpha, a[from*row:], lda, a[other*row:], lda, beta, c[from*ldc+other:], ldc)
		}
		b.Dgemm(tA, tB, m, m, k, alpha, a[from*row:], lda, a[from*row:], lda, 0, square, m)
		for i := range m {
			first, last := i, m
			if ul == blas.Lower {
				first, last = 0, i+1
			}
			out := c[(from+i)*ldc+from:]
			for j := first; j < last; j++ {
				if beta == 0 {
					out[j] = square[i*m+j]
				} else {
					out[j] = beta*out[j] + square[i*m+j]
				}
			}
		}
	}
}
