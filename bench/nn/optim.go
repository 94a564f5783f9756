//go:build cgo

package nn

import "fig5/bench/nn/kernel"

// Adam is Kingma & Ba's optimizer with PyTorch's placement of eps:
// p -= lr (m / (1 - β1^t)) / (√(v / (1 - β2^t)) + eps).
type Adam = kernel.Adam

// SGD is gradient descent with PyTorch's momentum: buf = momentum buf + g,
// p -= lr buf.
type SGD = kernel.SGD

// Optimizer updates one net. Its state lies in tensors like the net's parameters.
type Optimizer struct {
	owner
	Steps int64
	State []*Tensor // adam: m, v; sgd: buf
	rule  any
}

// NewAdam is an optimizer for n at step 0.
func NewAdam(n *Net, a Adam) *Optimizer { return newOptimizer(n, a, 2) }

// NewSGD is the plain one; see NewAdam.
func NewSGD(n *Net, s SGD) *Optimizer { return newOptimizer(n, s, 1) }

func newOptimizer(n *Net, rule any, state int) *Optimizer {
	o := &Optimizer{rule: rule}
	for range state {
		o.State = append(o.State, o.zeros(n.Params, 1, n.Params.Len()))
	}
	return o
}

// Step moves the parameters of n along its gradients, which it overwrites.
func (o *Optimizer) Step(n *Net) {
	o.Steps++
	p, g, first, last := n.Params, n.Grads, o.State[0], o.State[len(o.State)-1]
	switch r := o.rule.(type) {
	case Adam:
		if n.kernels {
			r.Step(slice(p), slice(g), slice(first), slice(last), o.Steps)
		} else {
			torchAdam(r, p, g, first, last, o.Steps)
		}
	case SGD:
		if n.kernels {
			r.Step(slice(p), slice(g), slice(first))
		} else {
			torchSGD(r, p, g, first, o.Steps)
		}
	}
}
