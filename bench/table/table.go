// Package table is the one table of the project: rows of cells, written as text, CSV,
// Markdown or LaTeX, and the one way in which numbers are put into words.
//
//  1. Digits, Interval, P, Thousands, Duration, Plural and List write numbers.
//  2. A Table has columns and rows of cells; a cell holds what people read and, for
//     programs, all digits.
//  3. Text, CSV, Markdown and LaTeX write it.
package table

// Table is columns, rows and notes below.
type Table struct {
	Title   string // above a text table, in the caption of a LaTeX one
	Label   string // of a LaTeX table: tab:Label
	Columns []Column
	Rows    []Row
	Notes   []string // below, each a sentence or a footnote
}

// Column is a heading and how its cells stand.
type Column struct {
	Name  string // in CSV: a word of lower-case letters, digits and _; empty: not in CSV
	Head  string // what people read; empty: in CSV alone
	TeX   string // what LaTeX reads, where that is not Head escaped
	Right bool   // numbers stand to the right
}

// Row is cells, one a column. A Section row is one heading across all columns and no
// row of CSV.
type Row struct {
	Section string
	Cells   []Cell
}

// Cell is a value: Text is what people read, Full what CSV holds (Text where empty), TeX
// what LaTeX reads (Text escaped where empty).
type Cell struct{ Text, Full, TeX string }
