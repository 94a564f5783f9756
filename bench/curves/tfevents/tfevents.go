// Package tfevents reads the scalars of TensorBoard's event files.
//
//  1. A file is TFRecords: the length of a record in 8 bytes, the masked CRC-32C of
//     these, the record, and its own masked CRC-32C
//     (https://www.tensorflow.org/tutorials/load_data/tfrecord).
//  2. A record is an Event, a protocol buffer (tensorflow/core/util/event.proto), whose
//     Summary has values.
//  3. A value is a scalar where it has a number: a simple_value, as old writers and
//     PyTorch's have it, or a tensor of one number.
package tfevents

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"strconv"

	"google.golang.org/protobuf/encoding/protowire"
)

// maxRecord is the most bytes of a record.
const maxRecord = 256 << 20

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// masked is the checksum of b as TFRecords have it.
func masked(b []byte) uint32 {
	c := crc32.Checksum(b, castagnoli)
	return (c>>15 | c<<17) + 0xa282ead8
}

// Is tells whether a file begins, with 12 bytes or more, as TFRecords do.
func Is(head []byte) bool {
	return len(head) >= 12 && binary.LittleEndian.Uint32(head[8:]) == masked(head[:8])
}

// Read calls f with every scalar of an event file, as text, in its order. Its errors name
// the place of the record; that of a file which ends within one, as of a run that was
// killed or goes on, is an io.ErrUnexpectedEOF.
func Read(r io.Reader, f func(step, tag, value string) error) error {
	var b bytes.Buffer
	tags := map[string]string{}
	for offset := int64(0); ; {
		n, err := nextRecord(r, &b)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			if broken := event(b.Bytes(), tags, f); broken != nil {
				err = errors.New(broken.Error()) // whatever it is, the file does not end here
			}
		}
		if err != nil {
			return fmt.Errorf("the record at byte %d: %w; copy the file again", offset, err)
		}
		offset += n
	}
}

// nextRecord puts the next record of TFRecords into b and tells how many bytes it took;
// io.EOF behind the last.
func nextRecord(r io.Reader, b *bytes.Buffer) (int64, error) {
	var head [12]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, err
	}
	size := binary.LittleEndian.Uint64(head[:])
	if binary.LittleEndian.Uint32(head[8:]) != masked(head[:8]) {
		return 0, errors.New("the checksum of its length is wrong")
	}
	if size > maxRecord {
		return 0, fmt.Errorf("has %d bytes, more than %d", size, maxRecord)
	}
	b.Reset() // it grows as the bytes come
	if _, err := io.CopyN(b, r, int64(size)+4); err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return 0, err
	}
	sum := binary.LittleEndian.Uint32(b.Bytes()[size:])
	if b.Truncate(int(size)); sum != masked(b.Bytes()) {
		return 0, errors.New("its checksum is wrong")
	}
	return 16 + int64(size), nil
}

// each calls f with the fields of a message: its number, and its bytes or its bits.
func each(b []byte, f func(number protowire.Number, bytes []byte, bits uint64) error) error {
	for len(b) > 0 {
		number, kind, n := protowire.ConsumeTag(b)
		if n < 0 {
			return protowire.ParseError(n)
		}
		b = b[n:]
		var bytes []byte
		var bits uint64
		switch kind {
		case protowire.VarintType:
			bits, n = protowire.ConsumeVarint(b)
		case protowire.Fixed32Type:
			var v uint32
			v, n = protowire.ConsumeFixed32(b)
			bits = uint64(v)
		case protowire.Fixed64Type:
			bits, n = protowire.ConsumeFixed64(b)
		case protowire.BytesType:
			bytes, n = protowire.ConsumeBytes(b)
		default:
			n = protowire.ConsumeFieldValue(number, kind, b)
		}
		if n < 0 {
			return protowire.ParseError(n)
		}
		b = b[n:]
		if err := f(number, bytes, bits); err != nil {
			return err
		}
	}
	return nil
}

// event calls f with the scalars of an Event; tags are those that were there before.
func event(b []byte, tags map[string]string, f func(step, tag, value string) error) error {
	step := "0"
	err := each(b, func(number protowire.Number, _ []byte, bits uint64) error {
		if number == 2 { // step
			step = strconv.FormatInt(int64(bits), 10)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return each(b, func(number protowire.Number, summary []byte, _ uint64) error {
		if number != 5 { // summary
			return nil
		}
		return each(summary, func(number protowire.Number, value []byte, _ uint64) error {
			if number != 1 { // value
				return nil
			}
			name, text, err := scalar(value)
			if err != nil || text == "" {
				return err
			}
			tag, ok := tags[string(name)]
			if !ok {
				tag = string(name)
				tags[tag] = tag
			}
			return f(step, tag, text)
		})
	})
}

// scalar is the tag of a Summary.Value, and its number where it has one: a simple_value,
// as old writers and PyTorch's have it, or a tensor of one number.
func scalar(b []byte) (tag []byte, text string, err error) {
	var tensor []byte
	err = each(b, func(number protowire.Number, bytes []byte, bits uint64) error {
		switch number {
		case 1: // tag
			tag = bytes
		case 2: // simple_value
			text = float(math.Float32frombits(uint32(bits)))
		case 8: // tensor
			tensor = bytes
		}
		return nil
	})
	if err == nil && text == "" && tensor != nil {
		text, err = number(tensor)
	}
	return tag, text, err
}

func float(v float32) string { return strconv.FormatFloat(float64(v), 'g', -1, 32) }

// The types of a TensorProto that a number may have.
const dtFloat, dtDouble, dtInt32, dtInt64 = 1, 2, 3, 9

// number is the only number of a TensorProto, "" where it is none or holds several.
func number(b []byte) (text string, err error) {
	var kind uint64
	var content []byte
	var values [][]byte // packed
	size := 1
	err = each(b, func(number protowire.Number, bytes []byte, bits uint64) error {
		switch number {
		case 1: // dtype
			kind = bits
		case 2: // tensor_shape
			return each(bytes, func(number protowire.Number, dim []byte, _ uint64) error {
				return each(dim, func(field protowire.Number, _ []byte, bits uint64) error {
					if number == 2 && field == 1 && bits != 1 {
						size = 0
					}
					return nil
				})
			})
		case 4: // tensor_content
			content = bytes
		case 5, 6, 7, 10: // float_val, double_val, int_val, int64_val
			if bytes == nil { // not packed
				var v [8]byte
				binary.LittleEndian.PutUint64(v[:], bits)
				bytes = v[:map[protowire.Number]int{5: 4, 6: 8, 7: 8, 10: 8}[number]]
				if number == 7 || number == 10 {
					bytes = protowire.AppendVarint(nil, bits)
				}
			}
			values = append(values, bytes)
		}
		return nil
	})
	if err != nil || size != 1 || len(values) > 1 {
		return "", err
	}
	if len(values) == 1 && content == nil {
		if content = values[0]; kind == dtInt32 || kind == dtInt64 {
			v, n := protowire.ConsumeVarint(content)
			if n != len(content) {
				return "", nil
			}
			return strconv.FormatInt(int64(v), 10), nil
		}
	}
	switch {
	case kind == dtFloat && len(content) == 4:
		return float(math.Float32frombits(binary.LittleEndian.Uint32(content))), nil
	case kind == dtDouble && len(content) == 8:
		return strconv.FormatFloat(math.Float64frombits(binary.LittleEndian.Uint64(content)), 'g', -1, 64), nil
	case kind == dtInt32 && len(content) == 4:
		return strconv.FormatInt(int64(int32(binary.LittleEndian.Uint32(content))), 10), nil
	case kind == dtInt64 && len(content) == 8:
		return strconv.FormatInt(int64(binary.LittleEndian.Uint64(content)), 10), nil
	}
	return "", nil
}
