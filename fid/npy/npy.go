package npy

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// MaxElements is the largest array this program holds in memory: 2 GiB of float64.
const MaxElements = 1 << 28

// maxInflation is the most bytes that one byte of a deflate stream can stand for
// (258 bytes in two bits; https://zlib.net/zlib_tech.html). It bounds what a
// compressed file of known size can hold.
const maxInflation = 1032

// CanInflate reports whether packed bytes of a deflate stream can hold plain bytes.
func CanInflate(packed, plain int64) bool {
	return plain/maxInflation <= packed
}

// Array is one array of numbers, read once from its start.
type Array struct {
	Shape   []int // empty: a single number
	Type    string
	Integer bool // an integer or boolean type
	Fortran bool // the file holds the first index fastest

	n     int // elements
	left  int
	dt    dtype
	order binary.ByteOrder
	r     io.Reader
	raw   []byte
}

// NewArray reads the header of the .npy data in r, size bytes in all, and checks
// that the data fill exactly the rest of them.
func NewArray(r io.Reader, size int64) (*Array, error) {
	h, length, err := readHeader(r, size)
	if err != nil {
		return nil, err
	}
	dt, order, err := parseDescr(h.descr)
	if err != nil {
		return nil, err
	}
	n, have := elements(h.shape), size-length
	if n < 0 || n > math.MaxInt64/int64(dt.size) || n*int64(dt.size) != have {
		return nil, fmt.Errorf("announces an array of shape %s and type %s, but %d bytes of data follow the header", shapeString(h.shape), dt.name, have)
	}
	return &Array{Shape: h.shape, Type: dt.name, Integer: dt.integer, Fortran: h.fortran && len(h.shape) > 1,
		n: int(n), left: int(n), dt: dt, order: order, r: r}, nil
}

// Len is the number of elements.
func (a *Array) Len() int { return a.n }

// Read fills dst with the next elements in the file's order. It returns how many
// there were and io.EOF, after the end of the data has been checked, when there
// are none left.
func (a *Array) Read(dst []float64) (int, error) {
	if a.left == 0 {
		return 0, a.end()
	}
	dst = dst[:min(len(dst), a.left)]
	if a.raw == nil {
		a.raw = make([]byte, min(int64(a.n), 8192)*int64(a.dt.size))
	}
	done := 0
	for done < len(dst) {
		m := min(len(dst)-done, len(a.raw)/a.dt.size)
		raw := a.raw[:m*a.dt.size]
		if _, err := io.ReadFull(a.r, raw); err != nil {
			return done, readError(err)
		}
		a.dt.decode(dst[done:done+m], raw, a.order)
		done += m
	}
	a.left -= done
	return done, nil
}

// end is io.EOF if nothing follows the data and, in a .npz, the checksum holds.
func (a *Array) end() error {
	var extra [1]byte
	switch n, err := io.ReadFull(a.r, extra[:]); {
	case n > 0:
		return errors.New("goes on after the data its header announces")
	case err != io.EOF:
		return readError(err)
	}
	return io.EOF
}

func readError(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return errors.New("ends before the data its header announces")
	}
	return fmt.Errorf("cannot be read: %w", err)
}

// All reads the whole array, of at most MaxElements, in C order (last index fastest).
func (a *Array) All() ([]float64, error) {
	if a.n > MaxElements {
		return nil, fmt.Errorf("has shape %s; arrays of more than %d elements are not held in memory", shapeString(a.Shape), MaxElements)
	}
	x := make([]float64, a.n)
	if _, err := a.Read(x); err != nil && err != io.EOF {
		return nil, err
	}
	if err := a.end(); err != io.EOF {
		return nil, err
	}
	if a.Fortran {
		x = toC(x, a.Shape)
	}
	return x, nil
}

// toC reorders elements with the first index fastest to the last index fastest.
func toC(x []float64, shape []int) []float64 {
	strides := make([]int, len(shape)) // in x
	for i, s := 0, 1; i < len(shape); i++ {
		strides[i] = s
		s *= shape[i]
	}
	y := make([]float64, len(x))
	index := make([]int, len(shape))
	for i, at := 0, 0; i < len(y); i++ {
		y[i] = x[at]
		for k := len(shape) - 1; k >= 0; k-- {
			index[k]++
			at += strides[k]
			if index[k] < shape[k] {
				break
			}
			at -= shape[k] * strides[k]
			index[k] = 0
		}
	}
	return y
}

// shapeString writes a shape as Python does: (), (3,), (3, 2).
func shapeString(shape []int) string {
	s := "("
	for i, n := range shape {
		if i > 0 {
			s += ", "
		}
		s += fmt.Sprint(n)
	}
	if len(shape) == 1 {
		s += ","
	}
	return s + ")"
}

// ShapeString writes the array's shape as Python does: (), (3,), (3, 2).
func (a *Array) ShapeString() string { return shapeString(a.Shape) }
