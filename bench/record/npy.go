package record

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
)

// npyHeaderLen is the length of the headers below: NumPy pads to a multiple of 64,
// and each of them is longer than 64 and shorter than 128.
const npyHeaderLen = 128

// npyHeader is the version 1.0 header of a .npy array of that shape, none for a scalar.
// (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html)
func npyHeader(descr string, shape ...int) []byte {
	tuple := "("
	for i, n := range shape {
		if tuple += strconv.Itoa(n); i == 0 || i < len(shape)-1 {
			tuple += ","
		}
	}
	tuple += ")"
	h := append(make([]byte, 0, npyHeaderLen), "\x93NUMPY\x01\x00"...)
	h = binary.LittleEndian.AppendUint16(h, npyHeaderLen-10)
	h = fmt.Appendf(h, "{'descr': '%s', 'fortran_order': False, 'shape': %s, }", descr, tuple)
	for len(h) < npyHeaderLen-1 {
		h = append(h, ' ')
	}
	return append(h, '\n')
}

// writeNpy writes one of the three kinds of a checkpoint's values.
func writeNpy(w io.Writer, v any) error {
	switch v := v.(type) {
	case []float32:
		if _, err := w.Write(npyHeader("<f4", len(v))); err != nil {
			return err
		}
		return writeFloats(w, v)
	case []byte:
		if _, err := w.Write(npyHeader("|u1", len(v))); err != nil {
			return err
		}
		_, err := w.Write(v)
		return err
	case int64:
		_, err := w.Write(binary.LittleEndian.AppendUint64(npyHeader("<i8"), uint64(v)))
		return err
	default:
		return fmt.Errorf("cannot store a %T", v)
	}
}

func writeFloats(w io.Writer, v []float32) error {
	buf := make([]byte, 0, 1<<16)
	for len(v) > 0 {
		n := min(len(v), cap(buf)/4)
		buf = buf[:0]
		for _, x := range v[:n] {
			buf = binary.LittleEndian.AppendUint32(buf, math.Float32bits(x))
		}
		if _, err := w.Write(buf); err != nil {
			return err
		}
		v = v[n:]
	}
	return nil
}

// parseNpy reads back what writeNpy wrote, and nothing else: the header of each kind
// follows from the length, so it is compared and not interpreted. (npyio's reader
// panics on some damaged headers and allocates what they promise.)
func parseNpy(b []byte) (any, error) {
	if len(b) < npyHeaderLen {
		return nil, errors.New("shorter than a header")
	}
	head, body := b[:npyHeaderLen], b[npyHeaderLen:]
	switch {
	case len(body) == 8 && bytes.Equal(head, npyHeader("<i8")):
		return int64(binary.LittleEndian.Uint64(body)), nil
	case bytes.Equal(head, npyHeader("|u1", len(body))):
		return bytes.Clone(body), nil
	case len(body)%4 == 0 && bytes.Equal(head, npyHeader("<f4", len(body)/4)):
		v := make([]float32, len(body)/4)
		for i := range v {
			v[i] = math.Float32frombits(binary.LittleEndian.Uint32(body[4*i:]))
		}
		return v, nil
	}
	return nil, errors.New("not an array of this format (<f4 or |u1 vector, <i8 scalar)")
}
