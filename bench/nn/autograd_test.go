//go:build cgo

package nn

import (
	"fmt"
	"math"
	"os"
	"runtime"
	"testing"
	"unsafe"

	"github.com/sugarme/gotch/libtch"

	"fig5/bench/data"
	"fig5/bench/models"
	"fig5/bench/nn/kernel"
	"fig5/bench/rng"
	"fig5/fid/features/exception"
)

// These tests set the explicit gradients beside libtorch's autograd on the nets of
// Figures 2 to 4.

// device is where the nets of these tests are: $FIG5_TEST_DEVICE, by default the CPU.
func device(t *testing.T) Device {
	name := os.Getenv("FIG5_TEST_DEVICE")
	if name == "" {
		name = "cpu"
	}
	d, err := OpenDevice(name)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// quiet keeps the test on one thread, as libtorch keeps its last error.
func quiet(t *testing.T) {
	runtime.LockOSThread()
	t.Cleanup(runtime.UnlockOSThread)
}

// v is a tensor of libtorch that autograd follows; it is never freed.
type v struct {
	c     libtch.Ctensor
	dtype DType
}

// op is what an operator of libtorch makes.
func (a v) op(name string, f func(out *libtch.Ctensor)) v {
	out := v{dtype: a.dtype}
	f(&out.c)
	exception.Check(name)
	return out
}

func (a v) matmul(b v) v {
	return a.op("matmul", func(o *libtch.Ctensor) { libtch.AtgMatmul(o, a.c, b.c) })
}
func (a v) add(b v) v { return a.op("add", func(o *libtch.Ctensor) { libtch.AtgAdd(o, a.c, b.c) }) }
func (a v) mul(b v) v { return a.op("mul", func(o *libtch.Ctensor) { libtch.AtgMul(o, a.c, b.c) }) }
func (a v) neg() v    { return a.op("neg", func(o *libtch.Ctensor) { libtch.AtgNeg(o, a.c) }) }
func (a v) relu() v   { return a.op("relu", func(o *libtch.Ctensor) { libtch.AtgRelu(o, a.c) }) }
func (a v) tanh() v   { return a.op("tanh", func(o *libtch.Ctensor) { libtch.AtgTanh(o, a.c) }) }
func (a v) softplus() v {
	return a.op("softplus", func(o *libtch.Ctensor) { libtch.AtgSoftplus(o, a.c) })
}
func (a v) maximum(b v) v {
	return a.op("maximum", func(o *libtch.Ctensor) { libtch.AtgMaximum(o, a.c, b.c) })
}
func (a v) reshape(shape ...int64) v {
	return a.op("reshape", func(o *libtch.Ctensor) { libtch.AtgReshape(o, a.c, shape, len(shape)) })
}
func (a v) permute(dims ...int64) v {
	return a.op("permute", func(o *libtch.Ctensor) { libtch.AtgPermute(o, a.c, dims, len(dims)) })
}
func (a v) detach() v { return a.op("detach", func(o *libtch.Ctensor) { libtch.AtgDetach(o, a.c) }) }
func (a v) grad() v   { return a.op("grad", func(o *libtch.Ctensor) { libtch.AtgGrad(o, a.c) }) }
func (a v) mean() v {
	return a.op("mean", func(o *libtch.Ctensor) { libtch.AtgMean(o, a.c, int32(a.dtype)) })
}
func (a v) sum() v {
	return a.op("sum", func(o *libtch.Ctensor) { libtch.AtgSum(o, a.c, int32(a.dtype)) })
}
func (a v) rows(from, n int64) v {
	return a.op("narrow", func(o *libtch.Ctensor) { libtch.AtgNarrow(o, a.c, 0, from, n) })
}
func (a v) batchNorm(scale, shift, mean, variance v, train bool) v {
	mode := int32(0)
	if train {
		mode = 1
	}
	return a.op("batch_norm", func(o *libtch.Ctensor) {
		libtch.AtgBatchNorm(o, a.c, scale.c, shift.c, mean.c, variance.c, mode, kernel.NormMomentum, kernel.NormEps, 0)
	})
}

// values are the elements, row by row.
func (a v) values() []float64 {
	flat := a.op("reshape", func(o *libtch.Ctensor) { libtch.AtgReshape(o, a.detach().c, []int64{1, -1}, 2) })
	var shape [2]int64
	libtch.AtShape(flat.c, unsafe.Pointer(&shape))
	t := NewTensor(1, int(shape[1]), a.dtype)
	defer t.Free()
	libtch.AtCopy_(t.c, flat.c)
	exception.Check("copy_")
	return values(t)
}

// leaf copies t, as a matrix.
func leaf(t *Tensor, grad bool) v { return leafOf(t, grad, false) }

// leafOf copies t into a new tensor, a vector if so asked, that collects gradients if so asked.
func leafOf(t *Tensor, grad, vector bool) v {
	own, from, want := newTensor(t.rows, t.cols, t.dtype, t.device), values(t), int32(0)
	own.each(func(i int) float64 { return from[i] })
	out := v{own.c, t.dtype}
	if vector {
		out = out.reshape(-1)
	}
	if grad {
		want = 1
	}
	return out.op("set_requires_grad", func(o *libtch.Ctensor) { libtch.AtgSetRequiresGrad(o, out.c, want) })
}

// oracle is a net's parameters as autograd leaves.
type oracle struct {
	spec   models.Net
	layers [][]v // W, b | W, scale, shift
}

func newOracle(n *Net) *oracle {
	o := &oracle{spec: n.Spec}
	for i := range n.Spec {
		p := n.layers[i]
		ps := []v{leaf(p.w, true)}
		for _, t := range []*Tensor{p.b, p.scale, p.shift} {
			if t != nil {
				ps = append(ps, leafOf(t, true, true))
			}
		}
		o.layers = append(o.layers, ps)
	}
	return o
}

func (o *oracle) forward(x v) v {
	none := v{c: libtch.AtNewTensor()}
	for i, l := range o.spec {
		p := o.layers[i]
		x = product(l, x, p[0])
		if l.BatchNorm {
			x = normed(l, x, p[1], p[2], none, none, true)
		} else {
			x = withBias(l, x, p[1])
		}
		switch l.Act {
		case models.LeakyReLU:
			x = leakyReLU(x)
		case models.ReLU:
			x = x.relu()
		case models.Tanh:
			x = x.tanh()
		}
	}
	return x
}

// images is a matrix of maps as n × channels × side × side, rows its inverse.
func images(m models.Maps, x v) v {
	c, s := int64(m.Channels), int64(m.Side)
	if m.Planar {
		return x.reshape(-1, c, s, s)
	}
	return x.reshape(-1, s, s, c).permute(0, 3, 1, 2)
}

func rows(m models.Maps, x v) v {
	if !m.Planar {
		x = x.permute(0, 2, 3, 1)
	}
	return x.reshape(-1, int64(m.Len()))
}

// product is x W as libtorch has it, W being the layer's weights.
func product(l models.Layer, x, w v) v {
	two, one, zero := []int64{2, 2}, []int64{1, 1}, []int64{0, 0}
	none := libtch.AtNewTensor()
	switch l.Kind {
	case models.Conv: // W is (y, x, in) × out, libtorch's out × in × y × x
		w = w.reshape(4, 4, int64(l.From.Channels), -1).permute(3, 2, 0, 1)
		return rows(l.To, w.op("conv2d", func(o *libtch.Ctensor) {
			libtch.AtgConv2d(o, images(l.From, x).c, w.c, none, two, 2, one, 2, one, 2, 1)
		}))
	case models.Deconv: // W is in × (y, x, out), libtorch's in × out × y × x
		w = w.reshape(-1, 4, 4, int64(l.To.Channels)).permute(0, 3, 1, 2)
		return rows(l.To, w.op("conv_transpose2d", func(o *libtch.Ctensor) {
			libtch.AtgConvTranspose2d(o, images(l.From, x).c, w.c, none, two, 2, one, 2, zero, 2, 1, one, 2)
		}))
	}
	return x.matmul(w)
}

func withBias(l models.Layer, x, b v) v {
	if l.To.Channels == 0 {
		return x.add(b)
	}
	return rows(l.To, images(l.To, x).add(b.reshape(1, -1, 1, 1)))
}

func normed(l models.Layer, x, scale, shift, mean, variance v, train bool) v {
	if l.To.Channels == 0 {
		return x.batchNorm(scale, shift, mean, variance, train)
	}
	return rows(l.To, images(l.To, x).batchNorm(scale, shift, mean, variance, train))
}

// leakyReLU is max(x, 0.2 x).
func leakyReLU(x v) v {
	return x.op("leaky_relu", func(o *libtch.Ctensor) {
		s := libtch.AtsFloat(models.Leak)
		defer libtch.AtsFree(s)
		libtch.AtgMulScalar(o, x.c, s)
	}).maximum(x)
}

// grads are d loss / d parameters in the order of Net.Grads.
func (o *oracle) grads(loss v) []float64 {
	var leaves []v
	for _, l := range o.layers {
		leaves = append(leaves, l...)
	}
	var flat []float64
	for _, g := range autograd(loss, leaves) {
		flat = append(flat, g...)
	}
	return flat
}

// autograd is d loss / d each of vars.
func autograd(loss v, vars []v) [][]float64 {
	libtch.AtBackward(loss.c, 0, 0)
	exception.Check("backward")
	var out [][]float64
	for _, x := range vars {
		out = append(out, x.grad().values())
	}
	return out
}

func values(t *Tensor) []float64 {
	out := make([]float64, t.Len())
	for i := range out {
		if t.dtype == Float64 {
			out[i] = t.Float64s()[i]
		} else {
			out[i] = float64(t.Float32s()[i])
		}
	}
	return out
}

// near compares relative to the largest element, which is what rounding scales with.
func near(t *testing.T, what string, got, want []float64, tol float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d values, want %d", what, len(got), len(want))
	}
	top, worst, at := 1e-30, 0.0, 0
	for i := range want {
		top = max(top, math.Abs(want[i]))
	}
	for i := range want {
		if e := math.Abs(got[i]-want[i]) / top; !(e <= worst) {
			worst, at = e, i
		}
	}
	if !(worst <= tol) {
		t.Errorf("%s: element %d is %.17g, autograd has %.17g: off by %.2g of the largest, over %.2g", what, at, got[at], want[at], worst, tol)
	}
}

type setting struct {
	dtype  DType
	engine Engine
	tol    float64
}

// settings are the element types and engines, with the tolerance each is held to:
// 1e-8 in float64; in float32 a few hundred roundings, as sums over 784 terms make.
var settings = []setting{
	{Float64, EngineTorch, 1e-8},
	{Float32, EngineTorch, 2e-5},
	{Float32, EngineAuto, 2e-5},
}

func randomize(t *Tensor, s *rng.Stream) { t.each(func(int) float64 { return 2*s.Float64() - 1 }) }

func testNet(t *testing.T, spec models.Net, s setting, seed int64) *Net {
	n := New(spec, s.dtype, s.engine, device(t))
	st := rng.New(seed, "test")
	n.Init(st)
	for _, p := range n.layers {
		if p.scale != nil { // off their start, so that their gradients are tested
			p.scale.each(func(int) float64 { return 0.5 + st.Float64() })
			p.shift.each(func(int) float64 { return st.Float64() - 0.5 })
		}
	}
	return n
}

// TestLayerGradients checks every kind of layer alone: output, gradient by input
// and parameters, of Σ c·y for random c.
func TestLayerGradients(t *testing.T) {
	quiet(t)
	for _, l := range []models.Layer{{In: 7, Out: 5, BatchNorm: false, Act: models.Identity}, {In: 3, Out: 128, BatchNorm: false, Act: models.Tanh}, {In: 128, Out: 128, BatchNorm: false, Act: models.ReLU}, {In: 128, Out: 1, BatchNorm: false, Act: models.Identity},
		{In: 128, Out: 3, BatchNorm: false, Act: models.Identity}, {In: 784, Out: 256, BatchNorm: true, Act: models.ReLU}, {In: 9, Out: 4, BatchNorm: true, Act: models.Tanh}, {In: 33, Out: 17, BatchNorm: true, Act: models.Identity},
		{In: 48, Out: 64, BatchNorm: true, Act: models.ReLU, To: models.Maps{Channels: 4, Side: 4}}, {In: 20, Out: 7, Act: models.LeakyReLU}, {In: 20, Out: 7, BatchNorm: true, Act: models.LeakyReLU},
		between(models.Conv, maps(3, 32, true), maps(16, 16, false), false, models.LeakyReLU), between(models.Conv, maps(16, 16, false), maps(32, 8, false), true, models.LeakyReLU),
		between(models.Conv, maps(5, 6, false), maps(2, 3, false), false, models.Tanh), between(models.Conv, maps(1, 2, true), maps(70, 1, false), true, models.Identity),
		between(models.Deconv, maps(32, 8, false), maps(16, 16, false), true, models.ReLU), between(models.Deconv, maps(16, 16, false), maps(3, 32, true), false, models.Identity),
		between(models.Deconv, maps(2, 3, false), maps(5, 6, false), false, models.LeakyReLU), between(models.Deconv, maps(70, 1, false), maps(1, 2, false), true, models.Tanh)} {
		for _, s := range settings {
			t.Run(fmt.Sprintf("kind=%d %dx%d norm=%v act=%d %v %v", l.Kind, l.In, l.Out, l.BatchNorm, l.Act, s.dtype, s.engine), func(t *testing.T) {
				n := testNet(t, models.Net{l}, s, 1)
				p := n.NewPass(Shape{Rows: 64, Backward: true, NeedDX: true})
				st := rng.New(2, "test")
				randomize(p.X, st)
				randomize(p.DOut, st)
				o, x, c := newOracle(n), leaf(p.X, true), leaf(p.DOut, false)
				p.Forward(true)
				y := o.forward(x)
				near(t, "output", values(p.Out), y.values(), s.tol)
				p.Backward(ParamGrads | InputGrad)
				loss := y.mul(c).sum()
				vars := append([]v{x}, o.layers[0]...)
				want := autograd(loss, vars)
				near(t, "input gradient", values(p.DX), want[0], s.tol)
				var flat []float64
				for _, w := range want[1:] {
					flat = append(flat, w...)
				}
				near(t, "parameter gradient", values(n.Grads), flat, s.tol)
			})
		}
	}
}

func maps(channels, side int, planar bool) models.Maps {
	return models.Maps{Channels: channels, Side: side, Planar: planar}
}

func between(k models.Kind, from, to models.Maps, norm bool, act models.Activation) models.Layer {
	return models.Layer{In: from.Len(), Out: to.Len(), BatchNorm: norm, Act: act, Kind: k, From: from, To: to}
}

// TestStepGradients checks the whole D step and the whole G step of the models.
func TestStepGradients(t *testing.T) {
	quiet(t)
	const batch = 64
	point, digit := data.Shape{Channels: 1, Height: 1, Width: 3}, data.Shape{Channels: 1, Height: 28, Width: 28}
	for _, model := range []struct {
		models.Choice
		shape data.Shape
	}{{models.Choice{Name: "toy"}, point}, {models.Choice{Name: "mnist-fc"}, digit},
		{models.Choice{Name: "mnist-fc", DiscriminatorNorm: models.None}, digit},
		{models.Choice{Name: "dcgan", Width: 4}, data.Shape{Channels: 3, Height: 32, Width: 32}},
		{models.Choice{Name: "dcgan", Width: 6, DiscriminatorNorm: models.None}, data.Shape{Channels: 3, Height: 32, Width: 32}},
		{models.Choice{Name: "dcgan", Width: 2}, data.Shape{Channels: 1, Height: 64, Width: 64}}} {
		for _, s := range settings {
			t.Run(fmt.Sprintf("%s %s %v %v", model.Name, model.DiscriminatorNorm, s.dtype, s.engine), func(t *testing.T) {
				gs, ds := model.Nets(model.shape)
				g, d := testNet(t, gs, s, 3), testNet(t, ds, s, 4)
				st := rng.New(5, "test")
				steps := NewSteps(g, d, batch)
				randomize(steps.Real, st)
				randomize(steps.Z, st)
				og, od := newOracle(g), newOracle(d)
				x, z := leaf(steps.Real, false), leaf(steps.Z, false)

				loss := steps.DGrads()
				real, fake := od.forward(x), od.forward(og.forward(z).detach())
				want := real.neg().softplus().mean().add(fake.softplus().mean())
				near(t, "D loss", []float64{loss}, want.values(), s.tol)
				near(t, "D gradient", values(d.Grads), od.grads(want), 10*s.tol)

				for _, saturating := range []bool{true, false} {
					og, od = newOracle(g), newOracle(d)
					loss = steps.GGrads(saturating)
					fake = od.forward(og.forward(z))
					if saturating {
						want = fake.softplus().mean().neg()
					} else {
						want = fake.neg().softplus().mean()
					}
					near(t, "G loss", []float64{loss}, want.values(), s.tol)
					near(t, "G gradient", values(g.Grads), og.grads(want), 10*s.tol)
				}
			})
		}
	}
}

// TestRunningStatistics: two batches in one pass move the running statistics one
// after the other, as libtorch's batch_norm does, and inference uses them.
func TestRunningStatistics(t *testing.T) {
	quiet(t)
	for _, s := range settings {
		n := testNet(t, models.Net{{In: 33, Out: 17, BatchNorm: true, Act: models.ReLU}}, s, 1)
		p := n.NewPass(Shape{Rows: 40, Batches: 2, Backward: true})
		st := rng.New(2, "test")
		l := n.layers[0]
		mean, variance := leafOf(l.runningMean, false, true), leafOf(l.runningVar, false, true)
		o := newOracle(n)
		batchNorm := func(x v, train bool) v {
			return x.matmul(o.layers[0][0]).batchNorm(o.layers[0][1], o.layers[0][2], mean, variance, train).relu()
		}
		for range 3 {
			randomize(p.X, st)
			p.Forward(true)
			x := leaf(p.X, false)
			want := batchNorm(x.rows(0, 20), true).values()
			want = append(want, batchNorm(x.rows(20, 20), true).values()...)
			near(t, "output", values(p.Out), want, s.tol)
		}
		near(t, "running mean", values(l.runningMean), mean.values(), s.tol)
		near(t, "running variance", values(l.runningVar), variance.values(), s.tol)
		p.Forward(false)
		near(t, "inference", values(p.Out), batchNorm(leaf(p.X, false), false).values(), s.tol)
		near(t, "running mean after inference", values(l.runningMean), mean.values(), s.tol)
	}
}
