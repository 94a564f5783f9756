package samples

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"

	"golang.org/x/image/tiff"
)

// decodeTIFF reads the first image of a TIFF file, but for what the decoder would read
// wrong in silence. More rows a strip than the image has become as many, since the
// decoder makes room for what the tag says.
func decodeTIFF(raw []byte) (image.Image, error) {
	raw = bytes.Clone(raw)
	tags, err := tagsOf(raw)
	if err != nil {
		return nil, err
	}
	switch {
	case tags[284] > 1:
		return nil, errors.New("its colours lie in planes of their own")
	case tags[274] > 1:
		return nil, fmt.Errorf("it is to be turned by its orientation, %d", tags[274])
	case tags[322] != 0:
		return nil, errors.New("it is made of tiles")
	case tags[259] >= 2 && tags[259] <= 4:
		return nil, errors.New("it is compressed as a fax")
	case tags[266] > 1:
		return nil, errors.New("its bits are in reverse order")
	case tags[262] == 0 && tags[258] == 16:
		return nil, errors.New("it is grey in 16 bits with 0 as white")
	}
	return tiff.Decode(bytes.NewReader(raw))
}

// tagsOf is the first number of each tag of the first image that holds bytes, shorts or
// longs; that of the rows of a strip it makes the image's where it is more.
func tagsOf(raw []byte) (map[uint16]uint32, error) {
	var order binary.ByteOrder = binary.LittleEndian
	if raw[0] == 'M' {
		order = binary.BigEndian
	}
	bad := errors.New("no whole list of tags")
	if len(raw) < 8 {
		return nil, bad
	}
	at := int64(order.Uint32(raw[4:]))
	if at > int64(len(raw))-2 {
		return nil, bad
	}
	n := int64(order.Uint16(raw[at:]))
	if at+2+12*n > int64(len(raw)) {
		return nil, bad
	}
	const imageLength, rowsPerStrip = 257, 278 // tags stand in the order of their numbers
	tags := map[uint16]uint32{}
	for e := raw[at+2:][:12*n]; len(e) > 0; e = e[12:] {
		tag, kind, count, value := order.Uint16(e), order.Uint16(e[2:]), order.Uint32(e[4:]), e[8:12]
		size := map[uint16]uint32{1: 1, 3: 2, 4: 4}[kind]
		if size == 0 {
			continue
		}
		if count > 4/size {
			where := int64(order.Uint32(value))
			if where > int64(len(raw))-4 {
				return nil, bad
			}
			value = raw[where:]
		}
		switch kind {
		case 1:
			tags[tag] = uint32(value[0])
		case 3:
			if tags[tag] = uint32(order.Uint16(value)); tag == rowsPerStrip {
				order.PutUint16(value, uint16(min(tags[tag], tags[imageLength])))
			}
		case 4:
			if tags[tag] = order.Uint32(value); tag == rowsPerStrip {
				order.PutUint32(value, min(tags[tag], tags[imageLength]))
			}
		}
	}
	return tags, nil
}
