package nn

import (
	"fmt"
	"math"

	"fig5/bench/rng"
)

// Activation is what follows a linear layer (and its batch norm).
type Activation int

// The activations of Figures 2 and 3; the sigmoid at the end of a discriminator
// is part of the loss, which works on logits.
const (
	Identity Activation = iota
	ReLU
	Tanh
)

// Layer is one fully connected layer: act(norm(x W + b)). Where batch norm
// follows, there is no b: the norm subtracts it again, exactly.
type Layer struct {
	In, Out   int
	BatchNorm bool
	Act       Activation
}

// Spec is the layers of a net, from input to output.
type Spec []Layer

// Params is how many trained parameters the net has.
func (s Spec) Params() int {
	n := 0
	for _, l := range s {
		n += l.In*l.Out + l.Out
		if l.BatchNorm {
			n += l.Out
		}
	}
	return n
}

// BatchNorm says whether any layer has it.
func (s Spec) BatchNorm() bool {
	for _, l := range s {
		if l.BatchNorm {
			return true
		}
	}
	return false
}

func (s Spec) running() int {
	n := 0
	for _, l := range s {
		if l.BatchNorm {
			n += 2 * l.Out
		}
	}
	return n
}

// Models are the generator and discriminator of a model by its name in a config,
// for data of dimension d: toy is Figure 2, mnist-fc Figure 3. Noise has the
// dimension of the data.
func Models(name string, d int) (g, dis Spec, err error) {
	switch name {
	case "toy":
		return stack(d, []int{128, 128}, d, false, ReLU), stack(d, []int{128, 128, 128}, 1, false, Tanh), nil
	case "mnist-fc":
		return stack(d, []int{256, 256, 256}, d, true, ReLU), stack(d, []int{256, 512, 512}, 1, true, ReLU), nil
	}
	return nil, nil, fmt.Errorf("model.name: %q has no network here (toy, mnist-fc)", name)
}

func stack(in int, hidden []int, out int, norm bool, act Activation) Spec {
	var s Spec
	for _, h := range hidden {
		s = append(s, Layer{in, h, norm, act})
		in = h
	}
	return append(s, Layer{In: in, Out: out})
}

// Net is a net's parameters and the engine that works on them.
type Net struct {
	Spec
	Params  *Tensor // 1×P: for each layer W (In×Out, row-major), then b, or the norm's scale and shift
	Grads   *Tensor // 1×P, in the same order
	Running *Tensor // 1×R: for each batch norm its running mean, then variance; nil without
	layers  []layerParams
	ops     ops
}

// layerParams are one layer's views into the flat tensors; nil where there is none.
type layerParams struct {
	w, wT, b, scale, shift  *Tensor
	dw, db, dscale, dshift  *Tensor
	runningMean, runningVar *Tensor
}

// Engine chooses the implementation of a net's operations.
type Engine string

// EngineTorch is libtorch's operators alone; EngineAuto is the fused kernels,
// which exist for float32 on the CPU.
const (
	EngineTorch Engine = "torch"
	EngineAuto  Engine = "auto"
)

// New is a net with zero weights, unit scales and unit running variances.
func New(s Spec, dtype DType, e Engine) *Net {
	n := &Net{Spec: s, ops: newOps(e, dtype)}
	n.Params = NewTensor(1, s.Params(), dtype)
	n.Grads = NewTensor(1, s.Params(), dtype)
	if r := s.running(); r > 0 {
		n.Running = NewTensor(1, r, dtype)
	}
	at, run := 0, 0
	both := func(rows, cols int) (p, g *Tensor) {
		p, g = n.Params.View(at, rows, cols), n.Grads.View(at, rows, cols)
		at += rows * cols
		return p, g
	}
	for _, l := range s {
		var p layerParams
		p.w, p.dw = both(l.In, l.Out)
		p.wT = p.w.t()
		if l.BatchNorm {
			p.scale, p.dscale = both(1, l.Out)
			p.shift, p.dshift = both(1, l.Out)
			p.runningMean = n.Running.View(run, 1, l.Out)
			p.runningVar = n.Running.View(run+l.Out, 1, l.Out)
			run += 2 * l.Out
			fill(p.scale, 1)
			fill(p.runningVar, 1)
		} else {
			p.b, p.db = both(1, l.Out)
		}
		n.layers = append(n.layers, p)
	}
	return n
}

// Init draws weights and biases from U(±1/√fan_in), layer by layer; batch norms
// start as the identity.
func (n *Net) Init(s *rng.Stream) {
	for i, l := range n.Spec {
		p := n.layers[i]
		bound := 1 / math.Sqrt(float64(l.In))
		for _, t := range []*Tensor{p.w, p.b} {
			if t == nil {
				continue
			}
			t.each(func(int) float64 { return bound * (2*s.Float64() - 1) })
		}
		if l.BatchNorm {
			fill(p.scale, 1)
			fill(p.shift, 0)
			fill(p.runningMean, 0)
			fill(p.runningVar, 1)
		}
	}
}

// each sets every element to what f gives for its index.
func (t *Tensor) each(f func(i int) float64) {
	if t.dtype == Float64 {
		for i := range t.Float64s() {
			t.Float64s()[i] = f(i)
		}
		return
	}
	x := t.Float32s()
	for i := range x {
		x[i] = float32(f(i))
	}
}

func fill(t *Tensor, v float64) { t.each(func(int) float64 { return v }) }

// Free gives the memory of the net back.
func (n *Net) Free() {
	for _, p := range n.layers {
		for _, t := range []*Tensor{p.w, p.wT, p.b, p.scale, p.shift, p.dw, p.db, p.dscale, p.dshift, p.runningMean, p.runningVar} {
			t.Free()
		}
	}
	n.Params.Free()
	n.Grads.Free()
	n.Running.Free()
}
