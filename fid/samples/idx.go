package samples

import (
	"bufio"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"fig5/fid/files"
	"fig5/fid/npy"
)

// IDX is an array of unsigned bytes in the format of MNIST's files, read once from its
// start: two zero bytes, the element type, the number of dimensions, each dimension as
// four bytes, high byte first, and the elements.
type IDX struct {
	Dims   []int  // at least one, none of them 0
	Header []byte // what stands before the elements

	n, left int64
	r       *bufio.Reader
}

// NewIDX reads the header of the IDX data in r, size bytes in all, plain or gzip'ed,
// and checks that they can hold the elements it announces.
func NewIDX(r io.Reader, size int64) (*IDX, error) {
	x := &IDX{n: 1, r: bufio.NewReaderSize(r, 1<<16)}
	magic, _ := x.r.Peek(2)
	plain := string(magic) != "\x1f\x8b"
	if !plain {
		z, err := gzip.NewReader(x.r)
		if err != nil {
			return nil, fmt.Errorf("is not a whole gzip file: %w", err)
		}
		x.r = bufio.NewReaderSize(z, 1<<16)
	}
	x.Header = make([]byte, 4)
	if _, err := io.ReadFull(x.r, x.Header); err != nil || x.Header[0] != 0 || x.Header[1] != 0 {
		return nil, errors.New("is not an IDX file: it does not begin with two zero bytes, a type and a number of dimensions")
	}
	dims := int(x.Header[3])
	switch kind := x.Header[2]; {
	case kind != 8:
		return nil, fmt.Errorf("holds IDX elements of type 0x%02x; want 0x08, unsigned bytes", kind)
	case dims == 0:
		return nil, errors.New("holds IDX data of no dimension; want one or more")
	}
	x.Header = append(x.Header, make([]byte, 4*dims)...)
	if _, err := io.ReadFull(x.r, x.Header[4:]); err != nil {
		return nil, errors.New("ends inside its IDX header")
	}
	length := int64(len(x.Header))
	for at := 4; at < len(x.Header); at += 4 {
		k := int64(binary.BigEndian.Uint32(x.Header[at:]))
		if k == 0 {
			return nil, errors.New("is empty: an IDX dimension is 0")
		}
		if x.n > math.MaxInt64/k-length {
			return nil, fmt.Errorf("announces more IDX elements than any file holds, in %d bytes", size)
		}
		x.n *= k
		x.Dims = append(x.Dims, int(k))
	}
	if plain && length+x.n != size || !plain && !npy.CanInflate(size, length+x.n) {
		return nil, fmt.Errorf("announces %s bytes, which a file of %d does not hold", times(x.Dims), size)
	}
	x.left = x.n
	return x, nil
}

// Read is io.Reader for the elements, the last index fastest. io.EOF comes after a
// check that nothing follows them, and that the checksum holds.
func (x *IDX) Read(p []byte) (int, error) {
	if x.left == 0 {
		switch _, err := x.r.ReadByte(); err {
		case nil:
			return 0, errors.New("goes on after the elements its IDX header announces")
		case io.EOF:
			return 0, io.EOF
		default:
			return 0, idxError(err)
		}
	}
	n, err := x.r.Read(p[:min(int64(len(p)), x.left)])
	if x.left -= int64(n); err == nil || x.left == 0 {
		return n, nil
	}
	return n, idxError(err)
}

func idxError(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return errors.New("ends before the elements its IDX header announces")
	}
	return fmt.Errorf("cannot be read: %w", err)
}

// All reads the elements, of which files.MaxRead are held in memory.
func (x *IDX) All() ([]byte, error) {
	if x.n > files.MaxRead {
		return nil, fmt.Errorf("holds %s bytes; at most %d are read", times(x.Dims), files.MaxRead)
	}
	b := make([]byte, x.n)
	if _, err := io.ReadFull(x, b); err != nil {
		return nil, err
	}
	if _, err := x.Read(nil); err != io.EOF {
		return nil, err
	}
	return b, nil
}

// openIDX opens the images in the IDX data in r, size bytes in all.
func openIDX(r io.Reader, size int64) (*Set, error) {
	x, err := NewIDX(r, size)
	if err != nil {
		return nil, err
	}
	if len(x.Dims) == 1 {
		return nil, errors.New("holds IDX data of one dimension, labels perhaps; want images, n×h×w")
	}
	s := &Set{N: x.Dims[0], D: int(x.n) / x.Dims[0], Scale: Bytes, shape: x.Dims[1:]}
	raw := make([]byte, min(x.n, 1<<16))
	s.read = func(dst []float64) error {
		for len(dst) > 0 {
			k := min(len(dst), len(raw))
			if _, err := io.ReadFull(x, raw[:k]); err != nil {
				return err
			}
			for i, v := range raw[:k] {
				dst[i] = float64(v)
			}
			dst = dst[k:]
		}
		return nil
	}
	s.end = func() error { _, err := x.Read(nil); return err }
	s.arrange()
	return s, nil
}
