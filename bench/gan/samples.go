//go:build cgo

package gan

import (
	"fig5/bench/nn"
	"fig5/bench/record"
	"fig5/bench/rng"
)

// maker makes samples with a generator, some rows at a time.
type maker struct{ whole, rest *nn.Pass } // rest: of the rows that are left

// newMaker makes n samples, at most most at a time.
func newMaker(g *nn.Net, n, most int) maker {
	rows := g.Spec.Rows(min(most, n))
	m := maker{whole: g.NewPass(nn.Shape{Rows: rows})}
	if n%rows > 0 {
		m.rest = g.NewPass(nn.Shape{Rows: n % rows})
	}
	return m
}

// make fills out from noise, with the batch norms' running statistics.
func (m maker) make(out []float32, noise *rng.Stream) {
	for len(out) > 0 {
		p := m.whole
		if len(out) < p.Out.Len() {
			p = m.rest
		}
		p.X.Write(noise.Uniform)
		p.Forward(false)
		out = out[copy(out, p.Out.Float32s()):]
	}
}

func (m maker) free() {
	m.whole.Free()
	if m.rest != nil {
		m.rest.Free()
	}
}

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
	m := newMaker(j.g, n, n)
	defer m.free()
	out := make([]float32, n*d)
	m.make(out, rng.New(int64(j.run.Cell.Seed), "samples"))
	return record.WriteSamples(path, out, n, d)
}
