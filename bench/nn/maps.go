//go:build cgo

package nn

import (
	"fig5/bench/models"
	"fig5/bench/nn/kernel"
)

// Convolutions, and transposed ones, of layers between maps, by our own products of patches.

// chunks calls f with the layer's rows in pieces whose patches fit into the scratch: n
// rows from row at on.
func (l *layerPass) chunks(f func(at, n int)) {
	most := l.Chunk(l.rows)
	for at := 0; at < l.rows; at += most {
		f(at, min(most, l.rows-at))
	}
}

func patchesOf(m models.Maps) kernel.Patches {
	return kernel.Patches{Channels: m.Channels, Side: m.Side, Planar: m.Planar}
}

// patchesForward computes the layer's product with its bias.
func (l *layerPass) patchesForward() {
	x, z, patches, line := slice(l.x), slice(l.product()), slice(l.patches), slice(l.line)
	m, k, n := l.Matrix()
	l.chunks(func(at, rows int) {
		x, z := x[at*l.In:], z[at*l.Out:]
		if l.Kind == models.Conv {
			patchesOf(l.From).Take(patches, x, nil, line, rows)
			kernel.Linear{In: k, Out: n, Act: l.act()}.Forward(z, patches, slice(l.w), slice(l.b), rows*m)
		} else {
			kernel.Linear{In: k, Out: n}.Forward(patches, x, slice(l.w), nil, rows*m)
			patchesOf(l.To).Put(z, patches, slice(l.b), line, rows, l.act())
		}
	})
}

// patchesBackward computes the gradients from dy, that of the product; dw and db are nil where they are not
// wanted, dx as well.
func (l *layerPass) patchesBackward(dx, dw, db []float32) {
	x, dz, patches, line := slice(l.x), slice(l.dy), slice(l.patches), slice(l.line)
	m, k, n := l.Matrix()
	product := kernel.Linear{In: k, Out: n}
	if l.Kind == models.Deconv {
		clear(db)
	}
	l.chunks(func(at, rows int) {
		x, dz := x[at*l.In:], dz[at*l.Out:]
		var into []float32
		if dx != nil {
			into = dx[at*l.In:]
		}
		if l.Kind == models.Conv {
			if dw != nil {
				patchesOf(l.From).Take(patches, x, nil, line, rows)
			}
			var dPatches []float32
			if into != nil {
				dPatches = patches // over the patches themselves
			}
			product.BackwardZ(dPatches, dw, db, dz, patches, slice(l.w), rows*m, kernel.None, at > 0)
			if into != nil {
				patchesOf(l.From).Put(into, patches, nil, line, rows, kernel.None)
			}
		} else {
			patchesOf(l.To).Take(patches, dz, db, line, rows)
			product.BackwardZ(into, dw, nil, patches, x, slice(l.w), rows*m, kernel.None, at > 0)
		}
	})
}
