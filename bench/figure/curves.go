package figure

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"fig5/bench/claims"
	"fig5/bench/measure"
	"fig5/filters"
)

// seedsAPage is how many runs one figure of curves holds.
const seedsAPage = 12

// Curves is the FID curve of every run, a figure a group: raw and filtered, with the
// knee and the window. Groups without a curve have none. Names come from sum.
func Curves(s *measure.Sweep, sum *claims.Summary) []Figure {
	var out []Figure
	for i := range s.Groups {
		var runs []*measure.Run
		for _, r := range s.Groups[i].Runs {
			if len(r.X) > 0 {
				runs = append(runs, r)
			}
		}
		title := sum.Groups[i].Name
		name := "curves-" + fileName(title)
		for page := 0; len(runs) > 0; page++ {
			n := min(len(runs), seedsAPage)
			f := curvesFigure(name, title, runs[:n])
			if page > 0 {
				f.Name += fmt.Sprintf("-%d", page+1)
			}
			out = append(out, f)
			runs = runs[n:]
		}
	}
	return out
}

// fileName turns a group's name into a part of a file name: "K = 5" is "k05".
func fileName(s string) string {
	var b strings.Builder
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return strings.ContainsRune(" ,=/\\", r) })
	for i, w := range words {
		switch {
		case i > 0 && words[i-1] == "k":
			if len(w) < 2 {
				b.WriteByte('0')
			}
		case i > 0 && (w[0] < '0' || w[0] > '9'):
			b.WriteByte('-')
		}
		b.WriteString(w)
	}
	return b.String()
}

// curvesFigure draws the runs in two columns on common axes.
func curvesFigure(name, title string, runs []*measure.Run) Figure {
	const left, right, gutter, dataHeight, between, head, foot = 44, 8, 14, 62, 19, 42, 30
	rows := (len(runs) + 1) / 2
	f := Figure{Name: name, Title: "FID curves of " + title, Width: Page, Height: vg.Length(head + foot + rows*dataHeight + (rows-1)*between)}
	var all [][]float64
	from, to := math.Inf(1), math.Inf(-1)
	for _, r := range runs {
		all = append(all, r.Y)
		from, to = min(from, r.X[0]), max(to, r.X[len(r.X)-1])
	}
	w := (f.Width - left - right - gutter) / 2
	f.Draw = func(c draw.Canvas) {
		clear(c)
		write(c, bold(normal+1), left, f.Height-13, 0, title)
		legend(c, curveKeys, left, f.Height-17, f.Width-left-right)
		for i, r := range runs {
			x := left + vg.Length(i%2)*(w+gutter)
			y := f.Height - head - vg.Length(i/2+1)*dataHeight - vg.Length(i/2)*between
			across, up := iterations(from, to, w, to >= many), spanned(true, "FID", all...)
			if i%2 == 1 {
				up.bare, up.label = true, ""
			}
			if i+2 < len(runs) {
				across.bare, across.label = true, ""
			}
			p := newPanel(c, rectangle(x, y, x+w, y+dataHeight), across, up)
			p.run(r)
			write(c, note, x, y+dataHeight+3, 0, p.about(r))
		}
	}
	return f
}

// many is from how many iterations on an axis counts them in thousands.
const many = 5000

// iterations is a horizontal axis of the given width, in thousands where wanted.
func iterations(from, to float64, width vg.Length, inThousands bool) axis {
	if from == to {
		to++
	}
	a := axis{min: from, max: to, label: "iteration"}
	if !inThousands {
		return a
	}
	a.label = "iteration / 1000"
	thousand := axis{min: from / 1000, max: to / 1000}
	for _, t := range thousand.marks(width, true) {
		a.ticks = append(a.ticks, tick{1000 * t.at, t.label})
	}
	return a
}

// How a curve and what is made of it are drawn.
var (
	rawLine    = line(light(blue), 0.6)
	fineLine   = line(black, 0.9)
	kneeLine   = line(vermilion, 0.9, 3, 1.5)
	extentLine = line(vermilion, 0.7)
)

var curveKeys = []key{
	lineKey("FID", line(light(blue), 0.9)),
	lineKey("filtered", fineLine),
	{"knee", func(c draw.Canvas, q vg.Point) { c.StrokeLine2(kneeLine, q.X, q.Y-4.5, q.X, q.Y+4.5) }},
	{"window", func(c draw.Canvas, q vg.Point) { fill(c, band, q.X-7, q.Y-3.5, q.X+7, q.Y+3.5) }},
	lineKey("maximum and minimum of the filtered curve in the window", extentLine),
}

// about is the line above a run's curve.
func (p panel) about(r *measure.Run) string {
	text := fmt.Sprintf("seed %d: ", r.Seed)
	switch r.Status {
	case measure.Settled:
		text += "amplitude " + digits(r.Measured.Amplitude.MaxToMin)
		if lo, _ := extent(r.Measured); p.y.share(lo) < 0 { // a filter may swing below 0
			text += ", min " + strings.Replace(digits(lo), "-", "−", 1) + " below the axis"
		}
		return text
	case measure.Unsettled:
		return text + "unsettled, the curve ends before its window"
	}
	return text + string(r.Status)
}

// run draws a run's curve.
func (p panel) run(r *measure.Run) {
	m := r.Measured
	if m == nil {
		p.curve(rawLine, r.X, r.Y)
		return
	}
	from, to := p.window(m.Window)
	fill(p.Canvas, band, from, p.Min.Y, to, p.Max.Y)
	p.curve(rawLine, r.X, r.Y)
	p.curve(fineLine, r.X, m.Filtered)
	p.knee(m.Knee.Iteration)
	if r.Status != measure.Settled {
		return
	}
	lo, hi := extent(m)
	for _, v := range []float64{lo, hi} {
		if s := p.y.share(v); s >= 0 && s <= 1 {
			p.StrokeLine2(extentLine, p.within(m.Window.From), p.py(v), p.within(m.Window.To), p.py(v))
		}
	}
}

func (p panel) knee(at float64) {
	x := p.within(at)
	p.StrokeLine2(kneeLine, x, p.Min.Y, x, p.Max.Y)
}

// narrowest is the width in which a window can be seen.
const narrowest vg.Length = 3

// window is where the band of a window begins and ends: it is seen at any width, and is
// never outside the panel.
func (p panel) window(w filters.Window) (from, to vg.Length) {
	from, to = p.within(w.From), p.within(w.To)
	if less := narrowest - (to - from); less > 0 {
		from, to = from-less/2, to+less/2
		shift := max(p.Min.X-from, 0) - max(to-p.Max.X, 0)
		from, to = from+shift, to+shift
	}
	return from, to
}

// extent is the smallest and the largest value of the filtered curve in its window.
func extent(m *filters.Measurement) (lo, hi float64) {
	n := len(m.Filtered)
	return span(m.Filtered[min(m.Window.Start, n):min(m.Window.End, n)])
}

// span is the smallest and the largest of the values.
func span(lists ...[]float64) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, list := range lists {
		for _, v := range list {
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	return lo, hi
}
