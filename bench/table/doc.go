// Package table is the one table of the project: rows of cells, written as text, CSV,
// Markdown or LaTeX, and the digits that numbers are written with.
//
//  1. Digits, Interval, P, Share and Change write numbers. Full writes all digits, for
//     programs. Counts, lists and times are of bench/english.
//  2. A Table has columns and rows of cells. A cell holds what people read and, where
//     that is rounded, all digits. Number, Int, Text and Mean make cells; Tabulate makes
//     a table of items, each cell told with its column.
//  3. Text, CSV, Markdown and LaTeX write it. TeX writes a sentence with its numbers and
//     formulas as LaTeX.
//
// Nothing here knows what a number means, and nothing fails.
package table
