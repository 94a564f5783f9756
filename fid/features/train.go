//go:build cgo

package features

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"unsafe"

	"github.com/sugarme/gotch/libtch"

	"fig5/fid/features/exception"
)

// Labelled is images in [-1, 1], row by row, of a Design, and of each the value of every
// head.
type Labelled struct {
	X []float32 // n × pixels
	Y []byte    // n × heads
}

// Recipe is how a LeNet is trained: Adam on the sum of the cross entropies of its heads,
// with a learning rate that falls to 0 along half a cosine, on images shifted by up to
// Shift pixels in either direction, at random each time.
type Recipe struct {
	Epochs, Batch, Shift int
	LR                   float64
	Seed                 uint64
}

// The recipes of the networks of this package.
var (
	DigitsRecipe = Recipe{Epochs: 12, Batch: 64, Shift: 2, LR: 2e-3, Seed: 2018}
	DrawnRecipe  = Recipe{Epochs: 12, Batch: 64, LR: 2e-3, Seed: 2018}
)

// check refuses data and recipes that cannot be trained on.
func (r Recipe) check(d *Design, set Labelled) error {
	if r.Epochs < 1 || r.Batch < 1 || r.Shift < 0 || r.Shift >= d.side || !(r.LR > 0) {
		return fmt.Errorf("%+v is no recipe", r)
	}
	return set.check(d, r.Batch)
}

// check refuses what is not at least so many labelled images.
func (s Labelled) check(d *Design, least int) error {
	n, heads := len(s.X)/d.pixels(), len(d.Heads)
	if n < least || len(s.X) != n*d.pixels() || len(s.Y) != n*heads {
		return fmt.Errorf("%d numbers and %d labels are not %d or more labelled images of %d pixels", len(s.X), len(s.Y), least, d.pixels())
	}
	for i, y := range s.Y {
		if most := d.Heads[i%heads]; int(y) >= most {
			return fmt.Errorf("label %d is %d, not one of %d", i, y, most)
		}
	}
	return nil
}

// TrainLeNet trains a network from scratch. It is a function of set, recipe and, in
// the last bits, of the CPU's instruction set, if libtorch runs on one thread.
// Report, which may be nil, is told the mean loss of every epoch.
func TrainLeNet(ctx context.Context, d *Design, set Labelled, r Recipe, report func(epoch int, loss float64)) (*LeNet, error) {
	if err := r.check(d, set); err != nil {
		return nil, err
	}
	l, err := d.empty()
	if err != nil {
		return nil, err
	}
	if err := l.train(ctx, set, r, report); err != nil {
		l.Free()
		return nil, err
	}
	return l, nil
}

func (l *LeNet) train(ctx context.Context, set Labelled, r Recipe, report func(int, float64)) error {
	random := rand.New(rand.NewPCG(r.Seed, 0))
	l.init(random)
	opt := newAdam(l)
	pixels, heads := l.pixels(), len(l.Heads)
	perEpoch := len(set.X) / pixels / r.Batch
	return guard(true, func(s *scope) error {
		for i := range l.params {
			var c libtch.Ctensor
			libtch.AtgSetRequiresGrad(&c, l.params[i], 1)
			s.own("set_requires_grad", c)
		}
		side := int64(l.side)
		x := s.zeros(float32Type, int64(r.Batch), int64(l.channels), side, side)
		y := s.zeros(int64Type, int64(heads), int64(r.Batch))
		images := floats(x, r.Batch*pixels)
		labels := unsafe.Slice((*int64)(libtch.AtDataPtr(y)), heads*r.Batch)
		mark := len(s.owned)
		order := random.Perm(len(set.X) / pixels)
		for epoch := range r.Epochs {
			random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
			sum := 0.0
			for step := range perEpoch {
				if err := ctx.Err(); err != nil {
					return errors.New("stopped")
				}
				for i, from := range order[step*r.Batch:][:r.Batch] {
					l.shifted(images[i*pixels:][:pixels], set.X[from*pixels:][:pixels], r.Shift, random)
					for h, v := range set.Y[from*heads:][:heads] {
						labels[h*r.Batch+i] = int64(v)
					}
				}
				sum += l.gradients(s, x, y, int64(r.Batch))
				done := float64(epoch*perEpoch+step) / float64(r.Epochs*perEpoch)
				opt.step(s, l, r.LR*(1+math.Cos(math.Pi*done))/2)
				s.freeTo(mark)
			}
			if report != nil {
				report(epoch+1, sum/float64(perEpoch))
			}
		}
		return nil
	})
}

// init draws weights and biases from U(±1/√fan_in), PyTorch's default.
func (l *LeNet) init(random *rand.Rand) {
	fanIn := int64(1)
	for i, p := range l.Design.params() {
		if len(p.shape) > 1 { // a weight; its bias, which follows, has the same fan-in
			fanIn = 1
			for _, d := range p.shape[1:] {
				fanIn *= d
			}
		}
		bound := 1 / math.Sqrt(float64(fanIn))
		v := l.param(i)
		for j := range v {
			v[j] = float32(bound * (2*random.Float64() - 1))
		}
	}
}

// shifted copies an image, moved by up to most pixels, on black.
func (d *Design) shifted(dst, src []float32, most int, random *rand.Rand) {
	dy, dx := random.IntN(2*most+1)-most, random.IntN(2*most+1)-most
	for i := range dst {
		plane, y, x := i/(d.side*d.side), i/d.side%d.side-dy, i%d.side-dx
		dst[i] = -1
		if y >= 0 && y < d.side && x >= 0 && x < d.side {
			dst[i] = src[(plane*d.side+y)*d.side+x]
		}
	}
}

// gradients leaves the gradient of the mean cross entropy, summed over the heads, with the
// parameters and gives the loss. y is heads×n.
func (l *LeNet) gradients(s *scope, x, y libtch.Ctensor, n int64) float64 {
	logits := l.logits(s, x, n)
	var loss libtch.Ctensor
	from := int64(0)
	for h, values := range l.Heads {
		var labels, c libtch.Ctensor
		libtch.AtgSelect(&labels, y, 0, int64(h))
		s.own("select", labels)
		const mean, ignoreNone = 1, -100
		libtch.AtgCrossEntropyLoss(&c, s.narrow(logits, from, int64(values)), labels, nil, mean, ignoreNone, 0)
		c = s.own("cross_entropy_loss", c)
		if h > 0 {
			c = s.add(loss, c)
		}
		loss, from = c, from+int64(values)
	}
	libtch.AtBackward(loss, 0, 0)
	exception.Check("backward")
	return float64(floats(loss, 1)[0])
}

// adam is Kingma & Ba's optimizer with its usual constants; its sums are taken in Go,
// in a fixed order.
type adam struct {
	t    int
	m, v [][]float32
}

func newAdam(l *LeNet) *adam {
	a := &adam{}
	for i := range l.params {
		a.m, a.v = append(a.m, make([]float32, len(l.param(i)))), append(a.v, make([]float32, len(l.param(i))))
	}
	return a
}

// step moves the parameters along their gradients, which it clears.
func (a *adam) step(s *scope, l *LeNet, lr float64) {
	const beta1, beta2, eps = 0.9, 0.999, 1e-8
	a.t++
	rate := float32(lr / (1 - math.Pow(beta1, float64(a.t))))
	unbias := float32(1 / (1 - math.Pow(beta2, float64(a.t))))
	for i := range l.params {
		var c libtch.Ctensor
		libtch.AtgGrad(&c, l.params[i])
		p, m, v := l.param(i), a.m[i], a.v[i]
		g := floats(s.own("grad", c), len(p))
		for j, d := range g {
			m[j] += (1 - beta1) * (d - m[j])
			v[j] += (1 - beta2) * (d*d - v[j])
			p[j] -= rate * m[j] / (float32(math.Sqrt(float64(v[j]*unbias))) + eps)
			g[j] = 0
		}
	}
}

// Accuracy is, of each head, the share of a set's images whose value the network sees.
func (l *LeNet) Accuracy(set Labelled) ([]float64, error) {
	if err := set.check(l.Design, 1); err != nil {
		return nil, err
	}
	e := l.extractor()
	defer e.Close()
	n, heads := len(set.X)/l.pixels(), len(l.Heads)
	f, err := e.Extract(set.X, n)
	if err != nil {
		return nil, err
	}
	right := make([]float64, heads)
	for i, v := range l.Sees(f) {
		if v == set.Y[i] {
			right[i%heads] += 1 / float64(n)
		}
	}
	return right, nil
}
