//go:build cgo

package nn

import (
	"math"

	"github.com/sugarme/gotch/libtch"

	"fig5/bench/models"
	"fig5/fid/features/exception"
)

// torchOps is the engine made of libtorch's operators alone: the reference, and
// the path for any element type and device.
type torchOps struct{}

func newOps(e Engine, dtype DType, d Device) ops { // auto has kernels for float32 on the CPU alone
	if e == EngineAuto && dtype == Float32 && d == CPU {
		return fusedOps{}
	}
	return torchOps{}
}

// done frees the handle that an operator returned for a tensor given to it, and
// surfaces the operator's exception.
func done(op string, c libtch.Ctensor) {
	exception.Check(op)
	libtch.AtFree(c)
}

// scalar calls f with v as a libtorch scalar.
func scalar(v float64, f func(s libtch.Cscalar)) {
	s := libtch.AtsFloat(v)
	f(s)
	libtch.AtsFree(s)
}

func mm(out, a, b *Tensor) {
	var c libtch.Ctensor
	libtch.AtgMmOut(&c, out.c, a.c, b.c)
	done("mm", c)
}

func mul(out, a, b *Tensor) {
	var c libtch.Ctensor
	libtch.AtgMulOut(&c, out.c, a.c, b.c)
	done("mul", c)
}

func addTo(a, b *Tensor) { // a += b, b broadcast
	var c libtch.Ctensor
	libtch.AtgAdd_(&c, a.c, b.c)
	done("add", c)
}

func subFrom(a, b *Tensor) { // a -= b, b broadcast
	var c libtch.Ctensor
	libtch.AtgSub_(&c, a.c, b.c)
	done("sub", c)
}

func scale(t *Tensor, v float64) { // t *= v
	var c libtch.Ctensor
	scalar(v, func(s libtch.Cscalar) { libtch.AtgMulScalar_(&c, t.c, s) })
	done("mul", c)
}

func sumRows(out, a *Tensor) { // out[1×n] = column sums of a
	var c libtch.Ctensor
	libtch.AtgSumIntlistOut(&c, out.c, a.c, []int64{0}, 1, 1, int32(a.dtype))
	done("sum", c)
}

func (torchOps) fused(*layerPass) bool { return false }

func (torchOps) forward(l *layerPass, train bool) {
	var c libtch.Ctensor
	switch z := l.product(); {
	case l.Kind != models.Linear:
		l.convolve(z)
	case l.groups == nil:
		libtch.AtgAddmmOut(&c, z.c, l.b.c, l.x.c, l.w.c)
		done("addmm", c)
	default:
		mm(z, l.x, l.w)
	}
	for i := range l.groups {
		l.normalise(&l.groups[i], train)
	}
	switch l.Act {
	case models.ReLU:
		libtch.AtgRelu_(&c, l.y.c)
		done("relu", c)
	case models.LeakyReLU:
		leak(l.y)
	case models.Tanh:
		libtch.AtgTanh_(&c, l.y.c)
		done("tanh", c)
	}
}

// normalise is batch norm without its activation, on one batch.
func (l *layerPass) normalise(g *normPass, train bool) {
	var three [3]libtch.Ctensor
	mode := int32(0)
	if train {
		mode = 1
	}
	libtch.AtgNativeBatchNormOut(&three[0], g.y.c, g.mean.vec(), g.invStd.vec(), g.z.c, l.scale.vec(), l.shift.vec(),
		l.runningMean.vec(), l.runningVar.vec(), mode, normMomentum, normEps)
	exception.Check("native_batch_norm")
	for _, t := range three {
		libtch.AtFree(t)
	}
}

func (torchOps) backward(l *layerPass, params, input bool) {
	var c libtch.Ctensor
	switch l.Act {
	case models.ReLU:
		scalar(0, func(s libtch.Cscalar) { libtch.AtgThresholdBackwardGradInput(&c, l.dy.c, l.dy.c, l.y.c, s) })
		done("threshold_backward", c)
	case models.LeakyReLU:
		scalar(models.Leak, func(s libtch.Cscalar) { libtch.AtgLeakyReluBackwardGradInput(&c, l.dy.c, l.dy.c, l.y.c, s, 1) })
		done("leaky_relu_backward", c)
	case models.Tanh:
		libtch.AtgTanhBackwardGradInput(&c, l.dy.c, l.dy.c, l.y.c)
		done("tanh_backward", c)
	}
	for i := range l.groups {
		l.normBackward(&l.groups[i], params, i > 0)
	}
	if l.Kind != models.Linear {
		l.convolveBack(params, input)
		return
	}
	if params {
		if l.b != nil {
			sumRows(l.db, l.dy)
		}
		mm(l.dw, l.xT, l.dy)
	}
	if input {
		mm(l.dx, l.dy, l.wT)
	}
}

// product is where x W + b goes: to the norm, or to the activation.
func (l *layerPass) product() *Tensor {
	if l.groups != nil {
		return l.z
	}
	return l.y
}

// normBackward turns the gradient by the norm's output in dy into that by its
// input z, for one batch of n rows. With x̂ = (z - mean)·invStd, s = Σ dy and
// q = Σ dy·x̂ over the rows: dz = scale·invStd/n · (n dy - s - x̂ q), dscale = q,
// dshift = s, added to those of the batch before.
func (l *layerPass) normBackward(g *normPass, params, add bool) {
	n, s, q := float64(g.z.rows), g.row1, g.row2
	copyTensor(g.xhat, g.z)
	subFrom(g.xhat, g.mean)
	mul(g.xhat, g.xhat, g.invStd)
	sumRows(s, g.dy)
	mul(g.tmp, g.dy, g.xhat)
	sumRows(q, g.tmp)
	if params && add {
		addTo(l.dshift, s)
		addTo(l.dscale, q)
	} else if params {
		copyTensor(l.dshift, s)
		copyTensor(l.dscale, q)
	}
	scale(g.dy, n)
	subFrom(g.dy, s)
	mul(g.tmp, g.xhat, q)
	subFrom(g.dy, g.tmp)
	mul(s, l.scale, g.invStd)
	scale(s, 1/n)
	mul(g.dy, g.dy, s)
}

// at is element i of a tensor on the CPU.
func (t *Tensor) at(i int) float64 {
	if t.dtype == Float64 {
		return t.Float64s()[i]
	}
	return float64(t.Float32s()[i])
}

func copyTensor(dst, src *Tensor) {
	libtch.AtCopy_(dst.c, src.c)
	exception.Check("copy_")
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
	n := float64(x.Len())
	x = x.host()
	sum := 0.0
	dx.each(func(i int) float64 {
		v := x.at(i)
		sum += softplus(flip * v)
		return sign * flip * sigmoid(flip*v) / n
	})
	return sign * sum / n
}

func (torchOps) dLoss(real, fake, dReal, dFake *Tensor) float64 {
	return logitLoss(real, dReal, -1, 1) + logitLoss(fake, dFake, 1, 1)
}

func (torchOps) gLoss(fake, dFake *Tensor, saturating bool) float64 {
	if saturating {
		return logitLoss(fake, dFake, 1, -1)
	}
	return logitLoss(fake, dFake, -1, 1)
}

func (torchOps) adam(p, g, m, v *Tensor, a Adam, t int64) {
	var c libtch.Ctensor
	lerp := func(t, to *Tensor, w float64) {
		scalar(w, func(s libtch.Cscalar) { libtch.AtgLerp_(&c, t.c, to.c, s) })
		done("lerp", c)
	}
	lerp(m, g, 1-a.Beta1)
	mul(g, g, g)
	lerp(v, g, 1-a.Beta2)
	libtch.AtgSqrtOut(&c, g.c, v.c)
	done("sqrt", c)
	scale(g, 1/math.Sqrt(1-math.Pow(a.Beta2, float64(t))))
	scalar(a.Eps, func(s libtch.Cscalar) { libtch.AtgAddScalar_(&c, g.c, s) })
	done("add", c)
	libtch.AtgDivOut(&c, g.c, m.c, g.c)
	done("div", c)
	scale(g, a.LR/(1-math.Pow(a.Beta1, float64(t))))
	subFrom(p, g)
}

func (torchOps) sgd(p, g, buf *Tensor, s SGD, t int64) {
	if t == 1 {
		copyTensor(buf, g) // PyTorch starts the buffer with the first gradient
	} else {
		scale(buf, s.Momentum)
		addTo(buf, g)
	}
	copyTensor(g, buf)
	scale(g, s.LR)
	subFrom(p, g)
}
