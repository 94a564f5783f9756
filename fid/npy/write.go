package npy

import (
	"archive/zip"
	"cmp"
	"encoding/binary"
	"fmt"
	"io"
	"strings"

	"fig5/fid/files"
)

// Write writes x to w as a .npy array of that shape, as numpy.save does: in C order, low
// byte first. Without a shape x is a single number. Errors are a shape of another number
// of elements, and those of w.
func Write[T Element](w io.Writer, x []T, shape ...int) error {
	if elements(shape) != int64(len(x)) {
		return fmt.Errorf("%d numbers are not an array of shape %s", len(x), shapeString(shape))
	}
	size, order := binary.Size(T(0)), "<"
	if size == 1 {
		order = "|"
	}
	dict := fmt.Sprintf("{'descr': '%s%c%d', 'fortran_order': False, 'shape': %s, }", order, typeName[T]()[0], size, shapeString(shape))
	const before, align = len(magic) + 4, 64 // magic, version and length; the data begin at a multiple
	dict += strings.Repeat(" ", align-1-(before+len(dict))%align) + "\n"
	b := append([]byte(magic), 1, 0)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(dict)))
	b = append(b, dict...)
	for {
		if _, err := w.Write(b); err != nil || len(x) == 0 {
			return err
		}
		n := min(len(x), piece)
		b, _ = binary.Append(b[:0], binary.LittleEndian, x[:n])
		x = x[n:]
	}
}

// Writer writes a .npz file. Equal arrays in the same order give equal bytes: no dates,
// no compression.
type Writer struct{ z *zip.Writer }

// NewWriter begins a .npz file.
func NewWriter(w io.Writer) *Writer { return &Writer{zip.NewWriter(w)} }

// Create begins the array of that name, which Write then writes; the one before has
// been written.
func (w *Writer) Create(key string) (io.Writer, error) {
	return w.z.CreateHeader(&zip.FileHeader{Name: key + ".npy", Method: zip.Store})
}

// Close ends the file.
func (w *Writer) Close() error { return w.z.Close() }

// Add writes a whole array to w, as Write does.
func Add[T Element](w *Writer, key string, x []T, shape ...int) error {
	m, err := w.Create(key)
	if err != nil {
		return err
	}
	return Write(m, x, shape...)
}

// Save makes the .npz file at path of what write adds. It appears whole or not at all.
// An error begins with path.
func Save(path string, write func(*Writer) error) error {
	return files.Write(path, func(f io.Writer) error {
		w := NewWriter(f)
		return cmp.Or(write(w), w.Close())
	})
}
