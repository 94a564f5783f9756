package canvas

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Axis is a scale from min to max, linear or logarithmic.
type Axis struct {
	Log      bool
	Min, Max float64
	Label    string
	Ticks    []Tick  // nil: round values, as many as there is room for
	Bare     bool    // neither the ticks nor the axis have labels
	Inner    float64 // the share of the length that min to max takes; 0: all of it
}

// Tick is a mark on an axis; a minor one has no label.
type Tick struct {
	At    float64
	Label string
}

// share is where v lies: 0 at min, 1 at max.
func (a Axis) share(v float64) float64 {
	lo, hi := a.Min, a.Max
	if a.Log {
		if v <= 0 {
			return math.Inf(-1)
		}
		v, lo, hi = math.Log10(v), math.Log10(lo), math.Log10(hi)
	}
	s := (v - lo) / (hi - lo)
	if a.Inner > 0 {
		s *= a.Inner
	}
	return s
}

// Spanned is an axis over the finite values with a margin. A logarithmic one takes the
// positive ones and spans half a decade at least, so that small differences stay small;
// where there are none, it is linear. A linear one begins at 0 unless a value is below.
func Spanned(log bool, label string, values ...[]float64) Axis {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, v := range slices.Concat(values...) {
		if v == v && !math.IsInf(v, 0) && !(log && v <= 0) {
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	switch {
	case lo > hi && log:
		return Spanned(false, label, values...)
	case lo > hi, !log && hi <= 0 && lo == 0:
		return Axis{Max: 1, Label: label}
	case !log:
		return Axis{Min: min(0, lo*1.06), Max: max(0, hi*1.06), Label: label}
	}
	l, h := math.Log10(lo), math.Log10(hi)
	m := max(0.04*(h-l), (0.5-(h-l))/2)
	return Axis{Log: true, Min: math.Pow(10, l-m), Max: math.Pow(10, h+m), Label: label}
}

// Span is the smallest and the largest of the values.
func Span(lists ...[]float64) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, v := range slices.Concat(lists...) {
		lo, hi = min(lo, v), max(hi, v)
	}
	return lo, hi
}

// Padded is a linear axis over the values with a margin; about a single value, of a tenth
// of it.
func Padded(values ...[]float64) Axis {
	lo, hi := Span(values...)
	m := 0.05 * (hi - lo)
	if m == 0 {
		m = max(0.1*math.Abs(hi), 1e-9)
	}
	return Axis{Min: lo - m, Max: hi + m}
}

// Marks is the axis's ticks on a length, across or up.
func (a Axis) Marks(length vg.Length, across bool) []Tick {
	if a.Inner > 0 {
		length *= vg.Length(a.Inner)
	}
	// from tick to tick; labels side by side need more than labels above each other
	need := func(labels ...string) float64 {
		if !across {
			return 11
		}
		widest := vg.Length(0)
		for _, s := range labels {
			widest = max(widest, Note.Width(s))
		}
		return widest.Points() + 6
	}
	switch {
	case a.Ticks != nil:
		return a.Ticks
	case a.Log:
		return a.logMarks(length.Points(), need)
	}
	step := RoundStep(0.39 * (a.Max - a.Min) / max(3, length.Points()/30)) // three or more
	for length.Points()*step/(a.Max-a.Min) < need(TickLabel(a.Min, step), TickLabel(a.Max, step)) {
		step = RoundStep(1.5 * step)
	}
	var out []Tick
	for i := math.Ceil(a.Min/step - 1e-9); i*step <= a.Max+1e-9*step; i++ {
		out = append(out, Tick{i * step, TickLabel(i*step, step)})
	}
	for len(out) == 0 { // too short for two labels, and no multiple inside: one label
		step = RoundStep(0.3 * step)
		if v := math.Floor(a.Max/step+1e-9) * step; v >= a.Min {
			out = []Tick{{v, TickLabel(v, step)}}
		}
	}
	return out
}

// logMarks marks each multiple of a power of ten and labels as many as there is room for.
func (a Axis) logMarks(length float64, need func(...string) float64) []Tick {
	lo, hi := math.Log10(a.Min), math.Log10(a.Max)
	decade := length / (hi - lo)
	room := need(TickLabel(a.Min, a.Min), TickLabel(a.Max, a.Max))
	named, every := []float64{1}, max(1, math.Ceil(room/decade))
	switch {
	case decade*math.Log10(7./5) >= room && hi-lo < 1.2:
		named = []float64{1, 2, 3, 5, 7}
	case decade*math.Log10(2) >= room && hi-lo < 3:
		named = []float64{1, 2, 5}
	}
	var out []Tick
	for e := math.Floor(lo); e <= math.Ceil(hi); e++ {
		for m := 1.; m < 10; m++ {
			t := Tick{At: m * math.Pow(10, e)}
			if math.Log10(t.At) < lo-1e-9 || math.Log10(t.At) > hi+1e-9 || every > 1 && m > 1 {
				continue
			}
			if slices.Contains(named, m) && math.Mod(e, every) == 0 {
				t.Label = TickLabel(t.At, t.At)
			}
			out = append(out, t)
		}
	}
	return out
}

// TickLabel writes v to the digits that tell it from its neighbours step away.
func TickLabel(v, step float64) string {
	s := ""
	if a := max(math.Abs(v), step); a >= 1e6 || a < 0.99e-4 {
		s = strconv.FormatFloat(v, 'g', 3, 64)
	} else {
		s = strconv.FormatFloat(v+0, 'f', max(0, int(-math.Floor(math.Log10(step)+1e-9))), 64)
	}
	if s == "-0" {
		return "0"
	}
	return strings.Replace(s, "-", "−", 1)
}

// RoundStep is 1, 2 or 5 times a power of ten, at least v.
func RoundStep(v float64) float64 {
	p := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 2, 5} {
		if m*p >= v*(1-1e-9) {
			return m * p
		}
	}
	return 10 * p
}

// Panel is a canvas whose rectangle is that of the data, and its two axes.
type Panel struct {
	draw.Canvas
	x, y Axis
}

// TickLength is that of a tick with a label; the others have half of it.
const TickLength vg.Length = 3

// NewPanel draws the axes around the rectangle of the data.
func NewPanel(c draw.Canvas, data vg.Rectangle, x, y Axis) Panel {
	c.Rectangle = data
	p, sty := Panel{c, x, y}, Line(Black, 0.5)
	const out = 0.25 // half the line: what is drawn in the panel does not cover it
	c.StrokeLine2(sty, data.Min.X-2*out, data.Min.Y-out, data.Max.X, data.Min.Y-out)
	c.StrokeLine2(sty, data.Min.X-out, data.Min.Y-2*out, data.Min.X-out, data.Max.Y)
	length := func(t Tick) vg.Length {
		if t.Label == "" {
			return TickLength / 2
		}
		return TickLength
	}
	end := vg.Length(math.Inf(-1))
	for _, t := range x.Marks(data.Size().X, true) {
		at := p.AtX(t.At)
		c.StrokeLine2(sty, at, data.Min.Y, at, data.Min.Y-length(t))
		if x.Bare || t.Label == "" {
			continue
		}
		if half := Note.Width(t.Label) / 2; at-half > end+2 { // labels that would touch are left out
			Write(c, Note, at, data.Min.Y-TickLength-7, 0.5, t.Label)
			end = at + half
		}
	}
	widest := vg.Length(0)
	for _, t := range y.Marks(data.Size().Y, false) {
		at := p.AtY(t.At)
		c.StrokeLine2(sty, data.Min.X, at, data.Min.X-length(t), at)
		if !y.Bare {
			Write(c, Note, data.Min.X-TickLength-2, at-2.5, 1, t.Label)
			widest = max(widest, Note.Width(t.Label))
		}
	}
	if !x.Bare {
		Write(c, Label, (data.Min.X+data.Max.X)/2, data.Min.Y-TickLength-18, 0.5, x.Label)
	}
	if !y.Bare {
		Upright(c, Label, data.Min.X-TickLength-6-widest, (data.Min.Y+data.Max.Y)/2, y.Label)
	}
	return p
}

// AtX is where x lies on the canvas.
func (p Panel) AtX(x float64) vg.Length { return p.Min.X + vg.Length(p.x.share(x))*p.Size().X }

// AtY is where y lies on the canvas.
func (p Panel) AtY(y float64) vg.Length { return p.Min.Y + vg.Length(p.y.share(y))*p.Size().Y }

// At is where (x, y) lies on the canvas.
func (p Panel) At(x, y float64) vg.Point { return vg.Point{X: p.AtX(x), Y: p.AtY(y)} }

// Height is where y lies, at the edge of the axis where it is outside.
func (p Panel) Height(y float64) vg.Length {
	return p.Min.Y + vg.Length(max(0, min(p.y.share(p.y.Max), p.y.share(y))))*p.Size().Y
}

// Side is -1 where y lies below the axis, 1 where it lies above, 0 within.
func (p Panel) Side(y float64) int {
	switch s := p.y.share(y); {
	case s < 0:
		return -1
	case s > 1:
		return 1
	}
	return 0
}

// Within is x at the nearest place inside the panel.
func (p Panel) Within(x float64) vg.Length { return max(p.Min.X, min(p.Max.X, p.AtX(x))) }

// Curve strokes the line through the points, thinned, as far as it is in the panel. It
// is interrupted where a value has no place on a logarithmic axis.
func (p Panel) Curve(sty draw.LineStyle, x, y []float64) {
	var parts [][]vg.Point
	var part []vg.Point
	for i := range x {
		q := p.At(x[i], y[i])
		if f := float64(q.X + q.Y); !math.IsNaN(f) && !math.IsInf(f, 0) {
			part = append(part, q)
			continue
		}
		parts, part = append(parts, thinned(part)), nil
	}
	p.StrokeLines(sty, p.ClipLinesXY(append(parts, thinned(part))...)...)
}

// stretch is how much of a line is drawn as one: less than the width of its stroke.
const stretch vg.Length = 0.36

// thinned is a line without the points that its width hides: of those that follow each
// other in one stretch of the width, the first, the lowest, the highest and the last.
func thinned(pts []vg.Point) (out []vg.Point) {
	column := func(i int) float64 { return math.Floor(float64(pts[i].X / stretch)) }
	for from := 0; from < len(pts); {
		to, lo, hi := from, from, from
		for ; to < len(pts) && column(to) == column(from); to++ {
			if pts[to].Y < pts[lo].Y {
				lo = to
			}
			if pts[to].Y > pts[hi].Y {
				hi = to
			}
		}
		for _, i := range slices.Compact([]int{from, min(lo, hi), max(lo, hi), to - 1}) {
			out = append(out, pts[i])
		}
		from = to
	}
	return out
}
