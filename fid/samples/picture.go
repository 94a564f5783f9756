package samples

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"slices"
	"strings"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
	"golang.org/x/image/webp"

	"fig5/fid/files"
)

// maxPixels bounds one image, so that its header cannot ask for all memory.
const maxPixels = 1 << 27

// format is how images of one kind are read.
type format struct {
	name   string
	starts []string // first bytes; ? is any
	config func(io.Reader) (image.Config, error)
	decode func(raw []byte) (image.Image, error) // whose size the header has told
}

var formats = []format{
	{"PNG", []string{"\x89PNG\r\n\x1a\n"}, png.DecodeConfig, decoder(png.Decode)},
	{"JPEG", []string{"\xff\xd8"}, jpeg.DecodeConfig, decodeJPEG},
	{"WebP", []string{"RIFF????WEBP"}, webp.DecodeConfig, decodeWebP},
	{"BMP", []string{"BM"}, bmp.DecodeConfig, decoder(bmp.Decode)},
	{"TIFF", []string{"II*\x00", "MM\x00*"}, tiff.DecodeConfig, decodeTIFF},
}

// endings are those of the files that are read.
var endings = []string{".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff"}

// imageFiles is the endings in words.
var imageFiles = strings.Join(endings[:len(endings)-1], ", ") + " or " + endings[len(endings)-1]

func decoder(decode func(io.Reader) (image.Image, error)) func([]byte) (image.Image, error) {
	return func(raw []byte) (image.Image, error) { return decode(bytes.NewReader(raw)) }
}

// formatOf tells the format by the first bytes, as Pillow does, not by the name.
func formatOf(start []byte) (format, error) {
	for _, f := range formats {
		for _, want := range f.starts {
			ok := len(start) >= len(want)
			for i := 0; ok && i < len(want); i++ {
				ok = want[i] == '?' || want[i] == start[i]
			}
			if ok {
				return f, nil
			}
		}
	}
	return format{}, errors.New("is no PNG, JPEG, WebP, BMP or TIFF file")
}

// header is what an image says of itself before its pixels.
type header struct {
	format format
	size   image.Point
	grey   bool
	deep   bool // grey in 16 bits
}

// headOf is head of a file.
func headOf(path string) (header, error) {
	f, _, err := files.Open(path)
	if err != nil {
		return header{}, err
	}
	defer f.Close()
	return head(f)
}

// head reads a header and checks the size it announces.
func head(r file) (header, error) {
	var start [12]byte
	n, err := r.ReadAt(start[:], 0)
	if err != nil && err != io.EOF {
		return header{}, err
	}
	f, err := formatOf(start[:n])
	if err != nil {
		return header{}, err
	}
	c, err := f.config(r)
	if err != nil {
		return header{}, f.refuse(err)
	}
	if c.Width < 1 || c.Height < 1 || c.Width > maxPixels/c.Height {
		return header{}, fmt.Errorf("announces %d×%d pixels; images of 1 to %d are read", c.Width, c.Height, maxPixels)
	}
	deep := c.ColorModel == color.Gray16Model
	return header{f, image.Pt(c.Width, c.Height), deep || c.ColorModel == color.GrayModel, deep}, nil
}

func (f format) refuse(err error) error {
	return fmt.Errorf("is a %s file that cannot be read (%w); save it anew, as PNG", f.name, err)
}

// Decode reads an image, of at most maxPixels by its header, as the colours that
// Pillow's convert("RGB") gives: opaque, whatever alpha the file has. It tells whether
// the file is grey.
func Decode(raw []byte) (img *image.RGBA, grey bool, err error) {
	h, err := head(bytes.NewReader(raw))
	if err != nil {
		return nil, false, err
	}
	m, err := h.format.decode(raw)
	if err == nil && m.Bounds().Size() != h.size {
		err = fmt.Errorf("%d×%d pixels behind a header of %d×%d", m.Bounds().Dx(), m.Bounds().Dy(), h.size.X, h.size.Y)
	}
	if err == nil {
		img, err = opaque(m)
	}
	if err != nil {
		return nil, false, h.format.refuse(err)
	}
	return img, h.grey, nil
}

// opaque is the colours of a decoded image without their alpha: the stored ones, but
// where those are multiplied by alpha (TIFF), divided by it. Of 16 bits the upper 8
// are kept, as Pillow does with colours.
func opaque(m image.Image) (*image.RGBA, error) {
	b := m.Bounds()
	out := image.NewRGBA(image.Rectangle{Max: b.Size()})
	// each fills a row of R, G, B from the n bytes of a pixel.
	each := func(pix []byte, stride, n int, f func(dst, src []byte)) (*image.RGBA, error) {
		for y := range b.Dy() {
			row, from := out.Pix[y*out.Stride:][:4*b.Dx()], pix[y*stride:]
			for x := range b.Dx() {
				f(row[4*x:4*x+3], from[n*x:n*x+n])
				row[4*x+3] = 255
			}
		}
		return out, nil
	}
	// colours are every so many bytes of a pixel; 0 is grey.
	colours := func(apart int) func(dst, src []byte) {
		return func(dst, src []byte) { dst[0], dst[1], dst[2] = src[0], src[apart], src[2*apart] }
	}
	switch m := m.(type) {
	case *image.Gray:
		return each(m.Pix, m.Stride, 1, colours(0))
	case *image.Gray16:
		return each(m.Pix, m.Stride, 2, colours(0))
	case *image.NRGBA:
		return each(m.Pix, m.Stride, 4, colours(1))
	case *image.NRGBA64:
		return each(m.Pix, m.Stride, 8, colours(2))
	case *image.RGBA:
		return each(m.Pix, m.Stride, 4, divided(1))
	case *image.RGBA64:
		return each(m.Pix, m.Stride, 8, divided(2))
	case *image.CMYK:
		return each(m.Pix, m.Stride, 4, func(dst, src []byte) {
			for i := range dst { // Pillow's cmyk2rgb
				light := 255 - int(src[3])
				t := int(src[i])*light + 128
				dst[i] = byte(max(light-(t>>8+t)>>8, 0))
			}
		})
	case *image.Paletted:
		if at := slices.IndexFunc(m.Pix, func(i byte) bool { return int(i) >= len(m.Palette) }); at >= 0 {
			return nil, fmt.Errorf("colour %d of a palette of %d", m.Pix[at], len(m.Palette))
		}
		palette := make([]color.NRGBA, len(m.Palette))
		for i, c := range m.Palette {
			palette[i] = color.NRGBAModel.Convert(c).(color.NRGBA)
		}
		return each(m.Pix, m.Stride, 1, func(dst, src []byte) {
			c := palette[src[0]]
			dst[0], dst[1], dst[2] = c.R, c.G, c.B
		})
	}
	return nil, fmt.Errorf("pixels of type %T", m)
}

// divided takes alpha out of the colours it was multiplied into, as Pillow's rgba2rgb_;
// they are every so many bytes of a pixel.
func divided(apart int) func(dst, src []byte) {
	return func(dst, src []byte) {
		dst[0], dst[1], dst[2] = src[0], src[apart], src[2*apart]
		if a := int(src[3*apart]); a != 0 && a != 255 {
			for i := range dst {
				dst[i] = byte(min(255*int(dst[i])/a, 255))
			}
		}
	}
}
