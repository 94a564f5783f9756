//go:build cgo

package nn

import (
	"fig5/bench/models"
	"fig5/bench/nn/kernel"
)

// Pass is the working memory of one net for batches of one size.
type Pass struct {
	X, Out   *Tensor // rows×in, rows×out
	DX, DOut *Tensor // gradients by them; nil where Shape did not ask
	owner
	net    *Net
	layers []layerPass
}

// layerPass is one layer's buffers in a pass.
type layerPass struct {
	*layerParams
	models.Layer
	kernels bool // by fused kernels, not by libtorch
	rows    int
	x       *Tensor
	z       *Tensor           // before the norm; nil without
	y       *Tensor           // after the activation
	dy      *Tensor           // gradient by y; overwritten on the way back
	dx      *Tensor           // gradient by x; nil for the first layer where not asked for
	groups  []normPass        // of the batch norm, one a batch; nil without
	below   kernel.Activation // of the layer below, if dx is to be the gradient before it
	sloped  bool              // dy comes as the gradient before the activation: the layer above has done it

	patches, line *Tensor // of a scratch that layers of maps share: their patches, a row of pixels; else nil
}

// product is where x W + b goes: to the norm, or to the activation.
func (l *layerPass) product() *Tensor {
	if l.z != nil {
		return l.z
	}
	return l.y
}

// normPass is what batch norm keeps of one batch from forward to backward. Its rows are
// those of the batch or, of maps, their pixels.
type normPass struct {
	z, y, dy     *Tensor // views of the layer's, rows×Units
	mean, invStd *Tensor // 1×Units
}

// Shape says how a pass is wired: tensors given are used, others are made.
type Shape struct {
	Rows     int
	Batches  int // equal batches in the rows, each normalised by itself; 0 is 1
	X, Out   *Tensor
	DX, DOut *Tensor
	Backward bool // keep what Backward needs
	NeedDX   bool // Backward may be asked for the gradient by X
}

// NewPass makes the buffers of one batch size.
func (n *Net) NewPass(s Shape) *Pass {
	p := &Pass{net: n}
	or := func(t *Tensor, want bool, cols int) *Tensor {
		if t == nil && want {
			return p.zeros(n.Params, s.Rows, cols)
		}
		return t
	}
	last := len(n.Spec) - 1
	in, out := n.Spec[0].In, n.Spec[last].Out
	p.X, p.Out = or(s.X, true, in), or(s.Out, true, out)
	p.DX, p.DOut = or(s.DX, s.Backward && s.NeedDX, in), or(s.DOut, s.Backward, out)
	x, dx := p.X, p.DX
	for i, spec := range n.Spec {
		l := layerPass{layerParams: &n.layers[i], Layer: spec, kernels: n.kernels && hasKernels(spec), rows: s.Rows, x: x, dx: dx}
		l.y, l.dy = p.Out, p.DOut
		if i < last {
			l.y, l.dy = or(nil, true, spec.Out), or(nil, s.Backward, spec.Out)
		}
		if spec.BatchNorm {
			p.norm(&l, s)
		}
		if i > 0 && l.kernels && l.Kind == models.Linear && l.dx != nil && p.layers[i-1].groups == nil {
			l.below, p.layers[i-1].sloped = kernelAct[n.Spec[i-1].Act], true
		}
		p.layers = append(p.layers, l)
		x, dx = l.y, l.dy
	}
	p.share()
	return p
}

// norm makes the buffers of a layer's batch norm.
func (p *Pass) norm(l *layerPass, s Shape) {
	units, batches := l.Units(), max(s.Batches, 1)
	l.z = p.zeros(l.y, s.Rows, l.Out)
	n := s.Rows / batches * l.Out / units
	for k := range batches {
		view := func(t *Tensor) *Tensor { return t.View(k*n*units, n, units) }
		g := normPass{z: view(l.z), y: view(l.y), mean: p.zeros(l.y, 1, units), invStd: p.zeros(l.y, 1, units)}
		if s.Backward {
			g.dy = view(l.dy)
		}
		l.groups = append(l.groups, g)
	}
}

// share makes one scratch for all layers of maps.
func (p *Pass) share() {
	most, long := 0, 0
	for _, l := range p.layers {
		patches, line := l.Patches(l.rows)
		most, long = max(most, patches), max(long, line)
	}
	if most == 0 {
		return
	}
	scratch := p.zeros(p.X, 1, most+long)
	for i := range p.layers {
		l := &p.layers[i]
		if patches, line := l.Patches(l.rows); patches > 0 {
			l.patches, l.line = scratch.View(0, 1, patches), scratch.View(most, 1, line)
		}
	}
}

// Forward computes Out from X. In training, batch norm uses the batch's
// statistics and moves the running ones; else it uses the running ones.
func (p *Pass) Forward(train bool) {
	for i := range p.layers {
		if l := &p.layers[i]; l.kernels {
			l.kernelForward(train)
		} else {
			l.torchForward(train)
		}
	}
}

// Want says which gradients Backward computes.
type Want int

// Parameter gradients replace the net's Grads; the gradient by X goes to DX.
const (
	ParamGrads Want = 1 << iota
	InputGrad
)

// Backward propagates DOut, which it overwrites, through the net after Forward(true).
func (p *Pass) Backward(w Want) {
	for i := len(p.layers) - 1; i >= 0; i-- {
		l, params, input := &p.layers[i], w&ParamGrads != 0, i > 0 || w&InputGrad != 0
		if l.kernels {
			l.kernelBackward(params, input)
		} else {
			l.torchBackward(params, input)
		}
	}
}

// DLoss is the discriminator's loss -log σ(real) - log(1 - σ(fake)), means over
// the rows, from logits; its gradients go to dReal and dFake.
func (n *Net) DLoss(real, fake, dReal, dFake *Tensor) float64 {
	return n.softplus(real, dReal, -1, 1) + n.softplus(fake, dFake, 1, 1)
}

// GLoss is the generator's loss from the discriminator's logits on its samples,
// mean over the rows: log(1 - σ(fake)) if saturating (minimax, Algorithm 1), else
// -log σ(fake); its gradient goes to dFake.
func (n *Net) GLoss(fake, dFake *Tensor, saturating bool) float64 {
	if saturating {
		return n.softplus(fake, dFake, 1, -1)
	}
	return n.softplus(fake, dFake, -1, 1)
}

// softplus is sign·mean log(1 + exp(flip·x)) over the elements of x, and its gradient in dx.
func (n *Net) softplus(x, dx *Tensor, flip, sign float64) float64 {
	if n.kernels {
		return kernel.Softplus(slice(dx), slice(x), float32(flip), float32(sign))
	}
	return logitLoss(x, dx, flip, sign)
}
