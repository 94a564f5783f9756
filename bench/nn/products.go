package nn

import "fig5/bench/models"

// Multiplier does matrix products with libtorch's sgemm on memory of its own.
type Multiplier struct{ a, b, c, owned []*Tensor }

// NewMultiplier makes the factors of the products, all of them 0.5.
func NewMultiplier(products []models.Product) *Multiplier {
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
