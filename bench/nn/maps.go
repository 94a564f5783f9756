//go:build cgo

package nn

// typedef struct { long rows, channels, side; int planar; } fig5_maps;
// const char *fig5_leak(void *x, double slope);
// const char *fig5_convolve(void *y, void *x, void *w, void *b, fig5_maps from, fig5_maps to, int transposed);
// const char *fig5_convolve_back(void *dx, void *dw, void *db, void *dy, void *x, void *w, fig5_maps from, fig5_maps to,
//                                int transposed);
import "C"

import (
	"strings"
	"unsafe"

	"fig5/bench/models"
	"fig5/bench/nn/kernel"
	"fig5/fid/features/exception"
)

// Convolutions, and transposed ones, of layers between maps: by libtorch's operators, and
// by our own products of patches.

// check panics with the exception that op ended in, if it did.
func check(op string, message *C.char) {
	if message != nil {
		line, _, _ := strings.Cut(strings.TrimSpace(C.GoString(message)), "\n")
		panic(exception.Error{Op: op, Message: line})
	}
}

// leak is LeakyReLU in place.
func leak(t *Tensor) {
	check("leaky_relu", C.fig5_leak(handle(t, true), models.Leak))
}

// shapes are the layer's maps as libtorch is to see them.
func (l *layerPass) shapes() (from, to C.fig5_maps, transposed C.int) {
	of := func(m models.Maps) C.fig5_maps {
		s := C.fig5_maps{rows: C.long(l.rows), channels: C.long(m.Channels), side: C.long(m.Side)}
		if m.Planar {
			s.planar = 1
		}
		return s
	}
	if l.Kind == models.Deconv {
		transposed = 1
	}
	return of(l.From), of(l.To), transposed
}

// handle is t for torch.cc, nil unless it is wanted.
func handle(t *Tensor, wanted bool) unsafe.Pointer {
	if t == nil || !wanted {
		return nil
	}
	return unsafe.Pointer(t.c)
}

// convolve computes z, the layer's product with its bias, by libtorch.
func (l *layerPass) convolve(z *Tensor) {
	from, to, transposed := l.shapes()
	check("convolution", C.fig5_convolve(handle(z, true), handle(l.x, true), handle(l.w, true), handle(l.b, true), from, to, transposed))
}

// convolveBack computes the gradients from dy, that of the product, by libtorch.
func (l *layerPass) convolveBack(params, input bool) {
	from, to, transposed := l.shapes()
	check("convolution_backward", C.fig5_convolve_back(handle(l.dx, input), handle(l.dw, params), handle(l.db, params),
		handle(l.dy, true), handle(l.x, true), handle(l.w, true), from, to, transposed))
}

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

// patchesForward is convolve by our own products.
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

// patchesBackward is convolveBack by our own products; dw and db are nil where they are not
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
