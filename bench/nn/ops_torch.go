//go:build cgo

package nn

// #include "torch.h"
import "C"

import (
	"math"
	"unsafe"

	"fig5/bench/models"
	"fig5/bench/nn/kernel"
)

// The engine of libtorch's operators alone: the reference, and the path for any element type
// and device. torch.cc has the operators.

var torchAct = [...]C.int{models.Identity: C.ACT_IDENTITY, models.ReLU: C.ACT_RELU, models.Tanh: C.ACT_TANH, models.LeakyReLU: C.ACT_LEAKY}

// maps are the layer's input and output as libtorch is to see them.
func (l *layerPass) maps() (from, to C.fig5_maps, transposed C.int) {
	of := func(m models.Maps) C.fig5_maps {
		return C.fig5_maps{channels: C.long(m.Channels), side: C.long(m.Side), planar: flag(m.Planar)}
	}
	return of(l.From), of(l.To), flag(l.Kind == models.Deconv)
}

func flag(b bool) C.int {
	if b {
		return 1
	}
	return 0
}

func (l *layerPass) torchForward(train bool) {
	z, x, w, b := l.product().handle(), l.x.handle(), l.w.handle(), l.b.handle()
	if l.Kind == models.Linear {
		check("linear", C.fig5_linear(z, x, w, b))
	} else {
		from, to, transposed := l.maps()
		check("convolution", C.fig5_convolve(z, x, w, b, from, to, transposed))
	}
	for _, g := range l.groups {
		check("native_batch_norm", C.fig5_norm(g.y.handle(), g.mean.handle(), g.invStd.handle(), g.z.handle(), l.scale.handle(), l.shift.handle(),
			l.runningMean.handle(), l.runningVar.handle(), flag(train), kernel.NormMomentum, kernel.NormEps))
	}
	check("activation", C.fig5_activate(l.y.handle(), torchAct[l.Act], models.Leak))
}

func (l *layerPass) torchBackward(params, input bool) {
	var dx, dw, db, dscale, dshift unsafe.Pointer
	if params {
		dw, db, dscale, dshift = l.dw.handle(), l.db.handle(), l.dscale.handle(), l.dshift.handle()
	}
	if input {
		dx = l.dx.handle()
	}
	dy, x, w := l.dy.handle(), l.x.handle(), l.w.handle()
	check("activation_backward", C.fig5_slope(dy, l.y.handle(), torchAct[l.Act], models.Leak))
	for i, g := range l.groups {
		check("batch_norm_backward", C.fig5_norm_back(g.dy.handle(), dscale, dshift, g.z.handle(), l.scale.handle(),
			g.mean.handle(), g.invStd.handle(), flag(i > 0)))
	}
	if l.Kind == models.Linear {
		check("linear_backward", C.fig5_linear_back(dx, dw, db, dy, x, w))
	} else {
		from, to, transposed := l.maps()
		check("convolution_backward", C.fig5_convolve_back(dx, dw, db, dy, x, w, from, to, transposed))
	}
}

// softplus is log(1 + e^x), σ its derivative; both without overflow.
func softplus(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }
func sigmoid(x float64) float64 {
	if x >= 0 {
		return 1 / (1 + math.Exp(-x))
	}
	e := math.Exp(x)
	return e / (1 + e)
}

// logitLoss is sign·mean softplus(flip·x) over the elements of x, and its
// gradient in dx. A batch of logits is too small for an operator call to pay.
func logitLoss(x, dx *Tensor, flip, sign float64) float64 {
	n, sum := float64(x.Len()), 0.0
	at := x.at()
	dx.each(func(i int) float64 {
		v := at(i)
		sum += softplus(flip * v)
		return sign * flip * sigmoid(flip*v) / n
	})
	return sign * sum / n
}

// at gives the elements of t by their index.
func (t *Tensor) at() func(i int) float64 {
	if t.dtype == Float64 {
		x := t.Float64s()
		return func(i int) float64 { return x[i] }
	}
	x := t.Float32s()
	return func(i int) float64 { return float64(x[i]) }
}

// torchAdam and torchSGD are step t of the optimizers.
func torchAdam(a Adam, p, g, m, v *Tensor, t int64) {
	unbias, rate := 1/math.Sqrt(1-math.Pow(a.Beta2, float64(t))), a.LR/(1-math.Pow(a.Beta1, float64(t)))
	check("adam", C.fig5_adam(p.handle(), g.handle(), m.handle(), v.handle(),
		C.double(1-a.Beta1), C.double(1-a.Beta2), C.double(unbias), C.double(a.Eps), C.double(rate)))
}

func torchSGD(s SGD, p, g, buf *Tensor, t int64) {
	check("sgd", C.fig5_sgd(p.handle(), g.handle(), buf.handle(), flag(t == 1), C.double(s.LR), C.double(s.Momentum)))
}
