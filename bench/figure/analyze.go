package figure

import (
	"fmt"
	"path/filepath"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"fig5/bench/curves"
	"fig5/bench/figure/canvas"
	"fig5/bench/table"
	"fig5/filters"
)

// Analyzed draws a curve with its filtered form, knee and window, and beside it the
// window alone with the maximum and the minimum that make the amplitude. m is its
// measurement with the low-pass l.
func Analyzed(c *curves.Curve, l filters.Lowpass, m *filters.Measurement) Figure {
	name, title := strings.TrimSuffix(filepath.Base(c.File), filepath.Ext(c.File)), c.File
	if c.File == "-" {
		name, title = "stdin", "standard input"
	}
	amplitude := "max − min " + table.Digits(m.Amplitude.MaxToMin)
	if !m.Window.Complete {
		amplitude += " (incomplete)"
	}
	const left, right, gutter, bottom, head = 44, 10, 38, 32, 58
	f := Figure{Name: name, Width: canvas.Page, Height: 2.9 * vg.Inch,
		Title: fmt.Sprintf("FID curve of %s: %s of the filtered curve in the window after the knee", title, amplitude)}
	f.Draw = func(dc draw.Canvas) {
		canvas.Clear(dc)
		canvas.Write(dc, canvas.Bold(canvas.Normal+1), 8, f.Height-14, 0, clipped(title, 60))
		canvas.Write(dc, canvas.Note, 8, f.Height-26, 0, settings(l, m))
		canvas.Legend(dc, curveKeys, 8, f.Height-30, f.Width-8)
		middle := left + 0.56*(f.Width-left-right-gutter)
		whole := canvas.Rectangle(left, bottom, middle, f.Height-head)
		drawWhole(dc, whole, c, m)
		alone := canvas.Rectangle(middle+gutter, bottom, f.Width-right, f.Height-head)
		drawWindow(dc, alone, c, m)
		canvas.Write(dc, canvas.Label, (whole.Min.X+whole.Max.X)/2, whole.Max.Y+4, 0.5, fmt.Sprintf("%d points", len(c.X)))
		canvas.Write(dc, canvas.Label, (alone.Min.X+alone.Max.X)/2, alone.Max.Y+4, 0.5, amplitude)
	}
	return f
}

// settings is a line on how the curve was measured.
func settings(l filters.Lowpass, m *filters.Measurement) string {
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
	rule := m.Knee.Method
	if m.Knee.Fallback {
		rule += ", mser in its place"
	}
	return fmt.Sprintf("%s   |   knee at %.10g (%s)   |   window to %.10g   |   level %s", filter, m.Knee.Iteration, rule, m.Window.To, table.Digits(m.Level))
}

// drawWhole draws the whole curve, on a logarithmic axis where it spans a factor of five.
func drawWhole(dc draw.Canvas, data vg.Rectangle, c *curves.Curve, m *filters.Measurement) {
	x := canvas.Axis{Min: c.X[0], Max: c.X[len(c.X)-1], Label: clipped(c.Source.X, 40)}
	lo, hi := canvas.Span(c.Y)
	y := canvas.Axis{Log: true, Min: lo / 1.08, Max: hi * 1.08}
	if lo <= 0 || hi <= 5*lo {
		y = canvas.Padded(c.Y, m.Filtered)
	}
	y.Label = clipped(c.Source.Y, 25)
	drawMeasured(canvas.NewPanel(dc, data, x, y), c.X, c.Y, m, 2.5)
}

// drawWindow draws the window alone.
func drawWindow(dc draw.Canvas, data vg.Rectangle, c *curves.Curve, m *filters.Measurement) {
	w := m.Window
	x, y, filtered := c.X[w.Start:w.End], c.Y[w.Start:w.End], m.Filtered[w.Start:w.End]
	lowest, highest := canvas.Span(filtered)
	lo, hi := canvas.Span(y, filtered)
	if room := 1.5 * (highest - lowest); room > 0 { // outliers do not flatten the oscillation
		lo, hi = max(lo, lowest-room), min(hi, highest+room)
	}
	p := canvas.NewPanel(dc, data, canvas.Axis{Min: w.From, Max: w.To, Label: clipped(c.Source.X, 40)}, canvas.Padded([]float64{lo, hi}))
	p.Curve(rawLine, x, y)
	for _, v := range []float64{lowest, highest} {
		p.StrokeLine2(extentLine, p.Min.X, p.AtY(v), p.Max.X, p.AtY(v))
	}
	p.Curve(fineLine, x, filtered)
}

// clipped is the end of s, with dots where it was longer than n characters.
func clipped(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return "…" + string(r[len(r)-n+1:])
}
