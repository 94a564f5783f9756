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
	l := &LeNet{Design: d}
	if err := l.train(ctx, set, r, report); err != nil {
		return nil, err
	}
	return l, nil
}

func (l *LeNet) train(ctx context.Context, set Labelled, r Recipe, report func(int, float64)) error {
	random := rand.New(rand.NewPCG(r.Seed, 0))
	l.init(random)
	pixels, heads := l.pixels(), len(l.Heads)
	perEpoch := len(set.X) / pixels / r.Batch
	return guard(true, func(s *scope) error {
		t := &trainer{LeNet: l, scope: s}
		for _, p := range l.params() {
			zeros := s.zeros(float32Type, p.shape...)
			t.params = append(t.params, s.op("set_requires_grad", func(c *libtch.Ctensor) { libtch.AtgSetRequiresGrad(c, zeros, 1) }))
			t.m, t.v = append(t.m, make([]float32, p.len())), append(t.v, make([]float32, p.len()))
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
				sum += t.gradients(x, y, int64(r.Batch))
				done := float64(epoch*perEpoch+step) / float64(r.Epochs*perEpoch)
				t.step(r.LR * (1 + math.Cos(math.Pi*done)) / 2)
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
	var bound float64
	for _, p := range l.params() {
		if len(p.shape) > 1 { // a weight; its bias, which follows, has the same fan-in
			bound = 1 / math.Sqrt(float64(p.len())/float64(p.shape[0]))
		}
		v := make([]float32, p.len())
		for i := range v {
			v[i] = float32(bound * (2*random.Float64() - 1))
		}
		l.values = append(l.values, v)
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

// trainer is a LeNet with its parameters as libtorch's tensors, which know gradients, and
// Kingma & Ba's optimizer with its usual constants, whose sums are taken in Go, in a fixed order.
type trainer struct {
	*LeNet
	*scope
	params []libtch.Ctensor
	steps  int
	m, v   [][]float32
}

// logits are those of all heads, side by side, of n images x. Pooling comes before the ReLU,
// which gives the same from a quarter of the values.
func (t *trainer) logits(x libtch.Ctensor, n int64) libtch.Ctensor {
	p := t.params
	x = t.relu(t.maxPool(t.conv2d(x, p[0], p[1], int64(32-t.side)/2)))
	x = t.relu(t.maxPool(t.conv2d(x, p[2], p[3], 0)))
	x = t.op("reshape", func(c *libtch.Ctensor) { libtch.AtgReshape(c, x, []int64{n, 400}, 2) })
	x = t.relu(t.linear(x, p[4], p[5]))
	x = t.relu(t.linear(x, p[6], p[7]))
	return t.linear(x, p[8], p[9])
}

// gradients leaves the gradient of the mean cross entropy, summed over the heads, with the
// parameters and gives the loss. y is heads×n.
func (t *trainer) gradients(x, y libtch.Ctensor, n int64) float64 {
	for i, p := range t.params {
		copy(floats(p, len(t.values[i])), t.values[i])
	}
	logits, from := t.logits(x, n), int64(0)
	var loss libtch.Ctensor
	for h, values := range t.Heads {
		head := t.op("narrow", func(c *libtch.Ctensor) { libtch.AtgNarrow(c, logits, 1, from, int64(values)) })
		labels := t.op("select", func(c *libtch.Ctensor) { libtch.AtgSelect(c, y, 0, int64(h)) })
		entropy := t.op("cross_entropy_loss", func(c *libtch.Ctensor) {
			const mean, ignoreNone = 1, -100
			libtch.AtgCrossEntropyLoss(c, head, labels, nil, mean, ignoreNone, 0)
		})
		if h > 0 {
			before := loss
			loss = t.op("add", func(c *libtch.Ctensor) { libtch.AtgAdd(c, before, entropy) })
		} else {
			loss = entropy
		}
		from += int64(values)
	}
	libtch.AtBackward(loss, 0, 0)
	exception.Check("backward")
	return float64(floats(loss, 1)[0])
}

// step moves the values along their gradients, which it clears.
func (t *trainer) step(lr float64) {
	const beta1, beta2, eps = 0.9, 0.999, 1e-8
	t.steps++
	rate := float32(lr / (1 - math.Pow(beta1, float64(t.steps))))
	unbias := float32(1 / (1 - math.Pow(beta2, float64(t.steps))))
	for i, p := range t.values {
		grad := t.op("grad", func(c *libtch.Ctensor) { libtch.AtgGrad(c, t.params[i]) })
		g, m, v := floats(grad, len(p)), t.m[i], t.v[i]
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
	n, heads := len(set.X)/l.pixels(), len(l.Heads)
	f := make([]float32, n*lenetWidth)
	l.features(f, set.X, n)
	right := make([]float64, heads)
	for i, v := range l.Sees(f) {
		if v == set.Y[i] {
			right[i%heads] += 1 / float64(n)
		}
	}
	return right, nil
}
