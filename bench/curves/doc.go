// Package curves reads FID curves: our own curve.csv or the log of any other program.
//
//  1. Paths turns what a user names (files, run folders, patterns, "-") into inputs.
//  2. ReadFile, or Read of an open log, tells the format of a log by its first bytes (formats, in read.go) and reads it
//     into a table: rows of fields under names. Each format is a file: csv.go, json.go,
//     numpy.go, events.go (package tfevents); other.go says what a file is that is none.
//  3. pick finds the columns, or the tag of a long table, by whole words (package words).
//  4. points makes numbers of the fields (number.go). Rows without a value are passed over,
//     and of a step that was run again the last row counts; of a curve with a column beta it takes
//     the rows from the start of β = ∞.
//  5. even fills what is missing and places x on even steps (grid.go), or resample
//     interpolates. Source and Warnings say what was taken and mended.
//
// Whatever is wrong is an error that begins with the file and, where there is one, the
// line, and ends with flags or a command that work as they are printed.
package curves
