package figure

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"fig5/bench/anneal"
	"fig5/bench/claims"
	"fig5/bench/english"
	"fig5/bench/figure/canvas"
	"fig5/bench/measure"
)

// place is one group's strip of a panel.
type place struct {
	*measure.Group
	is     *claims.Group
	series int       // places of one series are joined; apart: of none
	x      vg.Length // its middle, from the left edge of the data
}

// What stands in the place of the number of a series.
const (
	apart     = -1   // of a baseline by itself
	hotSeries = 1000 // of the hot phases that stand beside ladders
)

// lookOf is the look of a series.
func lookOf(series int) canvas.Look {
	switch series {
	case apart:
		return canvas.Look{Color: canvas.Dark, Shape: canvas.Diamond}
	case hotSeries:
		return canvas.Look{Color: canvas.Colors[2], Shape: canvas.Triangle, Open: true, Dashes: []vg.Length{3, 2}}
	}
	return canvas.LookOf(series)
}

func (p place) look() canvas.Look { return lookOf(p.series) }

// column is one tick of the horizontal axis with the groups that stand there.
type column struct {
	label  string
	value  float64 // K or iterations; 0 for a baseline, which stands apart
	places []place
	x      vg.Length // its middle, from the left edge of the data
}

// columns is the horizontal axis of a panel of groups: the baselines apart at the left,
// then the others where their value is.
type columns struct {
	all      []column
	log      bool
	captions []string // of the axis, the one that fits is written

	width, apart vg.Length // of the data, and where the baselines end
	strip        vg.Length // the width of a place
}

// chart is a sweep by one amplitude, with what its groups are called and look like.
type chart struct {
	sweep  *measure.Sweep
	sum    *claims.Summary
	series []measure.Series
	ranked []measure.Series // those of one length a level first: a series' look is by this order
	is     map[*measure.Group]*claims.Group
}

func newChart(s *measure.Sweep, sum *claims.Summary) chart {
	c := chart{sweep: s, sum: sum, series: s.Series(), is: map[*measure.Group]*claims.Group{}}
	for i := range s.Groups {
		c.is[&s.Groups[i]] = &sum.Groups[i]
	}
	c.ranked = slices.Clone(c.series)
	slices.SortStableFunc(c.ranked, func(a, b measure.Series) int { return min(c.perLevel(b), 1) - min(c.perLevel(a), 1) })
	return c
}

// place is a group of the sweep with its statistics.
func (c chart) place(g *measure.Group, series int) place {
	return place{Group: g, is: c.is[g], series: series}
}

// perLevel is how many iterations each level of the series takes, 0 where that is not
// one number or there is one K.
func (c chart) perLevel(s measure.Series) int {
	return c.constant(s, func(g *claims.Group) float64 { return float64(g.Annealing) / float64(g.K) })
}

// inAll is how many iterations the annealing of the series takes, 0 where that is not
// one number or there is one K.
func (c chart) inAll(s measure.Series) int {
	return c.constant(s, func(g *claims.Group) float64 { return float64(g.Annealing) })
}

// constant is what of gives for every ladder of several.
func (c chart) constant(s measure.Series, of func(*claims.Group) float64) int {
	var all []float64
	for _, g := range s.Groups {
		if g.K > 0 {
			all = append(all, of(c.is[g]))
		}
	}
	if len(all) < 2 || slices.Min(all) != slices.Max(all) {
		return 0
	}
	return int(all[0])
}

// add puts a place into the column of a value; the columns are in the order of theirs.
func (cs *columns) add(value int, p place) {
	i, found := slices.BinarySearchFunc(cs.all, float64(value), func(c column, v float64) int { return cmp.Compare(c.value, v) })
	if !found {
		cs.all = slices.Insert(cs.all, i, column{label: english.Thousands(value), value: float64(value)})
	}
	cs.all[i].places = append(cs.all[i].places, p)
}

// overK lays the series out by K. A hot phase as long as the ladders of one K alone
// stands beside them, the other baselines apart.
func (c chart) overK(series []measure.Series, log bool) columns {
	cs := columns{log: log, captions: []string{"number of annealing steps K", "annealing steps K", "K"}}
	lengths := map[int][]int{} // the K of the ladders of a length; of one length a level where there are any
	for _, s := range series {
		for _, g := range s.Groups {
			cs.add(g.K, c.place(g, c.number(s)))
			if n := c.is[g].Annealing; !slices.Contains(lengths[n], g.K) && (c.perLevel(s) > 0 || c.perLevel(c.ranked[0]) == 0) {
				lengths[n] = append(lengths[n], g.K)
			}
		}
	}
	if len(cs.all) > 0 && cs.all[0].value == 0 {
		cs.all[0].label = "K = 0"
	}
	var baselines []column
	hot := slices.DeleteFunc(c.sweep.Baselines(), func(g *measure.Group) bool { return g.Baseline != anneal.Hot })
	for _, g := range c.sweep.Baselines() {
		n := c.is[g].Annealing
		if g.Baseline == anneal.Hot && n > 0 && len(lengths[n]) == 1 && len(cs.all) > 1 {
			cs.add(lengths[n][0], c.place(g, hotSeries))
			continue
		}
		label := g.Baseline
		if g.Baseline == anneal.Hot && len(hot) > 1 {
			label += " " + brief(float64(n))
		}
		baselines = append(baselines, column{label: label, places: []place{c.place(g, apart)}})
	}
	cs.all = append(baselines, cs.all...)
	return cs
}

// number is which of the sweep's ranked series s is.
func (c chart) number(s measure.Series) int {
	return slices.IndexFunc(c.ranked, func(o measure.Series) bool { return o.Groups[0] == s.Groups[0] })
}

// widestStrip is the width of a place where there is room, leastStrip where there is not.
const (
	widestStrip vg.Length = 26
	leastStrip  vg.Length = 3
)

// laid is cs with every column and place where it stands on a width: strips as wide as
// those of neighbouring columns do not touch.
func (cs columns) laid(width vg.Length) columns {
	cs.width = width
	cs.all = slices.Clone(cs.all)
	for cs.strip = widestStrip; !cs.fits() && cs.strip > leastStrip; cs.strip -= 0.5 {
	}
	for i := range cs.all {
		col := &cs.all[i]
		col.places = slices.Clone(col.places)
		for j := range col.places {
			col.places[j].x = col.x + cs.strip*(vg.Length(j)-vg.Length(len(col.places)-1)/2)
		}
	}
	return cs
}

// half is half the width of a column's strips.
func (cs *columns) half(c column) vg.Length { return cs.strip * vg.Length(len(c.places)) / 2 }

// parts is the columns without a value and those with one, which follow.
func (cs *columns) parts() (apart, valued []column) {
	i := slices.IndexFunc(cs.all, func(c column) bool { return c.value > 0 })
	if i < 0 {
		i = len(cs.all)
	}
	return cs.all[:i], cs.all[i:]
}

// fits places the columns for the width of a strip, and says whether they are apart.
func (cs *columns) fits() bool {
	const gap = 3
	alone, valued := cs.parts()
	x := vg.Length(0)
	for i := range alone {
		half := max(cs.half(alone[i]), canvas.Note.Width(alone[i].label)/2) + gap
		alone[i].x = x + half
		x += 2 * half
	}
	cs.apart = 0
	if len(valued) == 0 {
		return x <= cs.width
	}
	if x > 0 {
		cs.apart = x + gap
	}
	first, last := valued[0], valued[len(valued)-1]
	from, to := cs.apart+cs.half(first)+gap, cs.width-cs.half(last)-gap
	if len(valued) == 1 {
		valued[0].x = (from + to) / 2
		return from <= to
	}
	scale := func(v float64) float64 {
		if cs.log {
			return math.Log10(v)
		}
		return v
	}
	fit := from < to
	for i := range valued {
		share := (scale(valued[i].value) - scale(first.value)) / (scale(last.value) - scale(first.value))
		valued[i].x = from + vg.Length(share)*(to-from)
		if i > 0 && valued[i-1].x+cs.half(valued[i-1])+gap > valued[i].x-cs.half(valued[i]) {
			fit = false
		}
	}
	return fit
}

// panel draws the axes of the columns, laid out on the rectangle of the data.
func (cs *columns) panel(c draw.Canvas, data vg.Rectangle, y canvas.Axis) canvas.Panel {
	*cs = cs.laid(data.Size().X)
	p := canvas.NewPanel(c, data, cs.axis(), y)
	cs.caption(p.Canvas)
	return p
}

// axis is the horizontal axis.
func (cs columns) axis() canvas.Axis {
	a := canvas.Axis{Max: cs.width.Points(), Ticks: []canvas.Tick{}}
	for _, col := range cs.all {
		a.Ticks = append(a.Ticks, canvas.Tick{At: col.x.Points(), Label: col.label})
	}
	return a
}

// caption writes what the two parts of the axis are below their ticks, and separates them.
func (cs columns) caption(c draw.Canvas) {
	y := c.Min.Y - canvas.TickLength - 18
	from := c.Min.X + cs.apart
	alone, valued := cs.parts()
	if len(alone) > 0 {
		to := c.Max.X
		if len(valued) > 0 {
			to = from
			c.StrokeLine2(canvas.Line(canvas.Faint, 0.5, 2, 2), from, c.Min.Y, from, c.Max.Y)
		}
		canvas.Write(c, canvas.Label, (c.Min.X+to)/2, y, 0.5, "baselines")
	}
	for _, text := range cs.captions {
		if len(valued) > 0 && canvas.Label.Width(text) < c.Max.X-from {
			canvas.Write(c, canvas.Label, (from+c.Max.X)/2, y, 0.5, text)
			return
		}
	}
}

// places is every place from left to right.
func (cs columns) places() (out []place) {
	for _, col := range cs.all {
		out = append(out, col.places...)
	}
	return out
}
