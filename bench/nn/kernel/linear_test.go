//go:build cgo

package kernel

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// size draws a number of rows or columns: mostly small, often beside a multiple of a tile.
func size(t *rapid.T, what string, most int) int {
	return rapid.OneOf(rapid.IntRange(1, 20), rapid.SampledFrom([]int{64, 127, 128, 129, 130, 31, 33, 47, 49}), rapid.IntRange(1, most)).
		Filter(func(n int) bool { return n <= most }).Draw(t, what)
}

func TestLinear(t *testing.T) {
	eachSet(t, func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			flip := func(what string) bool { return rapid.Bool().Draw(t, what) }
			c := linearCase{
				Linear{size(t, "in", 300), size(t, "out", 300), rapid.SampledFrom([]Activation{None, ReLU, Tanh}).Draw(t, "act")},
				size(t, "rows", 130), rapid.Uint64().Draw(t, "values"), flip("bias"), flip("dx"), flip("dw"), flip("db"), flip("add"),
			}
			c.check(t)
		})
	})
}

// The shapes of the nets, and products deeper than a panel.
func TestLinearShapes(t *testing.T) {
	eachSet(t, func(t *testing.T) {
		for _, s := range [][3]int{{64, 3, 128}, {64, 128, 128}, {64, 128, 3}, {128, 128, 1}, {30, 784, 256}, {3, 600, 300}, {64, 512, 1}, {300, 20, 36}, {1, 1, 1}, {600, 5, 2}, {3, 1100, 2}} {
			seed := uint64(1)
			for _, act := range []Activation{None, ReLU, Tanh} {
				seed++
				l := Linear{s[1], s[2], act}
				c := linearCase{l, s[0], seed, true, true, true, true, act == ReLU}
				c.check(t)
			}
		}
	})
}

type linearCase struct {
	l                     Linear
	rows                  int
	seed                  uint64
	bias, dx, dw, db, add bool
}

func (c linearCase) check(t rapid.TB) {
	t.Helper()
	var f fences
	defer f.close(t)
	draw, l, rows := values(c.seed), c.l, c.rows
	buffer := func(wanted bool, n int, fill func() float32) []float32 {
		if !wanted {
			return nil
		}
		return f.new(n, fill)
	}
	x, w, b := f.new(rows*l.In, draw), f.new(l.In*l.Out, draw), buffer(c.bias, l.Out, draw)
	y := f.new(rows*l.Out, garbage)
	l.Forward(y, x, w, b, rows)
	within(t, "y", y, refForward(l, x, w, b, rows))

	fill := garbage
	if c.add {
		fill = draw
	}
	dx, dw, db := buffer(c.dx, rows*l.In, garbage), buffer(c.dw, l.In*l.Out, fill), buffer(c.db, l.Out, fill)
	dy := f.new(rows*l.Out, draw)
	slope := refSlope(l, dy, y)
	var dw0, db0 []float32
	if c.add {
		dw0, db0 = slices.Clone(dw), slices.Clone(db)
	}
	l.Backward(dx, dw, db, dy, x, w, y, rows, c.add)
	within(t, "dz", dy, slope)
	if c.dx {
		within(t, "dx", dx, product(rows, l.Out, l.In, dy, l.Out, 1, w, 1, l.Out, nil))
	}
	if c.dw {
		within(t, "dw", dw, product(l.In, rows, l.Out, x, 1, l.In, dy, l.Out, 1, nil).plus(dw0, rows))
	}
	if c.db && c.dw {
		within(t, "db", db, columnSums(dy, rows, l.Out).plus(db0, rows))
	}
}

// A chain of layers: dx is the gradient before the activation that gave x, and
// StepZ is BackwardZ and Adam to the last bit.
func TestLinearChain(t *testing.T) {
	eachSet(t, func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			l := Linear{In: size(t, "in", 300), Out: size(t, "out", 300)}
			rows, below := size(t, "rows", 130), rapid.SampledFrom([]Activation{None, ReLU, Tanh}).Draw(t, "below")
			checkChain(t, l, rows, below, rapid.Uint64().Draw(t, "values"), rapid.Bool().Draw(t, "want dx"))
		})
		checkChain(t, Linear{In: 37, Out: 49}, StepRows, Tanh, 1, true)
		checkChain(t, Linear{In: 300, Out: 272}, 64, ReLU, 1, true)
		checkChain(t, Linear{In: 3, Out: 600}, 7, Tanh, 2, true)
	})
}

func checkChain(t rapid.TB, l Linear, rows int, below Activation, seed uint64, wantDX bool) {
	var f fences
	defer f.close(t)
	draw := values(seed)
	positive := func() float32 { return draw()*draw() + 1e-6 }
	n := l.In*l.Out + l.Out
	w, b := newParam(&f, l.In*l.Out, draw, positive), newParam(&f, l.Out, draw, positive)
	x, dz := f.new(rows*l.In, draw), f.new(rows*l.Out, draw)
	var dx []float32
	if wantDX {
		dx = f.new(rows*l.In, garbage)
	}
	plain, g := f.new(rows*l.In, garbage), f.new(n, garbage)
	l.BackwardZ(plain, g[:l.In*l.Out], g[l.In*l.Out:], dz, x, w.P, rows, below, false)
	want := product(rows, l.Out, l.In, dz, l.Out, 1, w.P, 1, l.Out, nil)
	for i, v := range x {
		s := 1.0
		switch {
		case below == ReLU && v <= 0:
			s = 0
		case below == Tanh:
			s = 1 - float64(v)*float64(v)
		}
		want.err[i] = want.err[i]*s + 4*eps32*math.Abs(want.v[i])
		want.v[i] *= s
	}
	within(t, "dx", plain, want)

	a := Adam{LR: 1e-2, Beta1: .5, Beta2: .999, Eps: 1e-8}
	two := [2]Param{w.clone(), b.clone()}
	a.Step(two[0].P, g[:l.In*l.Out], two[0].M, two[0].V, 3)
	a.Step(two[1].P, g[l.In*l.Out:], two[1].M, two[1].V, 3)
	l.StepZ(dx, dz, x, w, b, rows, below, a.At(3))
	if dx != nil {
		same(t, "dx", dx, plain)
	}
	for i, p := range []Param{w, b} {
		same(t, "p", p.P, two[i].P)
		same(t, "m", p.M, two[i].M)
		same(t, "v", p.V, two[i].V)
	}
}

// newParam has its three pieces apart by chance.
func newParam(f *fences, n int, draw, positive func() float32) Param {
	return Param{f.new(n, draw), f.new(n, draw), f.new(n, positive)}
}

func (p Param) clone() Param { return Param{slices.Clone(p.P), slices.Clone(p.M), slices.Clone(p.V)} }

func same(t rapid.TB, what string, got, want []float32) {
	t.Helper()
	for i, w := range want {
		if math.Float32bits(got[i]) != math.Float32bits(w) {
			t.Fatalf("%s %s[%d]: %g, want %g", Set(), what, i, got[i], w)
		}
	}
}
