package models

import (
	"testing"

	"fig5/bench/data"
)

// shapes are what the models of the paper's figures were trained on.
var shapes = map[string]data.Shape{"toy": {Channels: 1, Height: 1, Width: 3}, "mnist-fc": {Channels: 1, Height: 28, Width: 28},
	"dcgan": {Channels: 3, Height: 64, Width: 64}}

// Both nets of every model fit the data and each other, layer by layer.
func TestNets(t *testing.T) {
	for _, name := range Names() {
		m, ok := Find(name)
		s := shapes[name]
		if !ok || m.Name != name || !m.Fits(s) {
			t.Fatalf("%s: found %v, fits %v: %v", name, ok, s, m.Fits(s))
		}
		g, d := Choice{Name: name, Width: 16}.Nets(s)
		if g.In() != s.Len() || g.Out() != s.Len() || d.In() != s.Len() || d.Out() != 1 {
			t.Errorf("%s: %d to %d, %d to %d", name, g.In(), g.Out(), d.In(), d.Out())
		}
		for _, n := range []Net{g, d} {
			for i := range n[1:] {
				if n[i].Out != n[i+1].In {
					t.Errorf("%s: layer %d gives %d numbers, the next takes %d", name, i, n[i].Out, n[i+1].In)
				}
			}
			if last := n[len(n)-1]; last.BatchNorm || last.Act != Identity {
				t.Errorf("%s: ends with %+v", name, last)
			}
		}
		others := map[string][]string{"toy": {"mnist-fc", "dcgan"}, "mnist-fc": {"toy"}, "dcgan": {"toy", "mnist-fc"}}
		for _, other := range others[name] {
			if m.Fits(shapes[other]) {
				t.Errorf("%s fits %v too", name, shapes[other])
			}
		}
	}
	if _, ok := Find("none"); ok {
		t.Error("found what is not there")
	}
}

// The numbers are those of the widths by hand, G of toy: 3·128 + 128 + 128² + 128 + 128·3 + 3
// weights; products of 42.7 and 804 million operations at batch 64. Of Radford's DCGAN with
// noise as large as a sample, 12,288 · 16,384 = 201 million weights are the projection's.
func TestCounts(t *testing.T) {
	// Multiplications of a sample: G's projection, the convolutions of either net, D's first and last layer.
	const projection, first, out = 12_288 * 16_384, 1024 * 48 * 128, 16_384
	const maps = 3*16*8192*1024 + first
	for name, want := range map[string]struct {
		g, d, running int
		flops         float64
	}{
		"toy":      {17_411, 33_665, 0, 42_713_088},
		"mnist-fc": {532_480 + 2*768 + 784, 594_432 + 2*1280 + 1, 2 * (768 + 1280), 804_257_792},
		"dcgan": {12_288*16_384 + 2*1024 + 16*(1024*512+512*256+256*128+128*3) + 2*(512+256+128) + 3,
			16*(3*128+128*256+256*512+512*1024) + 128 + 2*(256+512+1024) + 16*1024 + 1, 2 * (1024 + 512 + 256 + 128 + 256 + 512 + 1024), 2 * 64 * (2*(projection+maps) + 3*(maps+out) + 2*(maps+out) + 2*(maps+out-first) + (maps + out) + (projection + maps) + maps)},
	} {
		g, d := Choice{Name: name, Width: 128}.Nets(shapes[name])
		if g.Weights() != want.g || d.Weights() != want.d || g.Running()+d.Running() != want.running || g.BatchNorm() != (want.running > 0) {
			t.Errorf("%s: %d and %d weights, %d and %d running", name, g.Weights(), d.Weights(), g.Running(), d.Running())
		}
		if f := Flops(Products(g, d, 64)); f != want.flops {
			t.Errorf("%s: %.0f operations, want %.0f", name, f, want.flops)
		}
		if s := State(g, d); s != 3*(want.g+want.d)+want.running {
			t.Errorf("%s: a state of %d numbers", name, s)
		}
	}
}

// Memory grows with the batch by the activations alone: of toy, by hand, a row of a pass
// keeps 262 numbers of G forward, 521 backward, and 772 of D backward... times 1, 1 and 3.
// What else there is: the state twice, a gradient, and 250 samples of two measurements.
func TestMemory(t *testing.T) {
	g, d := Choice{Name: "toy"}.Nets(shapes["toy"])
	row := int64(3+128+128+3) + (3 + 2*(128+128+3)) + 3*(3+2*(3*128+1))
	if got := Memory(g, d, 65) - Memory(g, d, 64); got != 4*row {
		t.Errorf("a row takes %d bytes, want %d", got, 4*row)
	}
	if got := Memory(g, d, 0); got != 4*(7*(17_411+33_665)+2*250*262) {
		t.Errorf("without a batch %d bytes", got)
	}
}

// The layers of the DCGAN follow the side and the channels of the data: Radford et al.'s
// for 64 × 64, one fewer for 32 × 32.
func TestDCGAN(t *testing.T) {
	for _, c := range []struct {
		side, channels int
		sides          []int // of G's maps
		widths         []int
	}{{64, 3, []int{4, 8, 16, 32, 64}, []int{1024, 512, 256, 128, 3}}, {32, 1, []int{4, 8, 16, 32}, []int{512, 256, 128, 1}}} {
		g, d := Choice{Name: "dcgan", Width: 128}.Nets(data.Shape{Channels: c.channels, Height: c.side, Width: c.side})
		for i, l := range g {
			if l.To.Side != c.sides[i] || l.To.Channels != c.widths[i] || l.BatchNorm != (i < len(g)-1) || i > 0 && (l.Kind != Deconv || l.From != g[i-1].To) {
				t.Errorf("G, layer %d: %+v", i, l)
			}
		}
		for i, l := range d[:len(d)-1] {
			up := len(g) - 1 - i
			if l.From.Side != c.sides[up] || l.To.Channels != c.widths[up-1] || l.Kind != Conv || l.Act != LeakyReLU || l.BatchNorm != (i > 0) {
				t.Errorf("D, layer %d: %+v", i, l)
			}
		}
		if !g[len(g)-1].To.Planar || !d[0].From.Planar {
			t.Error("samples do not lie channel by channel")
		}
		if _, d := (Choice{Name: "dcgan", Width: 2, DiscriminatorNorm: None}).Nets(data.Shape{Channels: c.channels, Height: c.side, Width: c.side}); d.BatchNorm() {
			t.Error("D has batch norm though none is asked for")
		}
	}
}
