package samples

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"fig5/bench/data"
	"fig5/bench/figure/canvas"
	"fig5/bench/rng"
)

// sheet is what Draw draws.
type sheet struct {
	*Sheet
	all []drawn
}

// drawn is the samples of a level, or real ones.
type drawn struct {
	Level
	head string
	real bool
}

// Draw draws what a generator made at the end of every level of β, a column of
// projections a level for points in three dimensions, a grid a level for images; and,
// where real is not nil, as many of the real data, drawn from them at random but always
// the same.
func (s *Sheet) Draw(real *data.Set) canvas.Figure {
	sh := sheet{Sheet: s}
	for _, l := range s.Levels {
		sh.all = append(sh.all, drawn{Level: l, head: named(l.Beta, 3)})
	}
	if first := s.Levels[0]; real != nil && real.Dim == first.D {
		sh.all = append(sh.all, drawnReal(real, first.N))
	}
	if s.Shape.Side > 0 {
		return sh.grids()
	}
	return sh.clouds()
}

// named writes β with so many digits.
func named(beta float64, digits int) string {
	if math.IsInf(beta, 1) {
		return "β = ∞"
	}
	return "β = " + strconv.FormatFloat(beta, 'g', digits, 64)
}

func drawnReal(set *data.Set, most int) drawn {
	p := drawn{head: "data", real: true, Level: Level{N: min(most, set.Len()), D: set.Dim}}
	for _, i := range rng.New(0, "real samples shown").Perm(set.Len())[:p.N] {
		for _, v := range set.X[i*p.D : (i+1)*p.D] {
			p.X = append(p.X, float64(v))
		}
	}
	return p
}

const (
	sheetMargin vg.Length = 8
	sheetTop    vg.Length = 32 // of title and subtitle
)

// figure is a page of the given height below the two lines at its top.
func (s sheet) figure(height vg.Length, subtitle string, paint func(draw.Canvas)) canvas.Figure {
	run := s.Run.Config.Name + "/" + s.Run.Cell.ID
	heads := make([]string, len(s.all))
	for i, p := range s.all {
		heads[i] = p.head
		if p.real {
			heads[i] = "and the data"
		}
	}
	title := "Samples of " + run + " at the end of " + strings.Join(heads, ", ")
	return canvas.Figure{Name: "samples-" + s.Run.Cell.ID, Title: title, Width: canvas.Page, Height: height, Draw: func(c draw.Canvas) {
		canvas.Clear(c)
		canvas.Write(c, canvas.Bold(canvas.Normal+1), sheetMargin, height-14, 0, run)
		canvas.Write(c, canvas.Inked(canvas.Small, canvas.Grey), sheetMargin, height-25, 0, subtitle)
		paint(c)
	}}
}

const (
	reach     = 1.5            // clouds show [-reach, reach]
	inkCap    = 12000          // dots in a figure, which makes an SVG of 0.7 MB
	dotRadius = vg.Length(0.5) // of a sample
)

// planes are the projections of three dimensions, as x and y.
var planes = [][2]int{{0, 1}, {0, 2}, {1, 2}}

// clouds draws points: a column a level, a row a projection, or the other way round
// where there are few levels.
func (s sheet) clouds() canvas.Figure {
	const left, gap, widest, foot = 44, 5, 112, 16
	turned := len(s.all) < len(planes)
	cols, rows := vg.Length(len(s.all)), vg.Length(len(planes))
	if turned {
		cols, rows = rows, cols
	}
	size := min(widest, (canvas.Page-left-sheetMargin-(cols-1)*gap)/cols)
	start := left + (canvas.Page-left-sheetMargin-cols*size-(cols-1)*gap)/2
	outside, head, out := make([]string, len(s.all)), vg.Length(14), false
	dots, most := max(1, inkCap/(len(planes)*len(s.all))), 0
	for i, p := range s.all {
		most = max(most, p.N)
		if share := p.without(inside); share > 0 {
			outside[i], out = percent(share)+" out", true
			if !turned {
				head = 22
			}
		}
	}
	text := "What the generator makes of the same noise at the end of each level of β"
	if dots < most {
		text += fmt.Sprintf("; %d of %d samples", dots, most)
	}
	text += ". Inner square: the walls of the box, ±1."
	if out {
		text += fmt.Sprintf(" Out: beyond ±%v.", reach)
	}
	height := sheetTop + head + rows*size + (rows-1)*gap + foot
	return s.figure(height, text, func(c draw.Canvas) {
		for i, p := range s.all {
			for j, plane := range planes {
				axes := []string{"x₁", "x₂", "x₃"}
				names := axes[plane[1]] + " over " + axes[plane[0]]
				col, row, above, below, beside := i, j, p.head, outside[i], names
				if turned {
					col, row, above, below, beside = j, i, names, "", p.head
					if outside[i] != "" {
						beside += ", " + outside[i]
					}
				}
				x := start + vg.Length(col)*(size+gap)
				y := height - sheetTop - head - vg.Length(row)*(size+gap) - size
				area := canvas.Rectangle(x, y, x+size, y+size)
				cloud(c, area, p, plane, min(dots, p.N))
				if row == 0 {
					canvas.Write(c, canvas.Label, x+size/2, area.Max.Y+head-10, 0.5, above)
					canvas.Write(c, canvas.Inked(canvas.Small, canvas.Grey), x+size/2, area.Max.Y+3, 0.5, below)
				}
				for v := -1; v <= 1; v++ {
					name := canvas.TickLabel(float64(v), 1)
					if row == int(rows)-1 {
						canvas.Write(c, canvas.Note, reached(area.Min.X, size, float64(v)), area.Min.Y-9, 0.5, name)
					}
					if col == 0 {
						canvas.Write(c, canvas.Note, area.Min.X-4, reached(area.Min.Y, size, float64(v))-2.4, 1, name)
					}
				}
				if col == 0 {
					canvas.Upright(c, canvas.Label, area.Min.X-20, y+size/2, beside)
				}
			}
		}
	})
}

// reached is where v lies on a side of that size.
func reached(from, size vg.Length, v float64) vg.Length {
	return from + size*vg.Length((v+reach)/(2*reach))
}

// cloud draws the first n samples as one path of small diamonds.
func cloud(c draw.Canvas, area vg.Rectangle, p drawn, plane [2]int, n int) {
	size := area.Size().X
	c.SetLineStyle(canvas.Line(canvas.Faint, 0.5))
	c.Stroke(canvas.Rectangle(reached(area.Min.X, size, -1), reached(area.Min.Y, size, -1), reached(area.Min.X, size, 1), reached(area.Min.Y, size, 1)).Path())
	col := canvas.Blue
	if p.real {
		col = canvas.Grey
	}
	var dots vg.Path
	for i := range n {
		if row := p.row(i); inside(row) {
			q := vg.Point{X: reached(area.Min.X, size, row[plane[0]]), Y: reached(area.Min.Y, size, row[plane[1]])}
			canvas.Polygon(&dots, q, dotRadius, 4, 0)
		}
	}
	c.SetColor(col)
	c.Fill(dots)
	c.SetLineStyle(canvas.Line(canvas.Grey, 0.5))
	c.Stroke(area.Path())
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

// percent is a share with one digit where it is small; 0 only where it is.
func percent(share float64) string {
	switch p := 100 * share; {
	case p == 0:
		return "0 %"
	case p < 0.1:
		return "< 0.1 %"
	case p < 9.95:
		return fmt.Sprintf("%.1f %%", p)
	default:
		return fmt.Sprintf("%.0f %%", p)
	}
}
