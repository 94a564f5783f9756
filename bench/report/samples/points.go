package samples

import (
	"fmt"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"fig5/bench/report/canvas"
)

const (
	reach  = 1.5   // the panels show [-reach, reach]
	inkCap = 12000 // dots in a figure, which makes an SVG of 0.7 MB
	radius = vg.Length(0.5)
)

// planes are the projections of three dimensions, as x and y.
var planes = [][2]int{{0, 1}, {0, 2}, {1, 2}}

var subscripts = []string{"x₁", "x₂", "x₃"}

// clouds draws points: a column a level, a row a projection, or the other way round
// where there are few levels.
func (s *Sheet) clouds(panels []panel) canvas.Figure {
	const left, gap, widest, foot = 44, 5, 112, 16
	turned := len(panels) < len(planes)
	cols, rows := vg.Length(len(panels)), vg.Length(len(planes))
	if turned {
		cols, rows = rows, cols
	}
	size := min(widest, (canvas.Page-left-margin-(cols-1)*gap)/cols)
	start := left + (canvas.Page-left-margin-cols*size-(cols-1)*gap)/2
	outside, head := make([]string, len(panels)), vg.Length(14)
	for i, p := range panels {
		if k := p.outside(); k > 0 {
			outside[i] = share(k, p.n) + " out"
			if !turned {
				head = 22
			}
		}
	}
	height := top + head + rows*size + (rows-1)*gap + foot
	dots := max(1, inkCap/(len(planes)*len(panels)))
	most := 0
	for _, p := range panels {
		most = max(most, p.n)
	}
	text := "What the generator makes of the same noise at the end of each level of β"
	if dots < most {
		text += fmt.Sprintf("; %d of %d samples", dots, most)
	}
	text += ". Inner square: the walls of the box, ±1."
	if slices.Max(outside) != "" {
		text += fmt.Sprintf(" Out: beyond ±%v.", reach)
	}
	return s.figure(panels, height, func(c draw.Canvas) {
		s.begin(c, height, text)
		for i, p := range panels {
			for j, plane := range planes {
				col, row, above, below, beside := i, j, p.head, outside[i], axes(plane)
				if turned {
					col, row, above, below, beside = j, i, axes(plane), "", p.head
					if outside[i] != "" {
						beside += ", " + outside[i]
					}
				}
				x := start + vg.Length(col)*(size+gap)
				y := height - top - head - vg.Length(row)*(size+gap) - size
				area := vg.Rectangle{Min: vg.Point{X: x, Y: y}, Max: vg.Point{X: x + size, Y: y + size}}
				cloud(c, area, p, plane, min(dots, p.n))
				if row == 0 {
					centred(c, normal, black, x+size/2, area.Max.Y+head-10, above)
					centred(c, small, grey, x+size/2, area.Max.Y+3, below)
				}
				if row == int(rows)-1 {
					xTicks(c, area)
				}
				if col == 0 {
					yTicks(c, area)
					upright(c, area.Min.X-20, y+size/2, beside)
				}
			}
		}
	})
}

// axes names a projection.
func axes(plane [2]int) string { return subscripts[plane[1]] + " over " + subscripts[plane[0]] }

// at is where v lies on a side of that size.
func at(from, size vg.Length, v float64) vg.Length {
	return from + size*vg.Length((v+reach)/(2*reach))
}

func tick(v int) string {
	if v < 0 {
		return "−1"
	}
	return fmt.Sprint(v)
}

func xTicks(c draw.Canvas, area vg.Rectangle) {
	for v := -1; v <= 1; v++ {
		centred(c, small, black, at(area.Min.X, area.Size().X, float64(v)), area.Min.Y-9, tick(v))
	}
}

func yTicks(c draw.Canvas, area vg.Rectangle) {
	sty := canvas.Style(small, false, black)
	for v := -1; v <= 1; v++ {
		c.FillText(sty, vg.Point{X: area.Min.X - 4 - sty.Width(tick(v)), Y: at(area.Min.Y, area.Size().Y, float64(v)) - 2.4}, tick(v))
	}
}

// upright writes text from below to above, centred about y.
func upright(c draw.Canvas, x, y vg.Length, text string) {
	sty := canvas.Style(normal, false, black)
	sty.Rotation = math.Pi / 2
	c.FillText(sty, vg.Point{X: x, Y: y - sty.Width(text)/2}, text)
}

// cloud draws the first n samples as one path of small diamonds.
func cloud(c draw.Canvas, area vg.Rectangle, p panel, plane [2]int, n int) {
	size := area.Size().X
	box := vg.Rectangle{
		Min: vg.Point{X: at(area.Min.X, size, -1), Y: at(area.Min.Y, size, -1)},
		Max: vg.Point{X: at(area.Min.X, size, 1), Y: at(area.Min.Y, size, 1)},
	}
	outline(c, box, faint)
	col := blue
	if p.real {
		col = grey
	}
	var dots vg.Path
	for i := range n {
		row := p.row(i)
		if !inside(row) {
			continue
		}
		x, y := at(area.Min.X, size, row[plane[0]]), at(area.Min.Y, size, row[plane[1]])
		dots.Move(vg.Point{X: x - radius, Y: y})
		dots.Line(vg.Point{X: x, Y: y + radius})
		dots.Line(vg.Point{X: x + radius, Y: y})
		dots.Line(vg.Point{X: x, Y: y - radius})
		dots.Close()
	}
	c.SetColor(col)
	c.Fill(dots)
	outline(c, area, grey)
}

func outline(c draw.Canvas, r vg.Rectangle, col color.Color) {
	c.SetLineStyle(draw.LineStyle{Color: col, Width: 0.5})
	c.Stroke(r.Path())
}

// inside reports whether all projections of a sample can be seen.
func inside(row []float64) bool {
	for _, v := range row {
		if !(math.Abs(v) <= reach) { // nor NaN
			return false
		}
	}
	return true
}

func (p panel) outside() int {
	k := 0
	for i := range p.n {
		if !inside(p.row(i)) {
			k++
		}
	}
	return k
}
