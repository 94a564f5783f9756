package report

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"fig5/bench/report/canvas"
	"fig5/filters"
)

// seedsAPage is how many runs one figure of curves holds.
const seedsAPage = 12

// CurveFigures is the FID curve of every run, a figure a group: raw and filtered,
// with the knee and the window. Groups without a curve have none.
func (d *Data) CurveFigures() []canvas.Figure {
	labels := map[string]string{}
	for _, s := range d.Series() {
		labels[seriesName(s.By)] = s.Label
	}
	var out []canvas.Figure
	for i := range d.Groups {
		g := &d.Groups[i]
		var runs []*Run
		for j := range g.Runs {
			if len(g.Runs[j].X) > 0 {
				runs = append(runs, &g.Runs[j])
			}
		}
		title := groupName(g.By, g.K, g.Baseline, labels[g.Series()])
		name := "curves-" + fileName(title)
		for page := 0; len(runs) > 0; page++ {
			n := min(len(runs), seedsAPage)
			f := curvesFigure(name, title, runs[:n])
			if page > 0 {
				f.Name += fmt.Sprintf("-%d", page+1)
			}
			out = append(out, f)
			runs = runs[n:]
		}
	}
	return out
}

// fileName turns a group's name into a part of a file name: "K = 5" is "k05".
func fileName(s string) string {
	var b strings.Builder
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return r == ' ' || r == ',' || r == '=' || r == '/' || r == '\\' })
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

// curvesFigure draws the runs in two columns.
func curvesFigure(name, title string, runs []*Run) canvas.Figure {
	const left, right, gutter, dataHeight, between, head, foot = 44, 8, 14, 62, 19, 42, 30
	width := canvas.Page
	rows := (len(runs) + 1) / 2
	height := vg.Length(head + foot + rows*dataHeight + (rows-1)*between)
	var all []float64
	xmin, xmax := math.Inf(1), math.Inf(-1)
	for _, r := range runs {
		all = append(all, r.Y...)
		xmin, xmax = math.Min(xmin, r.X[0]), math.Max(xmax, r.X[len(r.X)-1])
	}
	if xmin == xmax {
		xmax++
	}
	ax := newAxis(true, all)
	return canvas.Figure{Name: name, Title: "FID curves of " + title, Width: width, Height: height, Draw: func(c draw.Canvas) {
		clear(c)
		c.FillText(canvas.Style(normal+1, true, black), vg.Point{X: left, Y: height - 13}, title)
		drawLegend(c, curveLegend, left, height-17, width-left-right)
		w := (width - left - right - gutter) / 2
		for i, r := range runs {
			x := left + vg.Length(i%2)*(w+gutter)
			y := height - head - vg.Length(i/2+1)*dataHeight - vg.Length(i/2)*between
			data := rectangle(x, y, x+w, y+dataHeight)
			p := newPlot()
			setIterations(p, xmin, xmax, w)
			p.Y.Min, p.Y.Max = ax.min, ax.max
			p.Y.Tick.Marker = ax.ticks(dataHeight)
			if i%2 == 0 {
				p.Y.Label.Text = "FID"
			} else {
				p.Y.Tick.Marker = unlabelled(p.Y.Tick.Marker, ax.min, ax.max)
			}
			if i+2 < len(runs) {
				p.X.Tick.Marker, p.X.Label.Text = unlabelled(p.X.Tick.Marker, xmin, xmax), ""
			}
			p.Add(plotter(func(c draw.Canvas, p *plot.Plot) { drawCurve(c, p, r, ax) }))
			p.Draw(fit(p, c, data))
			c.FillText(canvas.Style(small, false, black), vg.Point{X: x, Y: y + dataHeight + 3}, curveNote(r, ax))
		}
	}}
}

var (
	rawColor  = light(colors[0])
	fineColor = black
	kneeColor = colors[1]
)

var curveLegend = []entry{
	{"FID", func(c draw.Canvas, q vg.Point) { c.StrokeLine2(line(rawColor, 0.8), q.X-7, q.Y, q.X+7, q.Y) }},
	{"filtered", func(c draw.Canvas, q vg.Point) { c.StrokeLine2(line(fineColor, 1), q.X-7, q.Y, q.X+7, q.Y) }},
	{"knee", func(c draw.Canvas, q vg.Point) { c.StrokeLine2(line(kneeColor, 1, 3, 1.5), q.X, q.Y-4.5, q.X, q.Y+4.5) }},
	{"window", func(c draw.Canvas, q vg.Point) {
		c.SetColor(band)
		c.Fill(rectangle(q.X-7, q.Y-3.5, q.X+7, q.Y+3.5).Path())
	}},
	{"max and min in the window", func(c draw.Canvas, q vg.Point) { c.StrokeLine2(line(kneeColor, 0.8), q.X-7, q.Y, q.X+7, q.Y) }},
}

// curveNote is the line above a curve.
func curveNote(r *Run, ax axis) string {
	note := fmt.Sprintf("seed %d: ", r.Seed)
	switch r.Status {
	case Settled:
		note += "amplitude " + digits(r.Measured.Amplitude.MaxToMin)
		if lo, _ := windowRange(r.Measured); !ax.holds(lo) { // a filter may swing below 0
			note += ", min " + strings.Replace(digits(lo), "-", "−", 1) + " below the axis"
		}
		return note
	case Unsettled:
		return note + "unsettled, the curve ends before its window"
	}
	return note + string(r.Status)
}

func drawCurve(c draw.Canvas, p *plot.Plot, r *Run, ax axis) {
	x, y := p.Transforms(&c)
	at := func(v float64) vg.Length { return y(ax.at(v)) }
	right := func(v float64) vg.Length { return max(c.Min.X, min(c.Max.X, x(v))) }
	// path leaves out what a logarithmic axis has no place for: a filter may swing below 0.
	path := func(v []float64) [][]vg.Point {
		pts := [][]vg.Point{nil}
		for i := range v {
			if n := len(pts) - 1; !ax.log || v[i] > 0 {
				pts[n] = append(pts[n], vg.Point{X: x(r.X[i]), Y: at(v[i])})
			} else if len(pts[n]) > 0 {
				pts = append(pts, nil)
			}
		}
		return pts
	}
	m := r.Measured
	if m != nil {
		c.SetColor(band)
		c.Fill(rectangle(right(m.Window.From), c.Min.Y, right(m.Window.To), c.Max.Y).Path())
	}
	c.StrokeLines(line(rawColor, 0.6), path(r.Y)...)
	if m == nil {
		return
	}
	c.StrokeLines(line(fineColor, 0.9), path(m.Filtered)...)
	knee := right(m.Knee.Iteration)
	c.StrokeLine2(line(kneeColor, 0.9, 3, 1.5), knee, c.Min.Y, knee, c.Max.Y)
	if r.Status != Settled || m.Window.End > len(m.Filtered) || m.Window.Start >= m.Window.End {
		return
	}
	lo, hi := windowRange(m)
	for _, v := range []float64{lo, hi} {
		if ax.holds(v) {
			c.StrokeLine2(line(kneeColor, 0.6), right(m.Window.From), at(v), right(m.Window.To), at(v))
		}
	}
}

// windowRange is the smallest and the largest value of the filtered curve in its window.
func windowRange(m *filters.Measurement) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, v := range m.Filtered[min(m.Window.Start, len(m.Filtered)):min(m.Window.End, len(m.Filtered))] {
		lo, hi = math.Min(lo, v), math.Max(hi, v)
	}
	return lo, hi
}

// setIterations puts round ticks of iterations, in thousands where they are many, on
// the horizontal axis of the given width.
func setIterations(p *plot.Plot, min, max float64, width vg.Length) {
	p.X.Min, p.X.Max = min, max
	unit := 1.
	p.X.Label.Text = "iteration"
	if max >= 5000 {
		unit, p.X.Label.Text = 1000, "iteration / 1000"
	}
	step := roundStep((max - min) / width.Points() * 24)
	var ticks plot.ConstantTicks
	for i := math.Ceil(min/step - 1e-9); i*step <= max+1e-9*step; i++ {
		ticks = append(ticks, plot.Tick{Value: i * step, Label: tickLabel(i*step/unit + 0)})
	}
	p.X.Tick.Marker = ticks
}

// unlabelled keeps the ticks and drops what is written at them.
func unlabelled(t plot.Ticker, min, max float64) plot.ConstantTicks {
	var out plot.ConstantTicks
	for _, k := range t.Ticks(min, max) {
		if k.Label != "" {
			k.Label = " "
		}
		out = append(out, k)
	}
	return out
}
