package curves

import (
	"fmt"
	"image/color"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"fig5/bench/report/canvas"
	"fig5/filters"
)

var (
	black  = color.NRGBA{0, 0, 0, 255}
	rawCol = color.NRGBA{0x8C, 0xB9, 0xD7, 255}
	knee   = color.NRGBA{0xD5, 0x5E, 0x00, 255}
	band   = color.NRGBA{0xE8, 0xE8, 0xE8, 255}
	grey   = color.NRGBA{0x80, 0x80, 0x80, 255}
)

const (
	text  vg.Length = 8
	small vg.Length = 7
)

// Figure draws the curve with its filtered form, knee and window, and beside it the
// window alone with the maximum and the minimum that make the amplitude.
func (c *Curve) Figure(r *Result) canvas.Figure {
	name := strings.TrimSuffix(filepath.Base(c.File), filepath.Ext(c.File))
	title := c.File
	if c.File == "-" {
		name, title = "stdin", "standard input"
	}
	amplitude := "max − min " + digits(r.Amplitude.MaxToMin)
	if !r.Window.Complete {
		amplitude += " (incomplete)"
	}
	width, height := canvas.Page, 2.9*vg.Inch
	return canvas.Figure{
		Name: name, Title: fmt.Sprintf("FID curve of %s: %s of the filtered curve in the window after the knee", title, amplitude),
		Width: width, Height: height,
		Draw: func(dc draw.Canvas) {
			dc.SetColor(color.White)
			dc.Fill(dc.Rectangle.Path())
			dc.FillText(canvas.Style(text+1, true, black), vg.Point{X: 8, Y: height - 14}, clipped(title, 60))
			dc.FillText(canvas.Style(small, false, black), vg.Point{X: 8, Y: height - 26}, r.settings())
			legend(dc, height-40)
			middle := 0.56 * width
			whole, window := c.wholePlot(r), c.windowPlot(r, amplitude)
			panel := func(p *plot.Plot, left, right vg.Length) {
				p.Draw(draw.Canvas{Canvas: dc.Canvas, Rectangle: vg.Rectangle{Min: vg.Point{X: left, Y: 5}, Max: vg.Point{X: right, Y: height - 52}}})
			}
			panel(whole, 6, middle-4)
			panel(window, middle+4, width-10)
		},
	}
}

// settings is a line on how the curve was measured.
func (r *Result) settings() string {
	l := r.Lowpass
	filter := l.Name
	switch l.Name {
	case "butterworth":
		filter = fmt.Sprintf("Butterworth, order %d, cutoff %v", l.Order, l.Cutoff)
	case "moving-average":
		filter = fmt.Sprintf("moving average of %d", l.Window)
	case "savgol":
		filter = fmt.Sprintf("Savitzky-Golay, window %d, order %d", l.Window, l.PolyOrder)
	case "none":
		filter = "no filter"
	}
	rule := r.Knee.Method
	if r.Knee.Fallback {
		rule += ", settle in its place"
	}
	return fmt.Sprintf("%s   |   knee at %.10g (%s)   |   window to %.10g   |   level %s", filter, r.Knee.Iteration, rule, r.Window.To, digits(r.Level))
}

// wholePlot is the whole curve, on a log axis where it spans a factor of five.
func (c *Curve) wholePlot(r *Result) *plot.Plot {
	p := newPlot(fmt.Sprintf("%d points", r.Points), c.Source.X, c.Source.Y)
	f := slices.Clone(r.Filtered)
	lo, hi := span(c.Y)
	log := lo > 0 && hi > 5*lo
	if log { // where the filter rings below the smallest FID, it leaves the axis
		lo, hi = lo/1.08, hi*1.08
		for i := range f {
			f[i] = max(f[i], lo)
		}
	} else {
		lo, hi = pad(span(c.Y, f))
	}
	p.Add(drawing(func(dc draw.Canvas, p *plot.Plot) {
		from, to := bandOf(dc, p, r.Window)
		dc.SetColor(band)
		dc.Fill(vg.Rectangle{Min: vg.Point{X: from, Y: dc.Min.Y}, Max: vg.Point{X: to, Y: dc.Max.Y}}.Path())
	}))
	p.Add(polyline(c.X, c.Y, rawCol, 0.7), polyline(c.X, f, black, 0.9))
	p.Add(drawing(func(dc draw.Canvas, p *plot.Plot) {
		x, _ := p.Transforms(&dc)
		from, to := bandOf(dc, p, r.Window)
		dc.SetColor(grey) // above the curve, which hides a narrow band
		dc.Fill(vg.Rectangle{Min: vg.Point{X: from, Y: dc.Max.Y - bandEdge}, Max: vg.Point{X: to, Y: dc.Max.Y}}.Path())
		dc.StrokeLine2(kneeLine, x(r.Knee.Iteration), dc.Min.Y, x(r.Knee.Iteration), dc.Max.Y)
	}))
	// After Add, which widens the axes to what is drawn.
	setAxis(&p.X, c.X[0], c.X[len(c.X)-1], 6)
	setAxis(&p.Y, lo, hi, 7)
	if log {
		p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, plot.ConstantTicks(logTicks(lo, hi))
	}
	return p
}

// The band of a window: its narrowest, and the height of its upper edge.
const (
	narrowest vg.Length = 3
	bandEdge  vg.Length = 2.5
)

// bandOf is where the band of the window begins and ends: it is seen at any width, and
// is never outside the panel.
func bandOf(dc draw.Canvas, p *plot.Plot, w filters.Window) (from, to vg.Length) {
	x, _ := p.Transforms(&dc)
	from, to = max(x(w.From), dc.Min.X), min(x(w.To), dc.Max.X)
	if less := narrowest - (to - from); less > 0 {
		from, to = from-less/2, to+less/2
		shift := max(dc.Min.X-from, 0) - max(to-dc.Max.X, 0)
		from, to = from+shift, to+shift
	}
	return from, to
}

// windowPlot is the window alone.
func (c *Curve) windowPlot(r *Result, amplitude string) *plot.Plot {
	p := newPlot(amplitude, c.Source.X, "")
	w := r.Window
	x, y, f := c.X[w.Start:w.End], slices.Clone(c.Y[w.Start:w.End]), r.Filtered[w.Start:w.End]
	flo, fhi := span(f)
	lo, hi := span(y, f)
	room := 1.5 * (fhi - flo) // outliers do not flatten the oscillation
	if room > 0 {
		lo, hi = max(lo, flo-room), min(hi, fhi+room)
	}
	lo, hi = pad(lo, hi)
	for i := range y { // cut off, so that they are seen to go on
		y[i] = max(lo, min(hi, y[i]))
	}
	p.Add(polyline(x, y, rawCol, 0.7))
	p.Add(drawing(func(dc draw.Canvas, p *plot.Plot) {
		px, py := p.Transforms(&dc)
		for _, v := range []float64{flo, fhi} {
			dc.StrokeLine2(draw.LineStyle{Color: knee, Width: 0.7}, px(w.From), py(v), px(w.To), py(v))
		}
	}))
	p.Add(polyline(x, f, black, 1))
	setAxis(&p.X, w.From, w.To, 5)
	setAxis(&p.Y, lo, hi, 7)
	return p
}

// stretches is into how many parts a line is cut: about four a point of the page's width.
const stretches = 1000

var kneeLine = draw.LineStyle{Color: knee, Width: 0.9, Dashes: []vg.Length{3, 1.5}}

// legend writes what the lines are in a row at height y.
func legend(dc draw.Canvas, y vg.Length) {
	x := vg.Length(8)
	item := func(name string, mark func(x vg.Length)) {
		mark(x)
		sty := canvas.Style(small, false, black)
		dc.FillText(sty, vg.Point{X: x + 19, Y: y - 2.4}, name)
		x += 19 + sty.Width(name) + 14
	}
	stroke := func(s draw.LineStyle) func(vg.Length) {
		return func(x vg.Length) { dc.StrokeLine2(s, x, y, x+15, y) }
	}
	item("FID", stroke(draw.LineStyle{Color: rawCol, Width: 0.9}))
	item("filtered", stroke(draw.LineStyle{Color: black, Width: 1}))
	item("knee", stroke(kneeLine))
	item("window", func(x vg.Length) {
		dc.SetColor(band)
		dc.Fill(vg.Rectangle{Min: vg.Point{X: x, Y: y - 3.5}, Max: vg.Point{X: x + 15, Y: y + 3.5}}.Path())
		dc.SetColor(grey)
		dc.Fill(vg.Rectangle{Min: vg.Point{X: x, Y: y + 3.5 - bandEdge}, Max: vg.Point{X: x + 15, Y: y + 3.5}}.Path())
	})
	item("maximum and minimum of the filtered curve in the window", stroke(draw.LineStyle{Color: knee, Width: 0.8}))
}

func newPlot(title, x, y string) *plot.Plot {
	p := plot.New()
	p.TextHandler = canvas.Handler
	p.BackgroundColor = nil
	p.Title.Text, p.Title.Padding = title, 3
	p.Title.TextStyle = canvas.Style(text, false, black)
	p.Title.TextStyle.XAlign, p.Title.TextStyle.YAlign = draw.XCenter, draw.YTop
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Label.TextStyle.Font, a.Label.TextStyle.Handler = canvas.Style(text, false, nil).Font, canvas.Handler
		a.Tick.Label.Font, a.Tick.Label.Handler = canvas.Style(small, false, nil).Font, canvas.Handler
		a.Padding, a.Tick.Length = 0, 3
		a.LineStyle.Width, a.Tick.LineStyle.Width = 0.5, 0.5
	}
	p.X.Label.Text, p.Y.Label.Text = clipped(x, 40), clipped(y, 25)
	return p
}

// setAxis makes an axis go from lo to hi, with n labels at most.
func setAxis(a *plot.Axis, lo, hi float64, n int) {
	a.Min, a.Max = lo, hi
	a.Tick.Marker = plot.ConstantTicks(ticks(lo, hi, n))
}

// drawing is a function as a plot.Plotter.
type drawing func(draw.Canvas, *plot.Plot)

func (f drawing) Plot(c draw.Canvas, p *plot.Plot) { f(c, p) }

// polyline is the line through the points. Of more than can be told apart on the page
// each stretch is drawn by its first, lowest, highest and last point.
func polyline(x, y []float64, c color.Color, width vg.Length) *plotter.Line {
	var points plotter.XYs
	for from, step := 0, len(x)/stretches+1; from < len(x); from += step {
		to := min(from+step, len(x))
		lowest, highest := from, from
		for i := from; i < to; i++ {
			if y[i] < y[lowest] {
				lowest = i
			}
			if y[i] > y[highest] {
				highest = i
			}
		}
		kept := []int{from, min(lowest, highest), max(lowest, highest), to - 1}
		for _, i := range slices.Compact(kept) {
			points = append(points, plotter.XY{X: x[i], Y: y[i]})
		}
	}
	return &plotter.Line{XYs: points, LineStyle: draw.LineStyle{Color: c, Width: width}}
}

func span(lists ...[]float64) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, list := range lists {
		for _, v := range list {
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	return lo, hi
}

// pad widens a range a little, one of a single value by a tenth of it.
func pad(lo, hi float64) (float64, float64) {
	m := 0.05 * (hi - lo)
	if m == 0 {
		m = max(0.1*math.Abs(hi), 1e-9)
	}
	return lo - m, hi + m
}

// ticks are round numbers between lo and hi, n of them at most.
func ticks(lo, hi float64, n int) []plot.Tick {
	least := (hi - lo) / float64(n)
	step := math.Pow(10, math.Floor(math.Log10(least)))
	for _, m := range []float64{2, 5, 10} {
		if step < least {
			step = m * math.Pow(10, math.Floor(math.Log10(least)))
		}
	}
	var out []plot.Tick
	for i := math.Ceil(lo/step - 1e-9); i*step <= hi+1e-9*step; i++ {
		v := i*step + 0 // not -0
		out = append(out, plot.Tick{Value: v, Label: tickLabel(v, step)})
	}
	return out
}

// logTicks are powers of ten between lo and hi and, where there are few, their
// multiples.
func logTicks(lo, hi float64) []plot.Tick {
	labels := map[float64]bool{1: true}
	if hi/lo < 300 {
		labels[2], labels[5] = true, true
	}
	if hi/lo < 20 {
		labels[3] = true
	}
	every := max(1, math.Ceil(math.Log10(hi/lo)/8)) // decades from label to label
	var out []plot.Tick
	for e := math.Floor(math.Log10(lo)); e <= math.Ceil(math.Log10(hi)); e++ {
		for m := 1.0; m < 10; m++ {
			v := m * math.Pow(10, e)
			if v < lo || v > hi {
				continue
			}
			t := plot.Tick{Value: v}
			if labels[m] && math.Mod(e, every) == 0 {
				t.Label = tickLabel(v, v)
			}
			out = append(out, t)
		}
	}
	return out
}

// tickLabel writes v to the digits that tell it from its neighbours step away.
func tickLabel(v, step float64) string {
	if a := max(math.Abs(v), step); a >= 1e7 || a < 1e-4 {
		return strconv.FormatFloat(v, 'g', 3, 64)
	}
	return strconv.FormatFloat(v, 'f', max(0, int(-math.Floor(math.Log10(step)+1e-9))), 64)
}

// digits writes v to three significant digits.
func digits(v float64) string {
	if a := math.Abs(v); a != 0 && (a < 1e-4 || a >= 1e6) {
		return strconv.FormatFloat(v, 'e', 2, 64)
	} else if a >= 100 {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'g', 3, 64)
}

// clipped is the end of s, with dots where it was longer than n characters.
func clipped(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return "…" + string(r[len(r)-n+1:])
}
