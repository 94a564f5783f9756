package models

import "slices"

// Product is one matrix product, M×K by K×N, and which factor is a transposed view.
type Product struct {
	M, N, K        int
	TransA, TransB bool
}

// Flops is its floating-point operations: a multiplication and an addition each.
func (p Product) Flops() float64 { return 2 * float64(p.M) * float64(p.N) * float64(p.K) }

// Products lists the matrix products of one iteration of Algorithm 1, on batch real and
// batch generated samples, as package nn wires it: whatever else an iteration does, it
// cannot do without these.
func Products(g, d Net, batch int) []Product {
	return slices.Concat(
		g.Forward(batch), d.Forward(2*batch), d.backward(2*batch, true, false), // the discriminator's step
		g.Forward(batch), d.Forward(batch), d.backward(batch, false, true), g.backward(batch, true, false), // the generator's
	)
}

// Forward is the products that bring rows through the net.
func (n Net) Forward(rows int) (all []Product) {
	for _, l := range n {
		m, k, n := l.Matrix()
		all = append(all, Product{M: rows * m, N: n, K: k})
	}
	return all
}

// backward is those of the gradients, by the parameters and by the input.
func (n Net) backward(rows int, params, input bool) (all []Product) {
	for i, l := range n {
		m, k, n := l.Matrix()
		if params {
			all = append(all, Product{M: k, N: n, K: rows * m, TransA: true})
		}
		if i > 0 || input {
			all = append(all, Product{M: rows * m, N: k, K: n, TransB: true})
		}
	}
	return all
}

// Flops is the floating-point operations of matrix products.
func Flops(products []Product) (sum float64) {
	for _, p := range products {
		sum += p.Flops()
	}
	return sum
}

// State is the float32 numbers of a pair that a checkpoint keeps: the weights, two
// moments of the optimizer for each, and the running statistics.
func State(g, d Net) int { return 3*(g.Weights()+d.Weights()) + g.Running() + d.Running() }

// Rows is how many samples the generator n makes at a time where it only makes some: at
// most most, and no more than go through a cache, but as many as are worth the weights.
func (n Net) Rows(most int) int {
	const cache, least = 1 << 21, 64
	return min(most, max(least, cache/n.activations(1, false)))
}

// measured is the most samples made at a time that Memory counts with.
const measured = 250

// Memory is the bytes that training a pair takes: its state, and once more while a
// checkpoint is read, a gradient for each weight, and the activations of the passes of
// one iteration, of a measurement and of samples that are kept.
func Memory(g, d Net, batch int) int64 {
	numbers := 2*State(g, d) + g.Weights() + d.Weights() +
		g.activations(batch, false) + g.activations(batch, true) +
		d.activations(2*batch, true) + d.activations(batch, true) +
		2*g.activations(g.Rows(measured), false)
	return 4 * int64(numbers)
}

// activations is the numbers that a pass of rows keeps: its input and the output of every
// layer, with its gradient if it goes backward, what comes before a batch norm, and the
// patches of maps.
func (n Net) activations(rows int, backward bool) int {
	total, patches := n.In(), 0
	for _, l := range n {
		total += l.Out
		if backward {
			total += l.Out
		}
		if l.BatchNorm {
			total += l.Out
		}
		p, _ := l.Patches(rows)
		patches = max(patches, p)
	}
	return rows*total + patches
}
