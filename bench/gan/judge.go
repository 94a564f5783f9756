package gan

import (
	"fmt"

	"fig5/bench/data"
	"fig5/bench/nn"
	"fig5/bench/rng"
	"fig5/fid"
)

// chunk is how many samples the generator makes at a time in a measurement: few
// enough for the cache.
const chunk = 250

// judge measures a generator: the Fréchet distance of its samples to the moments of
// all real data, and the modes they hold.
type judge struct {
	set       *data.Set
	reference *fid.Reference
	samples   []float32 // N×d, one measurement
	passes    []*nn.Pass
}

// score is one measurement.
type score struct {
	fid   float64
	modes int // -1 where nothing counts them
}

func newJudge(t *GAN) (*judge, error) {
	reference, err := realReference(t.data)
	if err != nil {
		return nil, err
	}
	j := &judge{set: t.data, reference: reference}
	n := t.cfg.FID.Samples
	j.samples = make([]float32, n*t.data.Dim)
	pass := t.g.NewPass(nn.Shape{Rows: min(chunk, n)})
	for made := 0; made < n; made += pass.X.Rows() {
		if n-made < pass.X.Rows() {
			pass = t.g.NewPass(nn.Shape{Rows: n - made})
		}
		j.passes = append(j.passes, pass)
	}
	return j, nil
}

// realReference is the moments of all real data, their root computed once.
func realReference(set *data.Set) (*fid.Reference, error) {
	m := fid.NewMoments(set.Dim)
	m.AddRows32(set.X)
	stats, err := m.Stats()
	if err != nil {
		return nil, fmt.Errorf("data.name: %s: %w", set.Name, err)
	}
	return fid.NewReference(stats, nn.Eigen)
}

// generate fills samples from noise, with the batch norms' running statistics.
func (j *judge) generate(noise *rng.Stream) {
	out := j.samples
	for _, p := range j.passes {
		noise.Uniform(p.X.Float32s())
		p.Forward(false)
		out = out[copy(out, p.Out.Float32s()):]
	}
}

// measure draws fresh samples and scores them.
func (j *judge) measure(noise *rng.Stream) (score, error) {
	j.generate(noise)
	return j.score(j.samples)
}

func (j *judge) score(x []float32) (score, error) {
	for i, v := range x {
		if !isFinite(float64(v)) {
			return score{}, diverged{fmt.Sprintf("sample %d is not finite", i/j.set.Dim)}
		}
	}
	d, err := j.reference.DistanceSamples(x, len(x)/j.set.Dim)
	if err != nil {
		return score{}, err
	}
	s := score{fid: d.FID, modes: -1}
	if j.set.Centres != nil {
		s.modes = data.CountModes(x, j.set.Dim, j.set.Centres)
	}
	return s, nil
}

func (j *judge) free() {
	var last *nn.Pass
	for _, p := range j.passes {
		if p != last {
			p.Free()
		}
		last = p
	}
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
