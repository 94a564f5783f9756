package figure

import (
	"maps"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"fig5/bench/claims"
	"fig5/bench/figure/canvas"
	"fig5/bench/measure"
)

// startLine marks where β = ∞ begins.
var startLine = canvas.Line(canvas.Grey, 0.8, 3, 2)

// mostFIDs is how many groups FID draws.
const mostFIDs = 6

// FID is the FID of every run over all its iterations, heat included, a panel a group: the
// runs as thin lines, their geometric mean over seeds as a thick one, and where β = ∞
// begins. ok is false of more groups than there is room for.
func FID(s *measure.Sweep, sum *claims.Summary) (f Figure, ok bool) {
	if len(s.Groups) > mostFIDs {
		return f, false
	}
	var all [][]float64
	end := 0.0
	for _, r := range s.Distinct() {
		x, y := whole(r)
		if len(x) > 0 {
			all, end = append(all, y), max(end, x[len(x)-1])
		}
	}
	if end >= many {
		end = math.Ceil(end/1000) * 1000 // the last evaluation is one interval before
	}
	up := canvas.Spanned(true, "FID, not filtered", all...)
	const left, right, gutter, dataHeight, bottom, head, across = 44, 8, 12, 130, 34, 34, 3
	cols := min(across, len(s.Groups))
	rows := (len(s.Groups) + across - 1) / across
	w := (canvas.Page - left - right - vg.Length(cols-1)*gutter) / vg.Length(cols)
	f = Figure{Name: "fid", Title: s.Name + ": FID against all iterations, a panel a group", Width: canvas.Page, Height: vg.Length(head/2 + rows*(dataHeight+bottom+head/2))}
	f.Draw = func(c draw.Canvas) {
		canvas.Clear(c)
		keys := []canvas.Key{
			canvas.LineKey("a run", canvas.Line(canvas.Light(canvas.Grey), 0.6)),
			canvas.LineKey("geometric mean over seeds", canvas.Line(canvas.Black, 1)),
			canvas.LineKey("β = ∞ begins", startLine),
		}
		canvas.Legend(c, keys, left, f.Height-4, canvas.Page-left-right)
		for i := range s.Groups {
			g := &s.Groups[i]
			x := left + vg.Length(i%across)*(w+gutter)
			top := f.Height - head - vg.Length(i/across)*(dataHeight+bottom+head/2)
			axis := up
			axis.Bare = i%across > 0
			p := canvas.NewPanel(c, canvas.Rectangle(x, top-dataHeight, x+w, top), iterations(0, end, w, end >= many), axis)
			canvas.Write(c, canvas.Bold(canvas.Normal), x, top+4, 0, sum.Groups[i].Name)
			if n := g.Annealing(); n > 0 {
				p.StrokeLine2(startLine, p.AtX(float64(n)), p.Min.Y, p.AtX(float64(n)), p.Max.Y)
			}
			look := canvas.LookOf(i)
			for _, r := range g.Runs {
				x, y := whole(r)
				p.Curve(canvas.Line(canvas.Light(look.Color), 0.5), x, y)
			}
			x0, mean := geomeans(g)
			p.Curve(canvas.Line(look.Color, 1), x0, mean)
		}
	}
	return f, true
}

// whole is a run's FID at every evaluation.
func whole(r *measure.Run) (x, y []float64) {
	return append(r.HeatX[:len(r.HeatX):len(r.HeatX)], r.X...), append(r.HeatY[:len(r.HeatY):len(r.HeatY)], r.Y...)
}

// geomeans is the geometric mean of the FID over a group's runs at each iteration that all
// have.
func geomeans(g *measure.Group) (x, mean []float64) {
	n, logs, runs := map[float64]int{}, map[float64]float64{}, 0
	for _, r := range g.Runs {
		xs, ys := whole(r)
		runs += min(len(xs), 1)
		for i, v := range xs {
			n[v]++
			logs[v] += math.Log(ys[i])
		}
	}
	for _, v := range slices.Sorted(maps.Keys(n)) {
		if n[v] == runs {
			x, mean = append(x, v), append(mean, math.Exp(logs[v]/float64(runs)))
		}
	}
	return x, mean
}
