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
	var files [2]Measured
	var stats [2]fid.Stats
	for i, path := range [2]string{a, b} {
		f, err := m.Stats(path)
		if err != nil {
			return r, err
		}
		files[i], stats[i], r.Source[i] = f, f.Stats, f.Source
		r.warn(path, f.Warnings)
		if n := f.Stats.N; n > 0 {
			r.N[i] = &n
		}
	}
	r.Dims = stats[0].Dim()
	if d := stats[1].Dim(); d != r.Dims {
		return r, fmt.Errorf("%s: is of dimension %d, but %s of dimension %d", b, d, a, r.Dims)
	}
	ref, err := fid.NewReference(stats[0], m.Eigen)
	if err != nil {
		return r, fmt.Errorf("%s: %w", a, err)
	}
	if m.Eigen == nil || min(rank(stats[0]), rank(stats[1])) <= singular {
		ref.Singular = m.Singular
		if m.Singular == nil {
			ref.Singular = fid.GonumSingular
		}
	}
	d, err := ref.Distance(stats[1])
	if err != nil {
		return r, fmt.Errorf("%s: %w", b, err)
	}
	r.FID, r.MeanTerm, r.TraceTerm = d.FID, d.MeanTerm, d.TraceTerm
	r.warn(a, ref.Warnings)
	r.warn(b, d.Warnings)
	if one, two := files[0], files[1]; one.Scale != two.Scale && min(one.Scale, two.Scale) > NoScale && max(one.Scale, two.Scale) > Integers {
		r.warn(b, []string{fmt.Sprintf("taken as %s; %s as %s; see that both show the same range", two.Scale, a, one.Scale)})
	}
	return r, nil
}

func (r *Result) warn(path string, warnings []string) {
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
		if n > 0 && n < d {
			least = min(least, n)
			work += n * d * d / 2 // n×k rows, k×d root
			continue
		}
		work += n*d*d/2 + d*d*d/6 // moments, root
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
