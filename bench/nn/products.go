package nn

// Product is one matrix product, M×K by K×N, and which factor is a transposed view.
type Product struct {
	M, N, K        int
	TransA, TransB bool
}

// Flops is its floating-point operations: a multiplication and an addition each.
func (p Product) Flops() float64 { return 2 * float64(p.M) * float64(p.N) * float64(p.K) }

// Products lists the matrix products of one iteration of Algorithm 1 as NewSteps
// wires it: whatever else an iteration does, these it cannot do without.
func Products(g, d Spec, batch int) []Product {
	var all []Product
	forward := func(s Spec, rows int) {
		for _, l := range s {
			all = append(all, Product{M: rows, N: l.Out, K: l.In})
		}
	}
	backward := func(s Spec, rows int, params, input bool) {
		for i, l := range s {
			if params {
				all = append(all, Product{M: l.In, N: l.Out, K: rows, TransA: true})
			}
			if i > 0 || input {
				all = append(all, Product{M: rows, N: l.In, K: l.Out, TransB: true})
			}
		}
	}
	forward(g, batch) // the discriminator's step
	forward(d, 2*batch)
	backward(d, 2*batch, true, false)
	forward(g, batch) // the generator's
	forward(d, batch)
	backward(d, batch, false, true)
	backward(g, batch, true, false)
	return all
}

// Multiplier does matrix products with libtorch's sgemm on memory of its own.
type Multiplier struct{ a, b, c, owned []*Tensor }

// NewMultiplier makes the factors of the products, all of them 0.5.
func NewMultiplier(products []Product) *Multiplier {
	m := &Multiplier{}
	factor := func(rows, cols int, trans bool) *Tensor {
		if trans {
			rows, cols = cols, rows
		}
		t := NewTensor(rows, cols, Float32)
		fill(t, 0.5)
		m.owned = append(m.owned, t)
		if trans {
			t = t.t()
			m.owned = append(m.owned, t)
		}
		return t
	}
	for _, p := range products {
		m.a = append(m.a, factor(p.M, p.K, p.TransA))
		m.b = append(m.b, factor(p.K, p.N, p.TransB))
		m.c = append(m.c, factor(p.M, p.N, false))
	}
	return m
}

// Do makes every product once.
func (m *Multiplier) Do() {
	for i := range m.a {
		mm(m.c[i], m.a[i], m.b[i])
	}
}

// Free gives the memory back.
func (m *Multiplier) Free() {
	for _, t := range m.owned {
		t.Free()
	}
}
