package samples

import (
	"errors"
	"fmt"
	"image"

	"fig5/fid/files"
)

// openFolder lists the images below dir and reads their headers: they must be of
// one size.
func openFolder(dir string) (*Set, error) {
	paths, warning, err := Images(dir)
	if err != nil {
		return nil, err
	}
	if len(paths) == 0 {
		return nil, errors.New("is a folder without " + imageFiles + " files")
	}
	var size image.Point
	channels, deep := 1, 0
	for i, path := range paths {
		h, err := headOf(path)
		if i == 0 {
			size = h.size
		}
		if err == nil && h.size != size {
			err = fmt.Errorf("has %d×%d pixels, but %s has %d×%d; bring all images to one size", h.size.X, h.size.Y, paths[0], size.X, size.Y)
		}
		if err != nil {
			return nil, files.Error(path, err)
		}
		if !h.grey {
			channels = 3
		}
		if h.deep {
			deep++
		}
	}
	plane := size.X * size.Y
	s := &Set{N: len(paths), D: channels * plane, Scale: Bytes, layout: Layout{channels, size.Y, size.X}, close: func() error { return nil }}
	if warning != "" {
		s.warn("%s", warning)
	}
	if deep > 0 {
		s.warn("%d of %d images are grey in 16 bits: the upper 8 are taken, where Pillow's convert(\"RGB\") cuts all above 255", deep, len(paths))
	}
	s.read = func(dst []float64) error {
		for ; len(dst) > 0; dst, paths = dst[s.D:], paths[1:] {
			raw, err := files.Read(paths[0])
			if err != nil {
				return err
			}
			img, _, err := Decode(raw)
			if err == nil && img.Rect.Max != size {
				err = errors.New("changed while it was read")
			}
			if err != nil {
				return files.Error(paths[0], err)
			}
			for i := range dst[:s.D] {
				dst[i] = float64(img.Pix[4*(i%plane)+i/plane])
			}
		}
		return nil
	}
	return s, nil
}
