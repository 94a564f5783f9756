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
				Linear{size(t, "in", 300), size(t, "out", 300), rapid.SampledFrom([]Activation{None, ReLU, Tanh, LeakyReLU}).Draw(t, "act")},
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
			for _, act := range []Activation{None, ReLU, Tanh, LeakyReLU} {
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

// A chain of layers: dx is the gradient before the activation that gave x, and may take its place.
func TestLinearChain(t *testing.T) {
	eachSet(t, func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			var f fences
			defer f.close(t)
			l := Linear{In: size(t, "in", 300), Out: size(t, "out", 300)}
			rows, below := size(t, "rows", 130), rapid.SampledFrom([]Activation{None, ReLU, Tanh, LeakyReLU}).Draw(t, "below")
			draw := values(rapid.Uint64().Draw(t, "values"))
			x, w, dz := f.new(rows*l.In, draw), f.new(l.In*l.Out, draw), f.new(rows*l.Out, draw)
			dx, dw, again := f.new(rows*l.In, garbage), f.new(l.In*l.Out, garbage), f.new(l.In*l.Out, garbage)
			l.BackwardZ(dx, dw, nil, dz, x, w, rows, below, false)
			want := product(rows, l.Out, l.In, dz, l.Out, 1, w, 1, l.Out, nil)
			for i, v := range x {
				s := 1.0
				switch {
				case below == ReLU && v <= 0:
					s = 0
				case below == LeakyReLU && v <= 0:
					s = 0.2
				case below == Tanh:
					s = 1 - float64(v)*float64(v)
				}
				want.err[i] = want.err[i]*s + 4*eps32*math.Abs(want.v[i])
				want.v[i] *= s
			}
			within(t, "dx", dx, want)
			if l.Out <= 256 {
				l.BackwardZ(x, again, nil, dz, x, w, rows, below, false)
				same(t, "dx in place", x, dx)
				same(t, "dw in place", again, dw)
			}
		})
	})
}

func same(t rapid.TB, what string, got, want []float32) {
	t.Helper()
	for i, w := range want {
		if math.Float32bits(got[i]) != math.Float32bits(w) {
			t.Fatalf("%s %s[%d]: %g, want %g", Set(), what, i, got[i], w)
		}
	}
}
