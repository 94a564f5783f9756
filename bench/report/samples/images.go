package samples

import (
	"fmt"
	"image"
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"fig5/bench/report/canvas"
)

// leastSide is the smallest size in print of one image.
const leastSide vg.Length = 12

// grids draws images: a square of them a level, at most five squares a row.
func (s *Sheet) grids(panels []panel) canvas.Figure {
	const gap, widest, head = 8, 234, 15
	cols := len(panels)
	if cols > 4 {
		cols = (cols + 1) / 2
	}
	rows := (len(panels) + cols - 1) / cols
	size := min(widest, (canvas.Page-2*margin-vg.Length(cols-1)*gap)/vg.Length(cols))
	height := top + vg.Length(rows)*(head+size) + vg.Length(rows-1)*gap + margin
	least := math.MaxInt
	for _, p := range panels {
		least = min(least, p.n)
	}
	side := max(1, min(int(math.Sqrt(float64(least))), int(size/leastSide)))
	text := fmt.Sprintf("%d of the images that the generator makes at the end of each level of β; the same place is the same noise.", side*side)
	return s.figure(panels, height, func(c draw.Canvas) {
		s.begin(c, height, text)
		for i, p := range panels {
			x := margin + vg.Length(i%cols)*(size+gap)
			y := height - top - vg.Length(i/cols)*(head+size+gap) - head
			label := p.head
			img, bad := s.form.mosaic(p, side)
			if bad > 0 {
				label += fmt.Sprintf(" (%d not finite)", bad)
			}
			c.FillText(canvas.Style(normal, false, black), vg.Point{X: x, Y: y + 4}, label)
			c.DrawImage(vg.Rectangle{Min: vg.Point{X: x, Y: y - size}, Max: vg.Point{X: x + size, Y: y}}, img)
		}
	})
}

// mosaic lays side by side the first side*side images of p, values from -1 (black)
// to 1 cut at both ends. An image with a value that is not finite is left out; bad
// counts them.
func (f form) mosaic(p panel, side int) (img image.Image, bad int) {
	gap := max(1, f.side/14)
	width := side*(f.side+gap) - gap
	grey := image.NewGray(image.Rect(0, 0, width, width))
	rgb := image.NewRGBA(grey.Rect)
	for i := range grey.Pix {
		grey.Pix[i] = 255
	}
	for i := range rgb.Pix {
		rgb.Pix[i] = 255
	}
	for k := range side * side {
		row := p.row(k)
		if !finite(row) {
			bad++
			continue
		}
		x0, y0 := k%side*(f.side+gap), k/side*(f.side+gap)
		for i := range f.side * f.side {
			x, y := x0+i%f.side, y0+i/f.side
			if f.channels == 1 {
				grey.SetGray(x, y, color.Gray{level(row[i])})
				continue
			}
			n := f.side * f.side
			rgb.SetRGBA(x, y, color.RGBA{level(row[i]), level(row[n+i]), level(row[2*n+i]), 255})
		}
	}
	if f.channels == 1 {
		return grey, bad
	}
	return rgb, bad
}

// level is a value in [-1, 1] as a byte.
func level(v float64) uint8 {
	return uint8(math.Round(127.5 * (1 + max(-1, min(1, v)))))
}

func finite(row []float64) bool {
	for _, v := range row {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}
