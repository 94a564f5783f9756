package samples

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"

	"golang.org/x/image/webp"
)

// decodeWebP reads a WebP file, the first image of an animation, and makes its colours
// as libwebp does.
func decodeWebP(raw []byte) (image.Image, error) {
	pixels, err := webpPixels(raw)
	if err != nil {
		return nil, err
	}
	// A file of nothing else: alpha apart from the pixels is not decoded at all.
	file := append([]byte("RIFF\x00\x00\x00\x00WEBP"), pixels...)
	binary.LittleEndian.PutUint32(file[4:], uint32(len(file)-8))
	c, err := webp.DecodeConfig(bytes.NewReader(file))
	if err != nil {
		return nil, err
	}
	if c.Width > maxPixels/max(c.Height, 1) {
		return nil, fmt.Errorf("%d×%d pixels", c.Width, c.Height)
	}
	m, err := webp.Decode(bytes.NewReader(file))
	if err != nil {
		return nil, err
	}
	if planes, ok := m.(*image.YCbCr); ok {
		return webpColours(planes), nil
	}
	return m, nil
}

// webpPixels is the first chunk of pixels, with its header.
func webpPixels(raw []byte) ([]byte, error) {
	for rest := raw[12:]; len(rest) >= 8; {
		size := int(binary.LittleEndian.Uint32(rest[4:]))
		if size > len(rest)-8 {
			break
		}
		switch body := rest[8 : 8+size]; string(rest[:4]) {
		case "VP8 ", "VP8L":
			return append(rest[:8+size:8+size], make([]byte, size%2)...), nil
		case "ANMF":
			if len(body) < 16 {
				return nil, errors.New("a short frame")
			}
			rest = body[16:]
			continue
		}
		rest = rest[min(8+size+size%2, len(rest)):]
	}
	return nil, errors.New("no whole pixels")
}

// webpColours is the planes of a WebP file as RGB, by the integers of libwebp's
// upsampling.c (a sample counts nine, the two beside it three each, the one across
// one) and yuv.h.
func webpColours(m *image.YCbCr) *image.RGBA {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	cw, ch := (w+1)/2, (h+1)/2
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		near := y / 2 * m.CStride
		far := min(max(y/2-1+y%2*2, 0), ch-1) * m.CStride
		row := out.Pix[y*out.Stride:]
		for x := range w {
			here, beside := x/2, min(max(x/2-1+x%2*2, 0), cw-1)
			mix := func(plane []byte) int {
				a, b, c, d := int(plane[near+here]), int(plane[near+beside]), int(plane[far+here]), int(plane[far+beside])
				return ((a+3*(b+c)+d+8)>>3 + a) >> 1
			}
			l, u, v := int(m.Y[y*m.YStride+x])*19077>>8, mix(m.Cb), mix(m.Cr)
			row[4*x] = clip((l + v*26149>>8 - 14234) >> 6)
			row[4*x+1] = clip((l - u*6419>>8 - v*13320>>8 + 8708) >> 6)
			row[4*x+2] = clip((l + u*33050>>8 - 17685) >> 6)
			row[4*x+3] = 255
		}
	}
	return out
}
