//go:build cgo

package gan

import (
	"fmt"
	"slices"
	"strings"

	"fig5/bench/anneal"
	"fig5/bench/config"
	"fig5/bench/data"
	"fig5/bench/models"
	"fig5/bench/nn"
	"fig5/bench/rng"
)

// GAN is the state of Algorithm 1: two nets, their optimizers, the random streams
// and how many iterations have been made.
type GAN struct {
	cfg        *config.Config
	data       *data.Set
	g, d       *nn.Net
	optG, optD *nn.Optimizer
	steps      *nn.Steps
	index      []int32 // of the real samples of a batch
	saturating bool

	step         int64
	dLoss, gLoss float64 // sums since the last row of the curve
	since        int64   // iterations in them

	// One stream a purpose: which points are drawn, the heat they get, the noise of
	// training and that of the evaluations.
	draw, heat, noise, eval *rng.Stream
}

// New is the start of a seed: nets drawn from their initial distribution, nothing
// trained. All cells of a seed start from the same one.
func New(cfg *config.Config, set *data.Set, seed int) (*GAN, error) {
	device, err := nn.OpenDevice(cfg.Train.Device)
	if err != nil {
		return nil, fmt.Errorf("train.device: %w", err)
	}
	specG, specD := cfg.Model.Nets(set.Shape)
	if specG == nil {
		return nil, fmt.Errorf("model.name: %q is not a model (%s)", cfg.Model.Name, strings.Join(models.Names(), ", "))
	}
	t := &GAN{cfg: cfg, data: set, index: make([]int32, cfg.Train.Batch), saturating: cfg.Train.Loss != "nonsaturating"}
	engine := nn.Engine(cfg.Train.Engine)
	t.g, t.d = nn.New(specG, nn.Float32, engine, device), nn.New(specD, nn.Float32, engine, device)
	t.g.Init(rng.New(int64(seed), "init generator"))
	t.d.Init(rng.New(int64(seed), "init discriminator"))
	t.steps = nn.NewSteps(t.g, t.d, cfg.Train.Batch)
	o := cfg.Train.Optimizer
	optimizer := func(n *nn.Net) *nn.Optimizer {
		if o.Name == "sgd" {
			return nn.NewSGD(n, nn.SGD{LR: o.LR, Momentum: o.Momentum})
		}
		return nn.NewAdam(n, nn.Adam{LR: o.LR, Beta1: o.Beta1, Beta2: o.Beta2, Eps: o.Eps})
	}
	t.optG, t.optD = optimizer(t.g), optimizer(t.d)
	t.streams(seed, "pretrain")
	return t, nil
}

// streams starts the random streams of a stage, pretrain or train: what the first
// stage drew does not shift the second.
func (t *GAN) streams(seed int, stage string) {
	s := func(purpose string) *rng.Stream { return rng.New(int64(seed), stage+" "+purpose) }
	t.draw, t.heat, t.noise, t.eval = s("draw"), s("heat"), s("noise"), s("eval")
}

// iterate is one iteration of Algorithm 1 at β: a step of the discriminator on real
// samples heated to β and fresh generated ones, then a step of the generator.
func (t *GAN) iterate(box anneal.Box, beta float64) {
	t.sampleReal(box, beta)
	t.steps.Z.Write(t.noise.Uniform)
	t.dLoss += t.steps.DGrads()
	t.optD.Step(t.d)

	t.steps.Z.Write(t.noise.Uniform)
	t.gLoss += t.steps.GGrads(t.saturating)
	t.optG.Step(t.g)

	t.step++
	t.since++
}

// sampleReal fills the real half of the batch: points drawn with replacement, each
// with fresh heat. At β = 0 the box is uniform and no point is drawn.
func (t *GAN) sampleReal(box anneal.Box, beta float64) {
	t.steps.Real.Write(func(x []float32) {
		if beta > 0 {
			n := uint32(t.data.Len())
			for i := range t.index {
				t.index[i] = int32(t.draw.Uint32N(n))
			}
			t.data.Gather(x, t.index)
		}
		box.Heat(x, beta, t.heat)
	})
}

// losses are the mean losses since they were last asked for; NaN after no iteration.
func (t *GAN) losses() (d, g float64) {
	n := float64(t.since)
	d, g = t.dLoss/n, t.gLoss/n
	t.dLoss, t.gLoss, t.since = 0, 0, 0
	return d, g
}

// finite says whether every parameter of both nets is a number.
func (t *GAN) finite() bool {
	return !slices.ContainsFunc(t.g.Params.Float32s(), notFinite) && !slices.ContainsFunc(t.d.Params.Float32s(), notFinite)
}
