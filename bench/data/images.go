package data

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	_ "image/jpeg" // registers the decoder
	_ "image/png"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/image/draw"
)

const (
	maxPixels = 1 << 27 // of one image file
	maxValues = 1 << 31 // of a whole set
)

var imagesKind = Kind{
	Name: "images", Features: []string{"torchscript", "raw"}, Many: true,
	shape: func(c Source) Shape { return Shape{3, c.Size, c.Size} },
	rows: func(c Source) int {
		paths, err := imageFiles(c.Path)
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
		_, files, err := images(c.Path, c.Size)
		return files, err
	},
}

// images reads the PNG and JPEG files below dir, in the order of their paths: the
// largest centred square of each, scaled to size x size (Catmull-Rom). Where all are
// grey there is one channel, else three, a row of the set being channel by channel
// (R, G, B), each row by row; transparency is laid on black.
func images(dir string, size int) (*Set, []File, error) {
	paths, err := imageFiles(dir)
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
		files []File
		rgb   = make([][]byte, len(paths)) // size*size pixels of R, G, B, A
		grey  = true
		all   = sha256.New()
	)
	for i, path := range paths {
		raw, err := readFile(path)
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
		img, bounds, err := scaled(raw, size)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", path, err)
		}
		switch img.model {
		case color.GrayModel, color.Gray16Model:
		default:
			grey = false
		}
		rgb[i] = img.pix
		files = append(files, File{path, times([]int{bounds.Dx(), bounds.Dy()}), sum, by})
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
				row[c*size*size+j] = float32(pix[4*j+c])/127.5 - 1
			}
		}
	}
	set := newSet(Shape{channels, size, size}, x, hex.EncodeToString(all.Sum(nil)))
	return set, files, nil
}

// picture is a scaled image and the colour model of its file.
type picture struct {
	pix   []byte
	model color.Model
}

// scaled decodes an image, whose size is checked first, and scales its middle.
func scaled(raw []byte, size int) (picture, image.Rectangle, error) {
	head, _, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil {
		return picture{}, image.Rectangle{}, fmt.Errorf("not a readable image (%w)", err)
	}
	if head.Width < 1 || head.Height < 1 || int64(head.Width)*int64(head.Height) > maxPixels {
		return picture{}, image.Rectangle{}, fmt.Errorf("%d x %d pixels: 1 to %d are read", head.Width, head.Height, maxPixels)
	}
	img, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return picture{}, image.Rectangle{}, fmt.Errorf("not a readable image (%w)", err)
	}
	b := img.Bounds()
	side := min(b.Dx(), b.Dy())
	x0, y0 := b.Min.X+(b.Dx()-side)/2, b.Min.Y+(b.Dy()-side)/2
	square := image.Rect(x0, y0, x0+side, y0+side)
	dst := image.NewRGBA(image.Rect(0, 0, size, size))
	draw.Draw(dst, dst.Bounds(), image.Black, image.Point{}, draw.Src)
	if side == size {
		draw.Draw(dst, dst.Bounds(), img, square.Min, draw.Over)
	} else {
		draw.CatmullRom.Scale(dst, dst.Bounds(), img, square, draw.Over, nil)
	}
	return picture{dst.Pix, head.ColorModel}, b, nil
}

// imageFiles lists the PNG and JPEG files below dir, sorted.
func imageFiles(dir string) ([]string, error) {
	var paths []string
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return pathError(path, err)
		}
		switch strings.ToLower(filepath.Ext(path)) {
		case ".png", ".jpg", ".jpeg":
			if !e.IsDir() && !strings.HasPrefix(e.Name(), ".") {
				paths = append(paths, path)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(paths) < 2 {
		return nil, fmt.Errorf("%s: %d PNG or JPEG files; a data set has two or more", dir, len(paths))
	}
	slices.Sort(paths)
	return paths, nil
}
