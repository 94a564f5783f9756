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
// wrong in silence.
func decodeTIFF(raw []byte) (image.Image, error) {
	tags, err := shortTags(raw)
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
	case tags[266] > 1 && tags[259] <= 1:
		return nil, errors.New("its bits are in reverse order")
	case tags[262] == 0 && tags[258] == 16:
		return nil, errors.New("it is grey in 16 bits with 0 as white")
	}
	return tiff.Decode(bytes.NewReader(raw))
}

// shortTags is the first number of each tag of the first image that holds shorts or
// longs.
func shortTags(raw []byte) (map[uint16]uint32, error) {
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
	tags := map[uint16]uint32{}
	for e := raw[at+2:][:12*n]; len(e) > 0; e = e[12:] {
		value := e[8:12]
		kind, count := order.Uint16(e[2:]), order.Uint32(e[4:])
		if kind == 3 && count > 2 || kind == 4 && count > 1 {
			where := int64(order.Uint32(value))
			if where > int64(len(raw))-4 {
				return nil, bad
			}
			value = raw[where:]
		}
		switch tag := order.Uint16(e); kind {
		case 3:
			tags[tag] = uint32(order.Uint16(value))
		case 4:
			tags[tag] = order.Uint32(value)
		}
	}
	return tags, nil
}
