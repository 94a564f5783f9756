package figure

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"fig5/bench/claims"
	"fig5/bench/english"
	"fig5/bench/figure/canvas"
	"fig5/bench/measure"
	"fig5/bench/stats"
)

// points is a panel of one number a run: a dot for each, and what claims made of them.
type points struct {
	columns
	label  string // of the vertical axis
	log    bool
	value  func(*measure.Run) float64 // not finite where the run has none
	middle func(*claims.Group) middle
	floor  bool         // show the noise floor
	real   stats.Number // real samples against real ones
	counts bool         // count the runs without a value at the upper edge
	ks     bool         // write the ladders' K above the data
	median bool
	theory map[float64]float64 // what is expected at a K; nil: no line
	size   vg.Length           // radius of a dot
}

// middle is the middle of a group's values.
type middle struct {
	median, mean stats.Number
	ci           stats.Interval // of mean
}

// amplitudes is the panel of the chart's amplitude.
func (c chart) amplitudes(cs columns, log bool) points {
	p := points{
		columns: cs, label: measure.Words(c.sum.Measure), log: log, size: 1.5, floor: true, median: true,
		value: func(r *measure.Run) float64 { return r.Amplitude(c.sum.Measure) },
		middle: func(g *claims.Group) middle {
			if log {
				return middle{g.Median, g.GeoMean, g.GeoMeanCI95}
			}
			return middle{g.Median, g.Mean, g.CI95}
		},
		real: c.sum.RealFloor.Median,
	}
	if c.sum.Measure == "relative" { // to a FID of nearly 0: nothing to compare with
		p.real = stats.Number(math.NaN())
	}
	p.counts = slices.ContainsFunc(cs.places(), func(pl place) bool { return pl.is.Unsettled+pl.is.Failed > 0 })
	return p
}

// levels is the panel of the FID about which the curves oscillate.
func (c chart) levels(cs columns) points {
	return points{
		columns: cs, label: "mean FID", log: true, size: 1.5, median: true, real: stats.Number(math.NaN()),
		value: func(r *measure.Run) float64 {
			if r.Status != measure.Settled {
				return math.NaN()
			}
			return r.Measured.Level
		},
		middle: func(g *claims.Group) middle {
			return middle{g.Level.Median, g.Level.GeoMean, g.Level.GeoMeanCI95}
		},
	}
}

// vertical spans the dots, the floors, and the intervals as far as they are not absurd.
func (f points) vertical() canvas.Axis {
	var all, ends []float64
	if f.real.Defined() {
		all = append(all, float64(f.real))
	}
	for _, pl := range f.places() {
		for _, r := range pl.Runs {
			all = append(all, f.value(r))
		}
		if f.floor {
			all = append(all, pl.is.Floor.Values...)
		}
		if m := f.middle(pl.is); m.ci.Defined() {
			ends = append(ends, m.ci.Lo, m.ci.Hi)
		}
	}
	a := canvas.Spanned(f.log, f.label, all)
	for _, e := range ends { // an interval over two or three seeds may span decades: it is cut
		if !a.Log || e > a.Min/2.2 && e < a.Max*2.2 {
			all = append(all, e)
		}
	}
	return canvas.Spanned(a.Log, f.label, all)
}

// countsHeight is the height of the strip with the runs that have no value.
const countsHeight vg.Length = 17

// draw draws the panel, its data in the rectangle; y is its vertical axis.
func (f points) draw(c draw.Canvas, data vg.Rectangle, y canvas.Axis) {
	if f.counts {
		y.Inner = float64((data.Size().Y - countsHeight) / data.Size().Y)
	}
	p := f.panel(c, data, y)
	if f.floor {
		f.drawFloor(p)
	}
	f.drawTheory(p)
	f.drawRuns(p)
	if f.ks {
		f.drawKs(p, data.Max.Y+6)
	}
	if f.counts {
		f.drawCounts(p, data.Max.Y)
	}
}

// drawRuns draws each group's runs to the left in its strip, and their middle to the right.
func (f points) drawRuns(p canvas.Panel) {
	top := p.Height(math.Inf(1))
	r := min(f.size, max(0.13*f.strip, 0.9))
	joined := map[int]vg.Point{} // the mean one column to the left, by series
	places := f.places()
	for _, pl := range places {
		for _, run := range pl.Runs {
			if v := f.value(run); !math.IsNaN(v) && !math.IsInf(v, 0) {
				pl.look().Dot(p.Canvas, vg.Point{X: p.Min.X + pl.x + f.strip*(0.24*canvas.Jitter(run.Seed)-0.16), Y: p.Height(v)}, r)
			}
		}
	}
	means := make([]vg.Point, len(places))
	for i, pl := range places { // the lines lie below all marks
		m := f.middle(pl.is)
		means[i] = vg.Point{X: p.Min.X + pl.x + 0.27*f.strip, Y: p.Height(float64(m.mean))}
		if m.mean.Defined() {
			pl.join(p.Canvas, joined, means[i], 0.8)
		}
	}
	for i, pl := range places {
		m := f.middle(pl.is)
		x := p.Min.X + pl.x
		if f.median && m.median.Defined() {
			at := p.Height(float64(m.median))
			p.StrokeLine2(canvas.Line(canvas.Black, 0.9), x-0.42*f.strip, at, x+0.1*f.strip, at)
		}
		if !m.mean.Defined() {
			continue
		}
		if m.ci.Defined() {
			canvas.Interval(p.Canvas, means[i].X, p.Height(m.ci.Lo), p.Height(m.ci.Hi), p.Min.Y, top)
		}
		pl.look().Mean(p.Canvas, means[i], r+0.7)
	}
}

// join strokes a line from the last place of the series to this one at q, and notes it.
func (p place) join(c draw.Canvas, last map[int]vg.Point, q vg.Point, width vg.Length) {
	if p.series == apart || p.Baseline == "" && p.K == 0 {
		return
	}
	if before, ok := last[p.series]; ok {
		look := p.look()
		c.StrokeLine2(canvas.Line(look.Color, width, look.Dashes...), before.X, before.Y, q.X, q.Y)
	}
	last[p.series] = q
}

// drawFloor draws the spread of the frozen generators' amplitudes, a band a column, its
// medians, and the real samples' own.
func (f points) drawFloor(p canvas.Panel) {
	for _, col := range f.all {
		half := max(f.half(col), 6)
		from, to := p.Min.X+max(0, col.x-half), p.Min.X+min(f.width, col.x+half)
		var values []float64
		for _, pl := range col.places {
			values = append(values, pl.is.Floor.Values...)
		}
		if len(values) == 0 {
			continue
		}
		lo, hi := p.Height(slices.Min(values)), p.Height(slices.Max(values))
		canvas.Fill(p.Canvas, canvas.Band, from, min(lo, hi-1), to, hi)
		for _, pl := range col.places {
			if m := pl.is.Floor.Median; m.Defined() {
				w := half / vg.Length(len(col.places))
				p.StrokeLine2(canvas.Line(canvas.Grey, 0.6), p.Min.X+pl.x-w, p.Height(float64(m)), p.Min.X+pl.x+w, p.Height(float64(m)))
			}
		}
	}
	if f.real.Defined() {
		y := p.Height(float64(f.real))
		p.StrokeLine2(realLine, p.Min.X, y, p.Max.X, y)
	}
}

var (
	realLine   = canvas.Line(canvas.Grey, 0.8, 1, 2)
	theoryLine = canvas.Line(canvas.Black, 0.7, 5, 1.5, 1, 1.5)
)

// drawTheory joins the columns whose K the theory has.
func (f points) drawTheory(p canvas.Panel) {
	var pts []vg.Point
	for _, col := range f.all {
		if y, ok := f.theory[col.value]; ok && p.Height(y) > p.Min.Y {
			pts = append(pts, vg.Point{X: p.Min.X + col.x, Y: p.Height(y)})
		}
	}
	if len(pts) > 1 {
		p.StrokeLines(theoryLine, pts)
	}
}

// drawKs writes the K of the ladders above them: of each where there is room, else of
// the first and the last of those of one series at one place.
func (f points) drawKs(p canvas.Panel, y vg.Length) {
	end := vg.Length(-1e3)
	for _, col := range f.all {
		for i := 0; i < len(col.places); {
			j, wide := i, vg.Length(0)
			for j < len(col.places) && col.places[j].series == col.places[i].series {
				wide = max(wide, canvas.Note.Width(fmt.Sprint(col.places[j].K)))
				j++
			}
			group := col.places[i:j]
			i = j
			if group[0].Baseline != "" {
				continue
			}
			for k, pl := range group {
				x, text := pl.x, fmt.Sprint(pl.K)
				if len(group) > 1 && wide+1 > f.strip {
					if k > 0 {
						break
					}
					x, text = (group[0].x+group[len(group)-1].x)/2, fmt.Sprintf("%d–%d", group[0].K, group[len(group)-1].K)
				}
				if half := canvas.Note.Width(text) / 2; x-half > end+1 {
					canvas.Write(p.Canvas, canvas.Inked(canvas.Small, pl.look().Color), p.Min.X+x, y, 0.5, text)
					end = x + half
				}
			}
		}
	}
	canvas.Write(p.Canvas, canvas.Note, p.Min.X-canvas.TickLength-2, y, 1, "K")
}

// drawCounts shows how many runs of each column have no amplitude, of crowded columns
// together; the tables tell columns and series apart.
func (f points) drawCounts(p canvas.Panel, top vg.Length) {
	p.StrokeLine2(canvas.Line(canvas.Faint, 0.5), p.Min.X, top-countsHeight, p.Max.X, top-countsHeight)
	type count struct {
		from, to          vg.Length
		unsettled, failed int
	}
	var counts []count
	for _, col := range f.all {
		k := count{from: p.Min.X + col.x, to: p.Min.X + col.x}
		for _, pl := range col.places {
			k.unsettled += pl.is.Unsettled
			k.failed += pl.is.Failed
		}
		if k.unsettled+k.failed == 0 {
			continue
		}
		if n := len(counts); n > 0 && k.from-counts[n-1].to < 19 {
			b := &counts[n-1]
			b.to, b.unsettled, b.failed = k.to, b.unsettled+k.unsettled, b.failed+k.failed
			continue
		}
		counts = append(counts, k)
	}
	for _, k := range counts {
		x, y := (k.from+k.to)/2, top-countsHeight/2
		show := func(n int, s canvas.Shape, y vg.Length) {
			text := fmt.Sprint(n)
			at := x - (canvas.Note.Width(text)+1)/2
			canvas.Mark(p.Canvas, s, vg.Point{X: at, Y: y}, 1.8, nil, canvas.Line(canvas.Black, 0.8))
			canvas.Write(p.Canvas, canvas.Note, at+4.5, y-2.5, 0, text)
		}
		above := vg.Length(0)
		if k.unsettled > 0 && k.failed > 0 {
			above = countsHeight / 4
		}
		if k.unsettled > 0 {
			show(k.unsettled, canvas.Triangle, y+above)
		}
		if k.failed > 0 {
			show(k.failed, canvas.Cross, y-above)
		}
	}
}

// keys explains the panel's marks, but for its series.
func (f points) keys() []canvas.Key {
	mean := "geometric mean, 95 % interval"
	if !f.log {
		mean = "mean, 95 % interval"
	}
	out := []canvas.Key{
		canvas.MarkKey("a run (seed)", canvas.Circle, f.size, canvas.Light(canvas.Grey), canvas.Line(canvas.Grey, 0.4)),
		{Label: mean, Draw: func(c draw.Canvas, q vg.Point) {
			canvas.Interval(c, q.X, q.Y-4, q.Y+4, q.Y-9, q.Y+9)
			canvas.Mark(c, canvas.Circle, q, 2.2, canvas.Grey, canvas.Line(canvas.Black, 0.5))
		}},
	}
	any := func(is func(place) bool) bool { return slices.ContainsFunc(f.places(), is) }
	if f.median && any(func(p place) bool { return f.middle(p.is).median.Defined() }) {
		out = append(out, canvas.LineKey("median", canvas.Line(canvas.Black, 0.9)))
	}
	if f.floor && any(func(p place) bool { return len(p.is.Floor.Values) > 0 }) {
		out = append(out, canvas.BandKey("noise floor: range and median", canvas.Line(canvas.Grey, 0.6)))
	}
	if f.floor && f.real.Defined() {
		out = append(out, canvas.LineKey("real against real", realLine))
	}
	if f.counts && any(func(p place) bool { return p.is.Unsettled > 0 }) {
		out = append(out, canvas.MarkKey("unsettled runs", canvas.Triangle, 1.8, nil, canvas.Line(canvas.Black, 0.8)))
	}
	if f.counts && any(func(p place) bool { return p.is.Failed > 0 }) {
		out = append(out, canvas.MarkKey("diverged or failed runs", canvas.Cross, 1.8, nil, canvas.Line(canvas.Black, 0.8)))
	}
	return out
}

// name is a series in a legend: the length that its ladders share where that tells it
// from the others, else its label.
func (c chart) name(s measure.Series) string {
	alone := func(of func(measure.Series) int) bool { // the only one that has such a length
		return of(s) > 0 && !slices.ContainsFunc(c.series, func(o measure.Series) bool { return of(o) > 0 && c.number(o) != c.number(s) })
	}
	switch {
	case alone(c.perLevel):
		return fmt.Sprintf("ladder, %s iterations a level", english.Thousands(c.perLevel(s)))
	case alone(c.inAll):
		return fmt.Sprintf("ladder, %s iterations in all", english.Thousands(c.inAll(s)))
	case s.Label == "":
		return "ladder"
	}
	return s.Label
}

// seriesKeys names the series that the columns hold.
func (c chart) seriesKeys(series []measure.Series, cs columns) (out []canvas.Key) {
	add := func(label string, l canvas.Look) {
		out = append(out, canvas.Key{Label: label, Draw: func(cv draw.Canvas, q vg.Point) {
			cv.StrokeLine2(canvas.Line(l.Color, 0.8, l.Dashes...), q.X-8, q.Y, q.X+8, q.Y)
			l.Mean(cv, q, 2.2)
		}})
	}
	for _, s := range series {
		add(c.name(s), lookOf(c.number(s)))
	}
	if slices.ContainsFunc(cs.places(), func(p place) bool { return p.series == hotSeries }) {
		add("hot phase, no ladder", lookOf(hotSeries))
	}
	return out
}
