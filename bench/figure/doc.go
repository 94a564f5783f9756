// Package figure is every drawing of the project.
//
//  1. Package canvas is the page and the one style: fonts, colours, markers, axes,
//     legends. It writes a Figure as SVG, PDF and PNG.
//  2. Answer, Sweep, Narrow, Curves and Staircase draw a sweep that measure and claims
//     have made: they compute no statistic.
//  3. Analyzed draws one curve and what was measured of it.
//  4. Package samples reads and draws what a generator made (Figures 2 to 4).
//  5. Figure1, Theory and Trajectory draw the tiny-GAN.
//  6. Panels draws lines on logarithmic axes.
//
// Figures are a column or a page wide and are drawn at their size in print.
package figure

import "fig5/bench/figure/canvas"

// Figure is one drawing, to be written as SVG, PDF or PNG.
type Figure = canvas.Figure

// PDF is the figures, one or more, a page each, in one file. Its errors begin with the
// first one's name.
func PDF(figs ...Figure) ([]byte, error) { return canvas.PDF(figs...) }

// Themes is CSS declarations of the colours that Figure.InlineSVG draws with, on white
// and on black, and of --link.
func Themes() (onWhite, onBlack string) { return canvas.Themes() }
