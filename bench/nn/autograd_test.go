//go:build cgo

package nn

import (
	"fmt"
	"math"
	"runtime"
	"runtime/debug"
	"testing"

	"github.com/sugarme/gotch"
	"github.com/sugarme/gotch/ts"

	"fig5/bench/data"
	"fig5/bench/models"
	"fig5/bench/rng"
)

// These tests set the explicit gradients beside libtorch's autograd, reached
// through gotch's ts package, on the nets of Figures 2 and 3.

// quiet keeps the test on one thread and its tensors alive: gotch's finalizers may
// free a tensor while libtorch still reads it, once Go no longer does.
func quiet(t *testing.T) {
	runtime.LockOSThread()
	was := debug.SetGCPercent(-1)
	t.Cleanup(func() {
		debug.SetGCPercent(was)
		runtime.UnlockOSThread()
	})
}

// oracle is a net's parameters as autograd leaves.
type oracle struct {
	spec   models.Net
	layers [][]*ts.Tensor // W, b | W, scale, shift
}

func kindOf(d DType) gotch.DType {
	if d == Float64 {
		return gotch.Double
	}
	return gotch.Float
}

// leaf copies t, as a matrix.
func leaf(t *Tensor, grad bool) *ts.Tensor { return leafOf(t, grad, false) }

// leafOf copies t into a new tensor, a vector if so asked, that collects gradients if so asked.
func leafOf(t *Tensor, grad, vector bool) *ts.Tensor {
	var data any
	if t.dtype == Float64 {
		data = append([]float64(nil), t.Float64s()...)
	} else {
		data = append([]float32(nil), t.Float32s()...)
	}
	v := ts.MustOfSlice(data)
	if !vector {
		v = v.MustView([]int64{int64(t.rows), int64(t.cols)}, true)
	}
	return v.MustSetRequiresGrad(grad, true)
}

func newOracle(n *Net) *oracle {
	o := &oracle{spec: n.Spec}
	for i := range n.Spec {
		p := n.layers[i]
		ps := []*ts.Tensor{leaf(p.w, true)}
		for _, t := range []*Tensor{p.b, p.scale, p.shift} {
			if t != nil {
				ps = append(ps, leafOf(t, true, true))
			}
		}
		o.layers = append(o.layers, ps)
	}
	return o
}

func (o *oracle) forward(x *ts.Tensor) *ts.Tensor {
	for i, l := range o.spec {
		p := o.layers[i]
		x = x.MustMatmul(p[0], false)
		if l.BatchNorm {
			x = ts.MustBatchNorm(x, p[1], p[2], ts.NewTensor(), ts.NewTensor(), true, normMomentum, normEps, false)
		} else {
			x = x.MustAdd(p[1], false)
		}
		switch l.Act {
		case models.ReLU:
			x = x.MustRelu(false)
		case models.Tanh:
			x = x.MustTanh(false)
		}
	}
	return x
}

// grads are d loss / d parameters in the order of Net.Grads.
func (o *oracle) grads(loss *ts.Tensor) []float64 {
	var leaves []*ts.Tensor
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
func autograd(loss *ts.Tensor, vars []*ts.Tensor) [][]float64 {
	loss.MustBackward()
	var out [][]float64
	for _, v := range vars {
		out = append(out, v.MustGrad(false).Float64Values())
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

func testNet(spec models.Net, s setting, seed int64) *Net {
	n := New(spec, s.dtype, s.engine)
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
		{In: 128, Out: 3, BatchNorm: false, Act: models.Identity}, {In: 784, Out: 256, BatchNorm: true, Act: models.ReLU}, {In: 9, Out: 4, BatchNorm: true, Act: models.Tanh}, {In: 33, Out: 17, BatchNorm: true, Act: models.Identity}} {
		for _, s := range settings {
			t.Run(fmt.Sprintf("%dx%d norm=%v act=%d %v %v", l.In, l.Out, l.BatchNorm, l.Act, s.dtype, s.engine), func(t *testing.T) {
				n := testNet(models.Net{l}, s, 1)
				p := n.NewPass(Shape{Rows: 64, Backward: true, NeedDX: true})
				st := rng.New(2, "test")
				randomize(p.X, st)
				randomize(p.DOut, st)
				o, x, c := newOracle(n), leaf(p.X, true), leaf(p.DOut, false)
				p.Forward(true)
				y := o.forward(x)
				near(t, "output", values(p.Out), y.Float64Values(), s.tol)
				p.Backward(ParamGrads | InputGrad)
				loss := y.MustMul(c, false).MustSum(kindOf(s.dtype), false)
				vars := append([]*ts.Tensor{x}, o.layers[0]...)
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

// TestStepGradients checks the whole D step and the whole G step of the models.
func TestStepGradients(t *testing.T) {
	quiet(t)
	const batch = 64
	point, digit := data.Shape{Channels: 1, Height: 1, Width: 3}, data.Shape{Channels: 1, Height: 28, Width: 28}
	for _, model := range []struct {
		models.Choice
		shape data.Shape
	}{{models.Choice{Name: "toy"}, point}, {models.Choice{Name: "mnist-fc"}, digit},
		{models.Choice{Name: "mnist-fc", DiscriminatorNorm: models.None}, digit}} {
		for _, s := range settings {
			t.Run(fmt.Sprintf("%s %s %v %v", model.Name, model.DiscriminatorNorm, s.dtype, s.engine), func(t *testing.T) {
				gs, ds := model.Nets(model.shape)
				g, d := testNet(gs, s, 3), testNet(ds, s, 4)
				st := rng.New(5, "test")
				steps := NewSteps(g, d, batch)
				randomize(steps.Real, st)
				randomize(steps.Z, st)
				og, od := newOracle(g), newOracle(d)
				x, z := leaf(steps.Real, false), leaf(steps.Z, false)
				kind := kindOf(s.dtype)

				loss := steps.DGrads()
				real, fake := od.forward(x), od.forward(og.forward(z).MustDetach(false))
				want := real.MustNeg(false).MustSoftplus(false).MustMean(kind, false).
					MustAdd(fake.MustSoftplus(false).MustMean(kind, false), false)
				near(t, "D loss", []float64{loss}, want.Float64Values(), s.tol)
				near(t, "D gradient", values(d.Grads), od.grads(want), 10*s.tol)

				for _, saturating := range []bool{true, false} {
					og, od = newOracle(g), newOracle(d)
					loss = steps.GGrads(saturating)
					fake = od.forward(og.forward(z))
					if saturating {
						want = fake.MustSoftplus(false).MustMean(kind, false).MustNeg(false)
					} else {
						want = fake.MustNeg(false).MustSoftplus(false).MustMean(kind, false)
					}
					near(t, "G loss", []float64{loss}, want.Float64Values(), s.tol)
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
		n := testNet(models.Net{{In: 33, Out: 17, BatchNorm: true, Act: models.ReLU}}, s, 1)
		p := n.NewPass(Shape{Rows: 40, Batches: 2, Backward: true})
		st := rng.New(2, "test")
		l := n.layers[0]
		mean, variance := leafOf(l.runningMean, false, true), leafOf(l.runningVar, false, true)
		o := newOracle(n)
		batchNorm := func(x *ts.Tensor, train bool) *ts.Tensor {
			return ts.MustBatchNorm(x.MustMatmul(o.layers[0][0], false), o.layers[0][1], o.layers[0][2], mean, variance,
				train, normMomentum, normEps, false).MustRelu(false)
		}
		for range 3 {
			randomize(p.X, st)
			p.Forward(true)
			x := leaf(p.X, false)
			want := batchNorm(x.MustNarrow(0, 0, 20, false), true).Float64Values()
			want = append(want, batchNorm(x.MustNarrow(0, 20, 20, false), true).Float64Values()...)
			near(t, "output", values(p.Out), want, s.tol)
		}
		near(t, "running mean", values(l.runningMean), mean.Float64Values(), s.tol)
		near(t, "running variance", values(l.runningVar), variance.Float64Values(), s.tol)
		p.Forward(false)
		near(t, "inference", values(p.Out), batchNorm(leaf(p.X, false), false).Float64Values(), s.tol)
		near(t, "running mean after inference", values(l.runningMean), mean.Float64Values(), s.tol)
	}
}
