package report

import (
	"fmt"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"fig5/bench/report/canvas"
	"fig5/bench/stats"
)

// topStrip is the height above the data where runs without an amplitude are shown.
const topStrip vg.Length = 17

// pointsPanel draws one number a run against the columns: every run's dot, the
// geometric mean with its interval, the median.
type pointsPanel struct {
	cols     columns
	label    string // of the vertical axis
	log      bool
	values   func(*Group) []float64 // one a run, NaN or +Inf where there is none
	floor    func(*Group) []float64 // the noise floor; nil: none is drawn
	real     []float64              // real against real
	top      bool                   // show runs without a value at the upper edge
	theory   []xy                   // a line of K and what is expected there; nil: none
	theoryOf int                    // the series that theory is for
	size     vg.Length              // radius of a dot
}

// xy is a point of a line.
type xy struct{ x, y float64 }

// axis spans the dots, the floor and the intervals as far as they are not absurd.
func (f pointsPanel) axis() axis {
	var all, ends []float64
	all = append(all, f.real...)
	for _, p := range f.cols.places() {
		v := f.values(p.Group)
		all = append(all, v...)
		if f.floor != nil {
			all = append(all, f.floor(p.Group)...)
		}
		if s, err := stats.Summarize(finite(v)); err == nil && s.GeoMeanCI95.Defined() {
			ends = append(ends, s.GeoMeanCI95.Lo, s.GeoMeanCI95.Hi)
		}
	}
	a := newAxis(f.log, all)
	if !a.log {
		return newAxis(false, append(all, ends...))
	}
	for _, e := range ends { // an interval over two or three seeds may span decades: it is cut
		if l := math.Log10(e); l > a.min-0.35 && l < a.max+0.35 {
			all = append(all, e)
		}
	}
	return newAxis(true, all)
}

// draw puts the panel's data into the rectangle; the axis labels go around it.
func (f pointsPanel) draw(c draw.Canvas, data vg.Rectangle) {
	a := f.axis()
	height := data.Max.Y - data.Min.Y
	inner := height
	if f.top {
		inner -= topStrip
	}
	p := newPlot()
	f.cols.set(p, data.Max.X-data.Min.X)
	p.Y.Min, p.Y.Max = a.min, a.min+(a.max-a.min)*float64(height/inner)
	p.Y.Tick.Marker = a.ticks(inner)
	p.Y.Label.Text = f.label
	p.Add(plotter(func(c draw.Canvas, p *plot.Plot) { f.data(c, p, a) }))
	p.Draw(fit(p, c, data))
}

func (f pointsPanel) data(c draw.Canvas, p *plot.Plot, a axis) {
	x, y := p.Transforms(&c)
	at := func(v float64) vg.Length { return y(a.at(v)) }
	if f.floor != nil {
		f.drawFloor(c, x, at)
	}
	if len(f.theory) > 1 {
		var pts []vg.Point
		for _, q := range f.theory {
			if p := (vg.Point{X: x(f.cols.at(q.x)), Y: at(q.y)}); p.Y > c.Min.Y {
				pts = append(pts, p)
			}
		}
		if len(pts) > 1 {
			c.StrokeLines(theoryLine, pts)
		}
	}
	var previous = map[int]vg.Point{} // the geometric mean one column to the left, by series
	for _, pl := range f.cols.places() {
		color, sh := pl.look()
		values := f.values(pl.Group)
		width := vg.Length(pl.half) * (x(1) - x(0))
		mid := x(pl.x)
		r := min(f.size, max(width*0.22, 0.9))
		for i, v := range values {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				continue
			}
			q := vg.Point{X: mid - 0.35*width + vg.Length(jitter(pl.Runs[i].Seed))*0.32*width, Y: at(v)}
			mark(c, sh, q, r, light(color), line(color, 0.4))
		}
		s, err := stats.Summarize(finite(values))
		if err != nil || s.N == 0 {
			continue
		}
		c.StrokeLine2(line(black, 0.9), mid-0.72*width, at(float64(s.Median)), mid+0.02*width, at(float64(s.Median)))
		centre, ci := float64(s.GeoMean), s.GeoMeanCI95
		if !f.log {
			centre, ci = float64(s.Mean), s.CI95
		}
		if math.IsNaN(centre) {
			continue
		}
		q := vg.Point{X: mid + 0.5*width, Y: at(centre)}
		if before, ok := previous[pl.series]; ok && pl.series >= 0 {
			c.StrokeLines(line(color, 0.7), []vg.Point{before, q})
		}
		if pl.K > 0 {
			previous[pl.series] = q
		}
		if ci.Defined() {
			drawInterval(c, q.X, at(ci.Lo), at(ci.Hi), y(a.min), y(a.max))
		}
		mark(c, sh, q, r+0.5, color, line(black, 0.5))
	}
	if f.top {
		f.drawTop(c, x)
	}
}

var theoryLine = line(black, 0.7, 5, 1.5, 1, 1.5)

// drawInterval draws a bar with a cap at either end, none where the end lies outside
// the axis from min to max.
func drawInterval(c draw.Canvas, x, lo, hi, min, max vg.Length) {
	const half = 1.8
	sty := line(black, 0.7)
	c.StrokeLine2(sty, x, lo, x, hi)
	if lo > min {
		c.StrokeLine2(sty, x-half, lo, x+half, lo)
	}
	if hi < max {
		c.StrokeLine2(sty, x-half, hi, x+half, hi)
	}
}

// drawFloor draws the spread of the frozen generators' amplitudes, a band a column,
// its median, and the real samples' own.
func (f pointsPanel) drawFloor(c draw.Canvas, x func(float64) vg.Length, at func(float64) vg.Length) {
	for _, col := range f.cols.all() {
		half := f.cols.half
		if col.baseline() {
			half = f.cols.halfBase
		}
		edge := vg.Length(half/0.84) * (x(1) - x(0))
		var v []float64
		for _, g := range col.group {
			if g != nil {
				v = append(v, f.floor(g)...)
			}
		}
		s, err := stats.Summarize(finite(v))
		if err != nil || s.N == 0 {
			continue
		}
		from, to := max(x(col.x)-edge, c.Min.X), min(x(col.x)+edge, c.Max.X)
		lo, hi := at(float64(s.Min)), at(float64(s.Max))
		if hi-lo < 1 {
			lo, hi = lo-0.5, hi+0.5
		}
		c.SetColor(band)
		c.Fill(rectangle(from, lo, to, hi).Path())
		c.StrokeLine2(line(grey, 0.6), from, at(float64(s.Median)), to, at(float64(s.Median)))
	}
	if s, err := stats.Summarize(finite(f.real)); err == nil && s.N > 0 {
		y := at(float64(s.Median))
		c.StrokeLine2(line(grey, 0.8, 1, 2), c.Min.X, y, c.Max.X, y)
	}
}

// drawTop shows, in the strip at the upper edge, how many runs of each column have no
// amplitude, of crowded columns together; the tables tell columns and series apart.
func (f pointsPanel) drawTop(c draw.Canvas, x func(float64) vg.Length) {
	sty := canvas.Style(small, false, black)
	sty.YAlign = draw.YCenter
	base := c.Max.Y - topStrip
	c.StrokeLine2(line(faint, 0.5), c.Min.X, base, c.Max.X, base)
	type count struct {
		from, to        vg.Length
		unsettled, lost int
	}
	var counts []count
	for _, col := range f.cols.all() {
		k := count{from: x(col.x), to: x(col.x)}
		for _, g := range col.group {
			if g != nil {
				k.unsettled += g.Count(Unsettled)
				k.lost += g.Count(Diverged, Failed)
			}
		}
		if k.unsettled+k.lost == 0 {
			continue
		}
		if n := len(counts); n > 0 && k.from-counts[n-1].to < 19 {
			p := &counts[n-1]
			p.to, p.unsettled, p.lost = k.to, p.unsettled+k.unsettled, p.lost+k.lost
			continue
		}
		counts = append(counts, k)
	}
	show := func(n int, s shape, r, x, y vg.Length) {
		text := fmt.Sprint(n)
		q := vg.Point{X: x - (sty.Width(text)+1)/2, Y: y}
		mark(c, s, q, r, nil, line(black, 0.8))
		c.FillText(sty, vg.Point{X: q.X + 4.5, Y: y}, text)
	}
	middle, quarter := c.Max.Y-topStrip/2, topStrip/4
	for _, k := range counts {
		x := (k.from + k.to) / 2
		switch {
		case k.unsettled > 0 && k.lost > 0:
			show(k.unsettled, triangle, 1.9, x, middle+quarter)
			show(k.lost, cross, 1.7, x, middle-quarter)
		case k.unsettled > 0:
			show(k.unsettled, triangle, 1.9, x, middle)
		default:
			show(k.lost, cross, 1.7, x, middle)
		}
	}
}

// spoiled says whether any run of the panel has no amplitude.
func (f pointsPanel) spoiled() bool {
	for _, pl := range f.cols.places() {
		if pl.Count(Unsettled, Diverged, Failed) > 0 {
			return true
		}
	}
	return false
}

// finite is v without NaN and infinities.
func finite(v []float64) []float64 {
	out := []float64{}
	for _, x := range v {
		if !math.IsNaN(x) && !math.IsInf(x, 0) {
			out = append(out, x)
		}
	}
	return out
}

// legend explains the panel's marks; seriesNames adds the series.
func (f pointsPanel) legend(seriesNames bool) []entry {
	c0 := colors[0]
	var out []entry
	if seriesNames {
		for i, s := range f.cols.series {
			pl := place{series: i}
			color, sh := pl.look()
			out = append(out, entry{s.Label, func(c draw.Canvas, q vg.Point) {
				c.StrokeLine2(line(color, 0.7), q.X-7, q.Y, q.X+7, q.Y)
				mark(c, sh, q, 2.4, color, line(black, 0.5))
			}})
		}
		c0 = grey
	}
	noun := "geometric mean, 95 % interval"
	if !f.log {
		noun = "mean, 95 % interval"
	}
	out = append(out,
		entry{"a run (seed)", func(c draw.Canvas, q vg.Point) { mark(c, circle, q, 1.9, light(c0), line(c0, 0.4)) }},
		entry{noun, func(c draw.Canvas, q vg.Point) {
			drawInterval(c, q.X, q.Y-4, q.Y+4, q.Y-9, q.Y+9)
			mark(c, circle, q, 2.2, c0, line(black, 0.5))
		}},
		entry{"median", func(c draw.Canvas, q vg.Point) { c.StrokeLine2(line(black, 0.9), q.X-5, q.Y, q.X+5, q.Y) }},
	)
	floor, unsettled, failed := false, 0, 0
	for _, pl := range f.cols.places() {
		floor = floor || f.floor != nil && len(f.floor(pl.Group)) > 0
		unsettled += pl.Count(Unsettled)
		failed += pl.Count(Diverged, Failed)
	}
	if floor {
		out = append(out, entry{"noise floor: frozen generator, range and median", func(c draw.Canvas, q vg.Point) {
			c.SetColor(band)
			c.Fill(rectangle(q.X-7, q.Y-3.5, q.X+7, q.Y+3.5).Path())
			c.StrokeLine2(line(grey, 0.6), q.X-7, q.Y, q.X+7, q.Y)
		}})
	}
	if f.floor != nil && len(f.real) > 0 {
		out = append(out, entry{"real against real", func(c draw.Canvas, q vg.Point) {
			c.StrokeLine2(line(grey, 0.8, 1, 2), q.X-7, q.Y, q.X+7, q.Y)
		}})
	}
	if len(f.theory) > 1 {
		text := "tiny-GAN at a fixed time a level: 1/√(K + 1), scaled to the first K"
		if seriesNames {
			text += " of " + f.cols.series[f.theoryOf].Label
		}
		out = append(out, entry{text, func(c draw.Canvas, q vg.Point) {
			c.StrokeLine2(theoryLine, q.X-7, q.Y, q.X+7, q.Y)
		}})
	}
	if f.top && unsettled > 0 {
		out = append(out, entry{"unsettled runs", func(c draw.Canvas, q vg.Point) { mark(c, triangle, q, 2, nil, line(black, 0.8)) }})
	}
	if f.top && failed > 0 {
		out = append(out, entry{"diverged or failed runs", func(c draw.Canvas, q vg.Point) { mark(c, cross, q, 1.8, nil, line(black, 0.8)) }})
	}
	return out
}
