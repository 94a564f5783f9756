package main

import (
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"fig5/bench/report"
	"fig5/bench/report/canvas"
)

// Colours of Okabe and Ito; lines are told apart by their marker as well.
var colours = []color.Color{
	color.NRGBA{0x00, 0x72, 0xB2, 255}, color.NRGBA{0xD5, 0x5E, 0x00, 255}, color.NRGBA{0x00, 0x9E, 0x73, 255},
	color.NRGBA{0xCC, 0x79, 0xA7, 255}, color.NRGBA{0xE6, 0x9F, 0x00, 255}, color.NRGBA{0x56, 0xB4, 0xE9, 255},
}

var marks = []draw.GlyphDrawer{draw.CircleGlyph{}, draw.SquareGlyph{}, draw.TriangleGlyph{}, draw.RingGlyph{}, draw.BoxGlyph{}, draw.PyramidGlyph{}}

// line is one line of a panel.
type line struct {
	name   string
	points plotter.XYs
	dashed bool
}

func (l *line) add(x, y float64) {
	if y > 0 && !math.IsInf(y, 1) { // the axes are logarithmic
		l.points = append(l.points, plotter.XY{X: x, Y: y})
	}
}

// panel is lines on logarithmic axes, with ticks on the x axis where there are points.
type panel struct {
	title, x, y string
	ticks       []float64
	lines       []line
}

const text vg.Length = 8

// draw fills the rectangle; the legend stands below, with room for so many lines.
func (p panel) draw(c draw.Canvas, r vg.Rectangle, lines int) {
	pl := plot.New()
	pl.TextHandler = canvas.Handler
	pl.BackgroundColor = nil
	pl.Title.Text, pl.Title.Padding = p.title, 3
	pl.Title.TextStyle = canvas.Style(text, true, color.Black)
	pl.Title.TextStyle.XAlign, pl.Title.TextStyle.YAlign = draw.XCenter, draw.YTop
	for _, a := range []*plot.Axis{&pl.X, &pl.Y} {
		a.Label.TextStyle.Font, a.Label.TextStyle.Handler = canvas.Style(text, false, nil).Font, canvas.Handler
		a.Tick.Label.Font, a.Tick.Label.Handler = canvas.Style(text-1, false, nil).Font, canvas.Handler
		a.Padding, a.Tick.Length, a.Scale = 0, 3, plot.LogScale{}
		a.LineStyle.Width, a.Tick.LineStyle.Width = 0.5, 0.5
	}
	pl.X.Label.Text, pl.Y.Label.Text = p.x, p.y
	lo, hi := math.Inf(1), math.Inf(-1)
	legend := r.Min.Y + 9*vg.Length(lines)
	for i, l := range p.lines {
		style := draw.LineStyle{Color: colours[i%len(colours)], Width: 1}
		if l.dashed {
			style.Color, style.Width, style.Dashes = color.Gray{0x60}, 0.8, []vg.Length{3, 2}
		}
		glyph := draw.GlyphStyle{Color: style.Color, Radius: 2, Shape: marks[i%len(marks)]}
		pl.Add(&plotter.Line{XYs: l.points, LineStyle: style})
		if !l.dashed {
			pl.Add(&plotter.Scatter{XYs: l.points, GlyphStyle: glyph})
		}
		for _, v := range l.points {
			lo, hi = min(lo, v.Y), max(hi, v.Y)
		}
		y := legend - 9*vg.Length(i) - 5
		c.StrokeLine2(style, r.Min.X+26, y, r.Min.X+42, y)
		if !l.dashed {
			c.DrawGlyph(glyph, vg.Point{X: r.Min.X + 34, Y: y})
		}
		c.FillText(canvas.Style(text-1, false, color.Black), vg.Point{X: r.Min.X + 46, Y: y - 2.4}, l.name)
	}
	pl.X.Min, pl.X.Max = p.ticks[0]/1.15, p.ticks[len(p.ticks)-1]*1.15
	pl.Y.Min, pl.Y.Max = lo/1.2, hi*1.2
	var at []plot.Tick
	for _, v := range p.ticks {
		at = append(at, plot.Tick{Value: v, Label: short(v)})
	}
	pl.X.Tick.Marker, pl.Y.Tick.Marker = plot.ConstantTicks(at), plot.ConstantTicks(decades(pl.Y.Min, pl.Y.Max))
	pl.Draw(draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{Min: vg.Point{X: r.Min.X, Y: legend + 4}, Max: r.Max}})
}

func short(v float64) string {
	if v >= 1000 {
		return fmt.Sprintf("%gk", v/1000)
	}
	return fmt.Sprintf("%g", v)
}

// decades are the powers of ten, with 2 and 5 where they are few.
func decades(lo, hi float64) (ticks []plot.Tick) {
	for e := math.Floor(math.Log10(lo)); e <= math.Log10(hi); e++ {
		for m := 1.0; m < 10; m++ {
			v := m * math.Pow(10, e)
			if v < lo || v > hi {
				continue
			}
			t := plot.Tick{Value: v}
			if m == 1 || hi/lo < 50 && (m == 2 || m == 5) {
				t.Label = fmt.Sprintf("%.4g", v)
			}
			ticks = append(ticks, t)
		}
	}
	return ticks
}

// row is a figure of panels side by side.
func row(name, title string, height vg.Length, panels ...panel) canvas.Figure {
	return canvas.Figure{Name: name, Title: title, Width: canvas.Page, Height: height, Draw: func(c draw.Canvas) {
		c.SetColor(color.White)
		c.Fill(c.Rectangle.Path())
		width, lines := canvas.Page/vg.Length(len(panels)), 0
		for _, p := range panels {
			lines = max(lines, len(p.lines))
		}
		for i, p := range panels {
			left := width * vg.Length(i)
			p.draw(c, vg.Rectangle{Min: vg.Point{X: left + 4, Y: 4}, Max: vg.Point{X: left + width - 6, Y: height - 4}}, lines)
		}
	}}
}

// figure is the amplitude against K by filter, window and definition.
func (s *settings) figure() canvas.Figure {
	against := func(name string, r *report.Report, unit float64) line {
		l := line{name: name}
		for _, g := range r.Groups {
			if g.Baseline == "" {
				l.add(float64(g.K), float64(g.GeoMean)/unit)
			}
		}
		return l
	}
	var ks []float64
	for _, g := range s.own["max_to_min"].Groups {
		if g.Baseline == "" {
			ks = append(ks, float64(g.K))
		}
	}
	filter := panel{title: "low-pass", x: "K", y: "max − min of FID", ticks: ks}
	for _, way := range s.cutoffs[:6] {
		filter.lines = append(filter.lines, against(way.name, way.report, 1))
	}
	length := panel{title: "window", x: "K", y: "max − min of FID", ticks: ks}
	for _, way := range s.windows {
		length.lines = append(length.lines, against(way.name+" iterations", way.report, 1))
	}
	kinds := panel{title: "definition", x: "K", y: "relative to K = " + short(ks[0]), ticks: ks}
	for _, m := range report.Measures {
		r := s.own[m]
		first := math.NaN()
		for _, g := range r.Groups {
			if g.Baseline == "" && math.IsNaN(first) {
				first = float64(g.GeoMean)
			}
		}
		kinds.lines = append(kinds.lines, against(m, r, first))
	}
	return row("honesty-settings", "Amplitude against K by low-pass, length of the window and definition", 3.2*vg.Inch, filter, length, kinds)
}

// figure is what N does: to the amplitude, and to the distance of real samples.
func (s *samples) figure(m halves) canvas.Figure {
	var ns, sizes []float64
	for _, r := range s.rows {
		ns = append(ns, float64(r.n))
	}
	swing := panel{title: "amplitude", x: "samples N", y: "max − min of FID", ticks: ns}
	for _, k := range s.ks {
		trained, frozen := line{name: fmt.Sprintf("K = %d", k)}, line{name: fmt.Sprintf("K = %d, frozen", k)}
		for _, r := range s.rows {
			trained.add(float64(r.n), r.amplitude[k])
			frozen.add(float64(r.n), r.floor[k])
		}
		swing.lines = append(swing.lines, trained, frozen)
	}
	real := line{name: "real samples"}
	all, two := line{name: "N against all data"}, line{name: "two batches of N"}
	for _, r := range s.rows {
		real.add(float64(r.n), r.all.amplitude)
		all.add(float64(r.n), r.all.mean)
		two.add(float64(r.n), r.batches.mean)
	}
	swing.lines = append(swing.lines, real)
	inverse := func(l line, ns []float64) line {
		out := line{name: "1/N", dashed: true}
		first := l.points[0]
		for _, n := range ns {
			out.add(n, first.Y*first.X/n)
		}
		return out
	}
	toy := panel{title: "FID of real samples, mixture", x: "samples N", y: "mean FID", ticks: ns, lines: []line{all, two, inverse(all, ns)}}
	pixels, lenet := line{name: "raw pixels, two halves"}, line{name: "LeNet, two halves"}
	for _, n := range mnistSizes {
		sizes = append(sizes, float64(n))
		pixels.add(float64(n), stat.Mean(m["raw"][n], nil))
		lenet.add(float64(n), stat.Mean(m["lenet"][n], nil))
	}
	digits := panel{title: "FID of real samples, MNIST", x: "samples N", y: "mean FID", ticks: sizes, lines: []line{pixels, lenet, inverse(lenet, sizes)}}
	return row("honesty-samples", "Amplitude and bias of FID against the number of samples N", 3.1*vg.Inch, swing, toy, digits)
}
