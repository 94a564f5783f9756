package nn

import (
	"testing"

	"fig5/bench/models"
)

// The multiplier's products have the shapes and values that they should.
func TestMultiplier(t *testing.T) {
	m := NewMultiplier([]models.Product{{M: 2, N: 3, K: 4}, {M: 3, N: 2, K: 8, TransA: true}, {M: 1, N: 5, K: 16, TransB: true}})
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
