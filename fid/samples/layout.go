package samples

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Layout is how the numbers of a sample make an image: channel by channel (one is grey,
// three are R, G, B), each row by row.
type Layout struct{ Channels, Height, Width int }

// stored is how an array holds an image.
type stored struct {
	Layout
	channels int  // with alpha, which is dropped
	last     bool // the channels of a pixel stand together
}

// imageOf tells an image by the shape of a sample: h×w is grey, h×w×c and c×h×w have 1
// or 3 channels, or 4 with alpha. Where the first and the last index could both count
// channels, it is the last, and 4 only where neither is 1 or 3. Where one side alone is
// more than 1, a sample is no image but numbers in a row: the zero one.
func imageOf(shape []int) stored {
	long := 0
	for _, k := range shape {
		if k > 1 {
			long++
		}
	}
	switch {
	case long < 2 || len(shape) > 3:
		return stored{}
	case len(shape) == 2:
		return stored{Layout{1, shape[0], shape[1]}, 1, false}
	}
	for _, counts := range [][]int{{1, 3}, {4}} {
		if h, w, c := shape[0], shape[1], shape[2]; slices.Contains(counts, c) {
			return stored{Layout{min(c, 3), h, w}, c, true}
		}
		if c, h, w := shape[0], shape[1], shape[2]; slices.Contains(counts, c) {
			return stored{Layout{min(c, 3), h, w}, c, false}
		}
	}
	return stored{}
}

// arrange brings a row as it is stored, where its channels stand together or there is
// alpha, to the layout.
func (l stored) arrange(dst, row []float64) {
	plane, beside, apart := l.Height*l.Width, 1, l.Height*l.Width // of pixels, and of channels
	if l.last {
		beside, apart = l.channels, 1
	}
	for i := range dst {
		dst[i] = row[i%plane*beside+i/plane*apart]
	}
}

// AsImages makes images of the samples, before the first is read, and tells their
// layout. Numbers in a row are a grey square, or a square of three channels one after
// the other; floats among them stay as they are. Integers must be pixels, 0 to 255.
func (s *Set) AsImages() (Layout, error) {
	s.pixels = true
	if s.layout == (Layout{}) && (len(s.shape) < 2 || s.D == max(s.shape[0], s.shape[1], s.shape[len(s.shape)-1])) {
		for _, c := range []int{1, 3} {
			if side := int(math.Sqrt(float64(s.D/c)) + 0.5); c*side*side == s.D && s.D > 1 {
				s.layout = Layout{c, side, side}
				break
			}
		}
	}
	if s.layout == (Layout{}) {
		return s.layout, fmt.Errorf("%s: samples of shape %s are no images: want h×w, h×w×c or c×h×w with 1 or 3 channels (4 with alpha), or a square's numbers in a row", s.path, times(s.shape))
	}
	return s.layout, nil
}

// times is "28×28".
func times(shape []int) string {
	if len(shape) == 0 {
		return "()"
	}
	return strings.ReplaceAll(strings.Trim(fmt.Sprint(shape), "[]"), " ", "×")
}
