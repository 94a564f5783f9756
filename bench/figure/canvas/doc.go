// Package canvas is how the project draws: one page, one style, the same bytes each time.
//
//  1. A Figure is a size, a one-line description and a function that draws on a
//     gonum/plot canvas.
//  2. style.go has the fonts and colours, axis.go the axes of a Panel and its curves,
//     thinned to what their width can show, marks.go markers and legends.
//  3. Figure.SVG draws through gonum's vgsvg; its text names fonts and embeds none.
//  4. PDF draws through pdf.go: gonum's vgpdf knows the 8-bit code page 1252 only (no β,
//     no ∞), embeds the font anew for every size and writes the time of day.
//  5. Figure.PNG draws through gonum's vgimg at 300 dots an inch.
package canvas
