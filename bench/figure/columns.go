package figure

import (
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"fig5/bench/claims"
	"fig5/bench/english"
	"fig5/bench/figure/canvas"
	"fig5/bench/measure"
)

// place is one group's strip of a panel.
type place struct {
	*measure.Group
	is     *claims.Group
	look   canvas.Look
	series int       // places of one series are joined; -1: of none
	x      vg.Length // its middle, from the left edge of the data
}

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
	var others []measure.Series
	for _, series := range c.series {
		if c.perLevel(series) > 0 {
			c.ranked = append(c.ranked, series)
		} else {
			others = append(others, series)
		}
	}
	c.ranked = append(c.ranked, others...)
	return c
}

// group is a group of the sweep with its statistics, a baseline's look and no series.
func (c chart) group(g *measure.Group) place {
	return place{Group: g, is: c.is[g], look: canvas.Look{Color: canvas.Dark, Shape: canvas.Diamond}, series: -1}
}

// hotLook is that of hot phases beside ladders.
var hotLook = canvas.Look{Color: canvas.Colors[2], Shape: canvas.Triangle, Open: true, Dashes: []vg.Length{3, 2}}

// hotSeries is the number of the hot phases that stand beside ladders.
const hotSeries = 1000

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
	n, ladders := 0., 0
	for _, g := range s.Groups {
		if g.K == 0 {
			continue
		}
		if m := of(c.is[g]); ladders > 0 && m != n {
			return 0
		} else {
			n = m
		}
		ladders++
	}
	if ladders < 2 {
		return 0
	}
	return int(n)
}

// overK lays the series out by K. A hot phase as long as the ladders of one K alone
// stands beside them, the other baselines apart.
func (c chart) overK(series []measure.Series, log bool) columns {
	cs := columns{log: log, captions: []string{"number of annealing steps K", "annealing steps K", "K"}}
	byK := map[int]*column{}
	var ks []int
	lengths := map[int][]int{} // the K of the ladders of a length; of one length a level where there are any
	for _, s := range series {
		for _, g := range s.Groups {
			if byK[g.K] == nil {
				byK[g.K] = &column{label: english.Thousands(g.K), value: float64(g.K)}
				ks = append(ks, g.K)
			}
			p := c.group(g)
			p.look, p.series = canvas.LookOf(c.number(s)), c.number(s)
			byK[g.K].places = append(byK[g.K].places, p)
			if n := c.is[g].Annealing; !slices.Contains(lengths[n], g.K) && (c.perLevel(s) > 0 || c.perLevel(c.ranked[0]) == 0) {
				lengths[n] = append(lengths[n], g.K)
			}
		}
	}
	slices.Sort(ks)
	several := 0
	for _, g := range c.sweep.Baselines() {
		if g.Baseline == "hot" {
			several++
		}
	}
	for _, g := range c.sweep.Baselines() {
		p := c.group(g)
		n := p.is.Annealing
		if g.Baseline == "hot" && n > 0 && len(lengths[n]) == 1 && len(ks) > 1 {
			p.look, p.series = hotLook, hotSeries
			at := byK[lengths[n][0]]
			at.places = append(at.places, p)
			continue
		}
		label := g.Baseline
		if g.Baseline == "hot" && several > 1 {
			label += " " + brief(float64(n))
		}
		cs.all = append(cs.all, column{label: label, places: []place{p}})
	}
	for _, k := range ks {
		if k == 0 {
			byK[k].label = "K = 0"
		}
		cs.all = append(cs.all, *byK[k])
	}
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
	for cs.strip = widestStrip; cs.strip > leastStrip && !cs.fits(); cs.strip -= 0.5 {
	}
	cs.fits()
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

// fits places the columns for the width of a strip, and says whether they are apart.
func (cs *columns) fits() bool {
	const gap = 3
	var valued []*column
	x := vg.Length(0)
	for i := range cs.all {
		col := &cs.all[i]
		if col.value > 0 {
			valued = append(valued, col)
			continue
		}
		half := max(cs.half(*col), canvas.Note.Width(col.label)/2) + gap
		col.x = x + half
		x += 2 * half
	}
	if cs.apart = 0; x > 0 {
		cs.apart = x + gap
	}
	if len(valued) == 0 {
		cs.apart = 0
		return x <= cs.width
	}
	first, last := valued[0], valued[len(valued)-1]
	from, to := cs.apart+cs.half(*first)+gap, cs.width-cs.half(*last)-gap
	if first == last {
		first.x = (from + to) / 2
		return from <= to
	}
	scale := func(v float64) float64 {
		if cs.log {
			return math.Log10(v)
		}
		return v
	}
	apart := from < to
	for i, col := range valued {
		share := (scale(col.value) - scale(first.value)) / (scale(last.value) - scale(first.value))
		col.x = from + vg.Length(share)*(to-from)
		if i > 0 && valued[i-1].x+cs.half(*valued[i-1])+gap > col.x-cs.half(*col) {
			apart = false
		}
	}
	return apart
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
	valued := slices.ContainsFunc(cs.all, func(col column) bool { return col.value > 0 })
	if len(cs.all) > 0 && cs.all[0].value == 0 {
		to := c.Max.X
		if valued {
			to = from
			c.StrokeLine2(canvas.Line(canvas.Faint, 0.5, 2, 2), from, c.Min.Y, from, c.Max.Y)
		}
		canvas.Write(c, canvas.Label, (c.Min.X+to)/2, y, 0.5, "baselines")
	}
	for _, text := range cs.captions {
		if valued && canvas.Label.Width(text) < c.Max.X-from {
			canvas.Write(c, canvas.Label, (from+c.Max.X)/2, y, 0.5, text)
			return
		}
	}
}

// places is every place from left to right.
func (cs columns) places() []place {
	var out []place
	for _, col := range cs.all {
		out = append(out, col.places...)
	}
	return out
}
