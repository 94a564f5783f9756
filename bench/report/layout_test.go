package report

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"fig5/bench/report/canvas"
)

// texts is a vg.Canvas that draws nothing and notes where text would stand.
type texts struct {
	w, h  vg.Length
	m     [6]float64 // x' = m0 x + m2 y + m4, y' = m1 x + m3 y + m5
	stack [][6]float64
	found []placed
}

type placed struct {
	text     string
	min, max vg.Point
}

func (c *texts) Size() (w, h vg.Length)              { return c.w, c.h }
func (c *texts) SetLineWidth(vg.Length)              {}
func (c *texts) SetLineDash([]vg.Length, vg.Length)  {}
func (c *texts) SetColor(color.Color)                {}
func (c *texts) Stroke(vg.Path)                      {}
func (c *texts) Fill(vg.Path)                        {}
func (c *texts) DrawImage(vg.Rectangle, image.Image) {}
func (c *texts) Push()                               { c.stack = append(c.stack, c.m) }
func (c *texts) Pop()                                { c.m, c.stack = c.stack[len(c.stack)-1], c.stack[:len(c.stack)-1] }
func (c *texts) Scale(x, y float64)                  { c.apply([6]float64{x, 0, 0, y, 0, 0}) }
func (c *texts) Translate(p vg.Point)                { c.apply([6]float64{1, 0, 0, 1, float64(p.X), float64(p.Y)}) }
func (c *texts) Rotate(r float64)                    { s, k := math.Sincos(r); c.apply([6]float64{k, s, -s, k, 0, 0}) }
func (c *texts) at(x, y float64) (float64, float64) {
	return c.m[0]*x + c.m[2]*y + c.m[4], c.m[1]*x + c.m[3]*y + c.m[5]
}

func (c *texts) apply(n [6]float64) {
	m := c.m
	c.m = [6]float64{m[0]*n[0] + m[2]*n[1], m[1]*n[0] + m[3]*n[1], m[0]*n[2] + m[2]*n[3], m[1]*n[2] + m[3]*n[3],
		m[0]*n[4] + m[2]*n[5] + m[4], m[1]*n[4] + m[3]*n[5] + m[5]}
}

func (c *texts) FillString(f font.Face, p vg.Point, s string) {
	if strings.TrimSpace(s) == "" {
		return
	}
	// The height of capitals and digits and the depth of a comma: ink, not line height.
	up, down := 0.72*f.Font.Size, 0.15*f.Font.Size
	lo, hi := vg.Point{X: vg.Inch * 1e6, Y: vg.Inch * 1e6}, vg.Point{X: -vg.Inch * 1e6, Y: -vg.Inch * 1e6}
	for _, q := range []vg.Point{{X: p.X, Y: p.Y - down}, {X: p.X + f.Width(s), Y: p.Y - down}, {X: p.X, Y: p.Y + up}, {X: p.X + f.Width(s), Y: p.Y + up}} {
		x, y := c.at(float64(q.X), float64(q.Y))
		lo.X, lo.Y = min(lo.X, vg.Length(x)), min(lo.Y, vg.Length(y))
		hi.X, hi.Y = max(hi.X, vg.Length(x)), max(hi.Y, vg.Length(y))
	}
	c.found = append(c.found, placed{s, lo, hi})
}

// overlaps lists texts that touch each other or stick out of the figure.
func overlaps(f canvas.Figure) []string {
	c := &texts{w: f.Width, h: f.Height, m: [6]float64{1, 0, 0, 1, 0, 0}}
	f.Draw(draw.New(c))
	var out []string
	for i, a := range c.found {
		if a.min.X < 0 || a.min.Y < 0 || a.max.X > f.Width || a.max.Y > f.Height {
			out = append(out, fmt.Sprintf("%s: %q sticks out", f.Name, a.text))
		}
		for _, b := range c.found[:i] {
			if a.min.X < b.max.X && b.min.X < a.max.X && a.min.Y < b.max.Y && b.min.Y < a.max.Y {
				out = append(out, fmt.Sprintf("%s: %q overlaps %q", f.Name, a.text, b.text))
			}
		}
	}
	return out
}

// No text overlaps another or leaves the figure, and every figure has a paper width.
func TestNoOverlappingText(t *testing.T) {
	cases := map[string]synthetic{}
	all := []string{"cold", "warm", "hot"}
	for _, seeds := range []int{1, 8, 30} {
		for name, steps := range map[string][]int{"one": {5}, "default": {1, 2, 5, 20}, "full": {1, 2, 5, 10, 20, 50}, "near": {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, "far": {1, 1000}} {
			for _, spoil := range []bool{false, true} {
				cases[fmt.Sprintf("%s-%d-%v", name, seeds, spoil)] = synthetic{seeds: seeds, steps: steps, baselines: all, by: one, spoil: spoil}
			}
		}
		cases[fmt.Sprintf("grid-%d", seeds)] = synthetic{seeds: seeds, steps: grid.steps, baselines: all, by: grid.by, spoil: true}
		many := synthetic{seeds: seeds, steps: []int{1, 5, 20}, baselines: all}
		for _, name := range []string{"geometric", "linear", "exponential tau 5", "mine", "theirs", "a schedule with a long name"} {
			many.by = append(many.by, map[string]string{"schedule": name, "anneal.protocol": "per-level 12345"})
		}
		cases[fmt.Sprintf("many-%d", seeds)] = many
		cases[fmt.Sprintf("bare-%d", seeds)] = synthetic{seeds: seeds, steps: []int{1, 2, 5}, by: one}
		cases[fmt.Sprintf("baselines-%d", seeds)] = synthetic{seeds: seeds, baselines: all}
	}
	for name, s := range cases {
		d := s.data()
		for _, measure := range []string{"peak_to_trough", "relative"} {
			figures := d.Figures(measure)
			if f, ok := d.StaircaseFigure(); ok {
				figures = append(figures, f)
			}
			if s.seeds < 14 && len(s.by) < 2 {
				figures = append(figures, d.CurveFigures()...)
			}
			for _, f := range figures {
				if f.Width != canvas.Column && f.Width != canvas.Page {
					t.Errorf("%s: %s is %v wide", name, f.Name, f.Width)
				}
				for _, o := range overlaps(f) {
					t.Errorf("%s: %s", name, o)
				}
			}
		}
	}
}
