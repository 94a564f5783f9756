package data

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"path/filepath"
	"slices"

	"golang.org/x/image/draw"

	"fig5/fid/files"
	"fig5/fid/samples"
)

// maxValues bounds a whole set.
const maxValues = 1 << 31

// colours is the shape of square images in colour whose sides are data.size.
var colours = Shape{Channels: 3}

// square is colours with these sides.
func (c Source) square() Shape { return Shape{3, c.Size, c.Size} }

var imagesKind = Kind{Name: "images", Many: true, shape: colours, open: images}

// images reads the image files below c.Path, in the order of their paths: the largest
// centred square of each, scaled to c.Size x c.Size (Catmull-Rom). Where all are grey there
// is one channel, else three, a row of the set being channel by channel (R, G, B), each
// row by row; alpha is dropped.
func images(c Source) (*Set, error) {
	paths, _, err := samples.Images(c.Path)
	if err == nil && len(paths) < 2 {
		err = fmt.Errorf("%s: %d image files; a data set has two or more", c.Path, len(paths))
	}
	if err != nil {
		return nil, err
	}
	sums, err := readSums(c.Path)
	if err != nil {
		return nil, err
	}
	plane := c.Size * c.Size
	if n := len(paths) * plane * 3; n > maxValues {
		return nil, fmt.Errorf("%s: %d images of %d x %d pixels do not fit in memory; choose a smaller data.size", c.Path, len(paths), c.Size, c.Size)
	}
	var (
		found []File
		x     = make([]float32, 3*plane*len(paths))
		grey  = true
		all   = sha256.New()
	)
	for i, path := range paths {
		raw, err := files.Read(path)
		if err != nil {
			return nil, err
		}
		rel, err := filepath.Rel(c.Path, path)
		if err != nil {
			return nil, err
		}
		name, sum, by := filepath.ToSlash(rel), sumOf(raw), "none"
		if sums != nil {
			by = sumsFile
			if err := compare(sums, name, path, sum); err != nil {
				return nil, err
			}
		}
		fmt.Fprintf(all, "%s  %s\n", sum, name)
		img, isGrey, err := samples.Decode(raw)
		if err != nil {
			return nil, files.Error(path, err)
		}
		grey = grey && isGrey
		row, pix := x[3*plane*i:][:3*plane], scaled(img, c.Size).Pix
		for j := range row {
			row[j] = pixel(pix[4*(j%plane)+j/plane])
		}
		found = append(found, File{path, times([]int{img.Rect.Dx(), img.Rect.Dy()}), sum, by})
	}
	shape := c.square()
	if grey { // the first channel of each
		shape.Channels = 1
		for i := range paths {
			copy(x[plane*i:], x[3*plane*i:][:plane])
		}
		x = slices.Clone(x[:plane*len(paths)])
	}
	set := newSet(shape, x, hex.EncodeToString(all.Sum(nil)))
	set.files = found
	return set, nil
}

// scaled is the middle of an opaque image, scaled.
func scaled(img *image.RGBA, size int) *image.RGBA {
	b := img.Bounds()
	side := min(b.Dx(), b.Dy())
	x0, y0 := b.Min.X+(b.Dx()-side)/2, b.Min.Y+(b.Dy()-side)/2
	square := image.Rect(x0, y0, x0+side, y0+side)
	dst := image.NewRGBA(image.Rect(0, 0, size, size))
	if side == size {
		draw.Draw(dst, dst.Bounds(), img, square.Min, draw.Src)
	} else {
		draw.CatmullRom.Scale(dst, dst.Bounds(), img, square, draw.Src, nil)
	}
	return dst
}
