package figure

import (
	"fmt"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"fig5/bench/figure/canvas"
)

// Lines is a panel of lines on logarithmic axes, its legend above. As JSON it is what was
// measured, without how it is drawn.
type Lines struct {
	Title  string     `json:"title"`
	X      string     `json:"x"`
	Y      string     `json:"y"`
	Ticks  []float64  `json:"-"` // of the horizontal axis; nil: round ones
	Limits [4]float64 `json:"-"` // from, to across and up; zeros: those of the points
	Lines  []Line     `json:"lines"`
}

// Line is one line of a panel. Its colour and its markers or dashes follow from its place.
type Line struct {
	Name   string       `json:"name"` // empty: not in the legend
	As     As           `json:"-"`
	Points [][2]float64 `json:"points"` // x and y; those that are not positive and finite are left out
}

// As is how a line is drawn.
type As int

// The ways to draw a Line.
const (
	Marked As = iota // joined markers
	Plain            // a line alone
	Dots             // markers alone
	Rings            // rings about points of other lines
	Guide            // a thin grey line of dashes
)

// Panels is a figure of panels, so many side by side in a row.
func Panels(name, title string, across int, panels ...Lines) Figure {
	const left, right, gap, bottom, dataHeight, titleHeight = 46, 8, 10, 34, 128, 14
	cell := canvas.Page / vg.Length(across)
	w := cell - left - right
	rows := (len(panels) + across - 1) / across
	heads := make([]vg.Length, rows) // a row's legends have one height
	height := vg.Length(0)
	for i, p := range panels {
		heads[i/across] = max(heads[i/across], titleHeight+canvas.LegendHeight(p.keys(), w+left-6))
	}
	for _, h := range heads {
		height += h + gap + dataHeight + bottom
	}
	return Figure{Name: name, Title: title, Width: canvas.Page, Height: height, Draw: func(c draw.Canvas) {
		canvas.Clear(c)
		top := height
		for i, p := range panels {
			row := i / across
			x := vg.Length(i%across)*cell + left
			canvas.Write(c, canvas.Bold(canvas.Normal), x-left+6, top-11, 0, p.Title)
			canvas.Legend(c, p.keys(), x-left+6, top-titleHeight, w+left-6)
			y := top - heads[row] - gap
			p.draw(c, canvas.Rectangle(x, y-dataHeight, x+w, y))
			if i%across == across-1 {
				top -= heads[row] + gap + dataHeight + bottom
			}
		}
	}}
}

// style is the i-th line's look, and how it is stroked.
func (l Line) style(i int) (canvas.Look, draw.LineStyle) {
	k := canvas.LookOf(i)
	k.Open = i >= 3 // more than the eye tells apart by shape
	switch l.As {
	case Guide:
		return k, canvas.Line(canvas.Grey, 0.8, 3, 2)
	case Rings:
		return canvas.Look{Color: canvas.Black, Open: true}, draw.LineStyle{}
	case Plain:
		k.Dashes = canvas.Dashes[i%len(canvas.Dashes)]
	}
	return k, canvas.Line(k.Color, 1.1, k.Dashes...)
}

func (p Lines) keys() []canvas.Key {
	var out []canvas.Key
	for i, l := range p.Lines {
		if l.Name == "" {
			continue
		}
		k, sty := l.style(i)
		out = append(out, canvas.Key{Label: l.Name, Draw: func(c draw.Canvas, q vg.Point) {
			if l.As != Dots && l.As != Rings {
				c.StrokeLine2(sty, q.X-8, q.Y, q.X+8, q.Y)
			}
			l.mark(c, k, q)
		}})
	}
	return out
}

func (l Line) mark(c draw.Canvas, k canvas.Look, q vg.Point) {
	switch l.As {
	case Marked:
		k.Mean(c, q, 2)
	case Dots:
		k.Dot(c, q, 1.2)
	case Rings:
		canvas.Mark(c, canvas.Circle, q, 3, nil, canvas.Line(canvas.Black, 0.8))
	}
}

func (l Line) coordinates() (x, y []float64) {
	for _, q := range l.Points {
		x, y = append(x, q[0]), append(y, q[1])
	}
	return x, y
}

func (p Lines) draw(c draw.Canvas, data vg.Rectangle) {
	var all Line
	for _, l := range p.Lines {
		all.Points = append(all.Points, l.Points...)
	}
	xs, ys := all.coordinates()
	x, y := canvas.Spanned(true, p.X, xs), canvas.Spanned(true, p.Y, ys)
	if l := p.Limits; l != [4]float64{} {
		x.Min, x.Max, y.Min, y.Max = l[0], l[1], l[2], l[3]
	}
	for _, v := range p.Ticks {
		x.Ticks = append(x.Ticks, canvas.Tick{At: v, Label: brief(v)})
	}
	panel := canvas.NewPanel(c, data, x, y)
	for i, l := range p.Lines {
		k, sty := l.style(i)
		if l.As != Dots && l.As != Rings {
			xs, ys := l.coordinates()
			panel.Curve(sty, xs, ys)
		}
		for _, q := range l.Points {
			if at := panel.At(q[0], q[1]); panel.Contains(at) {
				l.mark(c, k, at)
			}
		}
	}
}

// brief writes a size as a tick has it: "500", "2.5k".
func brief(v float64) string {
	if v >= 1000 && math.Mod(v, 100) == 0 {
		return fmt.Sprintf("%gk", v/1000)
	}
	return fmt.Sprintf("%g", v)
}
