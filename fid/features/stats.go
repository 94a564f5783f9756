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
	stats, notes, err := gather(ctx, path, set, e, told)
	m := set.Measured(stats)
	m.Warnings = append(m.Warnings, notes...)
	return m, err
}

// gather is the statistics of the features of a set's images, which are in [-1, 1], and what
// is to be said of the unit of their numbers.
func gather(ctx context.Context, path string, set *samples.Set, e *Extractor, told func(done, of int)) (stats fid.Stats, notes []string, err error) {
	n, d := set.N, set.D
	wide := make([]float64, min(max(n, 1), e.batch)*d)
	x := make([]float32, len(wide))
	var all []float32  // the features of fewer samples than features
	var m *fid.Moments // those of more
	if n >= e.Dim() {
		m = fid.NewMoments(e.Dim())
	}
	done, outside, negative := 0, 0, 0
	for {
		if ctx.Err() != nil {
			return stats, nil, errors.New("interrupted")
		}
		rows, err := set.Read(wide)
		if err == io.EOF {
			break
		}
		if err != nil {
			return stats, nil, err
		}
		for i, v := range wide[:rows*d] {
			switch {
			case v != v:
				return stats, nil, fmt.Errorf("%s: sample %d, number %d is NaN", path, done+i/d, i%d)
			case v < 0:
				negative++
			}
			if v < -1 || v > 1 {
				outside++
			}
			x[i] = float32(v)
		}
		f, err := e.Extract(x[:rows*d], rows)
		if err != nil {
			return stats, nil, fmt.Errorf("%s: %w", path, err)
		}
		if m != nil {
			m.AddRows32(f)
		} else {
			all = append(all, f...)
		}
		if done += rows; told != nil {
			told(done, n)
		}
	}
	switch {
	case outside > 0:
		notes = append(notes, fmt.Sprintf("%.2g %% of the numbers are outside [-1, 1], which images are in, and were cut", 100*float64(outside)/float64(done*d)))
	case negative == 0 && done > 0 && set.Scale == samples.AsStored:
		notes = append(notes, "no number is negative; images are in [-1, 1], not [0, 1]")
	}
	if m != nil {
		stats, err = m.Stats()
	} else {
		stats, err = fid.OfRows(all, n, e.Dim())
	}
	if err != nil {
		return stats, notes, fmt.Errorf("%s: the features: %w", path, err)
	}
	return stats, notes, nil
}
