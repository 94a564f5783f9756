package samples

import (
	"fmt"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"fig5/bench/anneal"
	"fig5/bench/data"
	"fig5/bench/english"
	"fig5/bench/figure/canvas"
	"fig5/bench/record"
)

// seen is where a point of three numbers is seen in a parallel projection, from where the
// modes of the drawn data are as far apart as they can be.
func seen(p []float64) (x, y float64) {
	const azimuth, elevation = 230 * math.Pi / 180, 30 * math.Pi / 180
	sinA, cosA := math.Sincos(azimuth)
	sinE, cosE := math.Sincos(elevation)
	return cosA*p[1] - sinA*p[0], cosE*p[2] - sinE*cosA*p[0] - sinE*sinA*p[1]
}

const (
	halfView   = 1.75 // half side of what a panel in three dimensions shows, about a box seen over its corner
	sceneDots  = 500  // of either kind in a panel
	realRadius = vg.Length(0.9)
)

// DrawTogether draws runs whose samples are points in three dimensions as the paper's Figure
// 2: a row a run, a column a number of iterations, in each panel real points (blue) and
// generated ones (red), and below it how many modes they hold. reals are the data of each
// run. Sheets of other shapes are an error.
func DrawTogether(sheets []*Sheet, reals []*data.Set) (canvas.Figure, error) {
	for i, s := range sheets {
		if s.Shape.Side > 0 || reals[i].Dim != 3 {
			return canvas.Figure{}, fmt.Errorf("%s: its samples are not points in three dimensions; without --together they are drawn by themselves", s.Dir)
		}
	}
	const left, gap, foot = 34, 5, 13
	cols, rows := vg.Length(len(sheets[0].Levels)), vg.Length(len(sheets))
	size := min(150, (canvas.Page-left-sheetMargin-(cols-1)*gap)/cols)
	start := left + (canvas.Page-left-sheetMargin-cols*size-(cols-1)*gap)/2
	const top = 26
	height := top + rows*(size+foot) + (rows-1)*gap + sheetMargin
	var totals []int
	for _, l := range sheets[0].Levels {
		totals = append(totals, l.Total)
	}
	title := "Real (blue) and generated (red) points after " + english.Ints(totals) + " iterations"
	most := 0.0
	for _, s := range sheets {
		for _, l := range s.Levels {
			most = max(most, l.without(inView))
		}
	}
	text := "Iterations of training, pretraining included. Blue: data. Red: generated."
	if most > 0 {
		text += " Up to " + percent(most) + " of a panel's points lie beyond it."
	}
	return canvas.Figure{Name: "samples-together", Title: title, Width: canvas.Page, Height: height, Draw: func(c draw.Canvas) {
		canvas.Clear(c)
		for i, s := range sheets {
			real := drawnReal(reals[i], sceneDots).Level
			y := height - top - vg.Length(i)*(size+foot+gap) - size
			canvas.Upright(c, canvas.Label, start-16, y+size/2, s.Run.Config.Data.Name)
			canvas.Upright(c, canvas.Label, start-5, y+size/2, trained(s.Run))
			for j, l := range s.Levels {
				x := start + vg.Length(j)*(size+gap)
				scene(c, canvas.Rectangle(x, y, x+size, y+size), real, l)
				if i == 0 {
					canvas.Write(c, canvas.Label, x+size/2, y+size+5, 0.5, english.Thousands(l.Total))
				}
				canvas.Write(c, canvas.Inked(canvas.Small, canvas.Dark), x+size/2, y-9, 0.5, below(l, reals[i]))
			}
		}
		canvas.Write(c, canvas.Inked(canvas.Small, canvas.Grey), start, height-11, 0, text)
	}}, nil
}

// trained names how a run was trained.
func trained(r *record.Run) string {
	switch r.Cell.Baseline {
	case "":
		return fmt.Sprintf("β-GAN, K = %d", r.Cell.K)
	case anneal.Cold:
		return "GAN"
	}
	return r.Cell.Baseline
}

// below is the β of a moment and how many of the modes its samples hold.
func below(l Level, real *data.Set) string {
	text := named(l.Beta, 2)
	if l.Beta == 0 {
		text = "box"
	}
	if real.Centres == nil {
		return text
	}
	x := make([]float32, len(l.X))
	for i, v := range l.X {
		x[i] = float32(v)
	}
	return fmt.Sprintf("%s, %d of %d modes", text, data.CountModes(x, l.D, real.Centres), len(real.Centres))
}

// inView reports whether a point lies within a panel.
func inView(p []float64) bool {
	x, y := seen(p)
	return math.Abs(x) < halfView && math.Abs(y) < halfView // nor NaN
}

// scene draws the box and the points in it.
func scene(c draw.Canvas, area vg.Rectangle, real, l Level) {
	scale := area.Size().X / (2 * halfView)
	place := func(p []float64) vg.Point {
		x, y := seen(p)
		return vg.Point{X: area.Min.X + scale*vg.Length(x+halfView), Y: area.Min.Y + scale*vg.Length(y+halfView)}
	}
	var edges vg.Path
	for corner := range 8 {
		p := []float64{float64(corner&1)*2 - 1, float64(corner>>1&1)*2 - 1, float64(corner>>2)*2 - 1}
		for axis := range p {
			if p[axis] < 0 {
				edges.Move(place(p))
				p[axis] = 1
				edges.Line(place(p))
				p[axis] = -1
			}
		}
	}
	c.SetLineStyle(canvas.Line(canvas.Faint, 0.4))
	c.Stroke(edges)
	dots := func(l Level, radius vg.Length) (path vg.Path) {
		for i := range min(l.N, sceneDots) {
			if row := l.row(i); inView(row) {
				canvas.Polygon(&path, place(row), radius, 4, 0)
			}
		}
		return path
	}
	c.SetColor(canvas.Light(canvas.Blue))
	c.Fill(dots(real, realRadius))
	c.SetColor(canvas.Vermilion)
	c.Fill(dots(l, dotRadius))
}
