package models

import (
	"slices"
	"testing"

	"fig5/bench/data"
)

// shapes are what the models of the paper's figures were trained on.
var shapes = map[string]data.Shape{"toy": {Channels: 1, Height: 1, Width: 3}, "mnist-fc": {Channels: 1, Height: 28, Width: 28}}

// Both nets of every model fit the data and each other, layer by layer.
func TestNets(t *testing.T) {
	for _, name := range Names() {
		m, ok := Find(name)
		s := shapes[name]
		if !ok || m.Name != name || !m.Fits(s) {
			t.Fatalf("%s: found %v, fits %v: %v", name, ok, s, m.Fits(s))
		}
		g, d := Choice{Name: name}.Nets(s)
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
		if other := shapes[Names()[(slices.Index(Names(), name)+1)%2]]; m.Fits(other) {
			t.Errorf("%s fits %v too", name, other)
		}
	}
	if _, ok := Find("none"); ok {
		t.Error("found what is not there")
	}
}

// The numbers are those of the widths by hand, G of toy: 3·128 + 128 + 128² + 128 + 128·3 + 3
// weights; products of 42.7 and 804 million operations at batch 64.
func TestCounts(t *testing.T) {
	for name, want := range map[string]struct {
		g, d, running int
		flops         float64
	}{
		"toy":      {17_411, 33_665, 0, 42_713_088},
		"mnist-fc": {532_480 + 2*768 + 784, 594_432 + 2*1280 + 1, 2 * (768 + 1280), 804_257_792},
	} {
		g, d := Choice{Name: name}.Nets(shapes[name])
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
func TestMemory(t *testing.T) {
	g, d := Choice{Name: "toy"}.Nets(shapes["toy"])
	row := int64(3+128+128+3) + (3 + 2*(128+128+3)) + 3*(3+2*(3*128+1))
	if got := Memory(g, d, 65) - Memory(g, d, 64); got != 4*row {
		t.Errorf("a row takes %d bytes, want %d", got, 4*row)
	}
	if got := Memory(g, d, 0); got != 4*4*(17_411+33_665) {
		t.Errorf("without a batch %d bytes", got)
	}
}
