package report

import (
	"strconv"

	"fig5/bench/stats"
	"fig5/bench/table"
)

// rows is a table in the making. A row is told cell by cell, each with the column that it
// stands in, which the first row makes.
type rows struct {
	table.Table
	cells []table.Cell // of the row that is being told
	blank bool         // what is told leaves its cells empty
}

// tabulate is a table with a row an item. Where there are no items the columns are those
// of the zero item.
func tabulate[T any](items []T, tell func(*rows, T)) *table.Table {
	t := &rows{}
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

func (t *rows) cell(column table.Column, value any) {
	if len(t.Columns) == len(t.cells) {
		t.Columns = append(t.Columns, column)
	}
	c := table.Text("")
	if !t.blank {
		c = cellOf(value)
	}
	t.cells = append(t.cells, c)
}

// text is a cell under head, which CSV calls name, either of which may be empty; long may
// be broken, right stands to the right.
func (t *rows) text(name, head string, v any) { t.cell(table.Column{Name: name, Head: head}, v) }
func (t *rows) long(name, head string, v any) {
	t.cell(table.Column{Name: name, Head: head, Break: true}, v)
}
func (t *rows) right(name, head string, v any) {
	t.cell(table.Column{Name: name, Head: head, Right: true}, v)
}

// mean is a number with its interval, which CSV has in columns of their own.
func (t *rows) mean(name, head string, x stats.Number, i stats.Interval) {
	columns := table.MeanColumns(name, head)
	for at, c := range table.Mean(x, i) {
		t.cell(columns[at], c)
	}
}

// csv is cells for CSV alone: names and values. An interval is two.
func (t *rows) csv(pairs ...any) {
	for i := 0; i < len(pairs); i += 2 {
		name := pairs[i].(string)
		if v, ok := pairs[i+1].(stats.Interval); ok {
			t.csv(name+"_lo", v.Lo, name+"_hi", v.Hi)
		} else {
			t.text(name, "", pairs[i+1])
		}
	}
}

// by is coordinates of the grid for CSV, a column a key.
func (t *rows) by(keys []string, coordinates map[string]string) {
	for _, key := range keys {
		t.csv(key, coordinates[key])
	}
}

// pvalue is a p value, which is written in its own way.
type pvalue stats.Number

// cellOf is a value as a cell; of a number that was not counted it is empty.
func cellOf(value any) table.Cell {
	switch v := value.(type) {
	case table.Cell:
		return v
	case int:
		return table.Int(v)
	case *int:
		if v != nil {
			return table.Int(*v)
		}
	case bool:
		return table.Text(strconv.FormatBool(v))
	case float64:
		return table.Number(stats.Number(v))
	case stats.Number:
		return table.Number(v)
	case pvalue:
		return table.PValue(stats.Number(v))
	case string:
		return table.Text(v)
	}
	return table.Text("")
}
