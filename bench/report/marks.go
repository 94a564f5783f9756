package report

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"fig5/bench/report/canvas"
)

// shape is a marker's outline, in units of its radius.
type shape int

const (
	circle shape = iota
	square
	triangle
	diamond
	pentagon
	cross
)

// seriesShapes tell series apart where colour does not.
var seriesShapes = []shape{circle, square, triangle, diamond, pentagon}

// mark draws a marker of radius r at p: filled with fill where it has one, and outlined.
func mark(c draw.Canvas, s shape, p vg.Point, r vg.Length, fill color.Color, outline draw.LineStyle) {
	if s == cross {
		c.StrokeLine2(outline, p.X-r, p.Y-r, p.X+r, p.Y+r)
		c.StrokeLine2(outline, p.X-r, p.Y+r, p.X+r, p.Y-r)
		return
	}
	var path vg.Path
	switch s {
	case circle:
		path.Move(vg.Point{X: p.X + r, Y: p.Y})
		path.Arc(p, r, 0, 2*math.Pi)
	case square:
		polygon(&path, p, 1.25*r, 4, math.Pi/4)
	case triangle:
		polygon(&path, p, 1.35*r, 3, math.Pi/2)
	case diamond:
		polygon(&path, p, 1.3*r, 4, math.Pi/2)
	case pentagon:
		polygon(&path, p, 1.2*r, 5, math.Pi/2)
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

func polygon(path *vg.Path, p vg.Point, r vg.Length, n int, start float64) {
	for i := range n {
		sin, cos := math.Sincos(start + 2*math.Pi*float64(i)/float64(n))
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
func jitter(seed int) float64 {
	_, f := math.Modf(math.Abs(float64(seed))*(math.Sqrt(5)-1)/2 + 0.5)
	return 2*f - 1
}

// entry is one line of a legend.
type entry struct {
	label string
	draw  func(c draw.Canvas, at vg.Point) // around at, at most 8 points to each side
}

const (
	keyWidth   vg.Length = 18
	legendStep vg.Length = 10.5
)

// legendRows breaks the entries into rows no wider than width.
func legendRows(entries []entry, width vg.Length) [][]entry {
	sty := canvas.Style(small, false, black)
	var rows [][]entry
	used := width
	for _, e := range entries {
		w := keyWidth + sty.Width(e.label) + 9
		if used+w > width+9 {
			rows, used = append(rows, nil), 0
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], e)
		used += w
	}
	return rows
}

// legendHeight is how much height drawLegend takes.
func legendHeight(entries []entry, width vg.Length) vg.Length {
	return vg.Length(len(legendRows(entries, width))) * legendStep
}

// drawLegend writes the entries in rows, the first with its top left corner at (x, top).
func drawLegend(c draw.Canvas, entries []entry, x, top, width vg.Length) {
	sty := canvas.Style(small, false, black)
	for _, row := range legendRows(entries, width) {
		at := x
		for _, e := range row {
			e.draw(c, vg.Point{X: at + keyWidth/2 - 1, Y: top - legendStep/2})
			c.FillText(sty, vg.Point{X: at + keyWidth, Y: top - legendStep/2 - 2.5}, e.label)
			at += keyWidth + sty.Width(e.label) + 9
		}
		top -= legendStep
	}
}
