package nn

import (
	"fmt"

	"github.com/sugarme/gotch/libtch"
)

// Eigen gives the eigenvalues of the symmetric d×d matrix a, ascending, by LAPACK's
// syevd in libtorch; with vectors, a is overwritten by the eigenvectors, one a
// column (row-major a, as numpy.linalg.eigh gives them). It has the type fid.Eigen.
func Eigen(a []float64, d int, vectors bool) (values []float64, err error) {
	if len(a) != d*d {
		return nil, fmt.Errorf("nn: %d values are not a %d×%d matrix", len(a), d, d)
	}
	err = Guard(func() error {
		m := NewTensor(d, d, Float64)
		defer m.Free()
		copy(m.Float64s(), a)
		var c [2]libtch.Ctensor
		if !vectors {
			libtch.AtgLinalgEigvalsh(&c[0], m.c, "L")
			check("linalg_eigvalsh")
		} else {
			libtch.AtgLinalgEigh(&c[0], m.c, "L")
			check("linalg_eigh")
			defer libtch.AtFree(c[1])
			copyTensorFrom(m, c[1])
			copy(a, m.Float64s())
		}
		defer libtch.AtFree(c[0])
		values = make([]float64, d)
		v := NewTensor(1, d, Float64)
		defer v.Free()
		copyTensorFrom(v, c[0])
		copy(values, v.Float64s())
		return nil
	})
	return values, err
}

// copyTensorFrom copies a tensor of any strides into dst's own layout.
func copyTensorFrom(dst *Tensor, src libtch.Ctensor) {
	libtch.AtCopy_(dst.c, src)
	check("copy_")
}

// Gram adds xᵀx to the d×d matrix sum, x being n rows of d float64s.
func Gram(sum, x []float64, d int) error {
	n := len(x) / d
	if len(sum) != d*d || n*d != len(x) {
		return fmt.Errorf("nn: %d values are not rows of %d, or %d not %d×%d", len(x), d, len(sum), d, d)
	}
	return Guard(func() error {
		a, s := NewTensor(n, d, Float64), NewTensor(d, d, Float64)
		defer a.Free()
		defer s.Free()
		at := a.t()
		defer at.Free()
		copy(a.Float64s(), x)
		mm(s, at, a)
		for i, v := range s.Float64s() {
			sum[i] += v
		}
		return nil
	})
}
