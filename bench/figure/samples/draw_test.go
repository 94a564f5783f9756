package samples

import (
	"image"
	"image/color"
	"math"
	"reflect"
	"testing"

	"fig5/bench/config"
	"fig5/bench/data"
)

// Pixels are black at -1 and white at 1 and beyond, row by row and channel by channel.
func TestMosaic(t *testing.T) {
	nan := math.NaN()
	grey := drawn{Level: Level{N: 5, D: 4, X: []float64{
		-1, 1, 0, -7,
		7, -.5, .5, 0,
		nan, 0, 0, 0,
		1, 1, 1, math.Inf(-1),
		0, 0, 0, 0, // not shown: 2 x 2 are
	}}}
	img, bad := mosaic(Shape{Side: 2, Channels: 1}, grey, 2)
	want := &image.Gray{Stride: 5, Rect: image.Rect(0, 0, 5, 5), Pix: []byte{
		0, 255, 255, 255, 64,
		128, 0, 255, 191, 128,
		255, 255, 255, 255, 255,
		255, 255, 255, 255, 255,
		255, 255, 255, 255, 255,
	}}
	if !reflect.DeepEqual(img, want) || bad != 2 {
		t.Errorf("%v, %d bad", img, bad)
	}
	img, _ = mosaic(Shape{Side: 1, Channels: 3}, drawn{Level: Level{N: 1, D: 3, X: []float64{-1, 0, 1}}}, 1)
	if have := img.At(0, 0); have != (color.RGBA{0, 128, 255, 255}) {
		t.Errorf("colour %v", have)
	}
}

// Real data are drawn from all of the set, each once, and always the same ones.
func TestDrawnReal(t *testing.T) {
	set, err := data.Open(config.Data{Name: "mixture"})
	if err != nil {
		t.Fatal(err)
	}
	p, again := drawnReal(set, 500), drawnReal(set, 500)
	if p.N != 500 || !reflect.DeepEqual(p, again) {
		t.Errorf("%d points, or others each time", p.N)
	}
	x := make([]float32, len(p.X))
	seen := map[[3]float64]bool{}
	for i, v := range p.X {
		x[i] = float32(v)
		seen[[3]float64(p.row(i/3))] = true
	}
	if len(seen) != 500 || data.CountModes(x, 3, set.Centres) != 5 {
		t.Errorf("%d different points, %d modes", len(seen), data.CountModes(x, 3, set.Centres))
	}
	if p := drawnReal(set, 1<<20); p.N != set.Len() {
		t.Errorf("%d of %d", p.N, set.Len())
	}
}

func TestShare(t *testing.T) {
	for _, c := range []struct {
		k, n int
		want string
	}{{0, 7, "0 %"}, {1, 2000, "< 0.1 %"}, {2, 2000, "0.1 %"}, {199, 2000, "10 %"}, {198, 2000, "9.9 %"}, {7, 7, "100 %"}} {
		if have := percent(float64(c.k) / float64(c.n)); have != c.want {
			t.Errorf("%d of %d: %q, want %q", c.k, c.n, have, c.want)
		}
	}
}
