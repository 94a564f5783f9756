package samples

import (
	"bufio"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"fig5/fid/npy"
)

// openGzip reads IDX from a gzip'ed file of size bytes.
func openGzip(f io.Reader, size int64) (*Set, error) {
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("is not a whole gzip file: %w", err)
	}
	return openIDX(z, size, false)
}

// openIDX reads the format of MNIST: two zero bytes, the element type, the number
// of dimensions, each dimension as four bytes, high byte first, and the elements.
// The file has size bytes, which are these or deflate them.
func openIDX(f io.Reader, size int64, plain bool) (*Set, error) {
	r := bufio.NewReaderSize(f, 1<<16)
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil || head[0] != 0 || head[1] != 0 {
		return nil, errors.New("is not an IDX file: it does not begin with two zero bytes, a type and a number of dimensions")
	}
	switch kind, dims := head[2], head[3]; {
	case kind != 8:
		return nil, fmt.Errorf("holds IDX elements of type 0x%02x; want 0x08, unsigned bytes", kind)
	case dims == 1:
		return nil, errors.New("holds IDX data of one dimension, labels perhaps; want images, n×h×w")
	case dims == 0:
		return nil, errors.New("holds IDX data of no dimension; want images, n×h×w")
	}
	s := &Set{D: 1, Unit: Pixels}
	bytes, length := int64(1), 4+4*int64(head[3])
	for i := range int(head[3]) {
		var b [4]byte
		if _, err := io.ReadFull(r, b[:]); err != nil {
			return nil, errors.New("ends inside its IDX header")
		}
		k := int64(binary.BigEndian.Uint32(b[:]))
		if k == 0 {
			return nil, errors.New("is empty: an IDX dimension is 0")
		}
		if bytes > math.MaxInt64/k-length {
			return nil, fmt.Errorf("announces more IDX elements than any file holds, in %d bytes", size)
		}
		bytes *= k
		if i == 0 {
			s.N = int(k)
		} else {
			s.shape = append(s.shape, int(k))
		}
	}
	s.D = int(bytes / int64(s.N))
	if plain && length+bytes != size || !plain && !npy.CanInflate(size, length+bytes) {
		return nil, fmt.Errorf("announces %d samples of %d bytes, which a file of %d bytes does not hold", s.N, s.D, size)
	}
	raw := make([]byte, min(bytes, 1<<16))
	s.read = func(dst []float64) error {
		for len(dst) > 0 {
			k := min(len(dst), len(raw))
			if _, err := io.ReadFull(r, raw[:k]); err != nil {
				return idxError(err)
			}
			for i, v := range raw[:k] {
				dst[i] = pixel(v)
			}
			dst = dst[k:]
		}
		return nil
	}
	s.end = func() error {
		switch _, err := r.ReadByte(); err {
		case nil:
			return errors.New("goes on after the samples its IDX header announces")
		case io.EOF:
			return io.EOF
		default:
			return idxError(err)
		}
	}
	return s, nil
}

func idxError(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return errors.New("ends before the samples its IDX header announces")
	}
	return fmt.Errorf("cannot be read: %w", err)
}

// pixel brings 0..255 to [-1, 1].
func pixel(v byte) float64 { return float64(v)/127.5 - 1 }
