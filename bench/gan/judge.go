//go:build cgo

package gan

import (
	"context"
	"fmt"
	"slices"

	"fig5/bench/data"
	"fig5/bench/nn"
	"fig5/bench/record"
	"fig5/bench/rng"
	"fig5/fid"
	"fig5/fid/features"
)

// chunk is how many samples the generator makes at most at a time in a measurement.
const chunk = 250

// judge measures a generator: the Fréchet distance of the features of its samples to
// those of all real data, and the modes they hold.
type judge struct {
	set       *data.Set
	features  *features.Extractor
	reference *fid.Reference
	samples   []float32 // N×d, one measurement
	maker     maker
}

// score is one measurement.
type score struct {
	fid   float64
	modes int // -1 where nothing counts them
}

// newJudge makes the judge of a run in sweep.
func newJudge(ctx context.Context, t *GAN, sweep record.Sweep) (*judge, error) {
	f := t.cfg.FID.Features
	extractor, err := features.Open(features.Spec{Name: f.Name, Path: f.TorchScript, Size: f.Size, SHA256: f.SHA256}, features.Shape(t.data.Shape))
	if err != nil {
		return nil, fmt.Errorf("fid.features: %w", err)
	}
	j := &judge{set: t.data, features: extractor}
	stats, err := j.realStats(ctx, sweep, f)
	if err == nil {
		j.reference, err = fid.NewReference(stats, nn.Eigen)
	}
	if err != nil {
		extractor.Close()
		return nil, err
	}
	n := t.cfg.FID.Samples
	j.samples = make([]float32, n*t.data.Dim)
	j.maker = newMaker(t.g, n, chunk)
	return j, nil
}

// measure draws fresh samples and scores them.
func (j *judge) measure(noise *rng.Stream) (score, error) {
	j.maker.make(j.samples, noise)
	return j.score(j.samples)
}

func (j *judge) score(x []float32) (score, error) {
	if i := slices.IndexFunc(x, notFinite); i >= 0 {
		return score{}, diverged{fmt.Sprintf("sample %d is not finite", i/j.set.Dim)}
	}
	n := len(x) / j.set.Dim
	f, err := j.features.Extract(x, n)
	if err != nil {
		return score{}, err
	}
	d, err := j.reference.DistanceSamples(f, n)
	if err != nil {
		return score{}, err
	}
	s := score{fid: d.FID, modes: -1}
	switch {
	case j.set.Centres != nil:
		s.modes = data.CountModes(x, j.set.Dim, j.set.Centres)
	case j.set.Classifier == j.features.Name():
		s.modes = data.Held(j.features.LeNet().Count(f))
	}
	return s, nil
}

// classes is how many of a measurement's samples are of each class; nil where nothing
// tells them.
func (j *judge) classes(noise *rng.Stream) ([]float32, error) {
	if j.set.Classifier != j.features.Name() {
		return nil, nil
	}
	j.maker.make(j.samples, noise)
	f, err := j.features.Extract(j.samples, len(j.samples)/j.set.Dim)
	if err != nil {
		return nil, err
	}
	var counts []float32
	for _, n := range j.features.LeNet().Count(f) {
		counts = append(counts, float32(n))
	}
	return counts, nil
}

func (j *judge) free() {
	j.features.Close()
	j.maker.free()
}

// real scores as many real samples, drawn with replacement.
func (j *judge) real(draw *rng.Stream) (score, error) {
	n := len(j.samples) / j.set.Dim
	index := make([]int32, n)
	for i := range index {
		index[i] = int32(draw.Uint32N(uint32(j.set.Len())))
	}
	j.set.Gather(j.samples, index)
	return j.score(j.samples)
}
