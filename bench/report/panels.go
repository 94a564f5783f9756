package report

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"fig5/bench/report/canvas"
	"fig5/bench/stats"
	"fig5/bench/tinygan"
)

// amplitudePanel is the panel of Figure 5 itself.
func (d *Data) amplitudePanel(cols columns, measure, label string, log bool) pointsPanel {
	var real []float64
	for _, a := range d.RealFloor {
		if v := amplitude(a, measure); !math.IsNaN(v) {
			real = append(real, v)
		}
	}
	if measure == "relative" {
		real = nil // relative to a FID of nearly 0: nothing to compare with
	}
	panel := pointsPanel{
		cols: cols, label: label, log: log, real: real, size: 1.9,
		values: func(g *Group) []float64 { return g.perRun(func(r *Run) float64 { return r.Amplitude(measure) }) },
		floor:  func(g *Group) []float64 { return g.FloorValues(measure) },
	}
	panel.top = panel.spoiled()
	return panel
}

// theory is what the paper's tiny-GAN predicts for the first series with a fixed time a
// level, and which that is: from one equilibrium to the next in K+1 equal jumps leaves
// an oscillation of 1/√(K+1) of one jump's, where its phase at each jump is not known.
// The prediction has no scale of its own: it goes through the geometric mean at the
// first K. Of a fixed budget it says nothing, and there is no line.
func theory(series []Series, measure string) (of int, line []xy) {
	of = slices.IndexFunc(series, func(s Series) bool { p, _ := s.pace(); return p == pacePerLevel })
	if of < 0 {
		return of, nil
	}
	var first *Group
	last := 0
	for _, g := range series[of].Groups {
		if g.K > 0 && first == nil {
			first = g
		}
		last = g.K
	}
	if first == nil || last <= first.K {
		return of, nil
	}
	values, _ := first.Values(measure)
	s, err := stats.Summarize(values)
	if err != nil || !s.GeoMean.Defined() {
		return of, nil
	}
	rms := func(k int) float64 { return tinygan.StaircaseRMS(0, tinygan.LinearLevels(0, 1, k), 1) }
	scale := float64(s.GeoMean) / rms(first.K)
	for k := first.K; ; k = min(last, max(k+1, k*5/4)) {
		line = append(line, xy{float64(k), scale * rms(k)})
		if k == last {
			return of, line
		}
	}
}

// levelPanel is the FID about which the curves oscillate.
func (d *Data) levelPanel(cols columns) pointsPanel {
	return pointsPanel{
		cols: cols, label: "mean FID", log: true, size: 1.5,
		values: func(g *Group) []float64 {
			return g.perRun(func(r *Run) float64 {
				if r.Status != Settled {
					return math.NaN()
				}
				return r.Measured.Level
			})
		},
	}
}

// perRun is f of every run, in the order of the seeds.
func (g *Group) perRun(f func(*Run) float64) []float64 {
	out := make([]float64, len(g.Runs))
	for i := range g.Runs {
		out[i] = f(&g.Runs[i])
	}
	return out
}

// drawLost draws how many runs lost a mode, as bars out of those in which modes were counted.
func drawLost(c draw.Canvas, cols columns, data vg.Rectangle) {
	p := newPlot()
	cols.set(p, data.Max.X-data.Min.X)
	most, counted := 1, false
	for _, pl := range cols.places() {
		_, n := pl.LostModes()
		most = max(most, n)
		counted = counted || n > 0
	}
	p.Y.Min, p.Y.Max = 0, 1.12*float64(most)
	p.Y.Label.Text = "runs that lost a mode"
	step := math.Max(1, roundStep(float64(most)/4))
	var ticks plot.ConstantTicks
	for v := 0.; v <= float64(most); v += step {
		ticks = append(ticks, plot.Tick{Value: v, Label: tickLabel(v)})
	}
	p.Y.Tick.Marker = ticks
	p.Add(plotter(func(c draw.Canvas, p *plot.Plot) {
		x, y := p.Transforms(&c)
		sty := canvas.Style(small, false, black)
		sty.XAlign = draw.XCenter
		if !counted {
			c.FillText(sty, c.Center(), "modes were not counted")
		}
		for _, pl := range cols.places() {
			lost, n := pl.LostModes()
			if n == 0 {
				continue
			}
			color, _ := pl.look()
			w := 0.8 * vg.Length(pl.half) * (x(1) - x(0))
			if pl.series < 0 || len(cols.series) < 2 {
				w *= 0.6
			}
			box := func(top float64, fill bool) {
				r := rectangle(x(pl.x)-w, y(0), x(pl.x)+w, y(top))
				if fill {
					c.SetColor(color)
					c.Fill(r.Path())
					return
				}
				c.SetLineStyle(line(faint, 0.5))
				c.Stroke(r.Path())
			}
			box(float64(n), false)
			if lost > 0 {
				box(float64(lost), true)
			} else if w > 2.2 {
				c.FillText(sty, vg.Point{X: x(pl.x), Y: y(0) + 2}, "0")
			}
		}
	}))
	p.Draw(fit(p, c, data))
}

// drawSpread draws the standard deviation over seeds of ln amplitude.
func drawSpread(c draw.Canvas, cols columns, measure string, data vg.Rectangle) {
	p := newPlot()
	cols.set(p, data.Max.X-data.Min.X)
	top := 0.5
	for _, pl := range cols.places() {
		v, _ := pl.Values(measure)
		if s := sdLog(v); s.Defined() {
			top = math.Max(top, float64(s))
		}
	}
	a := axis{false, 0, 1.12 * top}
	p.Y.Min, p.Y.Max = a.min, a.max
	p.Y.Label.Text = "sd of ln amplitude"
	p.Y.Tick.Marker = a.ticks(data.Max.Y - data.Min.Y)
	p.Add(plotter(func(c draw.Canvas, p *plot.Plot) {
		x, y := p.Transforms(&c)
		previous := map[int]vg.Point{}
		drawn := false
		for _, pl := range cols.places() {
			v, _ := pl.Values(measure)
			s := sdLog(v)
			if !s.Defined() {
				continue
			}
			drawn = true
			color, sh := pl.look()
			q := vg.Point{X: x(pl.x), Y: y(float64(s))}
			if before, ok := previous[pl.series]; ok && pl.series >= 0 {
				c.StrokeLines(line(color, 0.7), []vg.Point{before, q})
			}
			if pl.K > 0 {
				previous[pl.series] = q
			}
			mark(c, sh, q, 2.2, color, line(black, 0.5))
		}
		if !drawn {
			sty := canvas.Style(small, false, black)
			sty.XAlign = draw.XCenter
			c.FillText(sty, c.Center(), "needs two seeds or more")
		}
	}))
	p.Draw(fit(p, c, data))
}

// letter writes a panel's bold letter left above its data.
func letter(c draw.Canvas, data vg.Rectangle, s string) {
	c.FillText(canvas.Style(normal+1, true, black), vg.Point{X: data.Min.X - 30, Y: data.Max.Y + 3}, s)
}

// Figures is the figure of the amplitudes in its forms: page wide with the panels
// that belong to it, column wide, and with plain instead of logarithmic axes.
func (d *Data) Figures(measure string) []canvas.Figure {
	out := d.wideFigures("fig5", measure)
	d.eachChunk("fig5-column", func(name string, series []Series) {
		out = append(out, d.columnFigure(name, series, measure, true))
	})
	d.eachChunk("fig5-linear", func(name string, series []Series) {
		out = append(out, d.columnFigure(name, series, measure, false))
	})
	return out
}

// wideFigures is the page-wide figure, or several where there are many series.
func (d *Data) wideFigures(name, measure string) []canvas.Figure {
	var out []canvas.Figure
	d.eachChunk(name, func(name string, series []Series) {
		out = append(out, d.wideFigure(name, series, measure))
	})
	return out
}

// eachChunk calls f with the series that share a figure and the figure's name.
func (d *Data) eachChunk(name string, f func(name string, series []Series)) {
	chunks := d.chunks()
	for i, series := range chunks {
		if len(chunks) > 1 {
			f(fmt.Sprintf("%s-%d", name, i+1), series)
		} else {
			f(name, series)
		}
	}
}

// mostSeries is how many series share a panel before they get one each of their own.
const mostSeries = 4

// chunks deals the series out to figures.
func (d *Data) chunks() [][]Series {
	all := d.Series()
	if len(all) == 0 {
		return [][]Series{nil}
	}
	var out [][]Series
	for len(all) > 0 {
		n := min(mostSeries, len(all))
		if len(all) > mostSeries && len(all) <= 2*mostSeries {
			n = (len(all) + 1) / 2
		}
		out = append(out, all[:n])
		all = all[n:]
	}
	return out
}

func (d *Data) title(measure string) string {
	return fmt.Sprintf("%s: amplitude (%s) against the number of annealing steps K, one dot a run", d.Name, measureWords[measure])
}

// wideFigure is the amplitude and, below it, what it must be read with: the relative
// amplitude, the FID level, lost modes and the spread over seeds.
func (d *Data) wideFigure(name string, series []Series, measure string) canvas.Figure {
	cols := newColumns(d, series, true)
	main := d.amplitudePanel(cols, measure, measureWords[measure], true)
	if measure != "relative" {
		main.theoryOf, main.theory = theory(series, measure)
	}
	other := "relative"
	if measure == "relative" {
		other = "max_to_min"
	}
	second := d.amplitudePanel(cols, other, shortWords[other], true)
	second.size, second.top = 1.5, false
	legend := main.legend(len(series) > 1)
	width := canvas.Page
	const left, right, gutter = 44, 6, 48
	legendTop := legendHeight(legend, width-left-right)
	const mainHeight, rowHeight, between = 165, 92, 41
	height := 8 + legendTop + 12 + mainHeight + 2*(between+rowHeight) + 33
	return canvas.Figure{Name: name, Title: d.title(measure), Width: width, Height: height, Draw: func(c draw.Canvas) {
		clear(c)
		top := height - 8 - legendTop - 12
		data := rectangle(left, top-mainHeight, width-right, top)
		drawLegend(c, legend, left, height-6, width-left-right)
		main.draw(c, data)
		cols.caption(c, data, data.Min.Y-22)
		letter(c, data, "a")
		w := (width - left - right - gutter) / 2
		for i, draw := range []func(vg.Rectangle){
			func(r vg.Rectangle) { second.draw(c, r) },
			func(r vg.Rectangle) { d.levelPanel(cols).draw(c, r) },
			func(r vg.Rectangle) { drawLost(c, cols, r) },
			func(r vg.Rectangle) { drawSpread(c, cols, measure, r) },
		} {
			x := left + vg.Length(i%2)*(w+gutter)
			y := data.Min.Y - vg.Length(i/2+1)*(between+rowHeight)
			r := rectangle(x, y, x+w, y+rowHeight)
			draw(r)
			cols.caption(c, r, r.Min.Y-22)
			letter(c, r, string(rune('b'+i)))
		}
	}}
}

// columnFigure is the amplitude alone, a column wide.
func (d *Data) columnFigure(name string, series []Series, measure string, log bool) canvas.Figure {
	cols := newColumns(d, series, log)
	main := d.amplitudePanel(cols, measure, measureWords[measure], log)
	main.size = 1.6
	legend := main.legend(len(series) > 1)
	width := canvas.Column
	const left, right, dataHeight = 40, 5, 150
	legendTop := legendHeight(legend, width-12)
	height := 6 + legendTop + 6 + dataHeight + 27
	return canvas.Figure{Name: name, Title: d.title(measure), Width: width, Height: height, Draw: func(c draw.Canvas) {
		clear(c)
		drawLegend(c, legend, 6, height-5, width-12)
		data := rectangle(left, 27, width-right, 27+dataHeight)
		main.draw(c, data)
		cols.caption(c, data, data.Min.Y-22)
	}}
}

func clear(c draw.Canvas) {
	c.SetColor(white)
	c.Fill(c.Rectangle.Path())
}
