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

var kernelAct = [...]kernel.Activation{models.Identity: kernel.None, models.ReLU: kernel.ReLU, models.Tanh: kernel.Tanh, models.LeakyReLU: kernel.LeakyReLU}

// act is the activation behind the layer's product; where a norm follows, it belongs to that.
func (l *layerPass) act() kernel.Activation {
	if l.groups == nil {
		return kernelAct[l.Act]
	}
	return kernel.None
}

// linear is the layer's kernel, if it is no layer of maps.
func (l *layerPass) linear() kernel.Linear { return kernel.Linear{In: l.In, Out: l.Out, Act: l.act()} }

func (l *layerPass) norm() kernel.Norm { return kernel.Norm{Width: l.Units(), Act: kernelAct[l.Act]} }

// kernels says whether the layer has them: a norm has with ReLU or LeakyReLU behind it.
func (l *layerPass) kernels() bool {
	return !l.BatchNorm || l.Act == models.ReLU || l.Act == models.LeakyReLU
}

func (fusedOps) fused(l *layerPass) bool { return l.kernels() }

func (f fusedOps) forward(l *layerPass, train bool) {
	if !l.kernels() {
		f.torchOps.forward(l, train)
		return
	}
	if l.Kind == models.Linear {
		l.linear().Forward(slice(l.product()), slice(l.x), slice(l.w), slice(l.b), l.rows)
	} else {
		l.patchesForward()
	}
	n := l.norm()
	for _, g := range l.groups {
		if train {
			n.Forward(slice(g.y), slice(g.z), slice(l.scale), slice(l.shift), slice(l.runningMean), slice(l.runningVar),
				slice(g.mean), slice(g.invStd), g.z.rows)
		} else {
			n.Infer(slice(g.y), slice(g.z), slice(l.scale), slice(l.shift), slice(l.runningMean), slice(l.runningVar), g.z.rows)
		}
	}
}

func (f fusedOps) backward(l *layerPass, params, input bool) {
	if !l.kernels() {
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
	if l.Kind != models.Linear {
		l.patchesBackward(dx, dw, db)
		return
	}
	l.linear().BackwardZ(dx, dw, db, slice(l.dy), slice(l.x), slice(l.w), l.rows, l.belowFor(dx), false)
}

// slope turns dy, the gradient by the layer's output, into that by x W + b.
func (l *layerPass) slope(dscale, dshift []float32) {
	n := l.norm()
	for i, g := range l.groups {
		dy := slice(g.dy)
		n.Backward(dy, dscale, dshift, dy, slice(g.z), slice(g.y), slice(l.scale), slice(g.mean), slice(g.invStd), g.z.rows, i > 0)
	}
	if l.groups == nil && !l.sloped {
		kernel.Linear{Out: l.Out, Act: l.act()}.Slope(slice(l.dy), slice(l.y), l.rows)
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
