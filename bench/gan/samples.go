//go:build cgo

package gan

import (
	"fig5/bench/nn"
	"fig5/bench/record"
	"fig5/bench/rng"
)

// samples keeps what the generator makes at the end of level i, from the same noise
// at every level and for every cell of the seed.
func (j *job) samples(i int, beta float64) error {
	n, d := j.data.Shape.Kept(), j.data.Dim
	noise := rng.New(int64(j.run.Cell.Seed), "samples")
	p := j.g.NewPass(nn.Shape{Rows: n})
	defer p.Free()
	p.X.Write(noise.Uniform)
	p.Forward(false)
	return record.WriteSamples(j.dir.LevelSamples(i, beta), p.Out.Float32s(), n, d)
}
