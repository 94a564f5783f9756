// Package curves takes one FID curve from its file to its amplitude: our own
// curve.csv or the log of any other program.
//
//  1. Paths turns what a user names (files, run folders, patterns, "-") into inputs.
//  2. Read takes the curve out of the CSV: two columns, found by name; of a curve
//     with a column beta, the rows from the start of β = ∞. Whatever is wrong with it
//     is an error that begins with the file and the line.
//  3. Curve.Measure applies package filters; Job.Do takes many inputs through 2 and 3,
//     a core each.
//  4. WriteFiltered writes the filtered curve.
package curves
