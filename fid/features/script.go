package features

import (
	"errors"
	"fmt"

	"github.com/sugarme/gotch/libtch"

	"fig5/fid/files"
)

// A TorchScript module takes images n×3×Size×Size in [0, 1], as PyTorch's ToTensor
// makes them, and returns features n×d (or n×d×1×1): whatever else it wants of its
// input, such as [-1, 1], it does itself.

const (
	maxSize    = 4096    // pixels a side
	batchRoom  = 1 << 22 // numbers of a batch's input
	largeBatch = 100
	maxDim     = 1 << 14
)

// openScript loads a module and asks it for the features of one black image.
func openScript(spec Spec, in Shape) (e *Extractor, err error) {
	if in.Channels != 1 && in.Channels != 3 {
		return nil, fmt.Errorf("features of a TorchScript module are for images of 1 or 3 channels, not %s", in)
	}
	if spec.Size < 0 || spec.Size > maxSize {
		return nil, fmt.Errorf("%s: size %d is not 0 to %d pixels", spec.Path, spec.Size, maxSize)
	}
	if err := checkFile(spec); err != nil {
		return nil, err
	}
	size := Shape{3, in.Height, in.Width}
	if spec.Size > 0 {
		size.Height, size.Width = spec.Size, spec.Size
	}
	var module libtch.Cmodule
	err = guard(false, func(*scope) error {
		module = libtch.AtmLoad(spec.Path)
		check("load")
		libtch.AtmEval(module)
		check("eval")
		// Without profiling a module computes the same bits in its first calls as later.
		libtch.AtmSetProfilingMode(false)
		return nil
	})
	if err != nil {
		var t torchError
		if errors.As(err, &t) {
			err = fmt.Errorf("is not a TorchScript module (%s); scripts/export_inception.py makes one of pytorch-fid's weights", t.message)
		}
		return nil, fmt.Errorf("%s: %w", spec.Path, err)
	}
	e = &Extractor{
		name: TorchScript, in: in.Len(),
		batch: min(max(batchRoom/size.Len(), 1), largeBatch),
		load: func(s *scope, rows int, x []float32) libtch.Ctensor {
			return resized(s, x, int64(rows), in, size)
		},
		forward: func(s *scope, x libtch.Ctensor, rows int64) libtch.Ctensor {
			return s.own("forward", libtch.AtmForward(module, &x, 1))
		},
		close: func() { libtch.AtmFree(module) },
	}
	err = guard(false, func(s *scope) (err error) {
		f := e.forward(s, e.load(s, 1, make([]float32, in.Len())), 1)
		e.dim, err = width(f)
		return err
	})
	if err != nil {
		e.Close()
		return nil, fmt.Errorf("%s: on an image of %s pixels: %w", spec.Path, size, err)
	}
	forward := e.forward
	e.forward = func(s *scope, x libtch.Ctensor, rows int64) libtch.Ctensor {
		f := forward(s, x, rows)
		if got := shape(f); got[0] != int(rows) || product(got) != int(rows)*e.dim {
			panic(torchError{spec.Path, fmt.Sprintf("the module gives %s numbers for %d images, after %d for one", times(got), rows, e.dim)})
		}
		return f
	}
	return e, nil
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
	if got[1] > maxDim {
		return 0, fmt.Errorf("the module gives %d features; at most %d are compared", got[1], maxDim)
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
func resized(s *scope, x []float32, rows int64, in, size Shape) libtch.Ctensor {
	c := s.zeros(float32Type, rows, int64(in.Channels), int64(in.Height), int64(in.Width))
	dst := floats(c, len(x))
	for i, v := range x {
		dst[i] = (min(max(v, -1), 1) + 1) / 2
	}
	h, w := int64(size.Height), int64(size.Width)
	if in.Height != size.Height || in.Width != size.Width {
		var to libtch.Ctensor
		libtch.AtgUpsampleBilinear2d(&to, c, []int64{h, w}, 2, 0, 0, 1, 0, 1)
		c = s.own("upsample_bilinear2d", to)
	}
	if in.Channels == 1 {
		var to libtch.Ctensor
		libtch.AtgExpand(&to, c, []int64{rows, 3, h, w}, 4, 0)
		c = s.contiguous(s.own("expand", to))
	}
	return c
}

// checkFile finds out whether the module's file is there and the one that was meant.
func checkFile(spec Spec) error {
	sum, _, err := files.Sum(spec.Path)
	if err != nil {
		return err
	}
	if spec.SHA256 != "" && sum != spec.SHA256 {
		return fmt.Errorf("%s: sha256 %.12s... is not the %.12s... that the features were chosen by", spec.Path, sum, spec.SHA256)
	}
	return nil
}
