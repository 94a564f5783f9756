package models

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
	all := g.Forward(batch) // the discriminator's step
	all = append(all, d.Forward(2*batch)...)
	all = append(all, d.backward(2*batch, true, false)...)
	all = append(all, g.Forward(batch)...) // the generator's
	all = append(all, d.Forward(batch)...)
	all = append(all, d.backward(batch, false, true)...)
	return append(all, g.backward(batch, true, false)...)
}

// Forward is the products that bring rows through the net.
func (n Net) Forward(rows int) (all []Product) {
	for _, l := range n {
		all = append(all, Product{M: rows, N: l.Out, K: l.In})
	}
	return all
}

// backward is those of the gradients, by the parameters and by the input.
func (n Net) backward(rows int, params, input bool) (all []Product) {
	for i, l := range n {
		if params {
			all = append(all, Product{M: l.In, N: l.Out, K: rows, TransA: true})
		}
		if i > 0 || input {
			all = append(all, Product{M: rows, N: l.In, K: l.Out, TransB: true})
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

// Memory is the bytes that training a pair takes: its state, a gradient for each weight,
// and the activations of the passes of one iteration.
func Memory(g, d Net, batch int) int64 {
	numbers := State(g, d) + g.Weights() + d.Weights() +
		g.activations(batch, false) + g.activations(batch, true) +
		d.activations(2*batch, true) + d.activations(batch, true)
	return 4 * int64(numbers)
}

// activations is the numbers that a pass of rows keeps: its input and the output of every
// layer, with its gradient if it goes backward; and for a batch norm what comes before it
// and, if it goes backward, two more.
func (n Net) activations(rows int, backward bool) int {
	total := n.In()
	for _, l := range n {
		switch {
		case backward && l.BatchNorm:
			total += 5 * l.Out
		case backward || l.BatchNorm:
			total += 2 * l.Out
		default:
			total += l.Out
		}
	}
	return rows * total
}
