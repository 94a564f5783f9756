package samples

import (
	"fmt"
	"image/color"
	"math"
	"strconv"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"fig5/bench/data"
	"fig5/bench/report/canvas"
	"fig5/bench/rng"
)

// Sizes in print.
const (
	normal vg.Length = 8
	small  vg.Length = 7
	margin vg.Length = 8
	top    vg.Length = 32 // of title and subtitle
)

// Colours of Okabe and Ito, as in the other figures.
var (
	black = color.NRGBA{0, 0, 0, 255}
	grey  = color.NRGBA{0x60, 0x60, 0x60, 255}
	faint = color.NRGBA{0xC8, 0xC8, 0xC8, 255}
	blue  = color.NRGBA{0x00, 0x72, 0xB2, 255}
)

// panel is the samples of a level, or real ones.
type panel struct {
	head string
	real bool
	n, d int
	x    []float64
}

func (p panel) row(i int) []float64 { return p.x[i*p.d : (i+1)*p.d] }

// Figure draws the samples of every level and, where real is not nil, as many of the
// real data, drawn from them at random but always the same.
func (s *Sheet) Figure(real *data.Set) canvas.Figure {
	var panels []panel
	for _, l := range s.Levels {
		panels = append(panels, panel{head: betaLabel(l.Beta), n: l.N, d: l.D, x: l.X})
	}
	if first := s.Levels[0]; real != nil && real.Dim == first.D {
		panels = append(panels, realPanel(real, first.N))
	}
	if s.form.side > 0 {
		return s.grids(panels)
	}
	return s.clouds(panels)
}

func realPanel(set *data.Set, most int) panel {
	p := panel{head: "data", real: true, n: min(most, set.Len()), d: set.Dim}
	for _, i := range rng.New(0, "real samples shown").Perm(set.Len())[:p.n] {
		for _, v := range set.X[i*p.d : (i+1)*p.d] {
			p.x = append(p.x, float64(v))
		}
	}
	return p
}

func betaLabel(beta float64) string {
	if math.IsInf(beta, 1) {
		return "β = ∞"
	}
	return "β = " + strconv.FormatFloat(beta, 'g', 3, 64)
}

// title is the run's name, as of its folders.
func (s *Sheet) title() string { return s.Run.Config.Name + "/" + s.Run.Cell.ID }

// describe says what is seen, for those who cannot see it.
func (s *Sheet) describe(panels []panel) string {
	text := "Samples of " + s.title() + " at the end of"
	for i, p := range panels {
		switch {
		case p.real:
			text += ", and the data"
		case i > 0:
			text += ", " + p.head
		default:
			text += " " + p.head
		}
	}
	return text
}

// begin clears the canvas and writes the two lines at its top.
func (s *Sheet) begin(c draw.Canvas, height vg.Length, subtitle string) {
	c.SetColor(color.White)
	c.Fill(c.Rectangle.Path())
	c.FillText(canvas.Style(normal+1, true, black), vg.Point{X: margin, Y: height - 14}, s.title())
	c.FillText(canvas.Style(small, false, grey), vg.Point{X: margin, Y: height - 25}, subtitle)
}

// centred writes text about x.
func centred(c draw.Canvas, size vg.Length, col color.Color, x, y vg.Length, text string) {
	sty := canvas.Style(size, false, col)
	c.FillText(sty, vg.Point{X: x - sty.Width(text)/2, Y: y}, text)
}

func (s *Sheet) figure(panels []panel, height vg.Length, paint func(draw.Canvas)) canvas.Figure {
	return canvas.Figure{
		Name: "samples-" + s.Run.Cell.ID, Title: s.describe(panels),
		Width: canvas.Page, Height: height, Draw: paint,
	}
}

// share is k of n in percent, to one digit where it is small; 0 only where k is.
func share(k, n int) string {
	switch p := 100 * float64(k) / float64(n); {
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
