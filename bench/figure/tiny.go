package figure

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"fig5/bench/figure/canvas"
	"fig5/bench/tinygan"
)

// Figure1 is the paper's Figure 1, α_r = 3 throughout: the whole ("figure1"), and each
// panel by itself ("figure1a" to "figure1d").
func Figure1() ([]Figure, error) {
	start := tinygan.State{Theta: 1, Alpha: 1}
	near, away := [2]float64{-1.4, 4}, [4]float64{0.7, 4, -1.1, 1.1}
	var rows []orbit
	for _, p := range []struct {
		orbit
		system tinygan.System
		until  float64
	}{
		{orbit{name: "figure1a", title: "(a) autonomous, from (θ, ψ) = (1, 2): turns about 3 for ever", y: [2]float64{-3.5, 6.5}, portrait: [4]float64{0, 6, -3, 3}},
			tinygan.System{Start: tinygan.State{Theta: 1, Psi: 2, Alpha: 3}, Target: 3}, 30},
		{orbit{name: "figure1b", title: "(b) β′-GAN (λ = 1), T = 3, from (1, 0, 1): the wrong equilibrium (2, 0, 2)", y: near, portrait: away},
			tinygan.System{Kind: tinygan.BetaPrime, Start: start, Target: 3, T: 3}, 40},
		{orbit{name: "figure1c", title: "(c) β-GAN (λ = 0), T = 3, from (1, 0, 1): about 3, amplitude 0.63", y: near, portrait: away},
			tinygan.System{Kind: tinygan.Beta, Start: start, Target: 3, T: 3}, 40},
		{orbit{name: "figure1d", title: "(d) β-GAN (λ = 0), T = 30, from (1, 0, 1): about 3, amplitude 0.067", y: near, portrait: away},
			tinygan.System{Kind: tinygan.Beta, Start: start, Target: 3, T: 30}, 200},
	} {
		every, err := Sampling(p.until, 0)
		if err != nil {
			return nil, err
		}
		if p.tr, err = p.system.Integrate(p.until, every); err != nil {
			return nil, err
		}
		rows = append(rows, p.orbit)
	}
	figs := []Figure{orbits("figure1", "Figure 1: time series and phase portraits of the tiny-GAN", rows...)}
	for _, r := range rows {
		figs = append(figs, orbits(r.name, r.title, r))
	}
	return figs, nil
}

// longest is the time up to which a drawing shows single oscillations.
const longest = 2000

// Sampling is the interval at which to sample a trajectory that is to be drawn up to
// until: fine enough for smooth curves, and a multiple of step where step is not 0. It is
// an error to draw more oscillations than there are dots on the page.
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

// Trajectory draws one trajectory as time series and phase portrait. Where the path
// leaves the closed form of the flow (gradient descent), that is drawn in grey behind it.
func Trajectory(tr *tinygan.Trajectory, title string) Figure {
	return orbits("trajectory", title, orbit{title: title, tr: tr})
}

// orbit is one row: time series, phase portrait.
type orbit struct {
	name, title string
	tr          *tinygan.Trajectory
	y           [2]float64 // range of the time series; zero for the data's
	portrait    [4]float64 // range of the phase portrait: θ from, to, ψ from, to
}

// coordinates are α, ψ, θ: θ is drawn last, on top.
var coordinates = []struct {
	name string
	of   func(tinygan.State) float64
	line draw.LineStyle
}{
	{"α (data)", func(x tinygan.State) float64 { return x.Alpha }, canvas.Line(canvas.Black, 1, canvas.Dashes[2]...)},
	{"ψ (discriminator)", func(x tinygan.State) float64 { return x.Psi }, canvas.Line(canvas.Vermilion, 1.1, canvas.Dashes[1]...)},
	{"θ (generator)", func(x tinygan.State) float64 { return x.Theta }, canvas.Line(canvas.Blue, 1.1)},
}

var flowLine = canvas.Line(canvas.Faint, 0.7)

// orbits draws the rows below each other, with one key above them all.
func orbits(name, title string, rows ...orbit) Figure {
	const left, right, gap, head, titleHeight, dataHeight, foot, between = 34, 8, 40, 14, 14, 100, 30, 20
	f := Figure{Name: name, Title: title, Width: canvas.Page}
	f.Height = head + foot - between + vg.Length(len(rows))*(titleHeight+dataHeight+between)
	split := left + 0.6*(f.Width-left-right-gap)
	f.Draw = func(c draw.Canvas) {
		canvas.Clear(c)
		var keys []canvas.Key
		for _, k := range slices.Backward(coordinates) {
			keys = append(keys, canvas.LineKey(k.name, k.line))
		}
		if slices.ContainsFunc(rows, func(r orbit) bool { return r.flow() != nil }) {
			keys = append(keys, canvas.LineKey("flow", flowLine))
		}
		canvas.Legend(c, keys, left, f.Height-2, f.Width)
		canvas.Legend(c, []canvas.Key{startMark, targetMark, centreMark}, split+gap, f.Height-2, f.Width)
		top := f.Height - head
		for i, r := range rows {
			canvas.Write(c, canvas.Bold(canvas.Normal), left, top-10, 0, r.title)
			top -= titleHeight
			last := i == len(rows)-1
			r.series(c, canvas.Rectangle(left, top-dataHeight, split, top), last)
			r.phase(c, canvas.Rectangle(split+gap, top-dataHeight, f.Width-right, top), last)
			top -= dataHeight + between
		}
	}
	return f
}

// flow is the flow's closed form, nil where the path does not leave it visibly.
func (r orbit) flow() []tinygan.State {
	if r.tr.Deviation() > 0.005*r.tr.Size() {
		return r.tr.Exact
	}
	return nil
}

// along is a coordinate of each state of a path.
func along(path []tinygan.State, of func(tinygan.State) float64) []float64 {
	v := make([]float64, len(path))
	for i, x := range path {
		v[i] = of(x)
	}
	return v
}

func (r orbit) series(c draw.Canvas, data vg.Rectangle, last bool) {
	x := canvas.Axis{Max: max(r.tr.Times[len(r.tr.Times)-1], 1e-9)}
	if last {
		x.Label = "time t"
	}
	y, flow := canvas.Axis{Min: r.y[0], Max: r.y[1]}, r.flow()
	if r.y == [2]float64{} {
		var all [][]float64
		for _, k := range coordinates {
			all = append(all, along(r.tr.Path, k.of), along(flow, k.of))
		}
		y = canvas.Padded(all...)
	}
	p := canvas.NewPanel(c, data, x, y)
	for _, k := range coordinates {
		p.Curve(flowLine, r.tr.Times[:len(flow)], along(flow, k.of))
	}
	for _, k := range coordinates {
		p.Curve(k.line, r.tr.Times, along(r.tr.Path, k.of))
	}
}

func (r orbit) phase(c draw.Canvas, data vg.Rectangle, last bool) {
	s := r.tr.System
	ofTheta, ofPsi := coordinates[2].of, coordinates[1].of
	theta, psi := along(r.tr.Path, ofTheta), along(r.tr.Path, ofPsi)
	x, y := canvas.Axis{Min: r.portrait[0], Max: r.portrait[1]}, canvas.Axis{Min: r.portrait[2], Max: r.portrait[3]}
	if r.portrait == [4]float64{} {
		x, y = canvas.Padded(theta, []float64{s.Target, s.Start.Theta}), canvas.Padded(psi, []float64{0})
	}
	y.Label = "ψ"
	if last {
		x.Label = "θ"
	}
	round(&x, &y, data)
	p := canvas.NewPanel(c, data, x, y)
	p.Curve(flowLine, along(r.flow(), ofTheta), along(r.flow(), ofPsi))
	p.Curve(canvas.Line(canvas.Blue, 0.7), theta, psi)
	targetMark.Draw(c, p.At(s.Target, 0))
	if steady, ok := s.Steady(); ok {
		centreMark.Draw(c, p.At(steady.CentreTheta, 0))
	}
	startMark.Draw(c, p.At(s.Start.Theta, s.Start.Psi))
}

// The marks of a phase portrait.
var (
	startMark  = canvas.MarkKey("start", canvas.Circle, 2.2, canvas.Black, draw.LineStyle{})
	targetMark = canvas.MarkKey("target", canvas.Circle, 3.5, nil, canvas.Line(canvas.Black, 0.7))
	centreMark = canvas.MarkKey("centre", canvas.Cross, 2, nil, canvas.Line(canvas.Black, 0.7))
)

// round widens the shorter axis until a unit is as long across as up, so that a circle is
// one. A range that would vanish beside the other is left as it is.
func round(x, y *canvas.Axis, data vg.Rectangle) {
	w, h := x.Max-x.Min, y.Max-y.Min
	if max(w/h, h/w) > 12 {
		return
	}
	widen := func(a *canvas.Axis, to float64) {
		if more := to - (a.Max - a.Min); more > 0 {
			a.Min, a.Max = a.Min-more/2, a.Max+more/2
		}
	}
	size := data.Size()
	widen(x, h*float64(size.X/size.Y))
	widen(y, w*float64(size.Y/size.X))
}
