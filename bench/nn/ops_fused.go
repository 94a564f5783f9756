//go:build cgo

package nn

import (
	"fig5/bench/models"
	"fig5/bench/nn/kernel"
)

// The engine of fused CPU kernels, on libtorch's float32 memory.

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

// hasKernels says whether a layer has them: a norm has with ReLU or LeakyReLU behind it.
func hasKernels(l models.Layer) bool {
	return !l.BatchNorm || l.Act == models.ReLU || l.Act == models.LeakyReLU
}

func (l *layerPass) kernelForward(train bool) {
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

func (l *layerPass) kernelBackward(params, input bool) {
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
	l.linear().BackwardZ(dx, dw, db, slice(l.dy), slice(l.x), slice(l.w), l.rows, l.below, false)
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
