package canvas

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Shape is a marker's outline.
type Shape int

const (
	Circle Shape = iota
	square
	Triangle
	pentagon
	Diamond
	Cross
)

// Look is how a series is drawn.
type Look struct {
	Color  color.NRGBA
	Shape  Shape
	Open   bool // markers are outlines
	Dashes []vg.Length
}

// LookOf is the look of the i-th series.
func LookOf(i int) Look { return Look{Color: Colors[i%len(Colors)], Shape: Shape(i % int(Diamond))} }

// Mean marks a series' central value at p.
func (l Look) Mean(c draw.Canvas, p vg.Point, r vg.Length) {
	if l.Open {
		Mark(c, l.Shape, p, r, white, Line(l.Color, 1.1))
		return
	}
	Mark(c, l.Shape, p, r, l.Color, Line(Black, 0.5))
}

// Dot marks one run at p.
func (l Look) Dot(c draw.Canvas, p vg.Point, r vg.Length) {
	Mark(c, l.Shape, p, r, Light(l.Color), Line(l.Color, 0.4))
}

// Mark draws a marker of radius r at p: filled with fill where it has one, and outlined.
func Mark(c draw.Canvas, s Shape, p vg.Point, r vg.Length, fill color.Color, outline draw.LineStyle) {
	if s == Cross {
		c.StrokeLine2(outline, p.X-r, p.Y-r, p.X+r, p.Y+r)
		c.StrokeLine2(outline, p.X-r, p.Y+r, p.X+r, p.Y-r)
		return
	}
	var path vg.Path
	if s == Circle {
		path.Move(vg.Point{X: p.X + r, Y: p.Y})
		path.Arc(p, r, 0, 2*math.Pi)
		path.Close()
	} else {
		corners := map[Shape]int{square: 4, Triangle: 3, pentagon: 5, Diamond: 4}[s]
		from := math.Pi / 2
		if s == square {
			from /= 2
		}
		Polygon(&path, p, 1.3*r, corners, from) // as large to the eye as the circle
	}
	if fill != nil {
		c.SetColor(fill)
		c.Fill(path)
	}
	if outline.Width > 0 {
		c.SetLineStyle(outline)
		c.Stroke(path)
	}
}

// Polygon adds a polygon of n corners on a circle of radius r about p to the path, the
// first corner at the angle from.
func Polygon(path *vg.Path, p vg.Point, r vg.Length, n int, from float64) {
	for i := range n {
		sin, cos := math.Sincos(from + 2*math.Pi*float64(i)/float64(n))
		q := vg.Point{X: p.X + r*vg.Length(cos), Y: p.Y + r*vg.Length(sin)}
		if i == 0 {
			path.Move(q)
		} else {
			path.Line(q)
		}
	}
	path.Close()
}

// Jitter spreads seed over [-1, 1], the same in every group of the figure: the golden
// ratio's multiples lie evenly however many there are.
func Jitter(seed int) vg.Length {
	_, f := math.Modf(math.Abs(float64(seed))*(math.Sqrt(5)-1)/2 + 0.5)
	return vg.Length(2*f - 1)
}

// Interval draws a bar with a cap at either end, none where the end lies outside the
// panel from bottom to top.
func Interval(c draw.Canvas, x, lo, hi, bottom, top vg.Length) {
	const half = 1.8
	sty := Line(Black, 0.7)
	c.StrokeLine2(sty, x, max(lo, bottom), x, min(hi, top))
	if lo > bottom {
		c.StrokeLine2(sty, x-half, lo, x+half, lo)
	}
	if hi < top {
		c.StrokeLine2(sty, x-half, hi, x+half, hi)
	}
}

// Key is one entry of a legend.
type Key struct {
	Label string
	Draw  func(c draw.Canvas, at vg.Point) // around at, at most 8 points to each side
}

// LineKey is a line's key.
func LineKey(label string, sty draw.LineStyle) Key {
	return Key{label, func(c draw.Canvas, q vg.Point) { c.StrokeLine2(sty, q.X-7, q.Y, q.X+7, q.Y) }}
}

// MarkKey is a marker's key.
func MarkKey(label string, s Shape, r vg.Length, fill color.Color, outline draw.LineStyle) Key {
	return Key{label, func(c draw.Canvas, q vg.Point) { Mark(c, s, q, r, fill, outline) }}
}

// BandKey is the key of a band with a line in its middle.
func BandKey(label string, median draw.LineStyle) Key {
	return Key{label, func(c draw.Canvas, q vg.Point) {
		Fill(c, Band, q.X-7, q.Y-3.5, q.X+7, q.Y+3.5)
		c.StrokeLine2(median, q.X-7, q.Y, q.X+7, q.Y)
	}}
}

const (
	keyWidth   vg.Length = 18
	keySpace   vg.Length = 9
	legendStep vg.Length = 10.5
)

// rows breaks the keys into rows no wider than width.
func rows(keys []Key, width vg.Length) [][]Key {
	var out [][]Key
	used := width
	for _, k := range keys {
		w := keyWidth + Note.Width(k.Label) + keySpace
		if used+w > width+keySpace {
			out, used = append(out, nil), 0
		}
		out[len(out)-1] = append(out[len(out)-1], k)
		used += w
	}
	return out
}

// LegendHeight is how much height Legend takes.
func LegendHeight(keys []Key, width vg.Length) vg.Length {
	return vg.Length(len(rows(keys, width))) * legendStep
}

// Legend writes the keys in rows, the first with its top left corner at (x, top).
func Legend(c draw.Canvas, keys []Key, x, top, width vg.Length) {
	for _, row := range rows(keys, width) {
		at := x
		for _, k := range row {
			k.Draw(c, vg.Point{X: at + keyWidth/2 - 1, Y: top - legendStep/2})
			Write(c, Note, at+keyWidth, top-legendStep/2-2.5, 0, k.Label)
			at += keyWidth + Note.Width(k.Label) + keySpace
		}
		top -= legendStep
	}
}
