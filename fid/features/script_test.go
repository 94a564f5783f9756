//go:build cgo

package features

import (
	"encoding/json"
	"math"
	"os"
	"testing"
)

// images makes the images of testdata/make.py.
func images(n int) []float32 {
	x, s := make([]float32, n), int64(12345)
	for i := range x {
		s = (1103515245*s + 12345) % (1 << 31)
		x[i] = float32(float64((s>>16)%256)/127.5 - 1)
	}
	return x
}

// tolerance is what features of a TorchScript module may differ by from PyTorch's, as
// a share of the largest: float32 sums in another order.
const tolerance = 2e-6

func TestScript(t *testing.T) {
	var golden struct {
		Cases []struct {
			N, Channels, Height, Width, Size int
			Features                         [][]float32
		}
	}
	file, err := os.ReadFile("testdata/tiny.json")
	if err == nil {
		err = json.Unmarshal(file, &golden)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range golden.Cases {
		shape := Shape{c.Channels, c.Height, c.Width}
		e, err := Open(Spec{Name: TorchScript, Path: "testdata/tiny.pt", Size: c.Size}, shape)
		if err != nil {
			t.Fatal(err)
		}
		got, err := e.Extract(images(c.N*shape.Len()), c.N)
		if err != nil {
			t.Fatal(err)
		}
		if e.Dim() != 8 || len(got) != 8*c.N {
			t.Fatalf("%s to %d: %d features, %d in all", shape, c.Size, e.Dim(), len(got))
		}
		largest, worst := 0.0, 0.0
		for i, v := range got {
			want := float64(c.Features[i/8][i%8])
			largest, worst = max(largest, math.Abs(want)), max(worst, math.Abs(float64(v)-want))
		}
		if worst > tolerance*largest {
			t.Errorf("%s to %d: differs by %.2g of %.2g", shape, c.Size, worst, largest)
		}
		t.Logf("%s to %d: %.2g", shape, c.Size, worst/largest)
		e.Close()
	}
}
