package table

import (
	"strconv"

	"fig5/bench/stats"
)

// Rows is a table in the making. A row is told cell by cell, each with the column that it
// stands in, which the first row makes.
type Rows struct {
	Table
	Blank bool // what is told leaves its cells empty
	cells []Cell
}

// Tabulate is a table with a row an item. Where there are no items the columns are those
// of the zero item.
func Tabulate[T any](items []T, tell func(*Rows, T)) *Table {
	t := &Rows{}
	for _, item := range items {
		t.cells = nil
		tell(t, item)
		t.Add(t.cells)
	}
	if len(items) == 0 {
		var none T
		tell(t, none)
	}
	return &t.Table
}

// Cell is the next cell of the row: a Cell, a string, a number or a bool, or nothing,
// which a nil *int is, too.
func (t *Rows) Cell(column Column, value any) {
	if len(t.Columns) == len(t.cells) {
		t.Columns = append(t.Columns, column)
	}
	c := Text("")
	switch v := value.(type) {
	case Cell:
		c = v
	case string:
		c = Text(v)
	case bool:
		c = Text(strconv.FormatBool(v))
	case int:
		c = Int(v)
	case *int:
		if v != nil {
			c = Int(*v)
		}
	case float64:
		c = Number(stats.Number(v))
	case stats.Number:
		c = Number(v)
	}
	if t.Blank {
		c = Text("")
	}
	t.cells = append(t.cells, c)
}

// Left is a cell under head, which CSV calls name; either may be empty. Long is one that
// may be broken, Right one that stands to the right.
func (t *Rows) Left(name, head string, v any) { t.Cell(Column{Name: name, Head: head}, v) }
func (t *Rows) Long(name, head string, v any) { t.Cell(Column{Name: name, Head: head, Break: true}, v) }
func (t *Rows) Right(name, head string, v any) {
	t.Cell(Column{Name: name, Head: head, Right: true}, v)
}

// Mean is a number with its interval, which CSV has in columns of their own.
func (t *Rows) Mean(name, head string, x stats.Number, i stats.Interval) {
	columns := MeanColumns(name, head)
	for at, c := range Mean(x, i) {
		t.Cell(columns[at], c)
	}
}

// Data is cells for CSV alone: names and values in turn. An interval is two.
func (t *Rows) Data(pairs ...any) {
	for i := 0; i < len(pairs); i += 2 {
		name := pairs[i].(string)
		if v, ok := pairs[i+1].(stats.Interval); ok {
			t.Data(name+"_lo", v.Lo, name+"_hi", v.Hi)
		} else {
			t.Left(name, "", pairs[i+1])
		}
	}
}
