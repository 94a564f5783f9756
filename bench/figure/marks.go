package figure

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// shape is a marker's outline.
type shape int

const (
	circle shape = iota
	square
	triangle
	pentagon
	diamond
	cross
)

// look is how a series is drawn.
type look struct {
	color  color.NRGBA
	shape  shape
	open   bool // markers are outlines
	dashes []vg.Length
}

// lookOf is the look of the i-th series.
func lookOf(i int) look { return look{color: colors[i%len(colors)], shape: shape(i % int(diamond))} }

// mean marks a series' central value at p.
func (l look) mean(c draw.Canvas, p vg.Point, r vg.Length) {
	if l.open {
		mark(c, l.shape, p, r, white, line(l.color, 1.1))
		return
	}
	mark(c, l.shape, p, r, l.color, line(black, 0.5))
}

// dot marks one run at p.
func (l look) dot(c draw.Canvas, p vg.Point, r vg.Length) {
	mark(c, l.shape, p, r, light(l.color), line(l.color, 0.4))
}

// mark draws a marker of radius r at p: filled with fill where it has one, and outlined.
func mark(c draw.Canvas, s shape, p vg.Point, r vg.Length, fill color.Color, outline draw.LineStyle) {
	if s == cross {
		c.StrokeLine2(outline, p.X-r, p.Y-r, p.X+r, p.Y+r)
		c.StrokeLine2(outline, p.X-r, p.Y+r, p.X+r, p.Y-r)
		return
	}
	var path vg.Path
	if s == circle {
		path.Move(vg.Point{X: p.X + r, Y: p.Y})
		path.Arc(p, r, 0, 2*math.Pi)
	} else {
		corners := map[shape]int{square: 4, triangle: 3, pentagon: 5, diamond: 4}[s]
		from := math.Pi / 2
		if s == square {
			from /= 2
		}
		polygon(&path, p, 1.3*r, corners, from) // as large to the eye as the circle
	}
	path.Close()
	if fill != nil {
		c.SetColor(fill)
		c.Fill(path)
	}
	if outline.Width > 0 {
		c.SetLineStyle(outline)
		c.Stroke(path)
	}
}

func polygon(path *vg.Path, p vg.Point, r vg.Length, n int, from float64) {
	for i := range n {
		sin, cos := math.Sincos(from + 2*math.Pi*float64(i)/float64(n))
		q := vg.Point{X: p.X + r*vg.Length(cos), Y: p.Y + r*vg.Length(sin)}
		if i == 0 {
			path.Move(q)
		} else {
			path.Line(q)
		}
	}
}

// jitter spreads seed over [-1, 1], the same in every group of the figure: the golden
// ratio's multiples lie evenly however many there are.
func jitter(seed int) vg.Length {
	_, f := math.Modf(math.Abs(float64(seed))*(math.Sqrt(5)-1)/2 + 0.5)
	return vg.Length(2*f - 1)
}

// interval draws a bar with a cap at either end, none where the end lies outside the
// panel from bottom to top.
func interval(c draw.Canvas, x, lo, hi, bottom, top vg.Length) {
	const half = 1.8
	sty := line(black, 0.7)
	c.StrokeLine2(sty, x, max(lo, bottom), x, min(hi, top))
	if lo > bottom {
		c.StrokeLine2(sty, x-half, lo, x+half, lo)
	}
	if hi < top {
		c.StrokeLine2(sty, x-half, hi, x+half, hi)
	}
}

// key is one entry of a legend.
type key struct {
	label string
	draw  func(c draw.Canvas, at vg.Point) // around at, at most 8 points to each side
}

func lineKey(label string, sty draw.LineStyle) key {
	return key{label, func(c draw.Canvas, q vg.Point) { c.StrokeLine2(sty, q.X-7, q.Y, q.X+7, q.Y) }}
}

func markKey(label string, s shape, r vg.Length, fill color.Color, outline draw.LineStyle) key {
	return key{label, func(c draw.Canvas, q vg.Point) { mark(c, s, q, r, fill, outline) }}
}

func bandKey(label string, median draw.LineStyle) key {
	return key{label, func(c draw.Canvas, q vg.Point) {
		fill(c, band, q.X-7, q.Y-3.5, q.X+7, q.Y+3.5)
		c.StrokeLine2(median, q.X-7, q.Y, q.X+7, q.Y)
	}}
}

const (
	keyWidth   vg.Length = 18
	keySpace   vg.Length = 9
	legendStep vg.Length = 10.5
)

// rows breaks the keys into rows no wider than width.
func rows(keys []key, width vg.Length) [][]key {
	var out [][]key
	used := width
	for _, k := range keys {
		w := keyWidth + note.Width(k.label) + keySpace
		if used+w > width+keySpace {
			out, used = append(out, nil), 0
		}
		out[len(out)-1] = append(out[len(out)-1], k)
		used += w
	}
	return out
}

// legendHeight is how much height legend takes.
func legendHeight(keys []key, width vg.Length) vg.Length {
	return vg.Length(len(rows(keys, width))) * legendStep
}

// legend writes the keys in rows, the first with its top left corner at (x, top).
func legend(c draw.Canvas, keys []key, x, top, width vg.Length) {
	for _, row := range rows(keys, width) {
		at := x
		for _, k := range row {
			k.draw(c, vg.Point{X: at + keyWidth/2 - 1, Y: top - legendStep/2})
			write(c, note, at+keyWidth, top-legendStep/2-2.5, 0, k.label)
			at += keyWidth + note.Width(k.label) + keySpace
		}
		top -= legendStep
	}
}
