package npy

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
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
	Shape   []int  // empty: a single number
	Type    string // NumPy's name: float32, uint8
	Integer bool   // an integer or boolean type
	Fortran bool   // the file holds the first index fastest

	n     int // elements
	left  int
	dt    dtype
	order binary.ByteOrder
	r     io.Reader
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
	return &Array{Shape: h.shape, Type: dt.name, Integer: dt.name[0] != 'f', Fortran: h.fortran && len(h.shape) > 1,
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
	return fill(a, dst, a.dt.decode)
}

// piece is how many elements are decoded, or written, at a time.
const piece = 8192

// fill reads as many of the elements left as dst holds.
func fill[T any](a *Array, dst []T, decode func(dst []T, raw []byte, order binary.ByteOrder)) (int, error) {
	dst = dst[:min(len(dst), a.left)]
	raw := make([]byte, min(len(dst), piece)*a.dt.size)
	for rest := dst; len(rest) > 0; {
		m := min(len(rest), piece)
		if _, err := io.ReadFull(a.r, raw[:m*a.dt.size]); err != nil {
			return len(dst) - len(rest), readError(err)
		}
		decode(rest[:m], raw[:m*a.dt.size], a.order)
		rest = rest[m:]
	}
	a.left -= len(dst)
	return len(dst), nil
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
func (a *Array) All() ([]float64, error) { return all(a, a.dt.decode) }

// Element is a type that is written, and read back without conversion.
type Element interface {
	float32 | float64 | int32 | int64 | uint8
}

// Exact is All for an array whose elements have the type T, to the last bit.
func Exact[T Element](a *Array) ([]T, error) {
	if want := typeName[T](); a.Type != want {
		return nil, fmt.Errorf("holds elements of type %s; want %s", a.Type, want)
	}
	return all(a, func(dst []T, raw []byte, order binary.ByteOrder) { binary.Decode(raw, order, dst) })
}

// typeName is NumPy's name of T, which is Go's.
func typeName[T Element]() string { return fmt.Sprintf("%T", T(0)) }

func all[T any](a *Array, decode func([]T, []byte, binary.ByteOrder)) ([]T, error) {
	if a.n > MaxElements {
		return nil, fmt.Errorf("has shape %s; arrays of more than %d elements are not held in memory", shapeString(a.Shape), MaxElements)
	}
	x := make([]T, a.n)
	if _, err := fill(a, x, decode); err != nil {
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
func toC[T any](x []T, shape []int) []T {
	y := make([]T, len(x))
	for i, v := range x {
		at, rest := 0, i
		for _, n := range shape {
			at, rest = at*n+rest%n, rest/n
		}
		y[at] = v
	}
	return y
}

// shapeString writes a shape as Python does: (), (3,), (3, 2).
func shapeString(shape []int) string {
	s := strings.ReplaceAll(strings.Trim(fmt.Sprint(shape), "[]"), " ", ", ")
	if len(shape) == 1 {
		s += ","
	}
	return "(" + s + ")"
}

// ShapeString writes the array's shape as Python does: (), (3,), (3, 2).
func (a *Array) ShapeString() string { return shapeString(a.Shape) }
