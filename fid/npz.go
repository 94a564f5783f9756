package fid

import (
	"fmt"

	"github.com/google/renameio/v2"
	"github.com/sbinet/npyio/npz"
	"gonum.org/v1/gonum/mat"

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
		return Stats{}, atPath(path, err)
	}
	defer z.Close()
	s, err := statsOf(z)
	if err != nil {
		return Stats{}, atPath(path, err)
	}
	return s, nil
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
func WriteStats(path string, s Stats) error {
	if err := s.made(); err != nil {
		return atPath(path, err)
	}
	f, err := renameio.NewPendingFile(path, renameio.WithPermissions(0o644))
	if err != nil {
		return atPath(path, err)
	}
	defer f.Cleanup()
	w := npz.NewWriter(f)
	err = w.Write("mu.npy", s.Mean)
	if err == nil {
		err = w.Write("sigma.npy", mat.DenseCopyOf(s.Cov()))
	}
	if err == nil && s.N > 0 {
		err = w.Write("n.npy", int64(s.N))
	}
	if err == nil {
		err = w.Close()
	}
	if err == nil {
		err = f.CloseAtomicallyReplace()
	}
	if err != nil {
		return atPath(path, err)
	}
	return nil
}
