package figure

import (
	"fmt"
	"path/filepath"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"fig5/bench/curves"
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
	amplitude := "max − min " + digits(m.Amplitude.MaxToMin)
	if !m.Window.Complete {
		amplitude += " (incomplete)"
	}
	const left, right, gutter, bottom, head = 44, 10, 38, 32, 58
	f := Figure{Name: name, Width: Page, Height: 2.9 * vg.Inch,
		Title: fmt.Sprintf("FID curve of %s: %s of the filtered curve in the window after the knee", title, amplitude)}
	f.Draw = func(dc draw.Canvas) {
		clear(dc)
		write(dc, bold(normal+1), 8, f.Height-14, 0, clipped(title, 60))
		write(dc, note, 8, f.Height-26, 0, settings(l, m))
		legend(dc, curveKeys, 8, f.Height-30, f.Width-8)
		middle := left + 0.56*(f.Width-left-right-gutter)
		whole := rectangle(left, bottom, middle, f.Height-head)
		drawWhole(dc, whole, c, m)
		window := rectangle(middle+gutter, bottom, f.Width-right, f.Height-head)
		drawWindow(dc, window, c, m)
		write(dc, label, (whole.Min.X+whole.Max.X)/2, whole.Max.Y+4, 0.5, fmt.Sprintf("%d points", len(c.X)))
		write(dc, label, (window.Min.X+window.Max.X)/2, window.Max.Y+4, 0.5, amplitude)
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
		rule += ", settle in its place"
	}
	return fmt.Sprintf("%s   |   knee at %.10g (%s)   |   window to %.10g   |   level %s", filter, m.Knee.Iteration, rule, m.Window.To, digits(m.Level))
}

// edge is the height of the upper edge of a window's band, above the curve, which hides
// a narrow band.
const edge vg.Length = 2.5

// drawWhole draws the whole curve, on a logarithmic axis where it spans a factor of five.
func drawWhole(dc draw.Canvas, data vg.Rectangle, c *curves.Curve, m *filters.Measurement) {
	x := axis{min: c.X[0], max: c.X[len(c.X)-1], label: clipped(c.Source.X, 40)}
	lo, hi := span(c.Y)
	y := axis{log: true, min: lo / 1.08, max: hi * 1.08}
	if lo <= 0 || hi <= 5*lo {
		lo, hi = span(c.Y, m.Filtered)
		y = padded("", lo, hi)
	}
	y.label = clipped(c.Source.Y, 25)
	p := newPanel(dc, data, x, y)
	from, to := p.window(m.Window)
	fill(dc, band, from, p.Min.Y, to, p.Max.Y)
	p.curve(rawLine, c.X, c.Y)
	p.curve(fineLine, c.X, m.Filtered)
	fill(dc, faint, from, p.Max.Y-edge, to, p.Max.Y)
	p.knee(m.Knee.Iteration)
}

// drawWindow draws the window alone.
func drawWindow(dc draw.Canvas, data vg.Rectangle, c *curves.Curve, m *filters.Measurement) {
	w := m.Window
	x, y, filtered := c.X[w.Start:w.End], c.Y[w.Start:w.End], m.Filtered[w.Start:w.End]
	lowest, highest := span(filtered)
	lo, hi := span(y, filtered)
	if room := 1.5 * (highest - lowest); room > 0 { // outliers do not flatten the oscillation
		lo, hi = max(lo, lowest-room), min(hi, highest+room)
	}
	p := newPanel(dc, data, axis{min: w.From, max: w.To, label: clipped(c.Source.X, 40)}, padded("", lo, hi))
	p.curve(rawLine, x, y)
	for _, v := range []float64{lowest, highest} {
		p.StrokeLine2(extentLine, p.Min.X, p.py(v), p.Max.X, p.py(v))
	}
	p.curve(fineLine, x, filtered)
}
