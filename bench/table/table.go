package table

import (
	"cmp"
	"encoding/csv"
	"slices"
	"strconv"
	"strings"

	"fig5/bench/english"
	"fig5/bench/stats"
)

// Table is columns, rows and notes below.
type Table struct {
	Title   string // above a text table, and the caption of a LaTeX one where that has none
	Caption string // of a LaTeX table, as LaTeX
	Label   string // of a LaTeX table: tab:Label
	Wide    bool   // LaTeX: as wide as the page (table*), not the column
	Columns []Column
	Rows    []Row
	Notes   []string // below, each a sentence or a footnote
}

// Column is a heading and how its cells stand.
type Column struct {
	Name  string // in CSV: a word of lower-case letters, digits and _; empty: not in CSV
	Head  string // what people read; empty: in CSV alone
	TeX   string // the heading in LaTeX, where that is not TeX(Head)
	Right bool   // numbers stand to the right
	Break bool   // its cells may be broken at spaces where a text table is too wide
}

// Row is cells, one a column. A row with a Section is one heading across all columns
// and no row of CSV.
type Row struct {
	Section string
	Cells   []Cell
}

// Cell is a value: Text is what people read, Full what CSV holds (Text where empty), TeX
// what LaTeX reads (TeX(Text) where empty).
type Cell struct{ Text, Full, TeX string }

// Number is a cell of three digits for people and all digits for programs; a dash and
// nothing where x is undefined.
func Number(x stats.Number) Cell {
	return Cell{Text: Digits(float64(x)), Full: full(float64(x)), TeX: TeXNumber(x)}
}

// PValue is a cell that holds a p value.
func PValue(p stats.Number) Cell { return Cell{Text: P(p), Full: full(float64(p))} }

// Int is a cell that holds n, with commas for people.
func Int(n int) Cell { return Cell{Text: english.Thousands(n), Full: strconv.Itoa(n)} }

// Text is a cell of words.
func Text(s string) Cell { return Cell{Text: s, Full: cmp.Or(s, none)} }

// Mean is the cells of a number with its interval: "0.12 [0.1, 0.15]" for people, three
// numbers for programs. Their columns are MeanColumns.
func Mean(x stats.Number, i stats.Interval) []Cell {
	text, tex := Digits(float64(x)), TeXNumber(x)
	if i.Defined() {
		text, tex = text+" "+Interval(i), tex+" "+TeXInterval(i)
	}
	return []Cell{{Text: text, TeX: tex}, {Full: full(float64(x))}, {Full: full(i.Lo)}, {Full: full(i.Hi)}}
}

// MeanColumns is the columns of Mean's cells: head for people, name, name_lo and name_hi in CSV.
func MeanColumns(name, head string) []Column {
	return []Column{{Head: head}, {Name: name}, {Name: name + "_lo"}, {Name: name + "_hi"}}
}

// full is all digits, where nothing a space: a cell whose Full is empty would show its Text.
func full(x float64) string { return cmp.Or(Full(x), none) }

// none stands in Full for a value that CSV leaves empty.
const none = "\x00"

// Value is what CSV holds.
func (c Cell) Value() string {
	if c.Full == none {
		return ""
	}
	return cmp.Or(c.Full, c.Text)
}

// Add puts a row below. Its cells may come in pieces, as Mean gives them.
func (t *Table) Add(cells ...[]Cell) { t.Rows = append(t.Rows, Row{Cells: slices.Concat(cells...)}) }

// Cells is its arguments, for Add.
func Cells(c ...Cell) []Cell { return c }

// Shown is the table without the columns that only CSV has.
func (t *Table) Shown() *Table {
	return t.with(func(c Column) bool { return c.Head != "" })
}

// with is the table with the columns that keep accepts.
func (t *Table) with(keep func(Column) bool) *Table {
	s := *t
	s.Columns, s.Rows = nil, slices.Clone(t.Rows)
	for j := range s.Rows {
		s.Rows[j].Cells = nil
	}
	for i, c := range t.Columns {
		if !keep(c) {
			continue
		}
		s.Columns = append(s.Columns, c)
		for j, r := range t.Rows {
			if r.Section == "" {
				s.Rows[j].Cells = append(s.Rows[j].Cells, r.Cells[i])
			}
		}
	}
	return &s
}

// Only is the table with no more than these headings for people; CSV stays as it is.
func (t *Table) Only(heads ...string) *Table {
	s := *t
	s.Columns = slices.Clone(t.Columns)
	for i := range s.Columns {
		if !slices.Contains(heads, s.Columns[i].Head) {
			s.Columns[i].Head = ""
		}
	}
	return &s
}

// CSV writes the columns that have a name, a line a row.
func (t *Table) CSV() string {
	s := t.with(func(c Column) bool { return c.Name != "" })
	var b strings.Builder
	out := csv.NewWriter(&b) // a strings.Builder takes every write
	line := make([]string, len(s.Columns))
	for i, c := range s.Columns {
		line[i] = c.Name
	}
	out.Write(line)
	for _, r := range s.Rows {
		for i, c := range r.Cells {
			line[i] = c.Value()
		}
		if r.Section == "" {
			out.Write(line)
		}
	}
	out.Flush()
	return b.String()
}

// Markdown writes a table of GitHub's Markdown, the notes as a list below it.
func (t *Table) Markdown() string {
	s := t.Shown()
	var b strings.Builder
	line := func(cells []string) {
		for i := range cells {
			cells[i] = strings.NewReplacer("|", `\|`, "\n", " ").Replace(cells[i])
		}
		b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
	}
	line(s.heads())
	b.WriteString("|")
	for _, c := range s.Columns {
		if c.Right {
			b.WriteString("--:|")
		} else {
			b.WriteString(":--|")
		}
	}
	b.WriteString("\n")
	for _, r := range s.Rows {
		cells := r.texts()
		if r.Section != "" {
			cells = make([]string, len(s.Columns))
			cells[0] = "**" + r.Section + "**"
		}
		line(cells)
	}
	for i, n := range s.Notes {
		if i == 0 {
			b.WriteString("\n")
		}
		b.WriteString("- " + n + "\n")
	}
	return b.String()
}

func (t *Table) heads() (out []string) {
	for _, c := range t.Columns {
		out = append(out, c.Head)
	}
	return out
}

func (r Row) texts() (out []string) {
	for _, c := range r.Cells {
		out = append(out, c.Text)
	}
	return out
}
