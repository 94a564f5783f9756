package samples

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	_ "image/jpeg" // registers the decoder
	_ "image/png"
	"io"

	"fig5/fid/files"
)

// maxPixels bounds one image, so that its header cannot ask for all memory.
const maxPixels = 1 << 27

// openFolder lists the images below dir and reads their headers: they must be of
// one size.
func openFolder(dir string) (*Set, error) {
	paths, err := Images(dir)
	if err != nil {
		return nil, err
	}
	if len(paths) == 0 {
		return nil, errors.New("is a folder without .png, .jpg or .jpeg files")
	}
	var size image.Point
	channels := 1
	for i, path := range paths {
		this, grey, err := headOf(path)
		if i == 0 {
			size = this
		}
		if err == nil && this != size {
			err = fmt.Errorf("has %d×%d pixels, but %s has %d×%d; bring all images to one size", this.X, this.Y, paths[0], size.X, size.Y)
		}
		if err != nil {
			return nil, files.Error(path, err)
		}
		if !grey {
			channels = 3
		}
	}
	plane := size.X * size.Y
	s := &Set{N: len(paths), D: channels * plane, Unit: Pixels, shape: []int{channels, size.Y, size.X}, planar: true}
	rgba := image.NewRGBA(image.Rectangle{Max: size})
	s.read = func(dst []float64) error {
		for ; len(dst) > 0; dst = dst[s.D:] {
			path := paths[0]
			paths = paths[1:]
			raw, err := files.Read(path)
			if err != nil {
				return err
			}
			img, _, err := Decode(raw)
			if err == nil && img.Bounds().Size() != size {
				err = errors.New("changed while it was read")
			}
			if err != nil {
				return files.Error(path, err)
			}
			draw.Draw(rgba, rgba.Rect, img, img.Bounds().Min, draw.Src) // on black
			for i := range dst[:s.D] {
				dst[i] = pixel(rgba.Pix[4*(i%plane)+i/plane])
			}
		}
		return nil
	}
	s.end = func() error { return io.EOF }
	return s, nil
}

// headOf is head of a file.
func headOf(path string) (image.Point, bool, error) {
	f, _, err := files.Open(path)
	if err != nil {
		return image.Point{}, false, err
	}
	defer f.Close()
	return head(f)
}

// head is the size of an image, and whether it is grey, by its header.
func head(r io.Reader) (size image.Point, grey bool, err error) {
	h, _, err := image.DecodeConfig(r)
	switch {
	case err != nil:
		return size, false, fmt.Errorf("is not a readable image: %w", err)
	case h.Width < 1 || h.Height < 1 || h.Width > maxPixels/h.Height:
		return size, false, fmt.Errorf("announces %d×%d pixels; images of 1 to %d are read", h.Width, h.Height, maxPixels)
	}
	return image.Pt(h.Width, h.Height), h.ColorModel == color.GrayModel || h.ColorModel == color.Gray16Model, nil
}

// Decode reads a PNG or JPEG image, after a look at the size that its header
// announces, and tells whether it is grey.
func Decode(raw []byte) (img image.Image, grey bool, err error) {
	if _, grey, err = head(bytes.NewReader(raw)); err != nil {
		return nil, false, err
	}
	if img, _, err = image.Decode(bytes.NewReader(raw)); err != nil {
		return nil, false, fmt.Errorf("is not a readable image: %w", err)
	}
	return img, grey, nil
}
