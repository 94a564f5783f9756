//go:build cgo

package nn

// #include "torch.h"
import "C"

import (
	"fmt"
	"unsafe"

	"github.com/sugarme/gotch/libtch"

	"fig5/fid/features/exception"
)

// DType is an element type, by libtorch's number for it.
type DType int32

// The element types in use: float32 to train, float64 to test.
const (
	Float32 DType = 6
	Float64 DType = 7
)

// Tensor is a row-major matrix in libtorch's memory, or a view of a part of one.
type Tensor struct {
	c          libtch.Ctensor
	whole      *Tensor          // what a view is of; else nil
	views      []libtch.Ctensor // of it
	off        int              // elements into it
	data       unsafe.Pointer   // the address of the first
	rows, cols int
	dtype      DType
	device     Device
	copied     unsafe.Pointer // room for a copy on the CPU, of one that is not
}

// NewTensor is a rows×cols matrix of zeros on the CPU.
func NewTensor(rows, cols int, dtype DType) *Tensor { return newTensor(rows, cols, dtype, CPU) }

func newTensor(rows, cols int, dtype DType, d Device) *Tensor {
	var c libtch.Ctensor
	libtch.AtgZeros(&c, []int64{int64(rows), int64(cols)}, 2, int32(dtype), int32(d))
	exception.Check("zeros")
	return &Tensor{c: c, data: libtch.AtDataPtr(c), rows: rows, cols: cols, dtype: dtype, device: d}
}

// owner frees the tensors that it is told of.
type owner struct{ owned []*Tensor }

func (o *owner) own(t *Tensor) *Tensor {
	o.owned = append(o.owned, t)
	return t
}

// zeros is a matrix of zeros of the type of t, on its device.
func (o *owner) zeros(t *Tensor, rows, cols int) *Tensor {
	return o.own(newTensor(rows, cols, t.dtype, t.device))
}

// Free gives the memory back.
func (o *owner) Free() {
	for _, t := range o.owned {
		t.Free()
	}
}

// View is the rows×cols matrix that begins at element off of a tensor and shares its memory.
func (t *Tensor) View(off, rows, cols int) *Tensor {
	if off < 0 || rows < 0 || cols < 0 || off+rows*cols > t.Len() {
		panic(fmt.Sprintf("nn: view [%d, %d×%d] of a %d×%d tensor", off, rows, cols, t.rows, t.cols))
	}
	whole := t
	if t.whole != nil {
		whole = t.whole
	}
	off += t.off // as_strided counts from the start of the memory
	var c libtch.Ctensor
	libtch.AtgAsStrided(&c, whole.c, []int64{int64(rows), int64(cols)}, 2, []int64{int64(cols), 1}, 2, int64(off), 0)
	exception.Check("as_strided")
	whole.views = append(whole.views, c)
	return &Tensor{c: c, whole: whole, off: off, data: libtch.AtDataPtr(c), rows: rows, cols: cols, dtype: t.dtype, device: t.device}
}

// handle is t for torch.cc, 0 for no tensor.
func (t *Tensor) handle() unsafe.Pointer {
	if t == nil {
		return nil
	}
	return unsafe.Pointer(t.c)
}

// failed is the exception that a call of torch.cc, which op names, ended in, if it did.
func failed(op string, message *C.char) error {
	if message == nil {
		return nil
	}
	return exception.New(op, C.GoString(message))
}

// check panics with it.
func check(op string, message *C.char) {
	if err := failed(op, message); err != nil {
		panic(err)
	}
}

// Rows is the number of rows, Cols that of columns, Len that of elements.
func (t *Tensor) Rows() int { return t.rows }
func (t *Tensor) Cols() int { return t.cols }
func (t *Tensor) Len() int  { return t.rows * t.cols }

// Float32s is the memory of a float32 tensor, row-major, or a copy of it where it is not
// on the CPU; Write changes both. It is libtorch's and valid until Free.
func (t *Tensor) Float32s() []float32 { return elements[float32](t, Float32, true) }

// Float64s is Float32s of a float64 tensor.
func (t *Tensor) Float64s() []float64 { return elements[float64](t, Float64, true) }

// elements is the memory of t, or room for it on the CPU, with a copy if it is to be read.
func elements[T float32 | float64](t *Tensor, want DType, read bool) []T {
	if t.dtype != want {
		panic("nn: a tensor of another element type")
	}
	if t.device == CPU {
		return unsafe.Slice((*T)(t.data), t.Len())
	}
	if t.copied == nil {
		t.copied = unsafe.Pointer(unsafe.SliceData(make([]T, t.Len())))
	}
	if read {
		check("copy_", C.fig5_read(t.copied, t.handle()))
	}
	return unsafe.Slice((*T)(t.copied), t.Len())
}

// Write calls f with the memory of a float32 tensor to change it, wherever it is. What f
// finds there means nothing.
func (t *Tensor) Write(f func(x []float32)) {
	f(elements[float32](t, Float32, false))
	t.written()
}

// written takes over the copy on the CPU.
func (t *Tensor) written() {
	if t.device != CPU {
		check("copy_", C.fig5_write(t.handle(), t.copied))
	}
}

// each sets every element to what f gives for its index.
func (t *Tensor) each(f func(i int) float64) {
	if t.dtype == Float32 {
		t.Write(func(x []float32) {
			for i := range x {
				x[i] = float32(f(i))
			}
		})
		return
	}
	x := elements[float64](t, Float64, false)
	for i := range x {
		x[i] = f(i)
	}
	t.written()
}

func (t *Tensor) fill(v float64) { t.each(func(int) float64 { return v }) }

// Free gives the memory back, of its views too.
func (t *Tensor) Free() {
	for _, c := range append(t.views, t.c) {
		libtch.AtFree(c)
	}
	t.c, t.data, t.views = nil, nil, nil
}
