//go:build cgo

package nn

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

// Tensor is a matrix in libtorch's memory, row-major unless it is a view made by t.
type Tensor struct {
	c          libtch.Ctensor
	data       unsafe.Pointer
	rows, cols int
	dtype      DType
	device     Device
	off        int // elements into its storage
	flat       libtch.Ctensor
	copied     *Tensor // on the CPU, of one that is not
}

// NewTensor is a rows×cols matrix of zeros on the CPU.
func NewTensor(rows, cols int, dtype DType) *Tensor { return newTensor(rows, cols, dtype, CPU) }

func newTensor(rows, cols int, dtype DType, d Device) *Tensor {
	var c libtch.Ctensor
	libtch.AtgZeros(&c, []int64{int64(rows), int64(cols)}, 2, int32(dtype), int32(d))
	exception.Check("zeros")
	return wrap(c, rows, cols, dtype, d)
}

func wrap(c libtch.Ctensor, rows, cols int, dtype DType, d Device) *Tensor {
	return &Tensor{c: c, data: libtch.AtDataPtr(c), rows: rows, cols: cols, dtype: dtype, device: d}
}

// beside is a matrix of zeros of the type of t, on its device.
func (t *Tensor) beside(rows, cols int) *Tensor { return newTensor(rows, cols, t.dtype, t.device) }

// View is the rows×cols matrix that begins at element off of a contiguous tensor
// and shares its memory.
func (t *Tensor) View(off, rows, cols int) *Tensor {
	if off < 0 || rows < 0 || cols < 0 || off+rows*cols > t.rows*t.cols {
		panic(fmt.Sprintf("nn: view [%d, %d×%d] of a %d×%d tensor", off, rows, cols, t.rows, t.cols))
	}
	var c libtch.Ctensor
	off += t.off // as_strided counts from the start of the storage
	libtch.AtgAsStrided(&c, t.c, []int64{int64(rows), int64(cols)}, 2, []int64{int64(cols), 1}, 2, int64(off), 0)
	exception.Check("as_strided")
	v := wrap(c, rows, cols, t.dtype, t.device)
	v.off = off
	return v
}

// t is the transposed view.
func (t *Tensor) t() *Tensor {
	var c libtch.Ctensor
	libtch.AtgT(&c, t.c)
	exception.Check("t")
	return wrap(c, t.cols, t.rows, t.dtype, t.device)
}

// vec is the handle of t as a vector, which some operators want of a single row.
func (t *Tensor) vec() libtch.Ctensor {
	if t.flat == nil {
		libtch.AtgAsStrided(&t.flat, t.c, []int64{int64(t.Len())}, 1, []int64{1}, 1, int64(t.off), 0)
		exception.Check("as_strided")
	}
	return t.flat
}

// Rows is the number of rows, Cols that of columns, Len that of elements.
func (t *Tensor) Rows() int { return t.rows }
func (t *Tensor) Cols() int { return t.cols }
func (t *Tensor) Len() int  { return t.rows * t.cols }

// Float32s is the memory of a float32 tensor, row-major, or a copy of it where it is not
// on the CPU; Write changes both. It is libtorch's and valid until Free.
func (t *Tensor) Float32s() []float32 {
	if t.dtype != Float32 {
		panic("nn: Float32s of a float64 tensor")
	}
	return unsafe.Slice((*float32)(t.host().data), t.Len())
}

// Float64s is Float32s of a float64 tensor.
func (t *Tensor) Float64s() []float64 {
	if t.dtype != Float64 {
		panic("nn: Float64s of a float32 tensor")
	}
	return unsafe.Slice((*float64)(t.host().data), t.Len())
}

// Write calls f with the memory of a float32 tensor to change it, wherever it is. What f
// finds there means nothing.
func (t *Tensor) Write(f func(x []float32)) {
	h := t.mirror()
	f(h.Float32s())
	t.take(h)
}

// mirror is t, or memory of its size on the CPU.
func (t *Tensor) mirror() *Tensor {
	if t.device == CPU {
		return t
	}
	if t.copied == nil {
		t.copied = NewTensor(t.rows, t.cols, t.dtype)
	}
	return t.copied
}

// host is t, or a copy on the CPU.
func (t *Tensor) host() *Tensor {
	h := t.mirror()
	h.take(t)
	return h
}

// take copies what is not in the same memory.
func (t *Tensor) take(from *Tensor) {
	if t != from {
		copyTensor(t, from)
	}
}

// Free gives the tensor's handle back; views keep the memory they share.
func (t *Tensor) Free() {
	if t != nil && t.c != nil {
		libtch.AtFree(t.c)
		if t.flat != nil {
			libtch.AtFree(t.flat)
		}
		t.copied.Free()
		t.c, t.flat, t.data, t.copied = nil, nil, nil, nil
	}
}
