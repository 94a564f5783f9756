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
	in           *input
	names        []string
	rows         [][]string // a row may end before the last columns
	lines        []int      // of the rows; nil: rows are counted from 1
	all          []string   // names, and those of columns that were not kept
	headless     bool       // names are column 1, column 2, ...
	counted      bool       // without a column of steps x counts the rows
	decimalComma bool       // a comma alone is decimal, as commas do not keep fields apart
	warnings     []string
	at           map[string]int // of JSON: column by key, -1 of one that is not kept
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
func (t *table) pick() (p picked, err error) {
	o := t.in.columns
	if t.all == nil {
		t.all = t.names
	}
	tag, value := t.find(words.Tags), t.find(words.Values)
	if p.y, err = t.choose(o.Y, t.names); err != nil {
		return p, err
	}
	if p.y >= 0 && p.y == value {
		o.Y = "" // of a long table that is no choice
	}
	if (p.y < 0 || p.y == value) && tag >= 0 && value >= 0 {
		p.y = value
	} else {
		switch metric := words.Metric(o.Y); {
		case p.y >= 0:
		case metric != o.Y:
			p.y, _ = t.named(metric, t.names)
		case o.Y == "" && value < 0 && t.headless:
			p.y = t.bare()
		case o.Y == "":
			p.y = value
		}
		switch {
		case p.y < 0 && o.Y != "":
			return p, t.fail("no column %s; there are %s", o.Y, list(t.all))
		case p.y < 0:
			return p, t.fail("no column is FID by its name; name one: %s", t.in.choices("y", t.all))
		}
		p.name, tag = t.name(p.y), -1
	}
	order, series := t.series(tag, t.find(words.Runs), p.y)
	at := 0
	switch {
	case len(order) == 0:
		return p, t.fail("%s has no values", t.name(p.y))
	case o.Y != "" && p.name == "", len(order) > 1:
		switch at, err = t.choose(o.Y, order); {
		case err != nil:
			return p, err
		case at < 0 && o.Y != "" && p.name != "":
			return p, t.fail("%s of %d runs; name one: %s", p.name, len(order), t.in.choices("y", order))
		case at < 0 && o.Y != "":
			return p, t.fail("no %s; there are %s", o.Y, list(order))
		case at < 0:
			return p, t.fail("none is FID by its name; name one: %s", t.in.choices("y", order))
		}
	}
	p.rows = series[order[at]]
	if p.name == "" || len(order) > 1 {
		p.name = order[at]
	}
	if p.x, err = t.axis(p); err != nil {
		return p, err
	}
	if p.x == p.y {
		return p, t.fail("%s is both x and y", t.name(p.x))
	}
	p.beta = -1
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

// best is the first of n with the highest score, and the next one that has the same; -1
// where there is none with a score above 0.
func best(n int, score func(i int) int) (at, second int) {
	at, second = -1, -1
	highest := 0
	for i := range n {
		switch s := score(i); {
		case s > highest:
			highest, at, second = s, i, -1
		case s > 0 && s == highest && second < 0:
			second = i
		}
	}
	return at, second
}

// named is the place of a name among names, as it stands before without regard to case;
// -1 where it is not there.
func (t *table) named(name string, names []string) (int, error) {
	at, second := best(len(names), func(i int) int {
		switch have := nameOf(names, i); {
		case have == name:
			return 2
		case strings.EqualFold(have, name):
			return 1
		}
		return 0
	})
	if second >= 0 {
		return 0, t.fail("two columns are named %s", name)
	}
	return at, nil
}

// choose is the place of name among names or, without a name, of the one that says FID
// best; -1 where there is none.
func (t *table) choose(name string, names []string) (int, error) {
	if name != "" {
		return t.named(name, names)
	}
	at, second := best(len(names), func(i int) int {
		if names[i] == "fid" {
			return 3
		}
		return words.FID(names[i])
	})
	switch {
	case second < 0:
		return at, nil
	case names[at] == names[second]:
		return 0, t.fail("two columns are named %s", names[at])
	}
	return 0, t.unsure("the FID", "y", names[at], names[second])
}

// unsure is the error of two names that fit equally.
func (t *table) unsure(what, flag, one, two string) error {
	return t.fail("%q and %q may both be %s; name one: %s", one, two, what, t.in.choices(flag, []string{one, two}))
}

// series sorts the rows that have a value by tag and, where there are several, by run.
// They are named as W&B does, run - tag.
func (t *table) series(tag, run, value int) (order []string, series map[string][]int) {
	runs := map[string]bool{}
	for i := range t.rows {
		if run >= 0 && run != value && !blank(t.cell(i, value)) {
			runs[t.cell(i, run)] = true
		}
	}
	series = map[string][]int{}
	labels := map[[2]string]string{} // of a run and a tag
	for i := range t.rows {
		if blank(t.cell(i, value)) {
			continue
		}
		k := [2]string{"", t.name(value)}
		if tag >= 0 {
			k[1] = t.cell(i, tag)
		}
		if len(runs) > 1 {
			k[0] = t.cell(i, run)
		}
		label, ok := labels[k]
		if !ok {
			if label = clean(k[1]); len(runs) > 1 {
				label = clean(k[0]) + " - " + label
			}
			labels[k] = label
			if series[label] == nil {
				order = append(order, label)
			}
		}
		series[label] = append(series[label], i)
	}
	return order, series
}

// axis is the column of x: the first of axes that the rows of the curve have.
func (t *table) axis(p picked) (int, error) {
	if x := t.in.columns.X; x != "" {
		at, err := t.named(x, t.names)
		if err == nil && at < 0 {
			err = t.fail("no column %s; there are %s", x, list(t.all))
		}
		return at, err
	}
	parent := func(name string) string { return name[:strings.LastIndexAny(name, "./")+1] }
	at, second := best(len(t.names), func(i int) int {
		rank, exact := words.Axis(t.names[i])
		if own := parent(p.name); rank < 0 && own != "" && parent(t.names[i]) == own { // fid.steps beside fid.values
			rank, _ = words.Axis(t.names[i][len(own):])
		}
		if rank < 0 || i == p.y {
			return 0
		}
		have := 0
		for _, r := range p.rows {
			if !blank(t.cell(r, i)) {
				have++
			}
		}
		switch score := 1000 - 2*rank; {
		case 2*have < len(p.rows):
			return 0
		case exact:
			return score + 1
		default:
			return score
		}
	})
	switch {
	case at < 0 && (len(t.names) == 1 || t.counted):
		return -1, nil
	case at < 0 && t.headless && len(t.names) == 2:
		return 1 - p.y, nil
	case at < 0:
		return 0, t.fail("no column of steps; name one: %s", t.in.choices("x", t.all))
	case second >= 0:
		for _, r := range p.rows {
			if t.cell(r, at) != t.cell(r, second) {
				return 0, t.unsure("the steps", "x", t.name(at), t.name(second))
			}
		}
	}
	return at, nil
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
