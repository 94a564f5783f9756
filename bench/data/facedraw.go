package data

import "math"

// faceSide is the side of the square that a face is drawn on, in pixels.
const faceSide = 64

// rgb is a colour, each part from 0 to 1.
type rgb [3]float64

// mul is a product that is rounded before anything is added to it, on every machine: a
// compiler may fuse x*y + z, but not over a conversion. Faces multiply by it alone.
func mul(x, y float64) float64 { return float64(x * y) }

// mix is a share t of the way from a to b.
func mix(a, b rgb, t float64) rgb {
	for i := range a {
		a[i] += mul(t, b[i]-a[i])
	}
	return a
}

// dim is a colour times a factor, cut at white.
func (a rgb) dim(by float64) rgb {
	for i := range a {
		a[i] = min(mul(a[i], by), 1)
	}
	return a
}

// sketch is a picture under way. Shapes are drawn in a frame of their own: the origin at
// (x, y) in pixels, unit pixels to the unit, y down.
type sketch struct {
	pix        [faceSide * faceSide]rgb
	x, y, unit float64
}

// box bounds a shape: left, top, right, bottom in the sketch's frame.
type box [4]float64

// shape is how far inside a shape the point (x, y) is, about: negative outside.
type shape func(x, y float64) float64

// fill paints a shape within a box, over what is there, with an edge one pixel soft.
func (s *sketch) fill(b box, in shape, colour func(x, y float64) rgb) {
	pixel := func(origin, v float64) int {
		return int(min(max(math.Floor(origin+mul(v, s.unit)), 0), faceSide))
	}
	for i := pixel(s.y, b[1]); i < min(pixel(s.y, b[3])+1, faceSide); i++ {
		y := (float64(i) + .5 - s.y) / s.unit
		for j := pixel(s.x, b[0]); j < min(pixel(s.x, b[2])+1, faceSide); j++ {
			x := (float64(j) + .5 - s.x) / s.unit
			if cover := min(mul(in(x, y), s.unit)+.5, 1); cover > 0 {
				p := &s.pix[i*faceSide+j]
				*p = mix(*p, colour(x, y), cover)
			}
		}
	}
}

// ellipse is one around (cx, cy) with half axes a and b.
func ellipse(cx, cy, a, b float64) shape {
	return func(x, y float64) float64 {
		u, v := (x-cx)/a, (y-cy)/b
		r := math.Sqrt(mul(u, u) + mul(v, v))
		u, v = u/a, v/b
		slope := math.Sqrt(mul(u, u) + mul(v, v))
		if slope == 0 {
			return min(a, b)
		}
		return mul(r, 1-r) / slope
	}
}

// oval paints an ellipse.
func (s *sketch) oval(cx, cy, a, b float64, colour func(x, y float64) rgb) {
	s.fill(box{cx - a - .05, cy - b - .05, cx + a + .05, cy + b + .05}, ellipse(cx, cy, a, b), colour)
}

// stroke is a line of the half thickness t from x = -w to w, on the parabola through
// (0, y0) that rises by bend at its ends.
func stroke(cx, y0, w, bend, t float64) shape {
	return func(x, y float64) float64 {
		u := (x - cx) / w
		slope := 2 * mul(bend, u) / w
		off := math.Abs(y-y0+mul(bend, mul(u, u))) / math.Sqrt(1+mul(slope, slope))
		return min(t-off, w-math.Abs(x-cx))
	}
}

// flat is the same colour everywhere.
func flat(c rgb) func(x, y float64) rgb { return func(float64, float64) rgb { return c } }
