package report

import (
	"fmt"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"fig5/bench/report/canvas"
)

// column is one tick of the horizontal axis: a baseline, or a K of every series.
type column struct {
	x     float64
	label string
	k     int
	group []*Group // one a series, nil where it has no such K; a baseline has one
}

// baseline says whether the column stands left of K = 1.
func (c column) baseline() bool { return c.k == 0 }

// columns is the horizontal axis: the baselines, set apart, then K.
type columns struct {
	baselines, steps []column
	series           []Series
	min, max         float64
	half, halfBase   float64 // half a column's width, of K and of a baseline
	logK             bool
	gap              float64 // where the baselines end; NaN where there are none
}

// newColumns lays out the groups of the given series and all baselines.
func newColumns(d *Data, series []Series, logK bool) columns {
	cs := columns{series: series, logK: logK, gap: math.NaN()}
	var ks []int
	at := map[int]int{}
	for _, s := range series {
		for _, g := range s.Groups {
			if _, ok := at[g.K]; !ok {
				at[g.K] = 0
				ks = append(ks, g.K)
			}
		}
	}
	slices.Sort(ks)
	var zero *column
	for _, k := range ks {
		col := column{k: k, label: fmt.Sprint(k), group: make([]*Group, len(series))}
		for i, s := range series {
			for _, g := range s.Groups {
				if g.K == k {
					col.group[i] = g
				}
			}
		}
		if k == 0 {
			col.label = "K = 0"
			zero = &col
			continue
		}
		col.x = cs.at(float64(k))
		cs.steps = append(cs.steps, col)
	}
	for _, g := range d.Baselines() {
		cs.baselines = append(cs.baselines, column{label: g.Baseline, group: []*Group{g}})
	}
	if zero != nil {
		cs.baselines = append(cs.baselines, *zero)
	}

	// The baselines' columns are as far apart as those of K are on average.
	first, last, step := 0., 0., 1.
	if n := len(cs.steps); n > 0 {
		first, last = cs.steps[0].x, cs.steps[n-1].x
		if n > 1 {
			step = (last - first) / float64(n-1)
		}
	}
	nearest := step
	for i := 1; i < len(cs.steps); i++ {
		nearest = math.Min(nearest, cs.steps[i].x-cs.steps[i-1].x)
	}
	base := step
	if n := len(cs.baselines); n > 0 {
		if len(cs.steps) > 1 {
			base = math.Min(step, 0.5*(last-first)/float64(n)) // no more than half the width of K
			base = math.Max(base, 0.8*step)
		}
		for i := range cs.baselines {
			cs.baselines[i].x = first - 1.25*base - float64(n-1-i)*base
		}
		cs.gap = first - 0.68*base
	}
	cs.half, cs.halfBase = 0.42*math.Min(nearest, base), 0.42*base
	if !logK {
		cs.half = math.Max(cs.half, 0.012*(last-first)) // small K crowd on a plain axis
	}
	left := first
	if len(cs.baselines) > 0 {
		left = cs.baselines[0].x
	}
	leftmost := cs.half
	if len(cs.baselines) > 0 {
		leftmost = cs.halfBase
	}
	cs.min, cs.max = left-1.3*leftmost, last+math.Max(1.3*cs.half, 0.02*(last-left))
	return cs
}

// at is where K ≥ 1 stands on the axis.
func (cs columns) at(k float64) float64 {
	if cs.logK {
		return math.Log10(k)
	}
	return k
}

// all is every column from left to right.
func (cs columns) all() []column {
	return append(append([]column(nil), cs.baselines...), cs.steps...)
}

// place is one group's strip of a column.
type place struct {
	*Group
	x, half float64 // middle and half width
	series  int     // -1 for a baseline
}

// places is every group with its strip.
func (cs columns) places() []place {
	var out []place
	for _, col := range cs.all() {
		half := cs.half
		if col.baseline() {
			half = cs.halfBase
		}
		w := 2 * half / float64(len(col.group))
		for i, g := range col.group {
			if g == nil {
				continue
			}
			p := place{g, col.x - half + (float64(i)+0.5)*w, w / 2, i}
			if g.Baseline != "" {
				p.series = -1
			}
			out = append(out, p)
		}
	}
	return out
}

// look is the colour and marker of a place's series.
func (p place) look() (color.NRGBA, shape) {
	if p.series < 0 {
		return baselineColor, circle
	}
	return colors[p.series%len(colors)], seriesShapes[p.series%len(seriesShapes)]
}

// set puts the columns on the horizontal axis of p; labels that would touch are left out.
func (cs columns) set(p *plot.Plot, width vg.Length) {
	p.X.Min, p.X.Max = cs.min, cs.max
	sty := canvas.Style(small, false, black)
	scale := width.Points() / (cs.max - cs.min)
	var ticks plot.ConstantTicks
	end := math.Inf(-1)
	for _, col := range cs.all() {
		t := plot.Tick{Value: col.x, Label: col.label}
		half := sty.Width(col.label).Points() / 2
		if col.x*scale-half < end+2 {
			t.Label = ""
		} else {
			end = col.x*scale + half
		}
		ticks = append(ticks, t)
	}
	p.X.Tick.Marker = ticks
}

// caption writes what the two parts of the axis are below their ticks, and separates them.
func (cs columns) caption(c draw.Canvas, data vg.Rectangle, y vg.Length) {
	x := func(v float64) vg.Length {
		return data.Min.X + vg.Length((v-cs.min)/(cs.max-cs.min))*(data.Max.X-data.Min.X)
	}
	sty := canvas.Style(normal, false, black)
	sty.XAlign = draw.XCenter
	from := data.Min.X
	if !math.IsNaN(cs.gap) {
		from = x(cs.gap)
		c.StrokeLine2(line(faint, 0.5, 2, 2), from, data.Min.Y, from, data.Max.Y)
		c.FillText(sty, vg.Point{X: (data.Min.X + from) / 2, Y: y}, "baselines")
	}
	if len(cs.steps) > 0 {
		text := "number of annealing steps K"
		if sty.Width(text) > data.Max.X-from {
			text = "annealing steps K"
		}
		if sty.Width(text) > data.Max.X-from {
			text = "K"
		}
		c.FillText(sty, vg.Point{X: (from + data.Max.X) / 2, Y: y}, text)
	}
}
