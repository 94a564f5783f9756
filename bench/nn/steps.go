//go:build cgo

package nn

// Steps are the two gradient computations of Algorithm 1 on a generator g and a
// discriminator d: the buffers of one batch size, wired so that nothing is copied
// between the nets and nothing is allocated after NewSteps.
type Steps struct {
	Real *Tensor // batch×d: the real samples of the D step, to be filled by the caller
	Z    *Tensor // batch×z: the noise of the next step of either kind

	g, d                 *Net
	gForD, gForG         *Pass
	dForD, dForG         *Pass // dForD: real and fake rows stacked
	logitReal, logitFake *Tensor
	gradReal, gradFake   *Tensor
	owner
}

// NewSteps makes the buffers. Real and fake samples share the discriminator's
// matrix products; where it has batch norm they are two batches for it.
func NewSteps(g, d *Net, batch int) *Steps {
	dim := d.Spec[0].In
	s := &Steps{g: g, d: d}
	s.Z = s.zeros(g.Params, batch, g.Spec[0].In)
	both, logits, grads := s.zeros(g.Params, 2*batch, dim), s.zeros(g.Params, 2*batch, 1), s.zeros(g.Params, 2*batch, 1)
	fake := both.View(batch*dim, batch, dim)
	s.Real = both.View(0, batch, dim)
	s.logitReal, s.logitFake = logits.View(0, batch, 1), logits.View(batch, batch, 1)
	s.gradReal, s.gradFake = grads.View(0, batch, 1), grads.View(batch, batch, 1)

	s.gForD = g.NewPass(Shape{Rows: batch, X: s.Z, Out: fake})
	s.dForD = d.NewPass(Shape{Rows: 2 * batch, Batches: 2, X: both, Out: logits, DOut: grads, Backward: true})
	s.gForG = g.NewPass(Shape{Rows: batch, X: s.Z, Backward: true})
	s.dForG = d.NewPass(Shape{Rows: batch, X: s.gForG.Out, DX: s.gForG.DOut, Backward: true, NeedDX: true})
	for _, p := range []*Pass{s.gForD, s.dForD, s.gForG, s.dForG} {
		s.owned = append(s.owned, p.owned...)
	}
	return s
}

// DGrads leaves the gradient of the discriminator's loss on Real and on the
// generator's samples from Z in d.Grads, and gives the loss.
func (s *Steps) DGrads() float64 {
	s.gForD.Forward(true)
	s.dForD.Forward(true)
	loss := s.d.DLoss(s.logitReal, s.logitFake, s.gradReal, s.gradFake)
	s.dForD.Backward(ParamGrads)
	return loss
}

// GGrads leaves the gradient of the generator's loss on its samples from Z in
// g.Grads, and gives the loss; the discriminator's gradients are not computed.
func (s *Steps) GGrads(saturating bool) float64 {
	s.gForG.Forward(true)
	s.dForG.Forward(true)
	loss := s.g.GLoss(s.dForG.Out, s.dForG.DOut, saturating)
	s.dForG.Backward(InputGrad)
	s.gForG.Backward(ParamGrads)
	return loss
}
