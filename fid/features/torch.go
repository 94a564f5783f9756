//go:build cgo

package features

import (
	"fmt"
	"runtime"
	"strings"
	"unsafe"

	"github.com/sugarme/gotch/libtch"

	"fig5/fid/features/exception"
)

// libtorch's numbers for element types and the CPU.
const (
	int64Type   = 4
	float32Type = 6
	cpu         = -1
)

// guard calls f on one thread, libtorch keeping its last error and its gradient
// mode per thread, and returns an exception that f ran into as an error. Gradients
// are recorded only if asked for.
func guard(grad bool, f func(s *scope) error) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	mode := 0
	if grad {
		mode = 1
	}
	was := libtch.AtGradSetEnabled(mode) & 1
	defer libtch.AtGradSetEnabled(was)
	s := &scope{}
	defer s.free()
	return exception.Catch(func() error { return f(s) })
}

// scope owns the tensors that are made in it.
type scope struct{ owned []libtch.Ctensor }

// own takes over the tensor that op has made.
func (s *scope) own(op string, c libtch.Ctensor) libtch.Ctensor {
	exception.Check(op)
	s.owned = append(s.owned, c)
	return c
}

// op owns what make, an operator of that name, makes.
func (s *scope) op(name string, make func(c *libtch.Ctensor)) libtch.Ctensor {
	var c libtch.Ctensor
	make(&c)
	return s.own(name, c)
}

// freeTo gives back all tensors but the first keep.
func (s *scope) freeTo(keep int) {
	for _, c := range s.owned[keep:] {
		libtch.AtFree(c)
	}
	s.owned = s.owned[:keep]
}

func (s *scope) free() { s.freeTo(0) }

// zeros is a new tensor.
func (s *scope) zeros(kind int32, shape ...int64) libtch.Ctensor {
	return s.op("zeros", func(c *libtch.Ctensor) { libtch.AtgZeros(c, shape, len(shape), kind, cpu) })
}

// floats is the memory of a contiguous tensor of n float32 numbers.
func floats(c libtch.Ctensor, n int) []float32 {
	return unsafe.Slice((*float32)(libtch.AtDataPtr(c)), n)
}

// shape is the extent of every dimension.
func shape(c libtch.Ctensor) []int {
	dims := int(libtch.AtDim(c))
	if dims == 0 {
		return nil
	}
	raw := make([]int64, dims)
	libtch.AtShape(c, unsafe.Pointer(&raw[0]))
	exception.Check("shape")
	out := make([]int, dims)
	for i, v := range raw {
		out[i] = int(v)
	}
	return out
}

// times is "3×299×299".
func times(shape []int) string {
	words := make([]string, len(shape))
	for i, d := range shape {
		words[i] = fmt.Sprint(d)
	}
	return strings.Join(words, "×")
}

func (s *scope) conv2d(x, weight, bias libtch.Ctensor, padding int64) libtch.Ctensor {
	one, pad := []int64{1, 1}, []int64{padding, padding}
	return s.op("conv2d", func(c *libtch.Ctensor) { libtch.AtgConv2d(c, x, weight, bias, one, 2, pad, 2, one, 2, 1) })
}

// maxPool halves height and width.
func (s *scope) maxPool(x libtch.Ctensor) libtch.Ctensor {
	zero, one, two := []int64{0, 0}, []int64{1, 1}, []int64{2, 2}
	return s.op("max_pool2d", func(c *libtch.Ctensor) { libtch.AtgMaxPool2d(c, x, two, 2, two, 2, zero, 2, one, 2, 0) })
}

func (s *scope) linear(x, weight, bias libtch.Ctensor) libtch.Ctensor {
	return s.op("linear", func(c *libtch.Ctensor) { libtch.AtgLinear(c, x, weight, bias) })
}

func (s *scope) relu(x libtch.Ctensor) libtch.Ctensor {
	return s.op("relu", func(c *libtch.Ctensor) { libtch.AtgRelu(c, x) })
}

func (s *scope) contiguous(x libtch.Ctensor) libtch.Ctensor {
	return s.op("contiguous", func(c *libtch.Ctensor) { libtch.AtgContiguous(c, x) })
}
