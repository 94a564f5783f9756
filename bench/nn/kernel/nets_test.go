//go:build cgo

package kernel

import (
	"math"
	"testing"

	"fig5/bench/rng"
)

// A net of Linear layers with flat parameters, a small example of how the
// operations go together. Where norm is set, every layer but the last is
// Linear(None) followed by Norm.
type net struct {
	layers        []Linear
	norm          bool
	p, g, m, v    []float32 // parameters, gradients, moments
	parts         []part    // views of p and g
	x             []float32 // the input of the last forward
	z, h, d       [][]float32
	mean, inv     [][]float32
	runMean, runV [][]float32
	t             int64
}

type part struct{ w, b, gamma, beta, dw, db, dgamma, dbeta []float32 }

func newNet(s *rng.Stream, rows int, norm bool, hidden Activation, widths ...int) *net {
	n := &net{norm: norm}
	size := 0
	for i := 0; i+1 < len(widths); i++ {
		l := Linear{In: widths[i], Out: widths[i+1], Act: hidden}
		last := i+2 == len(widths)
		if last || norm {
			l.Act = None
		}
		n.layers = append(n.layers, l)
		size += l.In*l.Out + 3*l.Out
	}
	n.p, n.g, n.m, n.v = make([]float32, size), make([]float32, size), make([]float32, size), make([]float32, size)
	at := 0
	for _, l := range n.layers {
		take := func(k int) (p, g []float32) {
			at += k
			return n.p[at-k : at : at], n.g[at-k : at : at]
		}
		var q part
		q.w, q.dw = take(l.In * l.Out)
		q.b, q.db = take(l.Out)
		q.gamma, q.dgamma = take(l.Out)
		q.beta, q.dbeta = take(l.Out)
		for _, w := range [][]float32{q.w, q.b} {
			s.Uniform(w)
			for i := range w {
				w[i] /= float32(math.Sqrt(float64(l.In)))
			}
		}
		for i := range q.gamma {
			q.gamma[i] = 1
		}
		n.parts = append(n.parts, q)
		n.z = append(n.z, make([]float32, rows*l.Out))
		n.h = append(n.h, make([]float32, rows*l.Out))
		n.d = append(n.d, make([]float32, rows*l.Out))
		n.mean = append(n.mean, make([]float32, 2*l.Out)) // two batches
		n.inv = append(n.inv, make([]float32, 2*l.Out))
		n.runMean = append(n.runMean, make([]float32, l.Out))
		n.runV = append(n.runV, make([]float32, l.Out))
	}
	return n
}

// normed: is layer i followed by batch norm.
func (n *net) normed(i int) bool { return n.norm && i+1 < len(n.layers) }

// forward takes x[rows][in] to the net's output. The rows are of batches equal
// batches, each with its own statistics where there is batch norm: a Linear
// layer does not care, so real and fake rows share its product.
func (n *net) forward(x []float32, rows, batches int) []float32 {
	n.x = x
	for i, l := range n.layers {
		q := n.parts[i]
		if !n.normed(i) {
			l.Forward(n.h[i], x, q.w, q.b, rows)
		} else {
			l.Forward(n.z[i], x, q.w, q.b, rows)
			each := rows / batches
			for k := range batches {
				from, to := k*each*l.Out, (k+1)*each*l.Out
				Norm{Width: l.Out}.Forward(n.h[i][from:to], n.z[i][from:to], q.gamma, q.beta, n.runMean[i], n.runV[i],
					n.mean[i][k*l.Out:(k+1)*l.Out], n.inv[i][k*l.Out:(k+1)*l.Out], each)
			}
		}
		x = n.h[i]
	}
	return x[:rows*n.layers[len(n.layers)-1].Out]
}

// backward takes the gradient at the output, in n.d of the last layer, to the
// gradients of the parameters, if wanted, and to dx unless that is nil.
func (n *net) backward(dx []float32, rows, batches int, params bool) {
	for i := len(n.layers) - 1; i >= 0; i-- {
		l, q := n.layers[i], n.parts[i]
		if !params {
			q.dw, q.db, q.dgamma, q.dbeta = nil, nil, nil, nil
		}
		if n.normed(i) {
			each := rows / batches
			for k := range batches {
				from, to := k*each*l.Out, (k+1)*each*l.Out
				Norm{Width: l.Out}.Backward(n.d[i][from:to], q.dgamma, q.dbeta, n.d[i][from:to], n.z[i][from:to], n.h[i][from:to],
					q.gamma, n.mean[i][k*l.Out:(k+1)*l.Out], n.inv[i][k*l.Out:(k+1)*l.Out], each, k > 0)
			}
		}
		in, below, act := n.x, dx, None
		if i > 0 {
			in, below, act = n.h[i-1], n.d[i-1], n.layers[i-1].Act
		}
		l.BackwardZ(below, q.dw, q.db, n.d[i], in, q.w, rows, act, false)
	}
}

func (n *net) step(a Adam) {
	n.t++
	a.Step(n.p, n.g, n.m, n.v, n.t)
}

// gan is one pair of nets and the buffers of an iteration.
type gan struct {
	g, d       *net
	batch, dim int
	data       []float32
	x, dfake   []float32 // real and fake rows for D; the gradient at G's output
	z          []float32
	s          *rng.Stream
	adam       Adam
}

func newGAN(norm bool, batch, dim int, g, d []int) *gan {
	s := rng.New(1, "test")
	act := Tanh
	if norm {
		act = ReLU
	}
	t := &gan{g: newNet(s, batch, norm, ReLU, g...), d: newNet(s, 2*batch, norm, act, d...), batch: batch, dim: dim, s: s,
		data: make([]float32, 10000*dim), x: make([]float32, 2*batch*dim), dfake: make([]float32, batch*dim), z: make([]float32, batch*dim),
		adam: Adam{LR: 2e-4, Beta1: .5, Beta2: .999, Eps: 1e-8}}
	s.Uniform(t.data)
	return t
}

func newToy() *gan { return newGAN(false, 64, 3, []int{3, 128, 128, 3}, []int{3, 128, 128, 128, 1}) }

func newMNIST() *gan {
	return newGAN(true, 64, 784, []int{784, 256, 256, 256, 784}, []int{784, 256, 512, 512, 1})
}

// iteration is one step of D on real and fake rows together, and one of G.
func (t *gan) iteration() (dLoss, gLoss float64) {
	half := t.batch * t.dim
	for i := range t.batch {
		r := t.s.IntN(len(t.data)/t.dim) * t.dim
		copy(t.x[i*t.dim:(i+1)*t.dim], t.data[r:r+t.dim])
	}
	t.s.Uniform(t.z)
	copy(t.x[half:], t.g.forward(t.z, t.batch, 1))
	logits := t.d.forward(t.x, 2*t.batch, 2)
	dl := t.d.d[len(t.d.d)-1]
	dLoss = Softplus(dl[:t.batch], logits[:t.batch], -1, 1) + Softplus(dl[t.batch:], logits[t.batch:], 1, 1)
	t.d.backward(nil, 2*t.batch, 2, true)
	t.d.step(t.adam)

	t.s.Uniform(t.z)
	logits = t.d.forward(t.g.forward(t.z, t.batch, 1), t.batch, 1)
	gLoss = Softplus(dl[:t.batch], logits, 1, -1)
	t.d.backward(t.g.d[len(t.g.d)-1], t.batch, 1, false)
	t.g.backward(nil, t.batch, 1, true)
	t.g.step(t.adam)
	return dLoss, gLoss
}

func BenchmarkToyIteration(b *testing.B) {
	t := newToy()
	for b.Loop() {
		t.iteration()
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "it/s")
}

func BenchmarkMNISTIteration(b *testing.B) {
	t := newMNIST()
	for b.Loop() {
		t.iteration()
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "it/s")
}
