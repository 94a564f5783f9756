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
	owner
	layers  []layerParams
	kernels bool // the fused ones, for the layers that have them
}

// layerParams are one layer's views into the flat tensors; nil where there is none.
type layerParams struct {
	w, b, scale, shift      *Tensor
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
	n := &Net{Spec: s, kernels: e == EngineAuto && dtype == Float32 && d == CPU}
	n.Params = n.own(newTensor(1, s.Weights(), dtype, d))
	n.Grads = n.zeros(n.Params, 1, s.Weights())
	if r := s.Running(); r > 0 {
		n.Running = n.zeros(n.Params, 1, r)
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
		if l.BatchNorm {
			p.scale, p.dscale = both(1, units)
			p.shift, p.dshift = both(1, units)
			p.runningMean = n.Running.View(run, 1, units)
			p.runningVar = n.Running.View(run+units, 1, units)
			run += 2 * units
			p.scale.fill(1)
			p.runningVar.fill(1)
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
// maps from N(0, 0.02²); batch norms are left as New makes them, the identity.
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
	}
}
