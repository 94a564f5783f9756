package samples

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	_ "image/jpeg" // registers the decoder
	_ "image/png"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// maxPixels bounds one image, so that its header cannot ask for all memory.
const maxPixels = 1 << 26

// openFolder lists the images below dir and reads their headers: they must be of
// one size.
func openFolder(dir string) (*Set, error) {
	dir, err := filepath.EvalSymlinks(dir) // WalkDir does not follow a link
	if err != nil {
		return nil, err
	}
	paths, err := imagePaths(dir)
	if err != nil {
		return nil, err
	}
	var size image.Point
	grey := true
	for i, p := range paths {
		head, err := imageHeader(p)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", inside(dir, p), err)
		}
		if head.Width < 1 || head.Height < 1 || head.Width > maxPixels/head.Height {
			return nil, fmt.Errorf("%s: announces %d×%d pixels; images of 1 to %d are read", inside(dir, p), head.Width, head.Height, maxPixels)
		}
		if i == 0 {
			size = image.Pt(head.Width, head.Height)
		}
		if head.Width != size.X || head.Height != size.Y {
			return nil, fmt.Errorf("%s: has %d×%d pixels, but %s has %d×%d; bring all images to one size", inside(dir, p), head.Width, head.Height, inside(dir, paths[0]), size.X, size.Y)
		}
		grey = grey && (head.ColorModel == color.GrayModel || head.ColorModel == color.Gray16Model)
	}
	channels := 3
	if grey {
		channels = 1
	}
	s := &Set{N: len(paths), D: channels * size.X * size.Y, Unit: Pixels, shape: []int{channels, size.Y, size.X}, planar: true}
	rgba := image.NewRGBA(image.Rectangle{Max: size})
	next := 0
	s.read = func(dst []float64) error {
		for ; len(dst) > 0; dst = dst[s.D:] {
			if err := decode(paths[next], rgba); err != nil {
				return fmt.Errorf("%s: %w", inside(dir, paths[next]), err)
			}
			next++
			for c := range channels {
				plane := dst[c*size.X*size.Y:][:size.X*size.Y]
				for i := range plane {
					plane[i] = pixel(rgba.Pix[4*i+c])
				}
			}
		}
		return nil
	}
	s.end = func() error { return io.EOF }
	return s, nil
}

// imagePaths are the PNG and JPEG files below dir, in the order of their names.
func imagePaths(dir string) ([]string, error) {
	var paths []string
	err := filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if p != dir && strings.HasPrefix(e.Name(), ".") {
			if e.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		switch strings.ToLower(filepath.Ext(p)) {
		case ".png", ".jpg", ".jpeg":
			if !e.IsDir() {
				paths = append(paths, p)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(paths) == 0 {
		return nil, errors.New("is a folder without .png, .jpg or .jpeg files")
	}
	slices.Sort(paths)
	return paths, nil
}

// inside is the path of p as seen from dir.
func inside(dir, p string) string {
	if rel, err := filepath.Rel(dir, p); err == nil {
		return rel
	}
	return p
}

func imageHeader(path string) (image.Config, error) {
	f, err := os.Open(path)
	if err != nil {
		return image.Config{}, err
	}
	defer f.Close()
	head, _, err := image.DecodeConfig(f)
	if err != nil {
		return head, fmt.Errorf("is not a readable image: %w", err)
	}
	return head, nil
}

// decode reads an image of the size of dst, whose header has been checked, on black.
func decode(path string, dst *image.RGBA) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	img, _, err := image.Decode(f)
	if err != nil {
		return fmt.Errorf("is not a readable image: %w", err)
	}
	if img.Bounds().Size() != dst.Rect.Size() {
		return errors.New("changed while it was read")
	}
	draw.Draw(dst, dst.Rect, img, img.Bounds().Min, draw.Src)
	return nil
}
