package figures

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"fig5/bench/report/canvas"
	"fig5/bench/tinygan"
)

// Point is one value that Theory draws. Amplitudes are relative to |α_r - α_0|,
// in panel d to the flow's.
type Point struct {
	Panel, Series string
	X, Y          float64
}

// curve is one series of Theory.
type curve struct {
	line
	marks  draw.GlyphDrawer // nil for a line
	xys    plotter.XYs
	legend string // "" for the line's name, "-" for none
}

// theoryPanel is one of Theory's four.
type theoryPanel struct {
	id, title, x, y string
	limits          [4]float64
	curves          []curve
}

// The examples that Theory draws.
var (
	taus   = []float64{1, 3, 2 * math.Pi}
	totals = []float64{3, 10, 30}
	untils = []float64{50, 200, 1000}
)

// maxK is as far as the curves against K go.
const maxK = 100

// Theory is the theoretical Figure 5, with the points drawn:
//
//	a  amplitude against the time constant T: Eq. 16, its counterpart for β', and a
//	   staircase that ends, after 3 T, with a jump of e^-3
//	b  K equal jumps at a fixed time τ per level (Algorithm 1): the swept τ, and the
//	   root mean square over it
//	c  K equal jumps at a fixed total time: the limit is a ramp's
//	d  the amplitude under gradient descent, as a multiple of the flow's, against
//	   the step
func Theory() (canvas.Figure, []Point) {
	panels := []theoryPanel{smoothPanel(), perLevelPanel(), budgetPanel(), stepPanel()}
	var points []Point
	for _, p := range panels {
		for _, c := range p.curves {
			for _, v := range c.xys {
				points = append(points, Point{p.id, c.name, v.X, v.Y})
			}
		}
	}
	return canvas.Figure{Name: "figure5-theory", Title: "The oscillation of the tiny-GAN against T, K and the step of gradient descent",
		Width: canvas.Page, Height: 5.6 * vg.Inch, Draw: func(c draw.Canvas) {
			plots := make([][]*plot.Plot, 2)
			for i, p := range panels {
				plots[i/2] = append(plots[i/2], p.plot())
			}
			at := plot.Align(plots, draw.Tiles{Rows: 2, Cols: 2, PadX: 14, PadY: 12, PadLeft: 4, PadRight: 10, PadTop: 2}, c)
			for i := range plots {
				for j, p := range plots[i] {
					p.Draw(at[i][j])
				}
			}
		}}, points
}

// smoothPanel is panel a.
func smoothPanel() theoryPanel {
	const span = 3
	p := theoryPanel{id: "a", title: "(a) smooth annealing", x: "time constant T", y: "relative amplitude",
		limits: [4]float64{0.1, 1000, 1e-3, 2}}
	system := func(kind tinygan.Kind, T float64) tinygan.Steady {
		steady, _ := tinygan.System{Kind: kind, Target: 1, T: T}.Steady()
		return steady
	}
	p.curves = []curve{
		{line: line{"β-GAN: 1/√(1+T²)", blue, nil, 1.2}, xys: sampled(0.1, 1000, func(T float64) float64 { return system(tinygan.Beta, T).AmplitudeTheta })},
		{line: line{"β′-GAN, θ", orange, []vg.Length{4, 1.5}, 1.2}, xys: sampled(0.1, 1000, func(T float64) float64 { return system(tinygan.BetaPrime, T).AmplitudeTheta })},
		{line: line{"ended after 3 T by a jump", black, []vg.Length{1, 1.2}, 1.2}, xys: sampled(0.1, 1000, func(T float64) float64 {
			return tinygan.ExponentialLimitRMS(T, span)
		})},
	}
	return p
}

// perLevelPanel is panel b.
func perLevelPanel() theoryPanel {
	p := theoryPanel{id: "b", title: "(b) K levels, fixed time τ per level", x: "K", y: "relative amplitude",
		limits: [4]float64{1, maxK, 1e-3, 2}}
	marks := []line{{"τ = 1", blue, nil, 0}, {"τ = 3", orange, nil, 0}, {"τ = 2π", green, nil, 0}}
	shapes := []draw.GlyphDrawer{draw.CircleGlyph{}, draw.PyramidGlyph{}, draw.BoxGlyph{}}
	for i, tau := range taus {
		p.curves = append(p.curves, curve{line: marks[i], marks: shapes[i], xys: overK(func(k int) float64 { return tinygan.EqualJumps(k, tau) })})
	}
	p.curves = append(p.curves, curve{line: line{"root mean square over τ", black, nil, 1}, xys: overK(func(k int) float64 {
		return tinygan.StaircaseRMS(0, tinygan.LinearLevels(0, 1, k), 1)
	})})
	return p
}

// budgetPanel is panel c.
func budgetPanel() theoryPanel {
	p := theoryPanel{id: "c", title: "(c) K levels, fixed total time", x: "K", y: "relative amplitude",
		limits: [4]float64{1, maxK, 1e-3, 2}}
	marks := []line{{"total 3", blue, nil, 0}, {"total 10", orange, nil, 0}, {"total 30", green, nil, 0}}
	shapes := []draw.GlyphDrawer{draw.CircleGlyph{}, draw.PyramidGlyph{}, draw.BoxGlyph{}}
	for i, total := range totals {
		p.curves = append(p.curves, curve{line: marks[i], marks: shapes[i], xys: overK(func(k int) float64 { return tinygan.EqualJumps(k, total/float64(k)) })})
	}
	for i, total := range totals {
		limit, legend := tinygan.EqualJumpsLimit(total), "-"
		if i == 0 {
			legend = "limit K → ∞"
		}
		p.curves = append(p.curves, curve{line: line{"limit of " + marks[i].name, black, []vg.Length{1, 1.2}, 0.8},
			xys: plotter.XYs{{X: 1, Y: limit}, {X: maxK, Y: limit}}, legend: legend})
	}
	return p
}

// stepPanel is panel d.
func stepPanel() theoryPanel {
	p := theoryPanel{id: "d", title: "(d) gradient descent, T = 30", x: "step h", y: "amplitude / the flow's", limits: [4]float64{3e-5, 2, 0.05, 20}}
	s := tinygan.System{Kind: tinygan.Beta, Target: 1, T: 30}
	steady, _ := s.Steady()
	ratio := func(how tinygan.Descent, until, to float64) plotter.XYs {
		return sampled(3e-5, to, func(h float64) float64 {
			a, _ := s.DescentAmplitude(how, h, until)
			return a / steady.AmplitudePsi
		})
	}
	lines := []line{{"simultaneous, t = 50", blue, nil, 1.2}, {"simultaneous, t = 200", orange, []vg.Length{4, 1.5}, 1.2}, {"simultaneous, t = 1000", green, []vg.Length{6, 1.5, 1.5, 1.5}, 1.2}}
	for i, until := range untils {
		p.curves = append(p.curves, curve{line: lines[i], xys: ratio(tinygan.Simultaneous, until, 2)})
	}
	p.curves = append(p.curves, curve{line: line{"alternating, any t", black, []vg.Length{1, 1.2}, 1.2}, xys: ratio(tinygan.Alternating, 0, 1.99)})
	const tolerance = 0.05
	ends := curve{line: line{"5 % off", black, nil, 0}, marks: draw.RingGlyph{}}
	for _, until := range untils {
		ends.xys = append(ends.xys, plotter.XY{X: s.LargestStep(tinygan.Simultaneous, until, tolerance), Y: 1 + tolerance})
	}
	ends.xys = append(ends.xys, plotter.XY{X: s.LargestStep(tinygan.Alternating, 1, tolerance), Y: 1 + tolerance})
	p.curves = append(p.curves, ends)
	return p
}

// sampled is y at 400 points from lo to hi, evenly spaced in the logarithm.
func sampled(lo, hi float64, y func(float64) float64) plotter.XYs {
	xys := make(plotter.XYs, 400)
	for i := range xys {
		x := lo * math.Pow(hi/lo, float64(i)/float64(len(xys)-1))
		xys[i] = plotter.XY{X: x, Y: y(x)}
	}
	return xys
}

func overK(y func(k int) float64) plotter.XYs {
	xys := make(plotter.XYs, maxK)
	for i := range xys {
		xys[i] = plotter.XY{X: float64(i + 1), Y: y(i + 1)}
	}
	return xys
}

func (t theoryPanel) plot() *plot.Plot {
	p := newPlot(t.title, t.x, t.y)
	for _, c := range t.curves {
		var shown plotter.XYs // in common logarithms, inside the axes only: gonum draws beyond them
		for _, v := range c.xys {
			if v.X >= t.limits[0] && v.X <= t.limits[1] && v.Y >= t.limits[2] && v.Y <= t.limits[3] {
				shown = append(shown, plotter.XY{X: math.Log10(v.X), Y: math.Log10(v.Y)})
			}
		}
		legend := c.legend
		if legend == "" {
			legend = c.name
		}
		if c.marks == nil {
			l := add(p, c.line, shown)
			if legend != "-" {
				p.Legend.Add(legend, l)
			}
			continue
		}
		radius := 1.5 * vg.Length(1)
		if c.marks == (draw.RingGlyph{}) {
			radius = 3
		}
		s := &plotter.Scatter{XYs: shown, GlyphStyle: draw.GlyphStyle{Color: c.color, Radius: radius, Shape: c.marks}}
		p.Add(s)
		p.Legend.Add(legend, s)
	}
	for i, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Tick.Marker, a.Padding = decades{}, 0
		a.Min, a.Max = math.Log10(t.limits[2*i]), math.Log10(t.limits[2*i+1])
	}
	p.Legend.Left = true
	p.Legend.XOffs, p.Legend.YOffs = 6, 4
	return p
}
