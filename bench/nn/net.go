//go:build cgo

package nn

import (
	"math"

	"fig5/bench/models"
	"fig5/bench/rng"
)

// Net is a net's parameters and the engine that works on them.
type Net struct {
	Spec    models.Net
	Params  *Tensor // 1×P: for each layer W (row-major, see models.Layer), then b, or the norm's scale and shift
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

// New is a net on a device with zero weights, unit scales and unit running variances.
func New(s models.Net, dtype DType, e Engine, d Device) *Net {
	n := &Net{Spec: s, ops: newOps(e, dtype, d)}
	n.Params = newTensor(1, s.Weights(), dtype, d)
	n.Grads = like(n.Params)
	if r := s.Running(); r > 0 {
		n.Running = n.Params.beside(1, r)
	}
	at, run := 0, 0
	both := func(rows, cols int) (p, g *Tensor) {
		p, g = n.Params.View(at, rows, cols), n.Grads.View(at, rows, cols)
		at += rows * cols
		return p, g
	}
	for _, l := range s {
		var p layerParams
		_, in, out := l.Matrix()
		units := l.Units()
		p.w, p.dw = both(in, out)
		p.wT = p.w.t()
		if l.BatchNorm {
			p.scale, p.dscale = both(1, units)
			p.shift, p.dshift = both(1, units)
			p.runningMean = n.Running.View(run, 1, units)
			p.runningVar = n.Running.View(run+units, 1, units)
			run += 2 * units
			fill(p.scale, 1)
			fill(p.runningVar, 1)
		} else {
			p.b, p.db = both(1, units)
		}
		n.layers = append(n.layers, p)
	}
	return n
}

// mapsDeviation is that of the initial weights between maps (Radford et al. 2016).
const mapsDeviation = 0.02

// Init draws weights and biases from U(±1/√fan_in), layer by layer, but weights between
// maps from N(0, 0.02²); batch norms start as the identity.
func (n *Net) Init(s *rng.Stream) {
	for i, l := range n.Spec {
		p := n.layers[i]
		bound := 1 / math.Sqrt(float64(l.FanIn()))
		uniform := func(int) float64 { return bound * (2*s.Float64() - 1) }
		if l.Kind == models.Linear {
			p.w.each(uniform)
		} else {
			p.w.each(func(int) float64 { return mapsDeviation * s.NormFloat64() })
		}
		if p.b != nil {
			p.b.each(uniform)
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
	h := t.mirror()
	if t.dtype == Float64 {
		for i := range h.Float64s() {
			h.Float64s()[i] = f(i)
		}
	} else {
		x := h.Float32s()
		for i := range x {
			x[i] = float32(f(i))
		}
	}
	t.take(h)
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
