package report

import (
	"fmt"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"fig5/bench/anneal"
	"fig5/bench/report/canvas"
)

// StaircaseFigure is β against the iteration, a panel a K and a row a series, the
// hot baseline beside each. Series with one K each share rows, and a panel alone is a
// column wide. ok is false where the levels are not known (a list of curves).
func (d *Data) StaircaseFigure() (f canvas.Figure, ok bool) {
	const mostAcross = 6
	type stair struct {
		title  string
		levels []anneal.Level
	}
	type row struct {
		title  string
		stairs []stair
	}
	var rows []row
	across := 0
	var hot []anneal.Level
	if g := d.Baseline(anneal.Hot); g != nil && len(g.Runs) > 0 {
		hot = g.Runs[0].Levels
	}
	betas := betaScale{lo: math.Inf(1), hi: math.Inf(-1)}
	betas.include(hot)
	for _, s := range d.Series() {
		r := row{title: s.Label}
		for _, g := range s.Groups {
			if len(g.Runs) == 0 || len(g.Runs[0].Levels) < 2 {
				continue
			}
			if len(r.stairs) == mostAcross {
				rows = append(rows, r)
				r.stairs = nil
			}
			r.stairs = append(r.stairs, stair{fmt.Sprintf("K = %d", g.K), g.Runs[0].Levels})
			betas.include(g.Runs[0].Levels)
			across = max(across, len(r.stairs))
		}
		if len(r.stairs) > 0 {
			rows = append(rows, r)
		}
	}
	if len(rows) == 0 {
		return f, false
	}
	if across == 1 && len(rows) > 1 { // a panel a series
		var shared []row
		for i, r := range rows {
			if i%mostAcross == 0 {
				shared = append(shared, row{})
			}
			s := r.stairs[0]
			if r.title != "" {
				s.title = r.title + ", " + s.title
			}
			last := &shared[len(shared)-1]
			last.stairs = append(last.stairs, s)
			across = max(across, len(last.stairs))
		}
		rows = shared
	}

	const left, right, gutter, dataHeight, foot = 36, 10, 16, 62, 32
	rowHead := vg.Length(14)
	if rows[0].title != "" {
		rowHead += 12
	}
	width := canvas.Page
	if across == 1 {
		width = canvas.Column
	}
	legend := []entry{{"ladder", func(c draw.Canvas, q vg.Point) { c.StrokeLine2(line(colors[0], 1.1), q.X-7, q.Y, q.X+7, q.Y) }}}
	if len(hot) > 1 {
		legend = append(legend, entry{"hot baseline (β = 0 is the uniform box)", func(c draw.Canvas, q vg.Point) { c.StrokeLine2(line(grey, 0.9, 3, 2), q.X-7, q.Y, q.X+7, q.Y) }})
	}
	head := 4 + legendHeight(legend, width-left-right)
	height := head + foot + vg.Length(len(rows))*(dataHeight+rowHead) + vg.Length(len(rows)-1)*18
	return canvas.Figure{Name: "staircase", Title: d.Name + ": β against the iteration, a panel for each number of annealing steps K", Width: width, Height: height, Draw: func(c draw.Canvas) {
		clear(c)
		drawLegend(c, legend, left, height-3, width-left-right)
		w := (width - left - right - vg.Length(across-1)*gutter) / vg.Length(across)
		top := height - head
		for i, r := range rows {
			if r.title != "" {
				c.FillText(canvas.Style(small, true, black), vg.Point{X: left, Y: top - 10}, r.title)
			}
			top -= rowHead
			for j, s := range r.stairs {
				x := left + vg.Length(j)*(w+gutter)
				data := rectangle(x, top-dataHeight, x+w, top)
				p := newPlot()
				xmax := 1.15 * math.Max(annealed(s.levels), annealed(hot))
				setIterations(p, 0, xmax, w)
				p.Y.Min, p.Y.Max = betas.bottom()-0.3*betas.step(), betas.top()+0.3*betas.step()
				p.Y.Tick.Marker = betas.ticks()
				if j == 0 {
					p.Y.Label.Text = "β"
				} else {
					p.Y.Tick.Marker = unlabelled(p.Y.Tick.Marker, p.Y.Min, p.Y.Max)
				}
				if i < len(rows)-1 {
					p.X.Label.Text = ""
				}
				p.Add(plotter(func(c draw.Canvas, p *plot.Plot) {
					betas.draw(c, p, hot, line(grey, 0.9, 3, 2))
					betas.draw(c, p, s.levels, line(colors[0], 1.1))
				}))
				p.Draw(fit(p, c, data))
				c.FillText(canvas.Style(small, false, black), vg.Point{X: x, Y: top + 3}, s.title)
			}
			top -= dataHeight + 18
		}
	}}, true
}

// annealed is how many iterations the levels before β = ∞ take.
func annealed(levels []anneal.Level) float64 {
	n := 0
	for _, l := range levels {
		if !math.IsInf(l.Beta, 1) {
			n += l.Iterations
		}
	}
	return float64(n)
}

// betaScale is a logarithmic axis of β with places of their own for 0 and ∞.
type betaScale struct {
	lo, hi float64 // log10 of the finite, positive levels
	zero   bool
}

func (b *betaScale) include(levels []anneal.Level) {
	for _, l := range levels {
		switch {
		case l.Beta == 0:
			b.zero = true
		case !math.IsInf(l.Beta, 1):
			b.lo, b.hi = math.Min(b.lo, math.Log10(l.Beta)), math.Max(b.hi, math.Log10(l.Beta))
		}
	}
}

func (b betaScale) step() float64 { return math.Max(0.25, 0.22*(b.hi-b.lo)) }
func (b betaScale) top() float64  { return b.hi + b.step() }
func (b betaScale) bottom() float64 {
	if b.zero {
		return b.lo - b.step()
	}
	return b.lo
}

func (b betaScale) place(beta float64) float64 {
	switch {
	case beta == 0:
		return b.bottom()
	case math.IsInf(beta, 1):
		return b.top()
	}
	return math.Log10(beta)
}

func (b betaScale) ticks() plot.ConstantTicks {
	ticks := plot.ConstantTicks{{Value: b.top(), Label: "∞"}}
	if b.zero {
		ticks = append(ticks, plot.Tick{Value: b.bottom(), Label: "0"})
	}
	return append(ticks, axis{true, b.lo - 1e-9, b.hi + 1e-9}.ticks(50)...)
}

// draw draws the levels as a staircase.
func (b betaScale) draw(c draw.Canvas, p *plot.Plot, levels []anneal.Level, sty draw.LineStyle) {
	x, y := p.Transforms(&c)
	var pts []vg.Point
	at := 0.
	for _, l := range levels {
		from := at
		at += float64(l.Iterations)
		yy := y(b.place(l.Beta))
		pts = append(pts, vg.Point{X: min(x(from), c.Max.X), Y: yy}, vg.Point{X: min(x(at), c.Max.X), Y: yy})
	}
	if len(pts) > 0 {
		c.StrokeLines(sty, pts)
	}
}
