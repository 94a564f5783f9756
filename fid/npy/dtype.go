package npy

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"
)

// dtype is how one element is stored.
type dtype struct {
	name    string // NumPy's: float32, uint8
	size    int    // bytes
	decode  func(dst []float64, raw []byte, order binary.ByteOrder)
	integer bool
}

var dtypes = map[string]dtype{
	"f2": {"float16", 2, func(dst []float64, raw []byte, o binary.ByteOrder) {
		for i := range dst {
			dst[i] = half(o.Uint16(raw[2*i:]))
		}
	}, false},
	"f4": {"float32", 4, func(dst []float64, raw []byte, o binary.ByteOrder) {
		for i := range dst {
			dst[i] = float64(math.Float32frombits(o.Uint32(raw[4*i:])))
		}
	}, false},
	"f8": {"float64", 8, func(dst []float64, raw []byte, o binary.ByteOrder) {
		for i := range dst {
			dst[i] = math.Float64frombits(o.Uint64(raw[8*i:]))
		}
	}, false},
	"u1": {"uint8", 1, decodeBytes, true},
	"b1": {"bool", 1, decodeBytes, true},
	"i1": {"int8", 1, func(dst []float64, raw []byte, _ binary.ByteOrder) {
		for i := range dst {
			dst[i] = float64(int8(raw[i]))
		}
	}, true},
	"u2": {"uint16", 2, func(dst []float64, raw []byte, o binary.ByteOrder) {
		for i := range dst {
			dst[i] = float64(o.Uint16(raw[2*i:]))
		}
	}, true},
	"i2": {"int16", 2, func(dst []float64, raw []byte, o binary.ByteOrder) {
		for i := range dst {
			dst[i] = float64(int16(o.Uint16(raw[2*i:])))
		}
	}, true},
	"u4": {"uint32", 4, func(dst []float64, raw []byte, o binary.ByteOrder) {
		for i := range dst {
			dst[i] = float64(o.Uint32(raw[4*i:]))
		}
	}, true},
	"i4": {"int32", 4, func(dst []float64, raw []byte, o binary.ByteOrder) {
		for i := range dst {
			dst[i] = float64(int32(o.Uint32(raw[4*i:])))
		}
	}, true},
	"u8": {"uint64", 8, func(dst []float64, raw []byte, o binary.ByteOrder) {
		for i := range dst {
			dst[i] = float64(o.Uint64(raw[8*i:]))
		}
	}, true},
	"i8": {"int64", 8, func(dst []float64, raw []byte, o binary.ByteOrder) {
		for i := range dst {
			dst[i] = float64(int64(o.Uint64(raw[8*i:])))
		}
	}, true},
}

func decodeBytes(dst []float64, raw []byte, _ binary.ByteOrder) {
	for i := range dst {
		dst[i] = float64(raw[i])
	}
}

// half is an IEEE 754 binary16 number.
func half(b uint16) float64 {
	exp, frac := int(b>>10&0x1f), float64(b&0x3ff)
	var v float64
	switch exp {
	case 0:
		v = math.Ldexp(frac, -24)
	case 0x1f:
		if frac != 0 {
			return math.NaN()
		}
		v = math.Inf(1)
	default:
		v = math.Ldexp(1024+frac, exp-25)
	}
	if b>>15 != 0 {
		return -v
	}
	return v
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
