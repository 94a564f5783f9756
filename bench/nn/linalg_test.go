//go:build cgo

package nn

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
	"gonum.org/v1/gonum/mat"

	"fig5/bench/rng"
	"fig5/fid"
)

func random(s *rng.Stream, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = s.NormFloat64()
	}
	return x
}

// TestBLAS compares the products with gonum's, on matrices inside larger ones.
func TestBLAS(t *testing.T) {
	quiet(t)
	s := rng.New(1, "test")
	for _, dims := range [][3]int{{1, 1, 1}, {70, 80, 90}, {128, 64, 301}} {
		m, n, k := dims[0], dims[1], dims[2]
		for _, tA := range []blas.Transpose{blas.NoTrans, blas.Trans} {
			for _, tB := range []blas.Transpose{blas.NoTrans, blas.Trans} {
				for _, beta := range []float64{0, 0.5} {
					ld := 310
					a, b, c := random(s, ld*ld), random(s, ld*ld), random(s, ld*ld)
					want := append([]float64(nil), c...)
					BLAS{}.Dgemm(tA, tB, m, n, k, 1.5, a, ld, b, ld, beta, c, ld)
					gonum.Implementation{}.Dgemm(tA, tB, m, n, k, 1.5, a, ld, b, ld, beta, want, ld)
					near(t, fmt.Sprint("Dgemm ", dims, tA, tB), c, want, 1e-13)
					for _, ul := range []blas.Uplo{blas.Upper, blas.Lower} {
						BLAS{}.Dsyrk(ul, tA, m, k, 1.5, a, ld, beta, c, ld)
						gonum.Implementation{}.Dsyrk(ul, tA, m, k, 1.5, a, ld, beta, want, ld)
						near(t, fmt.Sprint("Dsyrk ", dims, ul, tA), c, want, 1e-13)
					}
				}
			}
		}
	}
}

// TestEigen: the vectors are orthonormal and give the matrix back, column i for value i.
func TestEigen(t *testing.T) {
	quiet(t)
	const d = 40
	s := rng.New(2, "test")
	a := make([]float64, d*d)
	for i := range d {
		for j := range i + 1 {
			a[i*d+j] = s.NormFloat64()
			a[j*d+i] = a[i*d+j]
		}
	}
	v := append([]float64(nil), a...)
	w, err := Eigen(v, d, true)
	if err != nil {
		t.Fatal(err)
	}
	var av, vw mat.Dense
	vectors := mat.NewDense(d, d, v)
	av.Mul(mat.NewDense(d, d, a), vectors)
	vw.Apply(func(_, j int, x float64) float64 { return x * w[j] }, vectors)
	near(t, "A v", av.RawMatrix().Data, vw.RawMatrix().Data, 1e-12)
	var vv mat.Dense
	vv.Mul(vectors.T(), vectors)
	for i := range d {
		for j := range d {
			want := 0.0
			if i == j {
				want = 1
			}
			if math.Abs(vv.At(i, j)-want) > 1e-12 {
				t.Fatalf("vectors %d and %d: product %g", i, j, vv.At(i, j))
			}
		}
	}
	alone, err := Eigen(append([]float64(nil), a...), d, false)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "values", alone, w, 1e-12)
}

// TestSingular compares the singular values with gonum's, of wide, tall, singular and
// badly scaled matrices.
func TestSingular(t *testing.T) {
	quiet(t)
	s := rng.New(3, "test")
	for _, dims := range [][2]int{{1, 1}, {7, 7}, {40, 90}, {90, 40}, {64, 64}} {
		rows, cols := dims[0], dims[1]
		for _, unit := range []float64{1e-150, 1, 1e150} {
			a := random(s, rows*cols)
			copy(a[(rows-1)*cols:], a[:cols]) // two equal rows, where there are two
			for i := range a {
				a[i] *= unit
			}
			want, err := fid.GonumSingular(append([]float64(nil), a...), rows, cols)
			if err != nil {
				t.Fatal(err)
			}
			got, err := Singular(a, rows, cols)
			if err != nil {
				t.Fatal(err)
			}
			for i := range want {
				got[i], want[i] = got[i]/unit, want[i]/unit
			}
			near(t, fmt.Sprint("singular values ", dims, unit), got, want, 1e-13)
		}
	}
	if _, err := Singular(make([]float64, 5), 2, 3); err == nil || err.Error() != "nn: 5 values are not a 2×3 matrix" {
		t.Errorf("got %v", err)
	}
	if v, err := Singular([]float64{1, math.NaN(), 0, 1}, 2, 2); err == nil && !math.IsNaN(v[0]) {
		t.Errorf("a matrix with NaN has the singular values %g", v)
	}
}
