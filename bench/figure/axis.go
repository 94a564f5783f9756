package figure

import (
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// axis is a scale from min to max, linear or logarithmic.
type axis struct {
	log      bool
	min, max float64
	label    string
	ticks    []tick  // nil: round values, as many as there is room for
	bare     bool    // the ticks have no labels
	inner    float64 // the share of the length that min to max takes; 0: all of it
}

// tick is a mark on an axis; a minor one has no label.
type tick struct {
	at    float64
	label string
}

// share is where v lies: 0 at min, 1 at max.
func (a axis) share(v float64) float64 {
	lo, hi := a.min, a.max
	if a.log {
		if v <= 0 {
			return math.Inf(-1)
		}
		v, lo, hi = math.Log10(v), math.Log10(lo), math.Log10(hi)
	}
	s := (v - lo) / (hi - lo)
	if a.inner > 0 {
		s *= a.inner
	}
	return s
}

// spanned is an axis over the finite values with a margin. A logarithmic one takes the
// positive ones and spans half a decade at least, so that small differences stay small;
// where there are none, it is linear. A linear one begins at 0 unless a value is below.
func spanned(log bool, label string, values ...[]float64) axis {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, v := range slices.Concat(values...) {
		if v == v && !math.IsInf(v, 0) && !(log && v <= 0) {
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	switch {
	case lo > hi && log:
		return spanned(false, label, values...)
	case lo > hi:
		return axis{max: 1, label: label}
	case !log && hi <= 0 && lo == 0:
		return axis{max: 1, label: label}
	case !log:
		return axis{min: min(0, lo*1.06), max: max(0, hi*1.06), label: label}
	}
	l, h := math.Log10(lo), math.Log10(hi)
	m := max(0.04*(h-l), (0.5-(h-l))/2)
	return axis{log: true, min: math.Pow(10, l-m), max: math.Pow(10, h+m), label: label}
}

// padded is a linear axis about lo to hi with a margin; about a single value, of a tenth
// of it.
func padded(label string, lo, hi float64) axis {
	m := 0.05 * (hi - lo)
	if m == 0 {
		m = max(0.1*math.Abs(hi), 1e-9)
	}
	return axis{min: lo - m, max: hi + m, label: label}
}

// marks is the axis's ticks on a length, across or up.
func (a axis) marks(length vg.Length, across bool) []tick {
	if a.inner > 0 {
		length *= vg.Length(a.inner)
	}
	// from tick to tick; labels side by side need more than labels above each other
	need := func(labels ...string) float64 {
		if !across {
			return 11
		}
		widest := vg.Length(0)
		for _, s := range labels {
			widest = max(widest, note.Width(s))
		}
		return widest.Points() + 6
	}
	switch {
	case a.ticks != nil:
		return a.ticks
	case a.log:
		return a.logMarks(length.Points(), need)
	}
	step := roundStep(0.39 * (a.max - a.min) / max(3, length.Points()/30)) // three or more
	for length.Points()*step/(a.max-a.min) < need(tickLabel(a.min, step), tickLabel(a.max, step)) {
		step = roundStep(1.5 * step)
	}
	var out []tick
	for i := math.Ceil(a.min/step - 1e-9); i*step <= a.max+1e-9*step; i++ {
		out = append(out, tick{i * step, tickLabel(i*step, step)})
	}
	return out
}

// logMarks marks each multiple of a power of ten and labels as many as there is room for.
func (a axis) logMarks(length float64, need func(...string) float64) []tick {
	lo, hi := math.Log10(a.min), math.Log10(a.max)
	decade := length / (hi - lo)
	room := need(tickLabel(a.min, a.min), tickLabel(a.max, a.max))
	named, every := []float64{1}, max(1, math.Ceil(room/decade))
	switch {
	case decade*math.Log10(7./5) >= room && hi-lo < 1.2:
		named = []float64{1, 2, 3, 5, 7}
	case decade*math.Log10(2) >= room && hi-lo < 3:
		named = []float64{1, 2, 5}
	}
	var out []tick
	for e := math.Floor(lo); e <= math.Ceil(hi); e++ {
		for m := 1.; m < 10; m++ {
			t := tick{at: m * math.Pow(10, e)}
			if math.Log10(t.at) < lo-1e-9 || math.Log10(t.at) > hi+1e-9 || every > 1 && m > 1 {
				continue
			}
			if slices.Contains(named, m) && math.Mod(e, every) == 0 {
				t.label = tickLabel(t.at, t.at)
			}
			out = append(out, t)
		}
	}
	return out
}

// roundStep is 1, 2 or 5 times a power of ten, at least v.
func roundStep(v float64) float64 {
	p := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 2, 5} {
		if m*p >= v*(1-1e-9) {
			return m * p
		}
	}
	return 10 * p
}

// panel is a canvas whose rectangle is that of the data, and its two axes.
type panel struct {
	draw.Canvas
	x, y axis
}

// tickLength is that of a tick with a label; the others have half of it.
const tickLength vg.Length = 3

// newPanel draws the axes around the rectangle of the data.
func newPanel(c draw.Canvas, data vg.Rectangle, x, y axis) panel {
	c.Rectangle = data
	p, sty := panel{c, x, y}, line(black, 0.5)
	const out = 0.25 // half the line: what is drawn in the panel does not cover it
	c.StrokeLine2(sty, data.Min.X-2*out, data.Min.Y-out, data.Max.X, data.Min.Y-out)
	c.StrokeLine2(sty, data.Min.X-out, data.Min.Y-2*out, data.Min.X-out, data.Max.Y)
	length := func(t tick) vg.Length {
		if t.label == "" {
			return tickLength / 2
		}
		return tickLength
	}
	end := vg.Length(math.Inf(-1))
	for _, t := range x.marks(data.Size().X, true) {
		at, half := p.px(t.at), note.Width(t.label)/2
		c.StrokeLine2(sty, at, data.Min.Y, at, data.Min.Y-length(t))
		if !x.bare && t.label != "" && at-half > end+2 { // labels that would touch are left out
			write(c, note, at, data.Min.Y-tickLength-7, 0.5, t.label)
			end = at + half
		}
	}
	widest := vg.Length(0)
	for _, t := range y.marks(data.Size().Y, false) {
		at := p.py(t.at)
		c.StrokeLine2(sty, data.Min.X, at, data.Min.X-length(t), at)
		if !y.bare {
			write(c, note, data.Min.X-tickLength-2, at-2.5, 1, t.label)
			widest = max(widest, note.Width(t.label))
		}
	}
	write(c, label, (data.Min.X+data.Max.X)/2, data.Min.Y-tickLength-18, 0.5, x.label)
	upright(c, label, data.Min.X-tickLength-6-widest, (data.Min.Y+data.Max.Y)/2, y.label)
	return p
}

// px is where x lies on the canvas.
func (p panel) px(x float64) vg.Length { return p.Min.X + vg.Length(p.x.share(x))*p.Size().X }

// py is where y lies on the canvas.
func (p panel) py(y float64) vg.Length { return p.Min.Y + vg.Length(p.y.share(y))*p.Size().Y }

// within is x at the nearest place inside the panel.
func (p panel) within(x float64) vg.Length { return max(p.Min.X, min(p.Max.X, p.px(x))) }

// curve strokes the line through the points, thinned, as far as it is in the panel. It
// is interrupted where a value has no place on a logarithmic axis.
func (p panel) curve(sty draw.LineStyle, x, y []float64) {
	parts := [][]vg.Point{nil}
	for i := range x {
		q := vg.Point{X: p.px(x[i]), Y: p.py(y[i])}
		n := len(parts) - 1
		if f := float64(q.X + q.Y); !math.IsNaN(f) && !math.IsInf(f, 0) {
			parts[n] = append(parts[n], q)
		} else if len(parts[n]) > 0 {
			parts = append(parts, nil)
		}
	}
	for i := range parts {
		parts[i] = thinned(parts[i])
	}
	p.StrokeLines(sty, p.ClipLinesXY(parts...)...)
}

// stretch is how much of a line is drawn as one: less than the width of its stroke.
const stretch vg.Length = 0.36

// thinned is a line without the points that its width hides: of those that follow each
// other in one stretch of the width, the first, the lowest, the highest and the last.
func thinned(pts []vg.Point) []vg.Point {
	var out []vg.Point
	for from := 0; from < len(pts); {
		column := math.Floor(float64(pts[from].X / stretch))
		to, lo, hi := from, from, from
		for to < len(pts) && math.Floor(float64(pts[to].X/stretch)) == column {
			if pts[to].Y < pts[lo].Y {
				lo = to
			}
			if pts[to].Y > pts[hi].Y {
				hi = to
			}
			to++
		}
		kept := []int{from, min(lo, hi), max(lo, hi), to - 1}
		for _, i := range slices.Compact(kept) {
			out = append(out, pts[i])
		}
		from = to
	}
	return out
}
