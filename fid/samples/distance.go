package samples

import (
	"fmt"

	"fig5/fid"
	"fig5/fid/npy"
)

// Result is the distance between two files, as `fig5 fid --json` writes it.
type Result struct {
	FID       float64   `json:"fid"`
	MeanTerm  float64   `json:"mean_term"`
	TraceTerm float64   `json:"trace_term"`
	Dims      int       `json:"dims"`
	N         [2]*int   `json:"n"` // null for statistics that do not tell
	Features  string    `json:"features"`
	Source    [2]string `json:"source"` // what each file was taken for
	Warnings  []string  `json:"warnings"`
}

// Method is how Distance works.
type Method struct {
	Features string       // what is compared, for the result
	Eigen    fid.Eigen    // for matrices beyond singular; nil for singular values throughout
	Singular fid.Singular // for the others; nil for gonum's

	// Stats is the statistics of a file; nil is those of the numbers themselves.
	Stats func(path string) (Measured, error)
}

// singular is the size of matrices up to which singular values, which lose nothing
// where the product of the covariances is singular, take no more than a second.
const singular = 1024

// Distance is the Fréchet distance between two files of samples or statistics. An
// error is about one of them and begins with its path.
func Distance(a, b string, m Method) (Result, error) {
	r := Result{Features: m.Features, Warnings: []string{}}
	if m.Stats == nil {
		m.Stats = Stats
	}
	var f [2]Measured
	for i, path := range [2]string{a, b} {
		var err error
		if f[i], err = m.Stats(path); err != nil {
			return r, err
		}
		r.Source[i] = f[i].Source
		r.warn(path, f[i].Warnings...)
		if n := f[i].Stats.N; n > 0 {
			r.N[i] = &n
		}
	}
	one, two := f[0].Stats, f[1].Stats
	r.Dims = one.Dim()
	if d := two.Dim(); d != r.Dims {
		return r, fmt.Errorf("%s: is of dimension %d, but %s of dimension %d", b, d, a, r.Dims)
	}
	ref, err := fid.NewReference(one, m.Eigen)
	if err != nil {
		return r, fmt.Errorf("%s: %w", a, err)
	}
	if m.Eigen == nil || min(rank(one), rank(two)) <= singular {
		ref.Singular = m.Singular
		if m.Singular == nil {
			ref.Singular = fid.GonumSingular
		}
	}
	d, err := ref.Distance(two)
	if err != nil {
		return r, fmt.Errorf("%s: %w", b, err)
	}
	r.FID, r.MeanTerm, r.TraceTerm = d.FID, d.MeanTerm, d.TraceTerm
	r.warn(a, ref.Warnings...)
	r.warn(b, d.Warnings...)
	if one, two := f[0].Scale, f[1].Scale; one != two && min(one, two) > NoScale && max(one, two) > Integers {
		r.warn(b, fmt.Sprintf("taken as %s; %s as %s; see that both show the same range", two, a, one))
	}
	return r, nil
}

func (r *Result) warn(path string, warnings ...string) {
	for _, w := range warnings {
		r.Warnings = append(r.Warnings, path+": "+w)
	}
}

// rank is what the rank of a covariance is at most.
func rank(s fid.Stats) int {
	if s.N > 0 {
		return min(s.N-1, s.Dim())
	}
	return s.Dim()
}

// Work is about how many multiplications of doubles Distance makes of the numbers of
// two files, by their headers; 0 where these cannot be read.
func Work(a, b string) float64 {
	na, da := size(a)
	nb, db := size(b)
	if da != db || da == 0 {
		return 0
	}
	d := float64(da)
	work, least := 0.0, d
	for _, n := range []float64{float64(na), float64(nb)} {
		work += n * d * d / 2 // moments, or n×k rows and the k×d root
		if n > 0 && n < d {
			least = min(least, n)
		} else {
			work += d * d * d / 6 // root
		}
	}
	return work + least*d*d/2 + 2*least*least*least
}

// size is the number of samples, 0 for statistics, and of features; 0, 0 where they
// cannot be read.
func size(path string) (n, d int) {
	if HoldsStats(path) {
		z, err := npy.OpenArchive(path)
		if err != nil {
			return 0, 0
		}
		defer z.Close()
		mu, err := z.Array("mu")
		if err != nil {
			return 0, 0
		}
		return 0, mu.Len()
	}
	s, err := Open(path)
	if err != nil {
		return 0, 0
	}
	defer s.Close()
	return s.N, s.D
}
