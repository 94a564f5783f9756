package figure

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"fig5/bench/curves"
	"fig5/bench/figure/canvas"
	"fig5/bench/tinygan"
	"fig5/filters"
)

// seen is a vg.Canvas that notes what is drawn and where.
type seen struct {
	w, h   vg.Length
	m      [6]float64 // x' = m0 x + m2 y + m4, y' = m1 x + m3 y + m5
	stack  [][6]float64
	color  color.Color
	texts  []placed
	filled []shape
	far    []vg.Point // corners of paths outside the figure
}

// placed is a text and its ink.
type placed struct {
	text     string
	min, max vg.Point
}

// shape is a closed part of a filled path.
type shape struct {
	color  color.Color
	middle vg.Point // of its corners
	at     []vg.Point
}

func (c *seen) Size() (w, h vg.Length)              { return c.w, c.h }
func (c *seen) SetLineWidth(vg.Length)              {}
func (c *seen) SetLineDash([]vg.Length, vg.Length)  {}
func (c *seen) SetColor(col color.Color)            { c.color = col }
func (c *seen) DrawImage(vg.Rectangle, image.Image) {}
func (c *seen) Push()                               { c.stack = append(c.stack, c.m) }
func (c *seen) Pop()                                { c.m, c.stack = c.stack[len(c.stack)-1], c.stack[:len(c.stack)-1] }
func (c *seen) Scale(x, y float64)                  { c.apply([6]float64{x, 0, 0, y, 0, 0}) }
func (c *seen) Translate(p vg.Point)                { c.apply([6]float64{1, 0, 0, 1, float64(p.X), float64(p.Y)}) }
func (c *seen) Rotate(r float64)                    { s, k := math.Sincos(r); c.apply([6]float64{k, s, -s, k, 0, 0}) }

func (c *seen) apply(n [6]float64) {
	m := c.m
	c.m = [6]float64{m[0]*n[0] + m[2]*n[1], m[1]*n[0] + m[3]*n[1], m[0]*n[2] + m[2]*n[3], m[1]*n[2] + m[3]*n[3],
		m[0]*n[4] + m[2]*n[5] + m[4], m[1]*n[4] + m[3]*n[5] + m[5]}
}

func (c *seen) Stroke(p vg.Path) {
	for _, comp := range p {
		if q := comp.Pos; comp.Type != vg.CloseComp && !(q.X >= 0 && q.Y >= 0 && q.X <= c.w && q.Y <= c.h) {
			c.far = append(c.far, q)
		}
	}
}

func (c *seen) Fill(p vg.Path) {
	c.Stroke(p)
	s := shape{color: c.color}
	for _, comp := range p {
		switch comp.Type {
		case vg.CloseComp:
			c.filled = append(c.filled, s)
			s.at = nil
		case vg.ArcComp: // a circle
			s.middle, s.at = comp.Pos, append(s.at, comp.Pos)
		default:
			s.at = append(s.at, comp.Pos)
			s.middle = vg.Point{}
			for _, q := range s.at {
				s.middle = s.middle.Add(q.Scale(1 / vg.Length(len(s.at))))
			}
		}
	}
}

func (c *seen) FillString(f font.Face, p vg.Point, s string) {
	if strings.TrimSpace(s) == "" {
		return
	}
	// The height of capitals and digits and the depth of a comma: ink, not line height.
	up, down, right := float64(0.72*f.Font.Size), float64(0.15*f.Font.Size), float64(f.Width(s))
	lo, hi := vg.Point{X: 1e9, Y: 1e9}, vg.Point{X: -1e9, Y: -1e9}
	for _, d := range [][2]float64{{0, -down}, {right, -down}, {0, up}, {right, up}} {
		x, y := float64(p.X)+d[0], float64(p.Y)+d[1]
		q := vg.Point{X: vg.Length(c.m[0]*x + c.m[2]*y + c.m[4]), Y: vg.Length(c.m[1]*x + c.m[3]*y + c.m[5])}
		lo, hi = vg.Point{X: min(lo.X, q.X), Y: min(lo.Y, q.Y)}, vg.Point{X: max(hi.X, q.X), Y: max(hi.Y, q.Y)}
	}
	c.texts = append(c.texts, placed{s, lo, hi})
}

// look draws the figure and notes what is there.
func look(f Figure) *seen {
	c := &seen{w: f.Width, h: f.Height, m: [6]float64{1, 0, 0, 1, 0, 0}}
	f.Draw(draw.New(c))
	return c
}

// words is all texts of a figure.
func (c *seen) words() string {
	var words []string
	for _, t := range c.texts {
		words = append(words, t.text)
	}
	return strings.Join(words, "|")
}

// of counts the filled shapes of a colour.
func (c *seen) of(col color.NRGBA) (n int) {
	for _, s := range c.filled {
		if s.color == col {
			n++
		}
	}
	return n
}

var white = color.NRGBA{255, 255, 255, 255}

// faults lists texts that touch each other or data, and whatever sticks out.
func (c *seen) faults() []string {
	var out []string
	for i, a := range c.texts {
		if a.min.X < 0 || a.min.Y < 0 || a.max.X > c.w || a.max.Y > c.h {
			out = append(out, fmt.Sprintf("%q sticks out", a.text))
		}
		for _, b := range c.texts[:i] {
			if a.min.X < b.max.X && b.min.X < a.max.X && a.min.Y < b.max.Y && b.min.Y < a.max.Y {
				out = append(out, fmt.Sprintf("%q overlaps %q", a.text, b.text))
			}
		}
		for _, s := range c.filled {
			q := s.middle
			mark := len(s.at) < 7 && s.color != white && s.color != canvas.Band && strings.Trim(a.text, "0") != ""
			if mark && a.min.X < q.X && q.X < a.max.X && a.min.Y < q.Y && q.Y < a.max.Y {
				out = append(out, fmt.Sprintf("%q lies on a mark at %v", a.text, q))
			}
		}
	}
	if len(c.far) > 0 {
		out = append(out, fmt.Sprintf("%d corners stick out, one at %v", len(c.far), c.far[0]))
	}
	return out
}

// plain fails where a figure has a fault, and shows it to the eye that asks for it.
func plain(t *testing.T, name string, figs ...Figure) {
	t.Helper()
	for _, f := range figs {
		if f.Width != canvas.Column && f.Width != canvas.Page {
			t.Errorf("%s: %s is %v wide", name, f.Name, f.Width)
		}
		for _, fault := range look(f).faults() {
			t.Errorf("%s: %s: %s", name, f.Name, fault)
		}
		if dir := os.Getenv("FIGURES"); dir != "" {
			b, err := f.PNG()
			check(t, err)
			check(t, os.WriteFile(filepath.Join(dir, name+"-"+f.Name+".png"), b, 0o644))
		}
	}
}

// No text touches another or a mark, and nothing leaves the figure, for sweeps that have
// more, fewer and other groups than the experiment.
func TestLayout(t *testing.T) {
	all := synthetic{seeds: 8, cold: true, warm: true}
	with := func(s synthetic, f func(*synthetic)) synthetic { f(&s); return s }
	for name, s := range map[string]synthetic{
		"confirm": confirm,
		"spoilt":  with(confirm, func(s *synthetic) { s.spoil = true }),
		"full": with(all, func(s *synthetic) {
			s.seeds, s.hot, s.ladders = 10, []int{25000}, []ladders{budget(10000, 1, 2, 5, 10, 20, 50), perLevel(500, 1, 2, 5, 10, 20, 50)}
		}),
		"budget":    with(all, func(s *synthetic) { s.spoil, s.hot, s.ladders = true, []int{10000}, []ladders{budget(10000, 1, 5, 20)} }),
		"level":     with(all, func(s *synthetic) { s.seeds, s.ladders = 30, []ladders{perLevel(500, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)} }),
		"far":       with(all, func(s *synthetic) { s.ladders = []ladders{budget(10000, 1, 1000)} }),
		"one":       with(all, func(s *synthetic) { s.seeds, s.ladders = 1, []ladders{budget(10000, 5)} }),
		"ladders":   {seeds: 6, ladders: []ladders{perLevel(500, 1, 5, 20)}},
		"baselines": with(all, func(s *synthetic) { s.hot = []int{10000} }),
		"grid": with(all, func(s *synthetic) {
			s.spoil, s.hot = true, []int{10000}
			s.ladders = []ladders{budget(10000, 1, 2, 5, 10, 20, 50), perLevel(500, 1, 2, 5, 10, 20, 50), budget(10000, 1, 2, 5, 10, 20, 50).named("linear"), perLevel(500, 1, 2, 5, 10, 20, 50).named("linear")}
		}),
		"many": with(all, func(s *synthetic) {
			for _, schedule := range []string{"geometric", "linear", "exponential tau 5", "mine", "theirs", "a schedule with a long name"} {
				s.ladders = append(s.ladders, perLevel(12345, 1, 5, 20).named(schedule))
			}
		}),
		"failed": with(all, func(s *synthetic) { s.seeds, s.spoil, s.ladders = 2, true, []ladders{budget(500, 1, 2)} }),
	} {
		for _, amplitude := range []string{"max_to_min", "relative"} {
			sw, sum, other := s.sample(t, amplitude, "peak_to_trough")
			figs := append(Sweep("fig5", sw, sum, other), Narrow("fig5-column", sw, sum, true)...)
			figs = append(append(figs, Narrow("fig5-linear", sw, sum, false)...), Answer(sw, sum), AnswerK(sw, sum))
			if f, ok := AnswerLength(sw, sum); ok {
				figs = append(figs, f)
			}
			if f, ok := Staircase(sw); ok {
				figs = append(figs, f)
			}
			if s.seeds < 14 && len(s.ladders) < 2 {
				figs = append(figs, Curves(sw, sum)...)
			}
			plain(t, name+"-"+amplitude, figs...)
		}
	}
}

// The tiny-GAN's figures and what strains their axes.
func TestTinyLayout(t *testing.T) {
	figs, err := Figure1()
	check(t, err)
	theory, _ := Theory()
	plain(t, "tiny", append(figs, theory)...)
	equilibrium := tinygan.State{Theta: 1, Alpha: 1}
	sys := tinygan.System{Kind: tinygan.Beta, Start: equilibrium, Target: 3, T: 30}
	js, staircase, still, printed := sys, sys, sys, sys
	js.Objective = tinygan.JensenShannon
	staircase.Levels, staircase.Tau = tinygan.LinearLevels(1, 3, 5), 8
	still.Start = tinygan.State{Theta: 3, Alpha: 3}
	printed.Kind, printed.AsPrinted, printed.T = tinygan.BetaPrime, true, 3
	for name, s := range map[string]tinygan.System{"flow": sys, "js": js, "staircase": staircase, "still": still, "printed": printed} {
		for _, until := range []float64{0, 100, 2000} {
			if until > 100 && s.AsPrinted {
				continue // it has run away
			}
			every, err := Sampling(until, 0)
			check(t, err)
			tr, err := s.Integrate(until, every)
			check(t, err)
			f := Trajectory(tr, name)
			plain(t, fmt.Sprintf("tiny-%s-%v", name, until), f)
			svg, err := f.SVG()
			check(t, err)
			if len(svg) > 600<<10 || strings.Contains(string(svg), "NaN") || strings.Contains(string(svg), "Inf") {
				t.Errorf("%s until %v: %d kB, or no number", name, until, len(svg)>>10)
			}
		}
	}
	every, err := Sampling(100, 0.02)
	check(t, err)
	tr, err := sys.Descend(tinygan.Simultaneous, 0.02, 100, every)
	check(t, err)
	f := Trajectory(tr, "simultaneous")
	plain(t, "tiny-descent", f)
	if !strings.Contains(look(f).words(), "flow") {
		t.Error("the flow is not named where the path leaves it")
	}
}

// Curves that strain the axes of Analyzed.
func TestAnalyzedLayout(t *testing.T) {
	for name, scale := range map[string]func(x, y float64) (float64, float64){
		"plain":    func(x, y float64) (float64, float64) { return x, y },
		"tiny":     func(x, y float64) (float64, float64) { return x / 1e6, y * 1e-12 },
		"huge":     func(x, y float64) (float64, float64) { return x * 1e9, y * 1e12 },
		"negative": func(x, y float64) (float64, float64) { return x - 5e4, 5 - y },
		"constant": func(x, y float64) (float64, float64) { return x, 3 },
		"zero":     func(x, y float64) (float64, float64) { return x, 0 },
		"decades":  func(x, y float64) (float64, float64) { return x, math.Exp(y) },
	} {
		c, err := curves.ReadFile(filepath.Join("..", "..", "docs", "example", "fid.csv"), curves.Columns{})
		check(t, err)
		for i := range c.X {
			c.X[i], c.Y[i] = scale(c.X[i], c.Y[i])
		}
		a := filters.DefaultAnalysis()
		a.Window = 500 * (c.X[1] - c.X[0])
		m, err := a.Measure(c.X, c.Y)
		check(t, err)
		plain(t, "analyzed-"+name, Analyzed(c, a.Lowpass, &m))
	}
}
