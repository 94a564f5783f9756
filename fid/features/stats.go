//go:build cgo

package features

import (
	"context"
	"errors"
	"fmt"
	"io"

	"fig5/fid"
	"fig5/fid/samples"
)

// Stats is the statistics of the features of a file's samples, or the statistics that
// the file holds, whose features are the caller's business. Samples are images as
// samples.AsImages takes them. Told, which may be nil, hears how many of the samples
// are done. Errors begin with the path of the file at fault.
func Stats(ctx context.Context, path string, spec Spec, told func(done, of int)) (samples.Measured, error) {
	if samples.HoldsStats(path) || spec.Name == Raw {
		return samples.Stats(path)
	}
	set, err := samples.Open(path)
	if err != nil {
		return samples.Measured{}, err
	}
	defer set.Close()
	layout, err := set.AsImages()
	if err != nil {
		return samples.Measured{}, err
	}
	e, err := Open(spec, Shape(layout))
	if err != nil {
		if spec.Name != TorchScript { // an error about the images; a module's is about the module
			err = fmt.Errorf("%s: %w", path, err)
		}
		return samples.Measured{}, err
	}
	defer e.Close()
	r := &reader{path: path, set: set, rows: max(e.batch, 1)}
	stats, err := r.stats(ctx, e, told)
	m := set.Measured(stats)
	m.Warnings = append(m.Warnings, r.warnings()...)
	return m, err
}

// reader reads a set as images in [-1, 1].
type reader struct {
	path string
	set  *samples.Set
	rows int // at a time
	wide []float64
	x    []float32

	done, outside, negative int // numbers seen, those outside [-1, 1], those below 0
}

// next is the next images, none at the end.
func (r *reader) next() ([]float32, int, error) {
	d := r.set.D
	if r.wide == nil {
		r.wide, r.x = make([]float64, r.rows*d), make([]float32, r.rows*d)
	}
	n, err := r.set.Read(r.wide)
	if err == io.EOF {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, err
	}
	for i, v := range r.wide[:n*d] {
		switch {
		case v != v:
			return nil, 0, fmt.Errorf("%s: sample %d, number %d is NaN", r.path, (r.done+i)/d, i%d)
		case v < 0:
			r.negative++
		}
		if v < -1 || v > 1 {
			r.outside++
		}
		r.x[i] = float32(v)
	}
	r.done += n * d
	return r.x[:n*d], n, nil
}

// warnings are about the unit of the numbers that were read.
func (r *reader) warnings() []string {
	switch {
	case r.outside > 0:
		return []string{fmt.Sprintf("%.2g %% of the numbers are outside [-1, 1], which images are in, and were cut", 100*float64(r.outside)/float64(r.done))}
	case r.negative == 0 && r.done > 0 && r.set.Scale == samples.AsStored:
		return []string{"no number is negative; images are in [-1, 1], not [0, 1]"}
	}
	return nil
}

// stats gathers the statistics of the features.
func (r *reader) stats(ctx context.Context, e *Extractor, told func(done, of int)) (fid.Stats, error) {
	n := r.set.N
	var all []float64  // the features of fewer samples than features
	var m *fid.Moments // those of more
	if n >= e.Dim() {
		m = fid.NewMoments(e.Dim())
	}
	for done := 0; ; {
		if ctx.Err() != nil {
			return fid.Stats{}, errors.New("interrupted")
		}
		x, rows, err := r.next()
		if err != nil {
			return fid.Stats{}, err
		}
		if rows == 0 {
			break
		}
		f, err := e.Extract(x, rows)
		if err != nil {
			return fid.Stats{}, fmt.Errorf("%s: %w", r.path, err)
		}
		if m != nil {
			m.AddRows32(f)
		} else {
			for _, v := range f {
				all = append(all, float64(v))
			}
		}
		if done += rows; told != nil {
			told(done, n)
		}
	}
	var stats fid.Stats
	var err error
	if m != nil {
		stats, err = m.Stats()
	} else {
		stats, err = fid.OfRows(all, n, e.Dim())
	}
	if err != nil {
		return fid.Stats{}, fmt.Errorf("%s: the features: %w", r.path, err)
	}
	return stats, nil
}
