package nn

import "testing"

// The sums are those of the widths by hand: 42.7 and 804 million.
func TestProducts(t *testing.T) {
	for _, m := range []struct {
		model string
		dim   int
		want  float64
	}{{"toy", 3, 42_713_088}, {"mnist-fc", 784, 804_257_792}} {
		g, d, err := Models(m.model, m.dim)
		if err != nil {
			t.Fatal(err)
		}
		sum := 0.0
		for _, p := range Products(g, d, 64) {
			sum += p.Flops()
		}
		if sum != m.want {
			t.Errorf("%s: %.0f operations, want %.0f", m.model, sum, m.want)
		}
	}
}

// The multiplier's products have the shapes and values that they should.
func TestMultiplier(t *testing.T) {
	m := NewMultiplier([]Product{{M: 2, N: 3, K: 4}, {M: 3, N: 2, K: 8, TransA: true}, {M: 1, N: 5, K: 16, TransB: true}})
	defer m.Free()
	m.Do()
	for i, want := range []float32{1, 2, 4} {
		for _, v := range m.c[i].Float32s() {
			if v != want {
				t.Errorf("product %d: %v, want %v", i, v, want)
			}
		}
	}
}
