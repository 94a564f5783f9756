//go:build cgo

package features

import (
	"errors"
	"fmt"

	"github.com/sugarme/gotch/libtch"

	"fig5/fid"
	"fig5/fid/features/exception"
	"fig5/fid/files"
)

// A TorchScript module takes images n×3×Size×Size in [0, 1], as PyTorch's ToTensor
// makes them, and returns features n×d (or n×d×1×1): whatever else it wants of its
// input, such as [-1, 1], it does itself.

const maxSize = 4096 // pixels a side

// script is a module for images of one shape.
type script struct {
	path     string
	module   libtch.Cmodule
	in, size Shape // of the images: as they come, and as the module takes them
	dim      int   // features of an image
}

// openScript loads a module and asks it for the features of one black image.
func openScript(spec Spec, in Shape) (*Extractor, error) {
	if in.Channels != 1 && in.Channels != 3 {
		return nil, fmt.Errorf("features of a TorchScript module are for images of 1 or 3 channels, not %s", in)
	}
	if spec.Size < 0 || spec.Size > maxSize {
		return nil, fmt.Errorf("%s: size %d is not 0 to %d pixels", spec.Path, spec.Size, maxSize)
	}
	sum, _, err := files.Sum(spec.Path)
	if err != nil {
		return nil, err
	}
	if spec.SHA256 != "" && sum != spec.SHA256 {
		return nil, fmt.Errorf("%s: sha256 %.12s... is not the %.12s... that the features were chosen by", spec.Path, sum, spec.SHA256)
	}
	m := &script{path: spec.Path, in: in, size: Shape{3, in.Height, in.Width}}
	if spec.Size > 0 {
		m.size.Height, m.size.Width = spec.Size, spec.Size
	}
	err = guard(false, func(*scope) error {
		m.module = libtch.AtmLoad(spec.Path)
		exception.Check("load")
		libtch.AtmEval(m.module)
		exception.Check("eval")
		// Without profiling a module computes the same bits in its first calls as later.
		libtch.AtmSetProfilingMode(false)
		return nil
	})
	if err != nil {
		var t exception.Error
		if errors.As(err, &t) {
			err = fmt.Errorf("is not a TorchScript module (%s); scripts/export_inception.py makes one of pytorch-fid's weights", t.Message)
		}
		return nil, fmt.Errorf("%s: %w", spec.Path, err)
	}
	err = guard(false, func(s *scope) (err error) {
		m.dim, err = width(m.forward(s, make([]float32, in.Len()), 1))
		return err
	})
	if err != nil {
		libtch.AtmFree(m.module)
		return nil, fmt.Errorf("%s: on an image of %s pixels: %w", spec.Path, m.size, err)
	}
	return &Extractor{
		name: TorchScript, in: in.Len(), dim: m.dim, extract: m.extract, batch: batchOf(m.size),
		close: func() { libtch.AtmFree(m.module) },
	}, nil
}

// extract computes the features, a batch at a time.
func (m *script) extract(out, x []float32, n int) error {
	batch, in := batchOf(m.size), m.in.Len()
	return guard(false, func(s *scope) error {
		for from := 0; from < n; from += batch {
			rows := min(batch, n-from)
			f := m.forward(s, x[from*in:][:rows*in], rows)
			if got := shape(f); product(got) != rows*m.dim || got[0] != rows {
				return exception.Error{Op: m.path, Message: fmt.Sprintf("the module gives %s numbers for %d images, after %d for one", times(got), rows, m.dim)}
			}
			copy(out[from*m.dim:], floats(s.contiguous(f), rows*m.dim))
			s.free()
		}
		return nil
	})
}

// forward is what the module makes of rows images.
func (m *script) forward(s *scope, x []float32, rows int) libtch.Ctensor {
	c := m.resized(s, x, int64(rows))
	return s.own("forward", libtch.AtmForward(m.module, &c, 1))
}

// width is the number of features of one image, by what a module gave for it.
func width(c libtch.Ctensor) (int, error) {
	got := shape(c)
	if kind := libtch.AtScalarType(c); kind != float32Type {
		return 0, fmt.Errorf("the module gives numbers of another type than float32")
	}
	for i, d := range got {
		if i != 1 && d != 1 {
			got = nil
		}
	}
	if len(got) < 2 || got[1] < 1 {
		return 0, fmt.Errorf("the module gives an output of shape %s; features are n×d", times(shape(c)))
	}
	if got[1] > fid.MaxDim {
		return 0, fmt.Errorf("the module gives %d features; at most %d are compared", got[1], fid.MaxDim)
	}
	return got[1], nil
}

func product(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// resized is rows images as a module takes them: in [0, 1], resized as pytorch-fid
// does (bilinear, corners not aligned, no antialiasing), one channel repeated to three.
func (m *script) resized(s *scope, x []float32, rows int64) libtch.Ctensor {
	in, h, w := m.in, int64(m.size.Height), int64(m.size.Width)
	images := s.zeros(float32Type, rows, int64(in.Channels), int64(in.Height), int64(in.Width))
	dst := floats(images, len(x))
	for i, v := range x {
		dst[i] = (min(max(v, -1), 1) + 1) / 2
	}
	if in.Height != m.size.Height || in.Width != m.size.Width {
		from := images
		images = s.op("upsample_bilinear2d", func(c *libtch.Ctensor) {
			libtch.AtgUpsampleBilinear2d(c, from, []int64{h, w}, 2, 0, 0, 1, 0, 1)
		})
	}
	if in.Channels == 1 {
		grey := images
		images = s.contiguous(s.op("expand", func(c *libtch.Ctensor) { libtch.AtgExpand(c, grey, []int64{rows, 3, h, w}, 4, 0) }))
	}
	return images
}
