package data

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"path/filepath"

	"golang.org/x/image/draw"

	"fig5/fid/files"
	"fig5/fid/samples"
)

// maxValues bounds a whole set.
const maxValues = 1 << 31

// colours is the shape of square images in colour.
func colours(c Source) Shape { return Shape{3, c.Size, c.Size} }

var imagesKind = Kind{
	Name: "images", Many: true,
	shape: colours,
	rows: func(c Source) int {
		paths, _, err := samples.Images(c.Path)
		if err != nil { // Open will say so
			return 0
		}
		return len(paths)
	},
	open: func(c Source) (*Set, error) {
		set, _, err := images(c.Path, c.Size)
		return set, err
	},
	check: func(c Source) ([]File, error) {
		_, found, err := images(c.Path, c.Size)
		return found, err
	},
}

// images reads the image files below dir, in the order of their paths: the largest
// centred square of each, scaled to size x size (Catmull-Rom). Where all are grey there
// is one channel, else three, a row of the set being channel by channel (R, G, B), each
// row by row; alpha is dropped.
func images(dir string, size int) (*Set, []File, error) {
	paths, _, err := samples.Images(dir)
	if err == nil && len(paths) < 2 {
		err = fmt.Errorf("%s: %d image files; a data set has two or more", dir, len(paths))
	}
	if err != nil {
		return nil, nil, err
	}
	sums, err := readSums(dir)
	if err != nil {
		return nil, nil, err
	}
	if n := len(paths) * size * size * 3; n > maxValues {
		return nil, nil, fmt.Errorf("%s: %d images of %d x %d pixels do not fit in memory; choose a smaller data.size", dir, len(paths), size, size)
	}
	var (
		found []File
		rgb   = make([][]byte, len(paths)) // size*size pixels of R, G, B, A
		grey  = true
		all   = sha256.New()
	)
	for i, path := range paths {
		raw, err := files.Read(path)
		if err != nil {
			return nil, nil, err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return nil, nil, err
		}
		name, sum, by := filepath.ToSlash(rel), sumOf(raw), "none"
		if sums != nil {
			by = sumsFile
			if err := compare(sums, name, path, sum); err != nil {
				return nil, nil, err
			}
		}
		fmt.Fprintf(all, "%s  %s\n", sum, name)
		img, isGrey, err := samples.Decode(raw)
		if err != nil {
			return nil, nil, files.Error(path, err)
		}
		grey = grey && isGrey
		rgb[i] = scaled(img, size).Pix
		b := img.Bounds()
		found = append(found, File{path, times([]int{b.Dx(), b.Dy()}), sum, by})
	}
	channels := 3
	if grey {
		channels = 1
	}
	d := channels * size * size
	x := make([]float32, len(paths)*d)
	for i, pix := range rgb {
		row := x[i*d : (i+1)*d]
		for c := range channels {
			for j := range size * size {
				row[c*size*size+j] = pixel(pix[4*j+c])
			}
		}
	}
	set := newSet(Shape{channels, size, size}, x, hex.EncodeToString(all.Sum(nil)))
	return set, found, nil
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
