//go:build cgo

package kernel

import (
	"testing"

	"pgregory.net/rapid"
)

// TestPatches compares patches with their definition, element by element: patch (oy, ox)
// of an image has pixel (2 oy + ky - 1, 2 ox + kx - 1), or 0 outside; and back, each
// pixel the sum of where it lies, at most four.
func TestPatches(t *testing.T) {
	eachSet(t, func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			var f fences
			defer f.close(t)
			p := Patches{Channels: size(t, "channels", 70), Side: 2 * rapid.IntRange(1, 9).Draw(t, "half"), Planar: rapid.Bool().Draw(t, "planar")}
			images, half := rapid.IntRange(1, 3).Draw(t, "images"), p.Side/2
			draw := values(rapid.Uint64().Draw(t, "values"))
			nMaps, nPatches, nLine := p.sizes(images)
			maps, line := f.new(nMaps, draw), f.new(nLine, garbage)
			at := func(i, y, x, c int) int {
				if p.Planar {
					return ((i*p.Channels+c)*p.Side+y)*p.Side + x
				}
				return ((i*p.Side+y)*p.Side+x)*p.Channels + c
			}
			each := func(do func(patch, pixel int)) { // pixel is -1 in the border
				for n := range nPatches {
					c, kx, ky := n%p.Channels, n/p.Channels%4, n/p.Channels/4%4
					ox, oy, i := n/p.Channels/16%half, n/p.Channels/16/half%half, n/p.Channels/16/half/half
					if y, x := 2*oy+ky-1, 2*ox+kx-1; y >= 0 && y < p.Side && x >= 0 && x < p.Side {
						do(n, at(i, y, x, c))
					} else {
						do(n, -1)
					}
				}
			}
			channel := func(pixel int) int {
				if p.Planar {
					return pixel / (p.Side * p.Side) % p.Channels
				}
				return pixel % p.Channels
			}

			want, patches, sums := make([]float32, nPatches), f.new(nPatches, garbage), f.new(p.Channels, draw)
			wantSums := newSums(p.Channels)
			for c, v := range sums {
				wantSums.add(c, float64(v), 1)
			}
			for pixel, v := range maps {
				wantSums.add(channel(pixel), float64(v), 1)
			}
			each(func(patch, pixel int) {
				if pixel >= 0 {
					want[patch] = maps[pixel]
				}
			})
			p.Take(patches, maps, sums, line, images)
			same(t, "patches", patches, want)
			within(t, "sums", sums, wantSums.known(2*p.Side))

			cols, bias, back := f.new(nPatches, draw), f.new(p.Channels, draw), f.new(nMaps, garbage)
			wantMaps := newSums(nMaps)
			for pixel := range back {
				wantMaps.add(pixel, float64(bias[channel(pixel)]), 1)
			}
			each(func(patch, pixel int) {
				if pixel >= 0 {
					wantMaps.add(pixel, float64(cols[patch]), 1)
				}
			})
			act := rapid.SampledFrom([]Activation{None, LeakyReLU}).Draw(t, "act")
			p.Put(back, cols, bias, line, images, act)
			for i, v := range wantMaps.v {
				if act == LeakyReLU {
					wantMaps.v[i] = max(0.2*v, v)
				}
			}
			within(t, "maps", back, wantMaps.known(8))
		})
	})
}
