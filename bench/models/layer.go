package models

// Activation is what follows the products of a layer (and its batch norm).
type Activation int

// The activations. The sigmoid at the end of a discriminator is part of the loss, which
// works on logits.
const (
	Identity Activation = iota
	ReLU
	Tanh
	LeakyReLU // with slope 0.2 below 0
)

// Leak is the slope of LeakyReLU below 0.
const Leak = 0.2

// Kind is what a layer multiplies its input by.
type Kind int

// The kinds. Those of maps have kernels of 4 × 4 at steps of 2 behind a border of one pixel.
const (
	Linear Kind = iota // every number by every other
	Conv               // convolution: half the side
	Deconv             // transposed convolution: twice the side
)

// Taps is the number of weights of a kernel, 4 × 4.
const Taps = 16

// Maps are numbers that lie as images of side × side pixels; the zero Maps none that do.
type Maps struct {
	Channels, Side int
	Planar         bool // channel by channel, as samples lie; else the channels of a pixel side by side
}

// Len is how many numbers there are.
func (m Maps) Len() int { return m.Channels * m.Side * m.Side }

// Layer is act(norm(x W + b)), x W being a matrix product or, between Maps, one of their
// patches. Where batch norm follows there is no b, which the norm would subtract again.
type Layer struct {
	In, Out   int // numbers of a sample before and after
	BatchNorm bool
	Act       Activation
	Kind      Kind
	From, To  Maps // what In and Out are as maps; only the larger of the two may be Planar, and not before a norm
}

// Matrix is the product that a sample takes, m × k by the weights k × n. In W of a
// convolution rows are those of a patch, (y, x, channel); of a transposed one columns are.
func (l Layer) Matrix() (m, k, n int) {
	switch l.Kind {
	case Conv:
		return l.To.Side * l.To.Side, Taps * l.From.Channels, l.To.Channels
	case Deconv:
		return l.From.Side * l.From.Side, l.From.Channels, Taps * l.To.Channels
	}
	return 1, l.In, l.Out
}

// Units is how many outputs have a bias, or a scale and a shift, of their own: the
// channels of maps.
func (l Layer) Units() int {
	if l.To.Channels > 0 {
		return l.To.Channels
	}
	return l.Out
}

// FanIn is how many products are summed in an output.
func (l Layer) FanIn() int {
	_, k, _ := l.Matrix()
	if l.Kind == Deconv { // 2 × 2 of the 4 × 4
		return k * Taps / 4
	}
	return k
}

// Weights is the number of trained parameters: W, then b, or the norm's scale and shift.
func (l Layer) Weights() int {
	_, k, n := l.Matrix()
	return k*n + max(l.Units(), l.Running())
}

// Running is the number of running statistics: means and variances of a batch norm.
func (l Layer) Running() int {
	if l.BatchNorm {
		return 2 * l.Units()
	}
	return 0
}

// Chunk is how many of the rows go through a layer of maps at a time: as many as have
// patches that fit into a cache, or that are as many numbers as the weights.
func (l Layer) Chunk(rows int) int {
	const cache = 1 << 16
	m, k, n := l.Matrix()
	return min(rows, max(1, max(cache, k*n)/(m*max(k, n))))
}

// Patches is how many numbers the patches of a chunk are, and one row of pixels with a
// border beside them; 0 for a layer that has none.
func (l Layer) Patches(rows int) (patches, row int) {
	m, k, n := l.Matrix()
	switch l.Kind {
	case Conv:
		return l.Chunk(rows) * m * k, (l.From.Side + 2) * l.From.Channels
	case Deconv:
		return l.Chunk(rows) * m * n, (l.To.Side + 2) * l.To.Channels
	}
	return 0, 0
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
		n = append(n, Layer{In: in, Out: h, BatchNorm: norm, Act: act})
		in = h
	}
	return append(n, Layer{In: in, Out: out})
}
