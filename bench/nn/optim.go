//go:build cgo

package nn

// Adam is Kingma & Ba's optimizer with PyTorch's placement of eps:
// p -= lr (m / (1 - β1^t)) / (√(v / (1 - β2^t)) + eps).
type Adam struct{ LR, Beta1, Beta2, Eps float64 }

// SGD is gradient descent with PyTorch's momentum: buf = momentum buf + g,
// p -= lr buf.
type SGD struct{ LR, Momentum float64 }

// Optimizer updates one net. Its state lies in tensors like the net's parameters.
type Optimizer struct {
	Steps int64
	State []*Tensor // adam: m, v; sgd: buf
	rule  any
}

// NewAdam and NewSGD are optimizers for n at step 0.
func NewAdam(n *Net, a Adam) *Optimizer {
	return &Optimizer{State: []*Tensor{like(n.Params), like(n.Params)}, rule: a}
}

// NewSGD is the plain one; see NewAdam.
func NewSGD(n *Net, s SGD) *Optimizer {
	return &Optimizer{State: []*Tensor{like(n.Params)}, rule: s}
}

func like(t *Tensor) *Tensor { return t.beside(t.rows, t.cols) }

// Step moves the parameters of n along its gradients, which it overwrites.
func (o *Optimizer) Step(n *Net) {
	o.Steps++
	switch r := o.rule.(type) {
	case Adam:
		n.ops.adam(n.Params, n.Grads, o.State[0], o.State[1], r, o.Steps)
	case SGD:
		n.ops.sgd(n.Params, n.Grads, o.State[0], r, o.Steps)
	}
}

// Free gives the memory of the state back.
func (o *Optimizer) Free() {
	for _, t := range o.State {
		t.Free()
	}
}
