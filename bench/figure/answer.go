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
	"fig5/bench/stats"
)

// Answer is the figure of docs/experiment.md: the amplitude (a) against K, the ladders
// of one length a level with the hot phases of their length beside them, cold and warm
// apart; (b) against the iterations of annealing, for every ladder and hot phase. Where
// all have one length it is (a) alone.
func Answer(s *measure.Sweep, sum *claims.Summary) Figure {
	c := newChart(s, sum)
	series := c.questioned()
	k, length := c.answerPanel(c.overK(series, true)), c.byLength()
	if len(length.all) < 2 {
		return c.single("answer", k, c.answerKeys(series, k), canvas.Page)
	}
	keys := c.answerKeys(c.ranked, length)
	const left, right, gutter, dataHeight, bottom = 40, 5, 30, 170, 27
	head := 25 + canvas.LegendHeight(keys, canvas.Page-12)
	f := Figure{Name: "answer", Width: canvas.Page, Height: head + dataHeight + bottom,
		Title: fmt.Sprintf("%s: amplitude (%s) against the number of annealing steps K, and against the iterations of annealing", c.sweep.Name, measure.Words(c.sum.Measure))}
	f.Draw = func(cv draw.Canvas) {
		canvas.Clear(cv)
		canvas.Legend(cv, keys, 6, f.Height-5, canvas.Page-12)
		y := k.vertical()
		if other := length.vertical(); y.Log == other.Log {
			y.Min, y.Max = min(y.Min, other.Min), max(y.Max, other.Max)
		}
		w := (canvas.Page - left - right - gutter) / 2
		for i, p := range []points{k, length} {
			x := left + vg.Length(i)*(w+gutter)
			r := canvas.Rectangle(x, bottom, x+w, bottom+dataHeight)
			p.counts = k.counts || length.counts
			p.draw(cv, r, y)
			letter(cv, r, string(rune('a'+i)))
			y.Label = ""
		}
	}
	return f
}

// AnswerK is panel (a) of Answer, a column wide.
func AnswerK(s *measure.Sweep, sum *claims.Summary) Figure {
	c := newChart(s, sum)
	series := c.questioned()
	p := c.answerPanel(c.overK(series, true))
	return c.single("answer-k", p, c.answerKeys(series, p), canvas.Column)
}

// AnswerLength is panel (b) of Answer, a column wide; ok is false where all ladders and
// hot phases have one length.
func AnswerLength(s *measure.Sweep, sum *claims.Summary) (f Figure, ok bool) {
	c := newChart(s, sum)
	p := c.byLength()
	if len(p.all) < 2 {
		return f, false
	}
	f = c.single("answer-length", p, c.answerKeys(c.ranked, p), canvas.Column)
	f.Title = fmt.Sprintf("%s: amplitude (%s) against the iterations of annealing, one dot a run", c.sweep.Name, measure.Words(c.sum.Measure))
	return f, true
}

// questioned is the series that panel (a) shows: those of one length a level, where
// there are any.
func (c chart) questioned() []measure.Series {
	n := slices.IndexFunc(c.ranked, func(s measure.Series) bool { return c.perLevel(s) == 0 })
	if n > 0 {
		return c.ranked[:n]
	}
	return c.ranked
}

// overLength lays ladders and hot phases out by their iterations of annealing. Runs that
// stand in two series are shown in the first.
func (c chart) overLength() columns {
	cs := columns{log: true, captions: []string{"iterations of annealing"}}
	shown := map[*measure.Run]bool{}
	add := func(g *measure.Group, series int) {
		n := c.is[g].Annealing
		if n == 0 || len(g.Runs) > 0 && shown[g.Runs[0]] {
			return
		}
		for _, r := range g.Runs {
			shown[r] = true
		}
		cs.add(n, c.place(g, series))
	}
	for i, s := range c.ranked {
		for _, g := range s.Groups {
			add(g, i)
		}
	}
	for _, g := range c.sweep.Baselines() {
		add(g, hotSeries)
	}
	return cs
}

// answerPanel is the chart's amplitude without what the answer does not need.
func (c chart) answerPanel(cs columns) points {
	p := c.amplitudes(cs, true)
	p.median, p.real = false, stats.Number(math.NaN())
	return p
}

// byLength is panel (b).
func (c chart) byLength() points {
	p := c.answerPanel(c.overLength())
	p.ks = true
	return p
}

// answerKeys names series, hot phases and marks of a panel.
func (c chart) answerKeys(series []measure.Series, p points) []canvas.Key {
	return append(c.seriesKeys(series, p.columns), p.keys()...)
}
