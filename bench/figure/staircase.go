package figure

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"fig5/bench/anneal"
	"fig5/bench/figure/canvas"
	"fig5/bench/measure"
)

// stair is one panel of Staircase: a ladder and the hot phase drawn beside it.
type stair struct {
	title       string
	levels, hot []anneal.Level
}

// length is how many iterations the longer one anneals for.
func (s stair) length() float64 { return max(annealed(s.levels), annealed(s.hot)) }

// stairs is one row of them.
type stairs struct {
	title  string
	panels []stair
}

// mostAcross is how many panels a row of Staircase has.
const mostAcross = 6

// Staircase is β against the iteration, a panel a K and a row a series, beside each the
// hot phase of its length, or else the longest. Series with one K each share rows, and a
// panel alone is a column wide. ok is false where the levels are not known (a list of
// curves).
func Staircase(s *measure.Sweep) (f Figure, ok bool) {
	rows := stairsOf(s)
	if len(rows) == 0 {
		return f, false
	}
	across, hot, longest := 0, false, 0.
	var levels []anneal.Level
	for _, r := range rows {
		across = max(across, len(r.panels))
		for _, p := range r.panels {
			hot = hot || len(p.hot) > 0
			longest = max(longest, p.length())
			levels = slices.Concat(levels, p.hot, p.levels)
		}
	}
	betas, place := betaAxis(levels)
	const left, right, gutter, dataHeight, foot = 36, 10, 16, 62, 32
	rowHead := vg.Length(14)
	if rows[0].title != "" {
		rowHead += 12
	}
	f = Figure{Name: "staircase", Title: s.Name + ": β against the iteration, a panel for each number of annealing steps K", Width: canvas.Page}
	if across == 1 {
		f.Width = canvas.Column
	}
	ladder, hotLine := canvas.Line(canvas.Blue, 1.1), canvas.Line(canvas.Grey, 0.9, 3, 2)
	keys := []canvas.Key{canvas.LineKey("ladder", ladder)}
	if hot {
		keys = append(keys, canvas.LineKey("hot baseline (β = 0 is the uniform box)", hotLine))
	}
	head := 4 + canvas.LegendHeight(keys, f.Width-left-right)
	f.Height = head + foot + vg.Length(len(rows))*(dataHeight+rowHead) + vg.Length(len(rows)-1)*18
	f.Draw = func(c draw.Canvas) {
		canvas.Clear(c)
		canvas.Legend(c, keys, left, f.Height-3, f.Width-left-right)
		w := (f.Width - left - right - vg.Length(across-1)*gutter) / vg.Length(across)
		top := f.Height - head
		for i, r := range rows {
			if r.title != "" {
				canvas.Write(c, canvas.Bold(canvas.Small), left, top-10, 0, r.title)
			}
			top -= rowHead
			for j, s := range r.panels {
				x := left + vg.Length(j)*(w+gutter)
				across, up := iterations(0, 1.15*s.length(), w, longest >= many), betas
				up.Bare = j > 0
				if i < len(rows)-1 {
					across.Label = ""
				}
				p := canvas.NewPanel(c, canvas.Rectangle(x, top-dataHeight, x+w, top), across, up)
				drawStairs(p, hotLine, s.hot, place)
				drawStairs(p, ladder, s.levels, place)
				canvas.Write(c, canvas.Note, x, top+3, 0, s.title)
			}
			top -= dataHeight + 18
		}
	}
	return f, true
}

// stairsOf deals the ladders out to rows.
func stairsOf(s *measure.Sweep) (rows []stairs) {
	var all []stairs
	several := false
	for _, series := range s.Series() {
		row := stairs{title: series.Label}
		for _, g := range series.Groups {
			if len(g.Runs) > 0 && len(g.Runs[0].Levels) > 1 {
				row.panels = append(row.panels, stair{fmt.Sprintf("K = %d", g.K), g.Runs[0].Levels, hotBeside(s, g.Annealing())})
			}
		}
		if len(row.panels) > 0 {
			all, several = append(all, row), several || len(row.panels) > 1
		}
	}
	if len(all) > 1 && !several { // a panel a series
		var common stairs
		for _, r := range all {
			p := r.panels[0]
			if r.title != "" {
				p.title = r.title + ", " + p.title
			}
			common.panels = append(common.panels, p)
		}
		all = []stairs{common}
	}
	for _, r := range all {
		for panels := range slices.Chunk(r.panels, mostAcross) {
			rows = append(rows, stairs{r.title, panels})
		}
	}
	return rows
}

// hotBeside is the hot phase of that length, or else the longest; nil where there is none.
func hotBeside(s *measure.Sweep, length int) []anneal.Level {
	if g := s.Hot(length); g != nil {
		return g.Runs[0].Levels
	}
	var longest []anneal.Level
	for _, g := range s.Baselines() {
		if g.Baseline == anneal.Hot && len(g.Runs) > 0 && annealed(g.Runs[0].Levels) > annealed(longest) {
			longest = g.Runs[0].Levels
		}
	}
	return longest
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

// betaAxis is a logarithmic axis of the levels' β with places of their own for 0 and ∞,
// and where β lies on it.
func betaAxis(levels []anneal.Level) (a canvas.Axis, place func(beta float64) float64) {
	lo, hi, zero := math.Inf(1), math.Inf(-1), false // log10 of the finite, positive ones
	for _, l := range levels {
		switch {
		case l.Beta == 0:
			zero = true
		case !math.IsInf(l.Beta, 1):
			lo, hi = min(lo, math.Log10(l.Beta)), max(hi, math.Log10(l.Beta))
		}
	}
	step := max(0.25, 0.22*(hi-lo))
	a = canvas.Axis{Label: "β", Min: lo - 0.3*step, Max: hi + 1.3*step, Ticks: []canvas.Tick{{At: hi + step, Label: "∞"}}}
	if zero {
		a.Min -= step
		a.Ticks = append(a.Ticks, canvas.Tick{At: lo - step, Label: "0"})
	}
	finite := canvas.Axis{Log: true, Min: math.Pow(10, lo-1e-9), Max: math.Pow(10, hi+1e-9)}
	for _, t := range finite.Marks(50, false) {
		a.Ticks = append(a.Ticks, canvas.Tick{At: math.Log10(t.At), Label: t.Label})
	}
	return a, func(beta float64) float64 { return max(lo-step, min(hi+step, math.Log10(beta))) }
}

// drawStairs draws levels as a staircase.
func drawStairs(p canvas.Panel, sty draw.LineStyle, levels []anneal.Level, place func(beta float64) float64) {
	var pts []vg.Point
	at := 0.
	for _, l := range levels {
		from := at
		at += float64(l.Iterations)
		y := p.AtY(place(l.Beta))
		pts = append(pts, vg.Point{X: p.Within(from), Y: y}, vg.Point{X: p.Within(at), Y: y})
	}
	if len(pts) > 0 {
		p.StrokeLines(sty, pts)
	}
}
