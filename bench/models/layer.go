package models

// Activation is what follows a linear layer (and its batch norm).
type Activation int

// The activations. The sigmoid at the end of a discriminator is part of the loss, which
// works on logits.
const (
	Identity Activation = iota
	ReLU
	Tanh
)

// Layer is one fully connected layer: act(norm(x W + b)). Where batch norm follows there
// is no b, which the norm would subtract again.
type Layer struct {
	In, Out   int // numbers of a sample before and after
	BatchNorm bool
	Act       Activation
}

// Weights is the number of trained parameters: W, then b, or the norm's scale and shift.
func (l Layer) Weights() int {
	if l.BatchNorm {
		return l.In*l.Out + 2*l.Out
	}
	return l.In*l.Out + l.Out
}

// Running is the number of running statistics: means and variances of a batch norm.
func (l Layer) Running() int {
	if l.BatchNorm {
		return 2 * l.Out
	}
	return 0
}

// Net is the layers of a network, from input to output.
type Net []Layer

// In is how many numbers a row of the input has, Out how many one of the output.
func (n Net) In() int  { return n[0].In }
func (n Net) Out() int { return n[len(n)-1].Out }

// Weights is the number of trained parameters.
func (n Net) Weights() int { return n.sum(Layer.Weights) }

// Running is the number of running statistics.
func (n Net) Running() int { return n.sum(Layer.Running) }

// BatchNorm says whether any layer has it.
func (n Net) BatchNorm() bool { return n.Running() > 0 }

func (n Net) sum(of func(Layer) int) (total int) {
	for _, l := range n {
		total += of(l)
	}
	return total
}

// stack is linear layers with these numbers of hidden units and one activation between
// them, with batch norm or without; the output has neither.
func stack(in int, hidden []int, out int, norm bool, act Activation) Net {
	var n Net
	for _, h := range hidden {
		n = append(n, Layer{in, h, norm, act})
		in = h
	}
	return append(n, Layer{In: in, Out: out})
}
