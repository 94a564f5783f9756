// Package curves reads FID curves: our own curve.csv or the log of any other program.
//
//  1. Paths turns what a user names (files, run folders, patterns, "-") into inputs.
//  2. Read takes the curve out of the CSV: two columns, found by name; of a curve
//     with a column beta, the rows from the start of β = ∞. Source says what was taken.
//     Whatever is wrong with it is an error that begins with the file and the line.
package curves
