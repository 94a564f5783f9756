//go:build cgo

package nn

// #include "torch.h"
import "C"

import "fig5/bench/models"

// Multiplier does matrix products with libtorch's sgemm on memory of its own.
type Multiplier struct {
	owner
	products []models.Product
	a, b, c  []*Tensor
}

// NewMultiplier makes the factors of the products, all of them 0.5.
func NewMultiplier(products []models.Product) *Multiplier {
	m := &Multiplier{products: products}
	matrix := func(rows, cols int, transposed bool) *Tensor {
		if transposed {
			rows, cols = cols, rows
		}
		t := m.own(NewTensor(rows, cols, Float32))
		t.fill(0.5)
		return t
	}
	for _, p := range products {
		m.a = append(m.a, matrix(p.M, p.K, p.TransA))
		m.b = append(m.b, matrix(p.K, p.N, p.TransB))
		m.c = append(m.c, matrix(p.M, p.N, false))
	}
	return m
}

// Do makes every product once.
func (m *Multiplier) Do() {
	for i, p := range m.products {
		check("mm", C.fig5_mm(m.c[i].handle(), m.a[i].handle(), flag(p.TransA), m.b[i].handle(), flag(p.TransB)))
	}
}
