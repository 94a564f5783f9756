package npy

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"
)

// dtype is how one element is stored.
type dtype struct {
	name   string // NumPy's, and Go's where it has the type: float32, uint8
	size   int    // bytes
	decode func(dst []float64, raw []byte, order binary.ByteOrder)
}

var dtypes = map[string]dtype{
	"f2": {"float16", 2, decode(half)},
	"f4": {"float32", 4, decode(number[float32])},
	"f8": {"float64", 8, func(dst []float64, raw []byte, order binary.ByteOrder) { binary.Decode(raw, order, dst) }},
	"b1": {"bool", 1, decode(number[uint8])},
	"u1": {"uint8", 1, decode(number[uint8])},
	"u2": {"uint16", 2, decode(number[uint16])},
	"u4": {"uint32", 4, decode(number[uint32])},
	"u8": {"uint64", 8, decode(number[uint64])},
	"i1": {"int8", 1, decode(number[int8])},
	"i2": {"int16", 2, decode(number[int16])},
	"i4": {"int32", 4, decode(number[int32])},
	"i8": {"int64", 8, decode(number[int64])},
}

// decode makes numbers of stored elements, of which raw holds as many as dst.
func decode[T any](number func(T) float64) func([]float64, []byte, binary.ByteOrder) {
	return func(dst []float64, raw []byte, order binary.ByteOrder) {
		stored := make([]T, len(dst))
		binary.Decode(raw, order, stored)
		for i, v := range stored {
			dst[i] = number(v)
		}
	}
}

func number[T float32 | uint8 | uint16 | uint32 | uint64 | int8 | int16 | int32 | int64](v T) float64 {
	return float64(v)
}

// half is an IEEE 754 binary16 number.
func half(b uint16) float64 {
	sign, exp, frac := 1-2*float64(b>>15), int(b>>10&0x1f), float64(b&0x3ff)
	switch {
	case exp == 0:
		return sign * math.Ldexp(frac, -24)
	case exp < 0x1f:
		return sign * math.Ldexp(1024+frac, exp-25)
	case frac == 0:
		return math.Inf(int(sign))
	}
	return math.NaN()
}

// parseDescr reads a type string such as <f8, >i4 or |u1.
func parseDescr(descr string) (dtype, binary.ByteOrder, error) {
	var order binary.ByteOrder = binary.LittleEndian
	if strings.HasPrefix(descr, ">") {
		order = binary.BigEndian
	}
	code := strings.TrimLeft(descr, "<>|")
	switch {
	case strings.HasPrefix(code, "O"):
		return dtype{}, nil, fmt.Errorf("holds pickled Python objects (dtype object), which are not read; save a plain array of numbers")
	case len(descr) != len(code)+1:
		return dtype{}, nil, fmt.Errorf("has a malformed .npy header: type %q", clip(descr))
	}
	t, ok := dtypes[code]
	if !ok || (descr[0] == '|' && t.size > 1) {
		return dtype{}, nil, fmt.Errorf("holds elements of type %q; want float16, float32, float64, an integer type or bool", clip(descr))
	}
	return t, order, nil
}
