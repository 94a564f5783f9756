package figure

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"fig5/bench/claims"
	"fig5/bench/figure/canvas"
	"fig5/bench/measure"
	"fig5/bench/tinygan"
)

// Sweep is the amplitude of a sweep against K, and below it what it must be read with:
// another amplitude, the FID level, lost modes, and the spread over seeds. sum and other
// are the sweep's summaries by two amplitudes. It is one figure of that name, or several
// with -1, -2, … behind it where there are many series.
func Sweep(name string, s *measure.Sweep, sum, other *claims.Summary) []Figure {
	c := newChart(s, sum)
	return c.chunks(name, func(name string, series []measure.Series) Figure {
		return c.wide(name, series, newChart(s, other))
	})
}

// Narrow is the amplitude of a sweep against K alone, a column wide, on logarithmic or
// on linear axes.
func Narrow(name string, s *measure.Sweep, sum *claims.Summary, log bool) []Figure {
	c := newChart(s, sum)
	return c.chunks(name, func(name string, series []measure.Series) Figure {
		main := c.amplitudes(c.overK(series, log), log)
		return c.single(name, main, c.sweepKeys(series, main), canvas.Column)
	})
}

// mostSeries is how many series share a panel before they get more than one.
const mostSeries = 4

// chunks deals the series out to figures.
func (c chart) chunks(name string, f func(name string, series []measure.Series) Figure) []Figure {
	n := max(1, (len(c.series)+mostSeries-1)/mostSeries)
	var out []Figure
	for i := range n {
		part := c.series[i*len(c.series)/n : (i+1)*len(c.series)/n]
		own := name
		if n > 1 {
			own += fmt.Sprintf("-%d", i+1)
		}
		out = append(out, f(own, part))
	}
	return out
}

func (c chart) title() string {
	return fmt.Sprintf("%s: amplitude (%s) against the number of annealing steps K, one dot a run", c.sweep.Name, measure.Words(c.sum.Measure))
}

func (c chart) sweepKeys(series []measure.Series, main points) []canvas.Key {
	keys := main.keys()
	if names := c.seriesKeys(series, main.columns); len(names) > 1 {
		keys = append(names, keys...)
	}
	if main.theory != nil {
		keys = append(keys, canvas.LineKey("tiny-GAN at a fixed time a level: 1/√(K + 1), scaled to the first K", theoryLine))
	}
	return keys
}

// letter writes a panel's letter left above its data.
func letter(c draw.Canvas, data vg.Rectangle, s string) {
	canvas.Write(c, canvas.Bold(canvas.Normal+1), data.Min.X-30, data.Max.Y+3, 0, s)
}

// single is a figure of one panel with its legend above.
func (c chart) single(name string, main points, keys []canvas.Key, width vg.Length) Figure {
	const left, right, bottom, dataHeight = 40, 5, 27, 150
	head := 12 + canvas.LegendHeight(keys, width-12)
	if main.ks {
		head += 11
	}
	height := head + dataHeight + bottom
	return Figure{Name: name, Title: c.title(), Width: width, Height: height, Draw: func(cv draw.Canvas) {
		canvas.Clear(cv)
		canvas.Legend(cv, keys, 6, height-5, width-12)
		main.draw(cv, canvas.Rectangle(left, bottom, width-right, bottom+dataHeight), main.vertical())
	}}
}

func (c chart) wide(name string, series []measure.Series, other chart) Figure {
	cs := c.overK(series, true)
	main := c.amplitudes(cs, true)
	main.size = 1.9
	main.theory = c.theory(series)
	second := other.amplitudes(other.overK(series, true), true)
	second.label, second.counts = measure.ShortWords(other.sum.Measure), false
	level := c.levels(cs)
	keys := c.sweepKeys(series, main)
	const left, right, gutter = 44, 6, 48
	const mainHeight, rowHeight, between = 165, 92, 41
	width := canvas.Page
	head := 20 + canvas.LegendHeight(keys, width-left-right)
	height := head + mainHeight + 2*(between+rowHeight) + 33
	return Figure{Name: name, Title: c.title(), Width: width, Height: height, Draw: func(cv draw.Canvas) {
		canvas.Clear(cv)
		canvas.Legend(cv, keys, left, height-6, width-left-right)
		data := canvas.Rectangle(left, height-head-mainHeight, width-right, height-head)
		main.draw(cv, data, main.vertical())
		letter(cv, data, "a")
		w := (width - left - right - gutter) / 2
		for i, draw := range []func(vg.Rectangle){
			func(r vg.Rectangle) { second.draw(cv, r, second.vertical()) },
			func(r vg.Rectangle) { level.draw(cv, r, level.vertical()) },
			func(r vg.Rectangle) { drawLost(cv, cs, r) },
			func(r vg.Rectangle) { drawSpread(cv, cs, r) },
		} {
			x := left + vg.Length(i%2)*(w+gutter)
			y := data.Min.Y - vg.Length(i/2+1)*(between+rowHeight)
			r := canvas.Rectangle(x, y, x+w, y+rowHeight)
			draw(r)
			letter(cv, r, string(rune('b'+i)))
		}
	}}
}

// theory is what the paper's tiny-GAN predicts for the first series with a fixed time a
// level: from one equilibrium to the next in K+1 equal jumps leaves an oscillation of
// 1/√(K+1) of one jump's, where its phase at each jump is not known. The prediction has
// no scale of its own: it goes through the geometric mean at the first K. Of a fixed time
// in all it says nothing, and there is no line.
func (c chart) theory(series []measure.Series) map[float64]float64 {
	i := slices.IndexFunc(series, func(s measure.Series) bool { return c.perLevel(s) > 0 })
	if i < 0 || c.sum.Measure == "relative" {
		return nil
	}
	groups := series[i].Groups
	first := slices.IndexFunc(groups, func(g *measure.Group) bool { return g.K > 0 && c.is[g].GeoMean.Defined() })
	if first < 0 {
		return nil
	}
	rms := func(k int) float64 { return tinygan.StaircaseRMS(0, tinygan.LinearLevels(0, 1, k), 1) }
	scale := float64(c.is[groups[first]].GeoMean) / rms(groups[first].K)
	line := map[float64]float64{}
	for _, g := range groups[first:] {
		line[float64(g.K)] = scale * rms(g.K)
	}
	return line
}

// drawLost draws how many runs lost a mode, as bars out of those in which modes were counted.
func drawLost(c draw.Canvas, cs columns, data vg.Rectangle) {
	most, counted := 1, false
	for _, pl := range cs.places() {
		_, n := pl.LostModes()
		most = max(most, n)
		counted = counted || n > 0
	}
	p := cs.panel(c, data, canvas.Axis{Max: 1.12 * float64(most), Label: "runs that lost a mode", Ticks: counts(most)})
	if !counted {
		canvas.Write(c, canvas.Note, p.Center().X, p.Center().Y, 0.5, "modes were not counted")
	}
	for _, pl := range cs.places() {
		lost, n := pl.LostModes()
		if n == 0 {
			continue
		}
		x, w := p.Min.X+pl.x, min(0.4*cs.strip, 7)
		if lost > 0 {
			canvas.Fill(c, pl.look().Color, x-w, p.AtY(0), x+w, p.AtY(float64(lost)))
		} else if w > 2.2 {
			canvas.Write(c, canvas.Note, x, p.AtY(0)+2, 0.5, "0")
		}
		c.SetLineStyle(canvas.Line(canvas.Faint, 0.5))
		c.Stroke(canvas.Rectangle(x-w, p.AtY(0), x+w, p.AtY(float64(n))).Path())
	}
}

// counts marks whole numbers up to most.
func counts(most int) []canvas.Tick {
	var out []canvas.Tick
	step := max(1, int(canvas.RoundStep(float64(most)/4)))
	for v := 0; v <= most; v += step {
		out = append(out, canvas.Tick{At: float64(v), Label: fmt.Sprint(v)})
	}
	return out
}

// drawSpread draws the standard deviation over seeds of ln amplitude.
func drawSpread(c draw.Canvas, cs columns, data vg.Rectangle) {
	top, seeds := 0.5, false
	for _, pl := range cs.places() {
		if pl.is.SDLog.Defined() {
			top, seeds = math.Max(top, float64(pl.is.SDLog)), true
		}
	}
	p := cs.panel(c, data, canvas.Axis{Max: 1.12 * top, Label: "sd of ln amplitude"})
	if !seeds {
		canvas.Write(c, canvas.Note, p.Center().X, p.Center().Y, 0.5, "needs two seeds or more")
	}
	joined := map[int]vg.Point{}
	for _, pl := range cs.places() {
		if pl.is.SDLog.Defined() {
			q := vg.Point{X: p.Min.X + pl.x, Y: p.AtY(float64(pl.is.SDLog))}
			pl.join(c, joined, q, 0.7)
			pl.look().Mean(c, q, 2.2)
		}
	}
}
