//go:build cgo

package nn

import (
	"fig5/bench/models"
	"fig5/bench/nn/kernel"
)

// fusedOps is the engine of fused CPU kernels on libtorch's float32 memory, with
// libtorch's operators for what has no kernel.
type fusedOps struct{ torchOps }

// Kernels names what an engine computes with, for a run's manifest: bits depend on it.
func Kernels(e Engine, device string) string {
	switch {
	case device != "cpu":
		return "libtorch " + device
	case e == EngineAuto:
		return "fused " + kernel.Set()
	}
	return "libtorch"
}

// slice is t's memory, nil for no tensor.
func slice(t *Tensor) []float32 {
	if t == nil {
		return nil
	}
	return t.Float32s()
}

var kernelAct = [...]kernel.Activation{models.Identity: kernel.None, models.ReLU: kernel.ReLU, models.Tanh: kernel.Tanh}

// linear is the layer's kernel; where a norm follows, the activation belongs to it.
func (l *layerPass) linear() kernel.Linear {
	k := kernel.Linear{In: l.In, Out: l.Out}
	if l.groups == nil {
		k.Act = kernelAct[l.Act]
	}
	return k
}

// fused says whether the layer has kernels: a norm has one with ReLU behind it.
func (l *layerPass) fused() bool { return l.groups == nil || l.Act == models.ReLU }

func (f fusedOps) forward(l *layerPass, train bool) {
	switch {
	case !l.fused():
		f.torchOps.forward(l, train)
	case l.groups == nil:
		l.linear().Forward(slice(l.y), slice(l.x), slice(l.w), slice(l.b), l.rows)
	default:
		l.linear().Forward(slice(l.z), slice(l.x), slice(l.w), nil, l.rows)
		n := kernel.Norm{Width: l.Out}
		for _, g := range l.groups {
			if train {
				n.Forward(slice(g.y), slice(g.z), slice(l.scale), slice(l.shift), slice(l.runningMean), slice(l.runningVar),
					slice(g.mean), slice(g.invStd), g.z.rows)
			} else {
				n.Infer(slice(g.y), slice(g.z), slice(l.scale), slice(l.shift), slice(l.runningMean), slice(l.runningVar), g.z.rows)
			}
		}
	}
}

func (f fusedOps) backward(l *layerPass, params, input bool) {
	if !l.fused() {
		f.torchOps.backward(l, params, input)
		return
	}
	var dw, db, dscale, dshift, dx []float32
	if params {
		dw, db, dscale, dshift = slice(l.dw), slice(l.db), slice(l.dscale), slice(l.dshift)
	}
	if input {
		dx = slice(l.dx)
	}
	l.slope(dscale, dshift)
	l.linear().BackwardZ(dx, dw, db, slice(l.dy), slice(l.x), slice(l.w), l.rows, l.belowFor(dx), false)
}

// slope turns dy, the gradient by the layer's output, into that by x W + b.
func (l *layerPass) slope(dscale, dshift []float32) {
	n := kernel.Norm{Width: l.Out}
	for i, g := range l.groups {
		dy := slice(g.dy)
		n.Backward(dy, dscale, dshift, dy, slice(g.z), slice(g.y), slice(l.scale), slice(g.mean), slice(g.invStd), g.z.rows, i > 0)
	}
	if l.groups == nil && !l.sloped {
		l.linear().Slope(slice(l.dy), slice(l.y), l.rows)
	}
}

// belowFor is the activation whose slope goes into dx.
func (l *layerPass) belowFor(dx []float32) kernel.Activation {
	if dx == nil {
		return kernel.None
	}
	return kernelAct[l.below]
}

func (fusedOps) dLoss(real, fake, dReal, dFake *Tensor) float64 {
	return kernel.DLoss(slice(dReal), slice(dFake), slice(real), slice(fake))
}

func (fusedOps) gLoss(fake, dFake *Tensor, saturating bool) float64 {
	return kernel.GLoss(slice(dFake), slice(fake), !saturating)
}

func (fusedOps) adam(p, g, m, v *Tensor, a Adam, t int64) {
	a.kernel().Step(slice(p), slice(g), slice(m), slice(v), t)
}

func (a Adam) kernel() kernel.Adam {
	return kernel.Adam{LR: a.LR, Beta1: a.Beta1, Beta2: a.Beta2, Eps: a.Eps}
}

func (fusedOps) sgd(p, g, buf *Tensor, s SGD, t int64) {
	kernel.SGD{LR: s.LR, Momentum: s.Momentum}.Step(slice(p), slice(g), slice(buf))
}
