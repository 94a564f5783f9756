//go:build cgo

package gan

import (
	"fig5/bench/nn"
	"fig5/bench/record"
	"fig5/bench/rng"
)

// keep writes what the generator makes now to path, from the same noise at every time and
// for every cell of the seed, and beside it how many of other samples are of each class.
func (j *job) keep(path string) error {
	counts, err := j.judge.classes(rng.New(int64(j.run.Cell.Seed), "samples classes"))
	if err == nil && counts != nil {
		err = record.WriteSamples(record.Classes(path), counts, 1, len(counts))
	}
	if err != nil {
		return err
	}
	n, d := j.data.Shape.Kept(), j.data.Dim
	noise := rng.New(int64(j.run.Cell.Seed), "samples")
	p := j.g.NewPass(nn.Shape{Rows: n})
	defer p.Free()
	p.X.Write(noise.Uniform)
	p.Forward(false)
	return record.WriteSamples(path, p.Out.Float32s(), n, d)
}
