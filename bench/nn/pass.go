//go:build cgo

package nn

import "fig5/bench/models"

// Pass is the working memory of one net for batches of one size.
type Pass struct {
	X, Out   *Tensor // rows×in, rows×out
	DX, DOut *Tensor // gradients by them; nil where Shape did not ask
	net      *Net
	layers   []layerPass
	owned    []*Tensor
}

// layerPass is one layer's buffers in a pass.
type layerPass struct {
	*layerParams
	models.Layer
	rows   int
	x, xT  *Tensor
	z      *Tensor           // before the norm; nil without
	y      *Tensor           // after the activation
	dy     *Tensor           // gradient by y; overwritten on the way back
	dx     *Tensor           // gradient by x; nil for the first layer where not asked for
	groups []normPass        // of the batch norm, one a batch; nil without
	below  models.Activation // of the layer below, if dx is to be the gradient before it
	sloped bool              // dy comes as the gradient before the activation: the layer above has done it

	patches, line *Tensor // of a scratch that layers of maps share: their patches, a row of pixels; else nil
}

// normPass is what batch norm keeps of one batch from forward to backward. Its rows are
// those of the batch or, of maps, their pixels.
type normPass struct {
	z, y, dy *Tensor // views of the layer's, rows×Units

	mean, invStd *Tensor // 1×Units
	xhat, tmp    *Tensor // rows×Units; nil where a kernel needs none
	row1, row2   *Tensor // 1×Units
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
	zeros := n.Params.beside
	first, last := n.Spec[0], n.Spec[len(n.Spec)-1]
	or := func(t *Tensor, want bool, rows, cols int) *Tensor {
		if t == nil && want {
			return zeros(rows, cols)
		}
		return t
	}
	p := &Pass{net: n,
		X:    or(s.X, true, s.Rows, first.In),
		Out:  or(s.Out, true, s.Rows, last.Out),
		DX:   or(s.DX, s.Backward && s.NeedDX, s.Rows, first.In),
		DOut: or(s.DOut, s.Backward, s.Rows, last.Out),
	}
	for _, t := range []struct{ given, used *Tensor }{{s.X, p.X}, {s.Out, p.Out}, {s.DX, p.DX}, {s.DOut, p.DOut}} {
		if t.given == nil {
			p.own(t.used)
		}
	}
	x, dx := p.X, p.DX
	for i, spec := range n.Spec {
		l := layerPass{layerParams: &n.layers[i], Layer: spec, rows: s.Rows, x: x, dx: dx}
		l.y, l.dy = p.Out, p.DOut
		if i < len(n.Spec)-1 {
			l.y = p.own(zeros(s.Rows, spec.Out))
			l.dy = p.own(or(nil, s.Backward, s.Rows, spec.Out))
		}
		if s.Backward {
			l.xT = p.own(x.t())
		}
		if spec.BatchNorm {
			p.norm(&l, s)
		}
		if i > 0 && l.kernels() && l.Kind == models.Linear && l.dx != nil && p.layers[i-1].groups == nil {
			l.below, p.layers[i-1].sloped = n.Spec[i-1].Act, true
		}
		p.layers = append(p.layers, l)
		x, dx = l.y, l.dy
	}
	p.share()
	return p
}

// norm makes the buffers of a layer's batch norm.
func (p *Pass) norm(l *layerPass, s Shape) {
	units, zeros := l.Units(), p.net.Params.beside
	l.z = p.own(zeros(s.Rows, l.Out))
	batches := max(s.Batches, 1)
	n := s.Rows / batches * l.Out / units
	for k := range batches {
		view := func(t *Tensor) *Tensor { return p.own(t.View(k*n*units, n, units)) }
		row := func() *Tensor { return p.own(zeros(1, units)) }
		g := normPass{z: view(l.z), y: view(l.y), mean: row(), invStd: row()}
		if s.Backward {
			g.dy = view(l.dy)
			if !p.net.ops.fused(l) {
				g.xhat, g.tmp = p.own(zeros(n, units)), p.own(zeros(n, units))
				g.row1, g.row2 = row(), row()
			}
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
	scratch := p.own(p.net.Params.beside(1, most+long))
	for i := range p.layers {
		l := &p.layers[i]
		if patches, line := l.Patches(l.rows); patches > 0 {
			l.patches, l.line = p.own(scratch.View(0, 1, patches)), p.own(scratch.View(most, 1, line))
		}
	}
}

// own notes a tensor, which may be nil, for Free.
func (p *Pass) own(t *Tensor) *Tensor {
	if t != nil {
		p.owned = append(p.owned, t)
	}
	return t
}

// Free gives the memory back that the pass made itself.
func (p *Pass) Free() {
	for _, t := range p.owned {
		t.Free()
	}
}

// Forward computes Out from X. In training, batch norm uses the batch's
// statistics and moves the running ones; else it uses the running ones.
func (p *Pass) Forward(train bool) {
	for i := range p.layers {
		p.net.ops.forward(&p.layers[i], train)
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
		p.net.ops.backward(&p.layers[i], w&ParamGrads != 0, i > 0 || w&InputGrad != 0)
	}
}

// Batch norm's constants, as PyTorch's BatchNorm1d: running statistics move by
// momentum towards the batch's, the variance being the unbiased one.
const (
	normMomentum = 0.1
	normEps      = 1e-5
)

// ops is an engine: what it does to one layer, the losses and the updates.
type ops interface {
	fused(l *layerPass) bool // has a kernel for all of it
	forward(l *layerPass, train bool)
	backward(l *layerPass, params, input bool)
	// dLoss is mean softplus(-real) + mean softplus(fake); gradients by the logits.
	dLoss(real, fake, dReal, dFake *Tensor) float64
	// gLoss is -mean softplus(fake) (minimax) or mean softplus(-fake) (nonsaturating).
	gLoss(fake, dFake *Tensor, saturating bool) float64
	adam(p, g, m, v *Tensor, a Adam, t int64)
	sgd(p, g, buf *Tensor, s SGD, t int64)
}

// DLoss is the discriminator's loss -log σ(real) - log(1 - σ(fake)), means over
// the rows, from logits; its gradients go to dReal and dFake.
func (n *Net) DLoss(real, fake, dReal, dFake *Tensor) float64 {
	return n.ops.dLoss(real, fake, dReal, dFake)
}

// GLoss is the generator's loss from the discriminator's logits on its samples,
// mean over the rows: log(1 - σ(fake)) if saturating (minimax, Algorithm 1), else
// -log σ(fake); its gradient goes to dFake.
func (n *Net) GLoss(fake, dFake *Tensor, saturating bool) float64 {
	return n.ops.gLoss(fake, dFake, saturating)
}
