//go:build cgo

package main

import (
	"os"

	"fig5/bench/figure"
)

// draw writes the panels, two in a row, as out.svg, out.pdf and out.png.
func (s scale) draw(out string) error {
	var panels []figure.Lines
	for _, p := range s.Panels {
		drawn := figure.Lines{Title: p.Title, X: p.X, Y: p.Y}
		for _, xy := range p.Lines[0].Points {
			drawn.Ticks = append(drawn.Ticks, xy[0])
		}
		for _, l := range p.Lines {
			drawn.Lines = append(drawn.Lines, figure.Line{Name: l.Name, Points: l.Points})
		}
		panels = append(panels, drawn)
	}
	f := figure.Panels("scale", "Seconds against K, seeds, samples of an evaluation, and dimension of the features", 2, panels...)
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
