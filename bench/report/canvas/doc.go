// Package canvas writes one drawing as SVG, PDF and PNG: at its true size in
// print, with its font inside the file, and as the same bytes each time.
//
//  1. A Figure is a size, a one-line description and a function that draws on a
//     gonum/plot canvas.
//  2. Figure.SVG draws through gonum's vgsvg and puts a subset of the font
//     (subset.go) and the description into the file.
//  3. PDF draws through pdf.go: gonum's vgpdf knows the 8-bit code page 1252
//     only (no β, no ∞), embeds the font anew for every size and writes the
//     time of day.
//  4. Figure.PNG draws through gonum's vgimg at 300 dots an inch.
package canvas
