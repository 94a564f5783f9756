// Package canvas is bench/figure/canvas under the names that bench/report draws with. It
// goes with these drawings.
package canvas

import (
	"image/color"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"

	"fig5/bench/figure/canvas"
)

// The names of bench/figure/canvas.
const (
	Column = canvas.Column
	Page   = canvas.Page
)

// Figure is a drawing.
type Figure = canvas.Figure

// Handler lays text out in the figures' font.
var Handler = canvas.Label.Handler

// PDF draws the figures, a page each, into one PDF.
func PDF(figs ...Figure) ([]byte, error) { return canvas.PDF(figs...) }

// Style is text of the given size and colour in the figures' font.
func Style(size vg.Length, bold bool, col color.Color) text.Style {
	sty := canvas.Inked(size, col)
	if bold {
		sty.Font.Weight = xfont.WeightBold
	}
	return sty
}
