package samples

import (
	"fmt"
	"math"
)

// Layout is how the numbers of a sample make an image.
type Layout struct {
	Channels, Height, Width int
	ByPixel                 bool // the channels of a pixel together, not channel by channel
}

// Layout tells the images of s by the shape of a sample: h×w is grey, h×w×c and c×h×w
// have 1 or 3 channels (the last index counts them where both could), and d numbers in
// a row are a grey square, or a square of three channels one after the other.
func (s *Set) Layout() (Layout, error) {
	colours := func(c int) bool { return c == 1 || c == 3 }
	switch d := s.shape; {
	case s.planar && len(d) == 3:
		return Layout{d[0], d[1], d[2], false}, nil
	case len(d) == 2:
		return Layout{1, d[0], d[1], false}, nil
	case len(d) == 3 && colours(d[2]):
		return Layout{d[2], d[0], d[1], true}, nil
	case len(d) == 3 && colours(d[0]):
		return Layout{d[0], d[1], d[2], false}, nil
	case len(d) == 1:
		for _, c := range []int{1, 3} {
			if side := int(math.Sqrt(float64(d[0]/c)) + 0.5); c*side*side == d[0] {
				return Layout{c, side, side, false}, nil
			}
		}
	}
	return Layout{}, fmt.Errorf("%s: samples of shape %s are no images: want h×w, h×w×c or c×h×w with 1 or 3 channels, or a square's numbers in a row", s.path, times(s.shape))
}

// times is "28×28".
func times(shape []int) string {
	text := ""
	for i, d := range shape {
		if i > 0 {
			text += "×"
		}
		text += fmt.Sprint(d)
	}
	if text == "" {
		text = "()"
	}
	return text
}
