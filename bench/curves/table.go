package curves

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"fig5/bench/curves/words"
)

// table is what every format is read into: rows of fields under names.
type table struct {
	in       *input
	names    []string
	rows     [][]string // a row may end before the last columns
	lines    []int      // of the rows; nil: rows are counted from 1
	all      []string   // names, and those of columns that were not kept
	headless bool       // names are column 1, column 2, ...
	counted  bool       // without a column of steps x counts the rows
	sep      rune       // what keeps fields apart
	warnings []string
}

// picked are the columns of a curve and the rows that have one of its values.
type picked struct {
	x, y, beta int    // columns; -1: the number of the row, or none
	name       string // of y
	rows       []int
}

// cell is the field of a row, blank where there is none.
func (t *table) cell(row, column int) string {
	if r := t.rows[row]; column < len(r) {
		return r[column]
	}
	return ""
}

// place is the file and the line of a row, as its errors begin.
func (t *table) place(row int) string {
	if t.lines == nil {
		return fmt.Sprintf("%s: row %d", t.in.file, row+1)
	}
	return fmt.Sprintf("%s:%d", t.in.file, t.lines[row])
}

func (t *table) fail(format string, a ...any) error {
	return fmt.Errorf("%s: "+format, append([]any{t.in.file}, a...)...)
}

// pick finds the columns of the curve.
func (t *table) pick(o Columns) (p picked, err error) {
	if t.all == nil {
		t.all = t.names
	}
	p.beta = -1
	tag, value := t.find(words.Tags), t.find(words.Values)
	if o.Y != "" {
		p.y, err = t.named(o.Y, t.names)
	} else {
		p.y, err = t.best(t.names)
	}
	if err != nil {
		return p, err
	}
	if p.y >= 0 && p.y == value {
		o.Y = "" // of a long table that is no choice
	}
	if (p.y < 0 || p.y == value) && tag >= 0 && value >= 0 {
		p.y = value
	} else {
		at := strings.LastIndex(o.Y, " - ")
		switch {
		case p.y >= 0:
		case at >= 0:
			p.y, _ = t.named(o.Y[at+3:], t.names)
		case o.Y == "" && value < 0 && t.headless:
			p.y = t.bare()
		case o.Y == "":
			p.y = value
		}
		if p.y < 0 && o.Y != "" {
			return p, t.fail("no column %s; there are %s", o.Y, list(t.all))
		}
		if p.y < 0 {
			return p, t.fail("no column is FID by its name; name one: %s", t.in.choices("y", t.all))
		}
		p.name, tag = t.name(p.y), -1
	}
	order, series := t.series(tag, t.find(words.Runs), p.y)
	at := 0
	switch {
	case len(order) == 0:
		return p, t.fail("%s has no values", t.name(p.y))
	case o.Y != "" && p.name == "":
		if at, err = t.named(o.Y, order); err != nil {
			return p, err
		}
		if at < 0 {
			return p, t.fail("no %s; there are %s", o.Y, list(order))
		}
	case o.Y != "" && len(order) > 1:
		if at = slices.Index(order, o.Y); at < 0 {
			return p, t.fail("%s of %d runs; name one: %s", p.name, len(order), t.in.choices("y", order))
		}
	case len(order) > 1:
		if at, err = t.best(order); err != nil {
			return p, err
		}
		if at < 0 {
			return p, t.fail("none is FID by its name; name one: %s", t.in.choices("y", order))
		}
	}
	p.rows = series[order[at]]
	if p.name == "" || len(order) > 1 {
		p.name = order[at]
	}
	if p.x, err = t.axis(o, p); err != nil {
		return p, err
	}
	if p.x == p.y {
		return p, t.fail("%s is both x and y", t.name(p.x))
	}
	for i, name := range t.names {
		if strings.EqualFold(name, "beta") && i != p.x && i != p.y {
			p.beta = i
		}
	}
	return p, nil
}

// find is the first column with one of these names, -1 where there is none.
func (t *table) find(names []string) int {
	return slices.IndexFunc(t.names, func(name string) bool { return words.OneOf(names, name) })
}

// named is the place of a name among names, as it stands before without regard to case;
// -1 where it is not there.
func (t *table) named(name string, names []string) (int, error) {
	at := -1
	for i := range names {
		switch have := nameOf(names, i); {
		case have == name && at >= 0 && names[at] == name, have != name && strings.EqualFold(have, name) && at >= 0 && names[at] != name:
			return 0, t.fail("two columns are named %s", name)
		case have == name, at < 0 && strings.EqualFold(have, name):
			at = i
		}
	}
	return at, nil
}

// best is the place of the one name that says FID best, -1 where none does.
func (t *table) best(names []string) (int, error) {
	rank, at, second := 0, -1, -1
	for i, name := range names {
		switch r := words.FID(name); {
		case r > rank:
			rank, at, second = r, i, -1
		case r > 0 && r == rank && name == "fid" && names[at] != "fid":
			at, second = i, -1
		case r > 0 && r == rank && (names[at] != "fid" || name == "fid"):
			second = i
		}
	}
	if second >= 0 {
		if names[at] == names[second] {
			return 0, t.fail("two columns are named %s", names[at])
		}
		return 0, t.fail("%q and %q may both be the FID; name one: %s", names[at], names[second], t.in.choices("y", []string{names[at], names[second]}))
	}
	return at, nil
}

// series sorts the rows that have a value by tag and, where there are several, by run.
// They are named as W&B does, run - tag.
func (t *table) series(tag, run, value int) (order []string, series map[string][]int) {
	several := map[string]bool{}
	for i := range t.rows {
		if run >= 0 && run != value && !blank(t.cell(i, value)) {
			several[t.cell(i, run)] = true
		}
	}
	series = map[string][]int{}
	type key struct{ run, tag string }
	labels := map[key]string{}
	for i := range t.rows {
		if blank(t.cell(i, value)) {
			continue
		}
		k := key{tag: t.name(value)}
		if tag >= 0 {
			k.tag = clean(t.cell(i, tag))
		}
		if len(several) > 1 {
			k.run = clean(t.cell(i, run))
		}
		label, ok := labels[k]
		if !ok {
			label = k.tag
			if len(several) > 1 {
				label = k.run + " - " + k.tag
			}
			labels[k] = label
			order = append(order, label)
		}
		series[label] = append(series[label], i)
	}
	return order, series
}

// axis is the column of x: the first of axes that the rows of the curve have.
func (t *table) axis(o Columns, p picked) (int, error) {
	if o.X != "" {
		at, err := t.named(o.X, t.names)
		if err == nil && at < 0 {
			err = t.fail("no column %s; there are %s", o.X, list(t.all))
		}
		return at, err
	}
	type candidate struct {
		column, rank int
		exact        bool
	}
	var all []candidate
	parent := func(name string) string { return name[:strings.LastIndexAny(name, "./")+1] }
	for i, name := range t.names {
		rank, exact := words.Axis(name)
		if own := parent(p.name); rank < 0 && own != "" && parent(name) == own { // fid.steps beside fid.values
			rank, _ = words.Axis(name[len(own):])
		}
		if rank < 0 || i == p.y {
			continue
		}
		have := 0
		for _, r := range p.rows {
			if !blank(t.cell(r, i)) {
				have++
			}
		}
		if 2*have >= len(p.rows) {
			all = append(all, candidate{i, rank, exact})
		}
	}
	slices.SortStableFunc(all, func(a, b candidate) int {
		switch {
		case a.rank != b.rank:
			return a.rank - b.rank
		case a.exact == b.exact:
			return 0
		case a.exact:
			return -1
		}
		return 1
	})
	switch {
	case len(all) == 0 && (len(t.names) == 1 || t.counted):
		return -1, nil
	case len(all) == 0 && t.headless && len(t.names) == 2:
		return 1 - p.y, nil
	case len(all) == 0:
		return 0, t.fail("no column of steps; name one: %s", t.in.choices("x", t.all))
	case len(all) > 1 && all[0].rank == all[1].rank && all[0].exact == all[1].exact:
		for _, r := range p.rows {
			if a, b := all[0].column, all[1].column; t.cell(r, a) != t.cell(r, b) {
				return 0, t.fail("%q and %q may both be the steps; name one: %s", t.name(a), t.name(b), t.in.choices("x", []string{t.name(a), t.name(b)}))
			}
		}
	}
	return all[0].column, nil
}

// bare is the y of rows without names: the only column, or the second of two; -1 of more.
func (t *table) bare() int {
	if len(t.names) > 2 {
		return -1
	}
	return len(t.names) - 1
}

// name of a column, for messages.
func (t *table) name(i int) string {
	if i < 0 {
		return "row"
	}
	return nameOf(t.names, i)
}

func nameOf(names []string, i int) string {
	if names[i] == "" {
		return fmt.Sprintf("column %d", i+1)
	}
	return names[i]
}

// some shows the first of names, so many at most; one that shows as nothing is left out.
func some(names []string, most int, show func(string) string) string {
	var s []string
	for i := range names {
		if len(s) == most {
			s = append(s, "...")
			break
		}
		if shown := show(nameOf(names, i)); shown != "" {
			s = append(s, shown)
		}
	}
	return strings.Join(s, ", ")
}

// list is names in quotes, the first dozen of them.
func list(names []string) string {
	return some(names, 12, func(name string) string { return strconv.Quote(clip(name)) })
}

// choices are the flags that name one of names, the first dozen of them.
func (in *input) choices(flag string, names []string) string {
	if in.columns.Listed {
		return in.flag(flag) + " " + list(names)
	}
	return some(names, 12, func(name string) string {
		if len(name) > 100 {
			return ""
		}
		return in.flag(flag) + " " + shell(name)
	})
}
