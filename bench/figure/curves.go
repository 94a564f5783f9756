package figure

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"fig5/bench/claims"
	"fig5/bench/figure/canvas"
	"fig5/bench/measure"
	"fig5/bench/table"
	"fig5/filters"
)

// seedsAPage is how many runs one figure of curves holds.
const seedsAPage = 12

// Curves is the FID curve of every run, a figure a group: raw and filtered, with the
// knee and the window. Groups without a curve have none. Names come from sum.
func Curves(s *measure.Sweep, sum *claims.Summary) []Figure {
	var out []Figure
	for i, g := range s.Groups {
		title := sum.Groups[i].Name
		name := "curves-" + fileName(title)
		runs := slices.DeleteFunc(slices.Clone(g.Runs), func(r *measure.Run) bool { return len(r.X) == 0 })
		page := 1
		for part := range slices.Chunk(runs, seedsAPage) {
			out = append(out, curvesFigure(name, title, part))
			page++
			name = fmt.Sprintf("curves-%s-%d", fileName(title), page)
		}
	}
	return out
}

// fileName turns a group's name into a part of a file name: "K = 5" is "k05".
func fileName(s string) string {
	var b strings.Builder
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return strings.ContainsRune(" ,=/\\", r) })
	for i, w := range words {
		switch {
		case i > 0 && words[i-1] == "k":
			if len(w) < 2 {
				b.WriteByte('0')
			}
		case i > 0 && (w[0] < '0' || w[0] > '9'):
			b.WriteByte('-')
		}
		b.WriteString(w)
	}
	return b.String()
}

// curvesFigure draws the runs in two columns on common axes.
func curvesFigure(name, title string, runs []*measure.Run) Figure {
	const left, right, gutter, dataHeight, between, head, foot = 44, 8, 14, 62, 19, 42, 30
	rows := (len(runs) + 1) / 2
	f := Figure{Name: name, Title: "FID curves of " + title, Width: canvas.Page, Height: vg.Length(head + foot + rows*dataHeight + (rows-1)*between)}
	var all [][]float64
	from, to := math.Inf(1), math.Inf(-1)
	for _, r := range runs {
		all = append(all, r.Y)
		from, to = min(from, r.X[0]), max(to, r.X[len(r.X)-1])
	}
	fid := canvas.Spanned(true, "FID", all...)
	w := (f.Width - left - right - gutter) / 2
	axis := iterations(from, to, w, to >= many)
	f.Draw = func(c draw.Canvas) {
		canvas.Clear(c)
		canvas.Write(c, canvas.Bold(canvas.Normal+1), left, f.Height-13, 0, title)
		canvas.Legend(c, curveKeys, left, f.Height-17, f.Width-left-right)
		for i, r := range runs {
			x := left + vg.Length(i%2)*(w+gutter)
			y := f.Height - head - vg.Length(i/2+1)*dataHeight - vg.Length(i/2)*between
			across, up := axis, fid
			up.Bare, across.Bare = i%2 == 1, i+2 < len(runs)
			p := canvas.NewPanel(c, canvas.Rectangle(x, y, x+w, y+dataHeight), across, up)
			drawRun(p, r)
			canvas.Write(c, canvas.Note, x, y+dataHeight+3, 0, about(p, r))
		}
	}
	return f
}

// many is from how many iterations on an axis counts them in thousands.
const many = 5000

// iterations is a horizontal axis of the given width, in thousands where wanted.
func iterations(from, to float64, width vg.Length, inThousands bool) canvas.Axis {
	if from == to {
		to++
	}
	a := canvas.Axis{Min: from, Max: to, Label: "iteration"}
	if !inThousands {
		return a
	}
	a.Label = "iteration / 1000"
	thousand := canvas.Axis{Min: from / 1000, Max: to / 1000}
	for _, t := range thousand.Marks(width, true) {
		a.Ticks = append(a.Ticks, canvas.Tick{At: 1000 * t.At, Label: t.Label})
	}
	return a
}

// How a curve and what is made of it are drawn.
var (
	rawLine    = canvas.Line(canvas.Light(canvas.Blue), 0.6)
	fineLine   = canvas.Line(canvas.Black, 0.9)
	kneeLine   = canvas.Line(canvas.Vermilion, 0.9, 3, 1.5)
	extentLine = canvas.Line(canvas.Vermilion, 0.7)
)

var curveKeys = []canvas.Key{
	canvas.LineKey("FID", canvas.Line(canvas.Light(canvas.Blue), 0.9)),
	canvas.LineKey("filtered", fineLine),
	{Label: "knee", Draw: func(c draw.Canvas, q vg.Point) { c.StrokeLine2(kneeLine, q.X, q.Y-4.5, q.X, q.Y+4.5) }},
	{Label: "window", Draw: func(c draw.Canvas, q vg.Point) { canvas.Fill(c, canvas.Band, q.X-7, q.Y-3.5, q.X+7, q.Y+3.5) }},
	canvas.LineKey("maximum and minimum of the filtered curve in the window", extentLine),
}

// about is the line above a run's curve.
func about(p canvas.Panel, r *measure.Run) string {
	text := fmt.Sprintf("seed %d: ", r.Seed)
	switch r.Status {
	case measure.Settled:
		text += "amplitude " + table.Digits(r.Measured.Amplitude.MaxToMin)
		if lo, _ := extent(r.Measured); p.Side(lo) < 0 { // a filter may swing below 0
			text += ", min " + strings.Replace(table.Digits(lo), "-", "−", 1) + " below the axis"
		}
		return text
	case measure.Unsettled:
		return text + "unsettled, the curve ends before its window"
	}
	return text + string(r.Status)
}

// drawRun draws a run's curve.
func drawRun(p canvas.Panel, r *measure.Run) {
	if r.Measured == nil {
		p.Curve(rawLine, r.X, r.Y)
		return
	}
	drawMeasured(p, r.X, r.Y, r.Measured, 0)
	if r.Status != measure.Settled {
		return
	}
	w := r.Measured.Window
	lo, hi := extent(r.Measured)
	for _, v := range []float64{lo, hi} {
		if p.Side(v) == 0 {
			p.StrokeLine2(extentLine, p.Within(w.From), p.AtY(v), p.Within(w.To), p.AtY(v))
		}
	}
}

// drawMeasured draws a curve with its filtered form and its knee on the band of the
// window, which has an upper edge of that height, above the curve that hides a narrow band.
func drawMeasured(p canvas.Panel, x, y []float64, m *filters.Measurement, edge vg.Length) {
	from, to := window(p, m.Window)
	canvas.Fill(p.Canvas, canvas.Band, from, p.Min.Y, to, p.Max.Y)
	p.Curve(rawLine, x, y)
	p.Curve(fineLine, x, m.Filtered)
	if edge > 0 {
		canvas.Fill(p.Canvas, canvas.Faint, from, p.Max.Y-edge, to, p.Max.Y)
	}
	knee := p.Within(m.Knee.Iteration)
	p.StrokeLine2(kneeLine, knee, p.Min.Y, knee, p.Max.Y)
}

// narrowest is the width in which a window can be seen.
const narrowest vg.Length = 3

// window is where the band of a window begins and ends: it is seen at any width, and is
// never outside the panel.
func window(p canvas.Panel, w filters.Window) (from, to vg.Length) {
	from, to = p.Within(w.From), p.Within(w.To)
	if less := narrowest - (to - from); less > 0 {
		from, to = from-less/2, to+less/2
		shift := max(p.Min.X-from, 0) - max(to-p.Max.X, 0)
		from, to = from+shift, to+shift
	}
	return from, to
}

// extent is the smallest and the largest value of the filtered curve in its window.
func extent(m *filters.Measurement) (lo, hi float64) {
	n := len(m.Filtered)
	return canvas.Span(m.Filtered[min(m.Window.Start, n):min(m.Window.End, n)])
}
