package fid

import (
	"fmt"

	"fig5/fid/files"
	"fig5/fid/npy"
)

// symmetryTol32 is symmetryTol for a covariance stored in float32 or float16.
const symmetryTol32 = 1e-5

// ReadStats reads statistics from an .npz file as pytorch-fid writes it: mu of
// shape (d,) and sigma of shape (d, d). For d = 1 NumPy's cov makes sigma a single
// number; that, (1,) and (1, 1) are read, and mu as a single number too. A whole
// number n, which WriteStats adds, is the number of samples. What NewStats refuses
// is refused. Errors begin with path.
func ReadStats(path string) (Stats, error) {
	z, err := npy.OpenArchive(path)
	if err != nil {
		return Stats{}, err
	}
	defer z.Close()
	s, err := statsOf(z)
	return s, files.Error(path, err)
}

func statsOf(z *npy.Archive) (Stats, error) {
	for _, key := range []string{"mu", "sigma"} {
		if !z.Has(key) {
			return Stats{}, fmt.Errorf("holds no %s; statistics have mu and sigma", key)
		}
	}
	sigma, err := z.Array("sigma") // its header, before the numbers of mu
	if err != nil {
		return Stats{}, err
	}
	mu, err := z.Array("mu")
	if err != nil {
		return Stats{}, err
	}
	d := mu.Len()
	switch k := len(sigma.Shape); {
	case len(mu.Shape) > 1 || d == 0:
		return Stats{}, fmt.Errorf("mu: has shape %s, want (d,)", mu.ShapeString())
	case d > MaxDim:
		return Stats{}, fmt.Errorf("mu: %d features; a covariance is held for at most %d", d, MaxDim)
	case k == 2 && (sigma.Shape[0] != d || sigma.Shape[1] != d), k != 2 && (k > 2 || d > 1 || sigma.Len() != 1):
		return Stats{}, fmt.Errorf("sigma: has shape %s, want (%d, %d) for the %d elements of mu", sigma.ShapeString(), d, d, d)
	}
	n, err := samplesOf(z)
	if err != nil {
		return Stats{}, err
	}
	mean, err := mu.All()
	if err != nil {
		return Stats{}, fmt.Errorf("mu: %w", err)
	}
	cov, err := sigma.All()
	if err != nil {
		return Stats{}, fmt.Errorf("sigma: %w", err)
	}
	tol := symmetryTol
	if sigma.Type == "float32" || sigma.Type == "float16" {
		tol = symmetryTol32
	}
	return newStats(mean, cov, n, tol)
}

// samplesOf is the whole number n of the archive, 0 where there is none.
func samplesOf(z *npy.Archive) (int, error) {
	if !z.Has("n") {
		return 0, nil
	}
	a, err := z.Array("n")
	if err != nil {
		return 0, err
	}
	if !a.Integer || len(a.Shape) != 0 {
		return 0, nil // another program's n
	}
	v, err := a.All()
	if err != nil {
		return 0, fmt.Errorf("n: %w", err)
	}
	n := int(v[0])
	if err := enough(n); err != nil {
		return 0, fmt.Errorf("n: %w", err)
	}
	return n, nil
}

// WriteStats writes statistics to an .npz file that pytorch-fid reads: mu (d,) and
// sigma (d, d) in float64, and n where known. The file appears whole or not at all.
// Errors begin with path.
func WriteStats(path string, s Stats) error {
	if err := s.made(); err != nil {
		return files.Error(path, err)
	}
	d := s.Dim()
	return npy.Save(path, func(w *npy.Writer) error {
		err := npy.Add(w, "mu", s.Mean, d)
		if err == nil {
			err = npy.Add(w, "sigma", s.Cov().RawSymmetric().Data, d, d) // both triangles are filled
		}
		if err == nil && s.N > 0 {
			err = npy.Add(w, "n", []int64{int64(s.N)})
		}
		return err
	})
}
