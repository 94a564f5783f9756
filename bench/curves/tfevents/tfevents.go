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
	"iter"
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
	for offset := int64(0); ; offset += 16 + int64(b.Len()) {
		err := nextRecord(r, &b)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			if err = event(b.Bytes(), tags, f); err != nil {
				err = errors.New(err.Error()) // whatever it is, the file does not end here
			}
		}
		if err != nil {
			return fmt.Errorf("the record at byte %d: %w; copy the file again", offset, err)
		}
	}
}

// nextRecord puts the next record of TFRecords into b; io.EOF behind the last.
func nextRecord(r io.Reader, b *bytes.Buffer) error {
	var head [12]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return err
	}
	size := binary.LittleEndian.Uint64(head[:])
	switch {
	case !Is(head[:]):
		return errors.New("the checksum of its length is wrong")
	case size > maxRecord:
		return fmt.Errorf("has %d bytes, more than %d", size, maxRecord)
	}
	b.Reset() // it grows as the bytes come
	if _, err := io.CopyN(b, r, int64(size)+4); errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	} else if err != nil {
		return err
	}
	sum := binary.LittleEndian.Uint32(b.Bytes()[size:])
	if b.Truncate(int(size)); sum != masked(b.Bytes()) {
		return errors.New("its checksum is wrong")
	}
	return nil
}

// fields are those of a message, each with its bytes. The first one that is broken ends
// them, and is kept in err.
func fields(b []byte, err *error) iter.Seq2[protowire.Number, []byte] {
	return func(yield func(protowire.Number, []byte) bool) {
		for len(b) > 0 && *err == nil {
			number, kind, n := protowire.ConsumeField(b)
			if n < 0 {
				*err = protowire.ParseError(n)
				return
			}
			_, _, tag := protowire.ConsumeTag(b)
			value := b[tag:n]
			if kind == protowire.BytesType {
				value, _ = protowire.ConsumeBytes(value)
			}
			if b = b[n:]; !yield(number, value) {
				return
			}
		}
	}
}

// each are the fields of a message that have one number.
func each(b []byte, number protowire.Number, err *error) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for have, value := range fields(b, err) {
			if have == number && !yield(value) {
				return
			}
		}
	}
}

// varint is the value of a field that is one.
func varint(b []byte) int64 {
	v, _ := protowire.ConsumeVarint(b)
	return int64(v)
}

// event calls f with the scalars of an Event; tags are those that were there before.
func event(b []byte, tags map[string]string, f func(step, tag, value string) error) (err error) {
	step := "0"
	for v := range each(b, 2, &err) { // step
		step = strconv.FormatInt(varint(v), 10)
	}
	for summary := range each(b, 5, &err) { // summary
		for value := range each(summary, 1, &err) { // value
			name, text := scalar(value, &err)
			if err != nil || text == "" {
				continue
			}
			tag, ok := tags[string(name)]
			if !ok {
				tag = string(name)
				tags[tag] = tag
			}
			err = f(step, tag, text)
		}
	}
	return err
}

// scalar is the tag of a Summary.Value, and its number where it has one: a simple_value,
// as old writers and PyTorch's have it, or a tensor of one number.
func scalar(b []byte, err *error) (tag []byte, text string) {
	var simple, tensor []byte
	for number, value := range fields(b, err) {
		switch number {
		case 1:
			tag = value
		case 2:
			simple = value
		case 8:
			tensor = value
		}
	}
	if simple != nil {
		return tag, text32(simple)
	}
	return tag, number(tensor, err)
}

// number is the only number of a TensorProto, "" where it is none or holds several.
func number(b []byte, err *error) string {
	var kind int64
	var content []byte
	var values [][]byte // packed
	single := true
	for number, value := range fields(b, err) {
		switch number {
		case 1: // dtype
			kind = varint(value)
		case 2: // tensor_shape
			for dim := range each(value, 2, err) {
				for size := range each(dim, 1, err) {
					single = single && varint(size) == 1
				}
			}
		case 4: // tensor_content
			content = value
		case 5, 6, 7, 10: // float_val, double_val, int_val, int64_val
			values = append(values, value)
		}
	}
	if !single || len(values) > 1 {
		return ""
	}
	const dtFloat, dtDouble, dtInt32, dtInt64 = 1, 2, 3, 9
	if content == nil && len(values) == 1 {
		content = values[0]
		if kind == dtInt32 || kind == dtInt64 {
			if _, n := protowire.ConsumeVarint(content); n != len(content) {
				return ""
			}
			kind, content = dtInt64, binary.LittleEndian.AppendUint64(nil, uint64(varint(content)))
		}
	}
	switch {
	case kind == dtFloat:
		return text32(content)
	case kind == dtDouble && len(content) == 8:
		return strconv.FormatFloat(math.Float64frombits(binary.LittleEndian.Uint64(content)), 'g', -1, 64)
	case kind == dtInt32 && len(content) == 4:
		return strconv.FormatInt(int64(int32(binary.LittleEndian.Uint32(content))), 10)
	case kind == dtInt64 && len(content) == 8:
		return strconv.FormatInt(int64(binary.LittleEndian.Uint64(content)), 10)
	}
	return ""
}

// text32 is a float32 as text, "" of bytes that are none.
func text32(b []byte) string {
	if len(b) != 4 {
		return ""
	}
	return strconv.FormatFloat(float64(math.Float32frombits(binary.LittleEndian.Uint32(b))), 'g', -1, 32)
}
