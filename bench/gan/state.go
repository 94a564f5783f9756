//go:build cgo

package gan

import (
	"fmt"
	"math"

	"fig5/bench/nn"
	"fig5/bench/record"
	"fig5/bench/rng"
)

// arrays are the tensors that make up the state, by their name in a checkpoint.
func (t *GAN) arrays() map[string]*nn.Tensor {
	a := map[string]*nn.Tensor{}
	for name, half := range map[string]struct {
		net *nn.Net
		opt *nn.Optimizer
	}{"generator": {t.g, t.optG}, "discriminator": {t.d, t.optD}} {
		a[name+"_params"] = half.net.Params
		if half.net.Running != nil {
			a[name+"_running"] = half.net.Running
		}
		for i, s := range half.opt.State {
			a[fmt.Sprintf("%s_%s_%d", name, t.cfg.Train.Optimizer.Name, i)] = s
		}
	}
	return a
}

func (t *GAN) namedStreams() map[string]*rng.Stream {
	return map[string]*rng.Stream{"stream_draw": t.draw, "stream_heat": t.heat, "stream_noise": t.noise, "stream_eval": t.eval}
}

// checkpoint is the whole state.
func (t *GAN) checkpoint() (*record.Checkpoint, error) {
	c := &record.Checkpoint{Step: t.step, Arrays: map[string][]float32{}, Bytes: map[string][]byte{},
		Ints: map[string]int64{
			"generator_updates": t.optG.Steps, "discriminator_updates": t.optD.Steps, "loss_iterations": t.since,
			"discriminator_loss_bits": int64(math.Float64bits(t.dLoss)), "generator_loss_bits": int64(math.Float64bits(t.gLoss)),
		}}
	for name, a := range t.arrays() {
		c.Arrays[name] = a.Float32s()
	}
	for name, s := range t.namedStreams() {
		b, err := s.MarshalBinary()
		if err != nil {
			return nil, err
		}
		c.Bytes[name] = b
	}
	return c, nil
}

// restore takes over the nets and optimizers of a checkpoint; with position also
// the step, the streams and the loss sums.
func (t *GAN) restore(c *record.Checkpoint, position bool) error {
	for name, a := range t.arrays() {
		v, ok := c.Arrays[name]
		if !ok || len(v) != a.Len() {
			return fmt.Errorf("%s has %d values, this model has %d: it belongs to another config", name, len(v), a.Len())
		}
		a.Write(func(x []float32) { copy(x, v) })
	}
	t.optG.Steps, t.optD.Steps = c.Ints["generator_updates"], c.Ints["discriminator_updates"]
	if !position {
		return nil
	}
	t.step, t.since = c.Step, c.Ints["loss_iterations"]
	t.dLoss = math.Float64frombits(uint64(c.Ints["discriminator_loss_bits"]))
	t.gLoss = math.Float64frombits(uint64(c.Ints["generator_loss_bits"]))
	for name, s := range t.namedStreams() {
		if err := s.UnmarshalBinary(c.Bytes[name]); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}
