package samples

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot/vg"
	vgdraw "gonum.org/v1/plot/vg/draw"

	"fig5/bench/figure/canvas"
)

// leastSide is the smallest size in print of one image: smaller ones are not read, and a
// page of them takes megabytes.
const leastSide vg.Length = 20

// grids draws images: a square of them a level, at most five squares a row.
func (s sheet) grids() canvas.Figure {
	const gap, widest, head = 8, 234, 15
	cols, least, foot := len(s.all), math.MaxInt, vg.Length(0)
	if cols > 4 {
		cols = (cols + 1) / 2
	}
	for _, p := range s.all {
		least = min(least, p.N)
		if p.Share != nil {
			foot = barsHeight
		}
	}
	rows := (len(s.all) + cols - 1) / cols
	size := min(widest, (canvas.Page-2*sheetMargin-vg.Length(cols-1)*gap)/vg.Length(cols))
	side := max(1, min(int(math.Sqrt(float64(least))), int(size/leastSide)))
	height := sheetTop + vg.Length(rows)*(head+size+foot) + vg.Length(rows-1)*gap + sheetMargin
	text := fmt.Sprintf("%d of the images that the generator makes at the end of each level of β; the same place is the same noise.", side*side)
	if foot > 0 {
		text = "The same place is the same noise. Bars: the share of each class among other samples; dashed: the fair share."
	}
	return s.figure(height, text, func(c vgdraw.Canvas) {
		for i, p := range s.all {
			x := sheetMargin + vg.Length(i%cols)*(size+gap)
			y := height - sheetTop - vg.Length(i/cols)*(head+size+foot+gap) - head
			name := p.head
			img, bad := mosaic(s.Shape, p, side)
			if bad > 0 {
				name += fmt.Sprintf(" (%d not finite)", bad)
			}
			canvas.Write(c, canvas.Label, x, y+4, 0, name)
			c.DrawImage(canvas.Rectangle(x, y-size, x+size, y), img)
			bars(c, canvas.Rectangle(x, y-size-foot, x+size, y-size), p.Share)
		}
	})
}

// barsHeight is that of bars and their names.
const barsHeight vg.Length = 34

// bars draws the share of each class, numbered from 0, and the fair one.
func bars(c vgdraw.Canvas, area vg.Rectangle, share []float64) {
	if share == nil {
		return
	}
	const names = 10
	wide, bottom := area.Size().X/vg.Length(len(share)), area.Min.Y+names
	full := area.Max.Y - bottom - 4
	fair := 1 / float64(len(share))
	most := max(2*fair, slices.Max(share))
	for i, v := range share {
		x := area.Min.X + vg.Length(i)*wide
		canvas.Fill(c, canvas.Light(canvas.Blue), x+wide/6, bottom, x+wide*5/6, bottom+full*vg.Length(v/most))
		canvas.Write(c, canvas.Note, x+wide/2, area.Min.Y+1, 0.5, strconv.Itoa(i))
	}
	y := bottom + full*vg.Length(fair/most)
	c.StrokeLine2(canvas.Line(canvas.Grey, 0.5, 2, 1.5), area.Min.X, y, area.Max.X, y)
}

// mosaic lays side by side the first side*side images of p, values from -1 (black) to 1
// cut at both ends. An image with a value that is not finite is left out; bad counts them.
func mosaic(shape Shape, p drawn, side int) (img draw.Image, bad int) {
	gap := max(1, shape.Side/14)
	width := side*(shape.Side+gap) - gap
	img = image.NewGray(image.Rect(0, 0, width, width))
	if shape.Channels > 1 {
		img = image.NewRGBA(img.Bounds())
	}
	draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
	n := shape.Side * shape.Side
	for k := range side * side {
		row := p.row(k)
		if slices.ContainsFunc(row, func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) }) {
			bad++
			continue
		}
		x0, y0 := k%side*(shape.Side+gap), k/side*(shape.Side+gap)
		for i := range n {
			var pixel color.Color = color.Gray{level(row[i])}
			if shape.Channels > 1 {
				pixel = color.RGBA{level(row[i]), level(row[n+i]), level(row[2*n+i]), 255}
			}
			img.Set(x0+i%shape.Side, y0+i/shape.Side, pixel)
		}
	}
	return img, bad
}

// level is a value in [-1, 1] as a byte.
func level(v float64) uint8 {
	return uint8(math.Round(127.5 * (1 + max(-1, min(1, v)))))
}
