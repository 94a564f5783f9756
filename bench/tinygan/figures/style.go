package figures

import (
	"image/color"
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"fig5/bench/report/canvas"
)

// Okabe and Ito's colours.
var (
	blue   = color.NRGBA{0x00, 0x72, 0xb2, 0xff}
	orange = color.NRGBA{0xd5, 0x5e, 0x00, 0xff}
	green  = color.NRGBA{0x00, 0x9e, 0x73, 0xff}
	black  = color.NRGBA{0x00, 0x00, 0x00, 0xff}
	grey   = color.NRGBA{0x99, 0x99, 0x99, 0xff}
)

const (
	textSize  = 8 * vg.Length(1)
	smallSize = 7 * vg.Length(1)
)

// line is how one series is drawn.
type line struct {
	name   string
	color  color.Color
	dashes []vg.Length
	width  vg.Length
}

func (l line) style() draw.LineStyle {
	return draw.LineStyle{Color: l.color, Width: l.width, Dashes: l.dashes}
}

var (
	thetaLine = line{"θ (generator)", blue, nil, 1.1}
	psiLine   = line{"ψ (discriminator)", orange, []vg.Length{4, 1.5}, 1.1}
	alphaLine = line{"α (data)", black, []vg.Length{1, 1.2}, 1}
)

// newPlot is an empty plot in the figures' font and sizes.
func newPlot(title, x, y string) *plot.Plot {
	p := plot.New()
	p.Title.Text = title
	p.Title.TextStyle.Font = canvas.Style(textSize, true, black).Font
	p.Title.TextStyle.Handler = canvas.Handler
	p.Title.Padding = 3
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Label.TextStyle.Font = canvas.Style(textSize, false, black).Font
		a.Label.TextStyle.Handler = canvas.Handler
		a.Label.Padding = 1
		a.Tick.Label.Font = canvas.Style(smallSize, false, black).Font
		a.Tick.Label.Handler = canvas.Handler
		a.Tick.Length = 3
		a.Tick.Marker = even{}
		a.LineStyle.Width, a.Tick.LineStyle.Width = 0.5, 0.5
		a.Padding = 3
	}
	p.X.Label.Text, p.Y.Label.Text = x, y
	p.Legend.TextStyle.Font = canvas.Style(smallSize, false, black).Font
	p.Legend.TextStyle.Handler = canvas.Handler
	p.Legend.ThumbnailWidth = 18
	p.Legend.Padding = 1.5
	p.Legend.YPosition = draw.PosCenter
	return p
}

// add draws points joined by a line.
func add(p *plot.Plot, l line, xys plotter.XYs) *plotter.Line {
	pl := &plotter.Line{XYs: xys, LineStyle: l.style()}
	p.Add(pl)
	return pl
}

// mark draws one glyph.
func mark(p *plot.Plot, at plotter.XY, shape draw.GlyphDrawer, radius vg.Length) {
	p.Add(&plotter.Scatter{XYs: plotter.XYs{at}, GlyphStyle: draw.GlyphStyle{Color: black, Radius: radius, Shape: shape}})
}

// equalScale widens the shorter axis of p until a unit is as long across as up
// when p is drawn on c, so that a circle is one. A range that would vanish beside
// the other is left as it is.
func equalScale(p *plot.Plot, c draw.Canvas) {
	if w, h := p.X.Max-p.X.Min, p.Y.Max-p.Y.Min; max(w/h, h/w) > 12 {
		return
	}
	for range 2 { // new ticks change the room a little
		size := p.DataCanvas(c).Size()
		w, h := p.X.Max-p.X.Min, p.Y.Max-p.Y.Min
		if want := h * float64(size.X/size.Y); want > w {
			p.X.Min, p.X.Max = p.X.Min-(want-w)/2, p.X.Max+(want-w)/2
		} else if want := w * float64(size.Y/size.X); want > h {
			p.Y.Min, p.Y.Max = p.Y.Min-(want-h)/2, p.Y.Max+(want-h)/2
		}
	}
}

// key writes entries side by side along the top of c and returns what is below.
func key(c draw.Canvas, lines []line, marks string) draw.Canvas {
	const height, thumb, gap = 14, 22, 14
	sty := canvas.Style(smallSize, false, black)
	sty.YAlign = draw.YCenter
	x, y := c.Min.X+30, c.Max.Y-height/2
	for _, l := range lines {
		c.StrokeLines(l.style(), []vg.Point{{X: x, Y: y}, {X: x + thumb, Y: y}})
		c.FillText(sty, vg.Point{X: x + thumb + 4, Y: y}, l.name)
		x += thumb + 4 + sty.Width(l.name) + gap
	}
	sty.XAlign = draw.XRight
	c.FillText(sty, vg.Point{X: c.Max.X - 4, Y: y}, marks)
	return draw.Crop(c, 0, 0, 0, -height)
}

// even marks an axis at multiples of 1, 2 or 5 times a power of ten.
type even struct{}

func (even) Ticks(lo, hi float64) []plot.Tick {
	step := math.Pow(10, math.Floor(math.Log10((hi-lo)/3)))
	for _, m := range []float64{5, 2} {
		if m*step <= (hi-lo)/3 {
			step *= m
			break
		}
	}
	var ticks []plot.Tick
	for i := math.Ceil(lo/step - 1e-9); i*step <= hi+1e-9*step; i++ {
		// The product of two decimals, without the rounding of the binary one.
		v, _ := strconv.ParseFloat(strconv.FormatFloat(i*step+0, 'g', 12, 64), 64) // +0: no -0
		ticks = append(ticks, plot.Tick{Value: v, Label: strings.Replace(strconv.FormatFloat(v, 'g', -1, 64), "-", "−", 1)})
		if i+0.5 <= hi/step {
			ticks = append(ticks, plot.Tick{Value: (i + 0.5) * step})
		}
	}
	return ticks
}

// decades marks an axis of common logarithms: powers of ten by their value, their
// multiples unlabelled. (gonum's LogScale misplaces an axis label when plots are
// aligned, so the figures draw logarithms on plain axes.)
type decades struct{}

func (decades) Ticks(lo, hi float64) []plot.Tick {
	var ticks []plot.Tick
	for e := math.Floor(lo); e <= math.Ceil(hi); e++ {
		for m := 1.; m < 10; m++ {
			at, label := e+math.Log10(m), ""
			if m == 1 {
				label = strconv.FormatFloat(math.Pow(10, e), 'g', 4, 64)
			}
			if at >= lo-1e-9 && at <= hi+1e-9 {
				ticks = append(ticks, plot.Tick{Value: at, Label: label})
			}
		}
	}
	return ticks
}
