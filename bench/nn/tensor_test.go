//go:build cgo

package nn

import (
	"slices"
	"testing"
)

// TestElsewhere: a tensor that is not on the CPU is read and written by copies. One of the
// CPU that says it is elsewhere stands for it, as a GPU is not everywhere.
func TestElsewhere(t *testing.T) {
	for _, dtype := range []DType{Float32, Float64} {
		whole := NewTensor(2, 3, dtype)
		whole.each(func(i int) float64 { return float64(i) })
		far := whole.View(2, 1, 3)
		far.device = CPU + 1
		if got := values(far); !slices.Equal(got, []float64{2, 3, 4}) {
			t.Errorf("dtype %v: %v is read", dtype, got)
		}
		far.each(func(i int) float64 { return float64(10 * i) })
		if dtype == Float32 {
			far.Write(func(x []float32) { x[0], x[1], x[2] = 7, 8, 9 })
		}
		want := map[DType][]float64{Float32: {0, 1, 7, 8, 9, 5}, Float64: {0, 1, 0, 10, 20, 5}}[dtype]
		if got := values(whole); !slices.Equal(got, want) {
			t.Errorf("dtype %v: %v is written, want %v", dtype, got, want)
		}
		whole.Free()
	}
}
