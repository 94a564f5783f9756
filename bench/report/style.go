package report

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"fig5/bench/report/canvas"
)

// Sizes of text in print; none is smaller than small.
const (
	normal vg.Length = 8
	small  vg.Length = 7
)

// Colours of Okabe and Ito, which stay apart for the colour-blind; series are told
// apart by their marker as well, so that the figures can be read in grey.
var (
	black  = color.NRGBA{0, 0, 0, 255}
	grey   = color.NRGBA{0x60, 0x60, 0x60, 255}
	faint  = color.NRGBA{0xB0, 0xB0, 0xB0, 255}
	band   = color.NRGBA{0xE2, 0xE2, 0xE2, 255}
	white  = color.NRGBA{255, 255, 255, 255}
	colors = []color.NRGBA{
		{0x00, 0x72, 0xB2, 255}, // blue
		{0xD5, 0x5E, 0x00, 255}, // vermilion
		{0x00, 0x9E, 0x73, 255}, // green
		{0xCC, 0x79, 0xA7, 255}, // purple
		{0xE6, 0x9F, 0x00, 255}, // orange
		{0x56, 0xB4, 0xE9, 255}, // sky
	}
	baselineColor = color.NRGBA{0x40, 0x40, 0x40, 255}
)

// light is c mixed with white: solid, since transparency prints badly.
func light(c color.NRGBA) color.NRGBA {
	mix := func(v uint8) uint8 { return uint8(0.45*float64(v) + 0.55*255) }
	return color.NRGBA{mix(c.R), mix(c.G), mix(c.B), 255}
}

func line(c color.Color, width vg.Length, dashes ...vg.Length) draw.LineStyle {
	return draw.LineStyle{Color: c, Width: width, Dashes: dashes}
}

// newPlot is a plot in the figures' style, its ranges to be set.
func newPlot() *plot.Plot {
	p := plot.New()
	p.TextHandler = canvas.Handler
	p.BackgroundColor = nil
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		label, tick := a.Label.TextStyle, a.Tick.Label
		label.Font, label.Handler = canvas.Style(normal, false, nil).Font, canvas.Handler
		tick.Font, tick.Handler = canvas.Style(small, false, nil).Font, canvas.Handler
		a.Label.TextStyle, a.Tick.Label = label, tick
		a.Padding = 0
		a.Tick.Length = 3
		a.Label.Padding = 2
	}
	return p
}

// fit is the canvas on which p draws its data in exactly the rectangle want.
func fit(p *plot.Plot, c draw.Canvas, want vg.Rectangle) draw.Canvas {
	c.Rectangle = want
	for range 3 { // a label at the end of an axis moves the data a little, once
		have := p.DataCanvas(c).Rectangle
		c.Min.X += want.Min.X - have.Min.X
		c.Max.X += want.Max.X - have.Max.X
		c.Min.Y += want.Min.Y - have.Min.Y
		c.Max.Y += want.Max.Y - have.Max.Y
	}
	return c
}

// rectangle by its edges.
func rectangle(left, bottom, right, top vg.Length) vg.Rectangle {
	return vg.Rectangle{Min: vg.Point{X: left, Y: bottom}, Max: vg.Point{X: right, Y: top}}
}

// plotter is a function as a plot.Plotter.
type plotter func(draw.Canvas, *plot.Plot)

func (f plotter) Plot(c draw.Canvas, p *plot.Plot) { f(c, p) }

// digits writes v with three significant digits, without an exponent down to 0.0001.
func digits(v float64) string {
	switch {
	case math.IsNaN(v):
		return "–"
	case math.IsInf(v, 1):
		return "∞"
	case v == 0:
		return "0"
	}
	if a := math.Abs(v); a < 1e-4 || a >= 1e6 {
		return fmt.Sprintf("%.2e", v)
	}
	v, _ = strconv.ParseFloat(fmt.Sprintf("%.2e", v), 64) // rounded first: 99.99 is 100
	n := max(0, 2-int(math.Floor(math.Log10(math.Abs(v))+1e-9)))
	return strconv.FormatFloat(v, 'f', n, 64)
}

// tickLabel writes a tick's value as short as it can be.
func tickLabel(v float64) string {
	if a := math.Abs(v); a != 0 && (a < 0.99e-4 || a >= 1e6) {
		return fmt.Sprintf("%.0e", v)
	}
	return strconv.FormatFloat(v, 'g', 6, 64)
}

// axis is the scale of the amplitudes.
type axis struct {
	log      bool
	min, max float64 // in the axis's units: log10 or plain
}

// at is where v is drawn; below the axis, at its lower end.
func (a axis) at(v float64) float64 {
	if a.log {
		if v <= 0 {
			return a.min
		}
		v = math.Log10(v)
	}
	return math.Max(a.min, math.Min(a.max, v))
}

// holds says whether v is not below the axis.
func (a axis) holds(v float64) bool {
	if a.log {
		return v > 0 && math.Log10(v) >= a.min
	}
	return v >= a.min
}

// newAxis spans the values with a margin; log falls back to plain where no value is positive.
func newAxis(log bool, values []float64) axis {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) || log && v <= 0 {
			continue
		}
		lo, hi = math.Min(lo, v), math.Max(hi, v)
	}
	switch {
	case lo > hi && log:
		return newAxis(false, values)
	case lo > hi:
		return axis{false, 0, 1}
	case !log:
		if hi <= 0 {
			hi = 1
		}
		return axis{false, math.Min(0, lo*1.06), hi * 1.06}
	}
	l, h := math.Log10(lo), math.Log10(hi)
	if h-l < 0.5 { // at least half a decade: small differences stay small
		m := (0.5 - (h - l)) / 2
		l, h = l-m, h+m
	}
	pad := 0.04 * (h - l)
	return axis{true, l - pad, h + pad}
}

// ticks are decades, with 2 and 5 between them on a short axis, or round steps.
func (a axis) ticks(height vg.Length) plot.ConstantTicks {
	var out plot.ConstantTicks
	if !a.log {
		step := roundStep((a.max - a.min) / math.Max(2, height.Points()/28))
		for i := math.Ceil(a.min/step - 1e-9); i*step <= a.max+1e-9*step; i++ {
			v := i*step + 0 // -0 is 0
			out = append(out, plot.Tick{Value: v, Label: tickLabel(v)})
		}
		return out
	}
	space := height.Points() / (a.max - a.min) // points a decade
	labels := 0
	for _, named := range [][]float64{{1}, {1, 2, 5}, {1, 2, 3, 5, 7}} {
		// Enough labels, or more where there is room.
		if labels >= 2 && (len(named) == 3 && space < 60 || len(named) == 5 && space < 160) {
			break
		}
		out, labels = out[:0], 0
		for e := math.Floor(a.min); e <= math.Ceil(a.max); e++ {
			for d := 1.; d < 10; d++ {
				t := plot.Tick{Value: e + math.Log10(d)}
				if t.Value < a.min-1e-9 || t.Value > a.max+1e-9 {
					continue
				}
				if slices.Contains(named, d) {
					t.Label = tickLabel(d * math.Pow(10, e))
					labels++
				}
				out = append(out, t)
			}
		}
	}
	return out
}

// roundStep is 1, 2 or 5 times a power of ten, at least v.
func roundStep(v float64) float64 {
	p := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 2, 5} {
		if m*p >= v*(1-1e-9) {
			return m * p
		}
	}
	return 10 * p
}
