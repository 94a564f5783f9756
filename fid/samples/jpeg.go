package samples

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
)

// decodeJPEG reads a JPEG file and makes its colours as libjpeg-turbo does, whose chroma
// is smoothed where Go's is repeated.
func decodeJPEG(raw []byte) (image.Image, error) {
	m, err := jpeg.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	if planes, ok := m.(*image.YCbCr); ok {
		return jpegColours(planes), nil
	}
	if _, grey := m.(*image.Gray); !grey && subsampled(raw) { // RGB, CMYK, YCCK: the planes are lost by now
		return nil, errors.New("some of its colours have fewer pixels, which is read of YCbCr alone")
	}
	return m, nil
}

// subsampled reports whether the components in the frame header have different
// sampling factors.
func subsampled(raw []byte) bool {
	for at := 2; at+4 <= len(raw); {
		marker := raw[at+1]
		if raw[at] != 0xff || marker == 0xff { // what Go's decoder passes over
			at++
			continue
		}
		length := int(raw[at+2])<<8 + int(raw[at+3])
		if marker >= 0xc0 && marker <= 0xc2 {
			frame := raw[at+2:]
			for i := 9; i+2 < length && i+2 < len(frame); i += 3 {
				if frame[i] != frame[9] {
					return true
				}
			}
			return false
		}
		at += 2 + length
	}
	return false
}

// jpegColours is planes of a JPEG file as RGB, by the integers of libjpeg's jdcolor.c.
func jpegColours(m *image.YCbCr) *image.RGBA {
	const half = 1 << 15
	b := m.Bounds()
	w, h := b.Dx(), b.Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	cb, cr := smoother(m, m.Cb), smoother(m, m.Cr)
	rowB, rowR := make([]byte, w+4), make([]byte, w+4)
	for y := range h {
		cb(rowB, y)
		cr(rowR, y)
		light, row := m.Y[y*m.YStride:], out.Pix[y*out.Stride:]
		for x := range w {
			l, u, v := int(light[x]), int(rowB[x])-128, int(rowR[x])-128
			row[4*x] = clip(l + (91881*v+half)>>16)
			row[4*x+1] = clip(l + (-22554*u-46802*v+half)>>16)
			row[4*x+2] = clip(l + (116130*u+half)>>16)
			row[4*x+3] = 255
		}
	}
	return out
}

func clip(v int) byte { return byte(min(max(v, 0), 255)) }

// smoother fills rows of a plane of chroma at full size as libjpeg-turbo's jdsample.c:
// a sample counts three quarters where it is nearer, by rules of rounding that follow
// the direction, and ratios other than 1 and 2 repeat samples. A row has room for three
// numbers more.
func smoother(m *image.YCbCr, plane []byte) func(dst []byte, y int) {
	across, down := ratio(m.SubsampleRatio)
	w, h := (m.Rect.Dx()+across-1)/across, (m.Rect.Dy()+down-1)/down
	line := func(y int) []byte { return plane[min(max(y, 0), h-1)*m.CStride:][:w] }
	// beside is the row next to y of the full image in the one that is not y's own.
	beside := func(y int) []byte { return line(y/2 - 1 + y%2*2) }
	switch {
	case across == 1 && down == 1:
		return func(dst []byte, y int) { copy(dst, line(y)) }
	case across == 1 && down == 2:
		return func(dst []byte, y int) {
			far := beside(y)
			for x, v := range line(y / 2) {
				dst[x] = byte((3*int(v) + int(far[x]) + 1 + y%2) >> 2)
			}
		}
	case across == 2 && down == 1 && w > 2:
		return func(dst []byte, y int) {
			near := line(y)
			for x, v := range near {
				left, right := near[max(x-1, 0)], near[min(x+1, w-1)]
				dst[2*x] = byte((3*int(v) + int(left) + 1) >> 2)
				dst[2*x+1] = byte((3*int(v) + int(right) + 2) >> 2)
			}
		}
	case across == 2 && down == 2 && w > 2:
		return func(dst []byte, y int) {
			near, far := line(y/2), beside(y)
			sum := func(x int) int { x = min(max(x, 0), w-1); return 3*int(near[x]) + int(far[x]) }
			for x := range near {
				dst[2*x] = byte((3*sum(x) + sum(x-1) + 8) >> 4)
				dst[2*x+1] = byte((3*sum(x) + sum(x+1) + 7) >> 4)
			}
		}
	}
	return func(dst []byte, y int) {
		near := line(y / down)
		for x := range m.Rect.Dx() {
			dst[x] = near[x/across]
		}
	}
}

// ratio is how many pixels a sample of chroma stands for.
func ratio(r image.YCbCrSubsampleRatio) (across, down int) {
	switch r {
	case image.YCbCrSubsampleRatio422:
		return 2, 1
	case image.YCbCrSubsampleRatio420:
		return 2, 2
	case image.YCbCrSubsampleRatio440:
		return 1, 2
	case image.YCbCrSubsampleRatio411:
		return 4, 1
	case image.YCbCrSubsampleRatio410:
		return 4, 2
	}
	return 1, 1
}
