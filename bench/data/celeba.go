package data

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"fig5/fid/files"
	"fig5/fid/samples"
)

// celebaImages is how many aligned images CelebA has.
const celebaImages = 202_599

// maxDamaged is how many images of n may be damaged: passed over, and named by Check.
func maxDamaged(n int) int { return max(n/1000, 1) }

var celebaKind = Kind{
	Name: "celeba", Folder: "data/celeba", Packed: true,
	shape: colours, rows: celebaImages, open: celeba,
}

// packed is the first line of the file that decoded images are kept in, as JSON; their
// pixels follow, channel by channel, image after image.
type packed struct {
	Format  string   `json:"format"`
	Crop    int      `json:"crop"`
	Size    int      `json:"size"`
	Files   string   `json:"files"`   // sha256 of the list of what they were decoded from
	Images  int      `json:"images"`  // how many follow
	Damaged []string `json:"damaged"` // and the files that gave none, each with why
	SHA256  string   `json:"sha256"`  // of the pixels
}

const packedFormat = "fig5 celeba 1"

// path is where the images of c are kept.
func (packed) path(c Source) string {
	return filepath.Join(c.Path, fmt.Sprintf("fig5-crop%d-size%d.pixels", c.Crop, c.Size))
}

// celeba is the images below c.Path: of each the square of c.Crop pixels in its middle,
// brought to c.Size by the mean of what every pixel covers. They are decoded once and then
// kept in one file in the folder, which is made anew when names, sizes or dates of the
// images change.
func celeba(c Source) (*Set, error) {
	shape := c.square()
	p := packed{Format: packedFormat, Crop: c.Crop, Size: c.Size}
	paths, _, err := samples.Images(c.Path)
	switch {
	case !exists(c.Path):
		err = fmt.Errorf("%s: no such folder", c.Path)
	case err == nil && len(paths) < 2:
		err = fmt.Errorf("%s: %d image files", c.Path, len(paths))
	}
	if err != nil {
		return nil, fmt.Errorf("%w; data.path (--path of `fig5 data check`) is the folder of CelebA's aligned images (docs/config.md says how to get them)", err)
	}
	if n := len(paths) * shape.Len(); n > 2*maxValues {
		return nil, fmt.Errorf("%s: %d images of %d x %d pixels do not fit in memory; choose a smaller data.size", c.Path, len(paths), c.Size, c.Size)
	}
	if p.Files, err = listed(paths); err != nil {
		return nil, err
	}
	kept, pixels, err := p.read(c)
	if errors.Is(err, fs.ErrNotExist) || err == nil && kept.Files != p.Files {
		pixels, err = p.decode(c, paths)
		kept = p
	}
	if err != nil {
		return nil, err
	}
	found := []File{{p.path(c), times([]int{kept.Images, shape.Channels, c.Size, c.Size}), kept.SHA256, "itself"}}
	for _, name := range kept.Damaged {
		name, why, _ := strings.Cut(name, ": ")
		found = append(found, File{Path: filepath.Join(c.Path, name), Holds: why, By: "passed over"})
	}
	return &Set{Shape: shape, Dim: shape.Len(), Pixels: pixels, Sum: kept.SHA256, files: found}, nil
}

// listed identifies files by their names, sizes and dates.
func listed(paths []string) (string, error) {
	var list bytes.Buffer
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return "", files.Error(path, err)
		}
		fmt.Fprintf(&list, "%s %d %d\n", path, info.Size(), info.ModTime().UnixNano())
	}
	return sumOf(list.Bytes()), nil
}

// read is the file of the images, checked. That it is not there is fs.ErrNotExist.
func (p packed) read(c Source) (packed, []byte, error) {
	path := p.path(c)
	f, size, err := files.Open(path)
	if err != nil {
		return p, nil, err
	}
	defer f.Close()
	var kept packed
	r := bufio.NewReaderSize(f, 1<<20) // a few hundred damaged files have room
	line, err := r.ReadSlice('\n')
	d, left := c.square().Len(), size-int64(len(line))
	switch {
	case err != nil || json.Unmarshal(line, &kept) != nil || kept.Format != p.Format || kept.Crop != p.Crop || kept.Size != p.Size:
		err = errors.New("is not what its name says")
	case kept.Images < 2 || int64(kept.Images) != left/int64(d) || left%int64(d) != 0:
		err = fmt.Errorf("holds %d bytes of pixels, not %d images", left, kept.Images)
	}
	var pixels []byte
	if err == nil {
		pixels = make([]byte, kept.Images*d)
		if _, err = io.ReadFull(r, pixels); err == nil && sumOf(pixels) != kept.SHA256 {
			err = errors.New("is damaged: its sha256 is another")
		}
	}
	if err != nil {
		return p, nil, files.Error(path, fmt.Errorf("%w; delete it, and it is made again", err))
	}
	return kept, pixels, nil
}

// decode decodes the images and keeps them.
func (p *packed) decode(c Source, paths []string) ([]byte, error) {
	d := c.square().Len()
	pixels, wrong := make([]byte, len(paths)*d), make([]error, len(paths))
	parallel(len(paths), func(i int) { wrong[i] = square(pixels[i*d:][:d], paths[i], c.Crop, c.Size) })
	good := pixels[:0]
	for i, err := range wrong {
		if err == nil {
			good = append(good, pixels[i*d:][:d]...)
			p.Images++
			continue
		}
		p.Damaged = append(p.Damaged, strings.TrimPrefix(strings.TrimPrefix(err.Error(), c.Path), string(filepath.Separator)))
	}
	if n := len(p.Damaged); n > maxDamaged(len(paths)) {
		return nil, fmt.Errorf("%s: %d of %d images are not read, more than %d: the first is %s", c.Path, n, len(paths), maxDamaged(len(paths)), p.Damaged[0])
	}
	p.SHA256 = sumOf(good)
	line, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	return good, files.Write(p.path(c), func(to io.Writer) error {
		for _, b := range [][]byte{line, {'\n'}, good} {
			if _, err := to.Write(b); err != nil {
				return err
			}
		}
		return nil
	})
}

// square fills to with the middle of an image: side pixels of the file to size, R, G and B
// one after the other. A pixel is the mean, rounded, of what it covers, in whole numbers.
func square(to []byte, path string, side, size int) error {
	raw, err := files.Read(path)
	if err != nil {
		return err
	}
	img, _, err := samples.Decode(raw)
	if err != nil {
		return files.Error(path, err)
	}
	b := img.Bounds()
	if b.Dx() < side || b.Dy() < side {
		return files.Error(path, fmt.Errorf("has %d x %d pixels, fewer than data.crop: %d", b.Dx(), b.Dy(), side))
	}
	x0, y0 := b.Min.X+(b.Dx()-side)/2, b.Min.Y+(b.Dy()-side)/2
	// In units of 1/size of a file's pixel and 1/side of a new one.
	overlap := func(old, new int) int { return min((old+1)*size, (new+1)*side) - max(old*size, new*side) }
	for i := range size {
		for j := range size {
			var sum [3]int
			for y := i * side / size; y < ((i+1)*side+size-1)/size; y++ {
				for x := j * side / size; x < ((j+1)*side+size-1)/size; x++ {
					weight := overlap(y, i) * overlap(x, j)
					for c := range sum {
						sum[c] += weight * int(img.Pix[img.PixOffset(x0+x, y0+y)+c])
					}
				}
			}
			for c, s := range sum {
				to[(c*size+i)*size+j] = byte((s + side*side/2) / (side * side))
			}
		}
	}
	return nil
}
