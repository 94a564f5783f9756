package main

import (
	"cmp"
	"image/color"
	"math"
	"os"
	"slices"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"fig5/bench/report/canvas"
)

// colours tell the lines of a panel apart, and so do their marks.
var colours = []color.Color{color.RGBA{0, 114, 178, 255}, color.RGBA{213, 94, 0, 255}, color.RGBA{0, 128, 96, 255}}
var marks = []draw.GlyphDrawer{draw.CircleGlyph{}, draw.SquareGlyph{}, draw.TriangleGlyph{}}

// draw writes the panels, two in a row, as out.svg, out.pdf and out.png.
func (s scale) draw(out string) error {
	var plots []*plot.Plot
	for _, p := range s.Panels {
		drawn, err := p.plot()
		if err != nil {
			return err
		}
		plots = append(plots, drawn)
	}
	rows := (len(plots) + 1) / 2
	height := vg.Length(rows) * 2.3 * vg.Inch
	f := canvas.Figure{Name: "scale", Width: canvas.Page, Height: height,
		Title: "Seconds against K, seeds, samples of an evaluation, and dimension of the features",
		Draw: func(c draw.Canvas) {
			tiles := draw.Tiles{Rows: rows, Cols: 2, PadX: 16, PadY: 14, PadTop: 4, PadBottom: 4, PadLeft: 4, PadRight: 6}
			for i, p := range plots {
				p.Draw(tiles.At(c, i%2, i/2))
			}
		}}
	for extension, write := range map[string]func() ([]byte, error){".svg": f.SVG, ".pdf": f.PDF, ".png": f.PNG} {
		text, err := write()
		if err != nil {
			return err
		}
		if err := os.WriteFile(out+extension, text, 0o666); err != nil {
			return err
		}
	}
	return nil
}

// plot is the panel on logarithmic axes.
func (p panel) plot() (*plot.Plot, error) {
	g := plot.New()
	ink := color.Gray{60}
	g.Title.Text, g.X.Label.Text, g.Y.Label.Text = p.Title, p.X, p.Y
	font := func(t *text.Style, size vg.Length, bold bool, c color.Color) {
		t.Font, t.Handler, t.Color = canvas.Style(size, bold, c).Font, canvas.Handler, c
	}
	font(&g.Title.TextStyle, 9, true, color.Black)
	for _, a := range []*plot.Axis{&g.X, &g.Y} {
		font(&a.Label.TextStyle, 8, false, color.Black)
		font(&a.Tick.Label, 7.5, false, ink)
		a.Scale, a.LineStyle.Width, a.Tick.LineStyle.Width = plot.LogScale{}, .5, .5
	}
	g.X.Tick.Marker, g.Y.Tick.Marker = plot.ConstantTicks(p.sizes()), plot.TickerFunc(decades)
	font(&g.Legend.TextStyle, 7.5, false, color.Black)
	g.Legend.Top, g.Legend.Left, g.Legend.XOffs, g.Legend.YOffs, g.Legend.Padding = true, true, 4, -2, 1
	low, high := math.Inf(1), 0.0
	for i, l := range p.Lines {
		points := plotter.XYs{}
		slices.SortFunc(l.Points, func(a, b [2]float64) int { return cmp.Compare(a[0], b[0]) })
		for _, xy := range l.Points {
			points = append(points, plotter.XY{X: xy[0], Y: xy[1]})
			low, high = min(low, xy[1]), max(high, xy[1])
		}
		way, dots, err := plotter.NewLinePoints(points)
		if err != nil {
			return nil, err
		}
		way.Color, way.Width = colours[i], 1
		dots.Color, dots.Shape, dots.Radius = colours[i], marks[i], 2
		g.Add(way, dots)
		g.Legend.Add(l.Name, way, dots)
	}
	g.Y.Min, g.Y.Max = math.Pow(10, math.Floor(math.Log10(low))), math.Pow(10, math.Ceil(math.Log10(high)))
	return g, nil
}

// decades are the powers of ten between low and high, both such powers, with a mark at
// each multiple. plot.LogTicks loses the lowest where a power is rounded.
func decades(low, high float64) (ticks []plot.Tick) {
	last := int(math.Round(math.Log10(high)))
	for e := int(math.Round(math.Log10(low))); e <= last; e++ {
		power := math.Pow(10, float64(e))
		ticks = append(ticks, plot.Tick{Value: power, Label: trim(power)})
		for m := 2.0; m < 10 && e < last; m++ {
			ticks = append(ticks, plot.Tick{Value: m * power})
		}
	}
	return ticks
}

// sizes are the ticks: the sizes measured.
func (p panel) sizes() (ticks []plot.Tick) {
	for _, xy := range p.Lines[0].Points {
		ticks = append(ticks, plot.Tick{Value: xy[0], Label: trim(xy[0])})
	}
	return ticks
}

// trim is a size as a label.
func trim(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
