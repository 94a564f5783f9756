package figures

import (
	"fmt"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"fig5/bench/report/canvas"
	"fig5/bench/tinygan"
)

// longest is the time up to which a drawing shows single oscillations.
const longest = 2000

// Sampling is the interval at which to sample a trajectory that is to be drawn up
// to until: fine enough for smooth curves, and a multiple of step where step is
// not 0. It is an error to draw more oscillations than there are dots on the page.
func Sampling(until, step float64) (every float64, err error) {
	if until > longest {
		return 0, fmt.Errorf("until: %v is too long to draw (%d at most); take the numbers instead", until, longest)
	}
	every = max(until, 1e-6) / max(400, math.Ceil(until/0.1))
	if step > 0 {
		every = step * max(1, math.Floor(every/step))
	}
	return every, nil
}

// Trajectory draws one trajectory as time series and phase portrait. Where the
// path leaves the closed form of the flow (gradient descent), that is drawn in
// grey behind it.
func Trajectory(tr *tinygan.Trajectory, title string) canvas.Figure {
	p := panel{name: "trajectory", title: title, tr: tr}
	return canvas.Figure{Name: p.name, Title: title, Width: canvas.Page, Height: 2.5 * vg.Inch, Draw: func(c draw.Canvas) {
		drawPanels(c, []panel{p})
	}}
}

// panel is one row: time series, phase portrait.
type panel struct {
	name, title string
	tr          *tinygan.Trajectory
	y           [2]float64 // range of the time series; zero for the data's
	portrait    [4]float64 // range of the phase portrait: θ from, to, ψ from, to
}

// drawPanels draws the rows below each other, with one key above them all.
func drawPanels(c draw.Canvas, rows []panel) {
	lines := []line{thetaLine, psiLine, alphaLine}
	for _, r := range rows {
		if r.leavesFlow() {
			lines = append(lines, flowLine)
			break
		}
	}
	c = key(c, lines, "●\u00a0start\u00a0\u00a0\u00a0 ○\u00a0target\u00a0\u00a0\u00a0 ×\u00a0centre")
	series, portraits := make([][]*plot.Plot, len(rows)), make([][]*plot.Plot, len(rows))
	for i, r := range rows {
		series[i], portraits[i] = []*plot.Plot{r.series(i == len(rows)-1)}, []*plot.Plot{r.phase()}
	}
	split := c.Min.X + 0.63*c.Size().X
	tiles := draw.Tiles{Rows: len(rows), Cols: 1, PadY: 8, PadLeft: 4, PadRight: 6}
	left, right := c, c
	left.Max.X, right.Min.X = split, split
	leftAt, rightAt := plot.Align(series, tiles, left), plot.Align(portraits, tiles, right)
	for i := range rows {
		equalScale(portraits[i][0], rightAt[i][0])
	}
	rightAt = plot.Align(portraits, tiles, right)
	for i := range rows {
		series[i][0].Draw(leftAt[i][0])
		portraits[i][0].Draw(rightAt[i][0])
	}
}

var flowLine = line{"flow", grey, nil, 0.7}

// leavesFlow reports whether the path is visibly not the flow's closed form.
func (r panel) leavesFlow() bool {
	return r.tr.Deviation() > 0.005*r.tr.Size()
}

func (r panel) series(last bool) *plot.Plot {
	label := ""
	if last {
		label = "time t"
	}
	p := newPlot(r.title, label, "")
	if r.leavesFlow() {
		for _, get := range coordinates {
			add(p, flowLine, r.points(r.tr.Exact, get))
		}
	}
	for i, l := range []line{alphaLine, psiLine, thetaLine} {
		add(p, l, r.points(r.tr.Path, coordinates[i]))
	}
	p.X.Min, p.X.Max = 0, max(r.tr.Times[len(r.tr.Times)-1], 1e-9)
	if r.y != [2]float64{} {
		p.Y.Min, p.Y.Max = r.y[0], r.y[1]
	}
	return p
}

// coordinates are α, ψ, θ: θ is drawn last, on top.
var coordinates = []func(tinygan.State) float64{
	func(x tinygan.State) float64 { return x.Alpha },
	func(x tinygan.State) float64 { return x.Psi },
	func(x tinygan.State) float64 { return x.Theta },
}

func (r panel) points(path []tinygan.State, get func(tinygan.State) float64) plotter.XYs {
	xys := make(plotter.XYs, len(path))
	for i, x := range path {
		xys[i] = plotter.XY{X: r.tr.Times[i], Y: get(x)}
	}
	return xys
}

func (r panel) phase() *plot.Plot {
	p := newPlot("", "θ", "ψ")
	orbit := func(l line, path []tinygan.State) {
		xys := make(plotter.XYs, len(path))
		for i, x := range path {
			xys[i] = plotter.XY{X: x.Theta, Y: x.Psi}
		}
		add(p, l, xys)
	}
	if r.leavesFlow() {
		orbit(flowLine, r.tr.Exact)
	}
	orbit(line{"", blue, nil, 0.7}, r.tr.Path)
	s := r.tr.System
	mark(p, plotter.XY{X: s.Target}, draw.RingGlyph{}, 3.5)
	if steady, ok := s.Steady(); ok {
		mark(p, plotter.XY{X: steady.CentreTheta}, draw.CrossGlyph{}, 2.5)
	}
	mark(p, plotter.XY{X: s.Start.Theta, Y: s.Start.Psi}, draw.CircleGlyph{}, 2.2)
	if q := r.portrait; q != [4]float64{} {
		p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = q[0], q[1], q[2], q[3]
	} else {
		size := r.tr.Size()
		if size == 0 {
			size = 1
		}
		for _, a := range []*plot.Axis{&p.X, &p.Y} {
			room := 0.05 * (a.Max - a.Min)
			if room <= 1e-9*size {
				room = 0.1 * size // one point
			}
			a.Min, a.Max = a.Min-room, a.Max+room
		}
	}
	return p
}
