package curves

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"fig5/bench/curves/words"
)

// isJSON tells whether the log is a JSON value, or several, a line each: it begins with a
// list or an object, whatever its end. "[INFO] ..." is none.
func isJSON(head []byte) bool {
	p := parser{text: string(head)}
	begins := func() bool { return p.text[p.at] == '{' || p.text[p.at] == '[' }
	if !p.space() || !begins() {
		return false
	}
	if p.value(); p.err == nil {
		return !p.space() || begins()
	}
	return p.some || p.err == errShort && len(head) < 3
}

// isJSONLines tells whether the first line is an object or a list and another line follows.
func isJSONLines(head []byte) bool {
	p := parser{text: strings.TrimLeft(string(head), " \t\r\n")}
	v := p.value()
	return p.err == nil && !v.scalar() && p.line() == 1 && p.space() && p.line() > 1
}

// readJSONLines reads an object a line, whose keys are the columns; those of an object in
// it are joined by points. Lines that are lists have no names.
func readJSONLines(in *input) (*table, error) {
	t := &table{in: in, lines: []int{}}
	s := bufio.NewScanner(in)
	s.Buffer(nil, 16<<20)
	for line := 1; s.Scan(); line++ {
		p := parser{text: s.Text()}
		if !p.space() {
			continue
		}
		v := p.value()
		if p.space() {
			p.fail("%q follows the value of the line", p.rest())
		}
		if p.err == errShort {
			if !s.Scan() { // killed while it was being written
				t.warnings = append(t.warnings, fmt.Sprintf("line %d is not whole and left out", line))
				break
			}
			p.err = errors.New("the line ends within a value")
		}
		if p.err == nil {
			p.err = t.add(v, line)
		}
		if p.err != nil {
			return nil, fmt.Errorf("%s:%d: not JSON lines: %w", in.file, line, p.err)
		}
	}
	if err := s.Err(); err != nil {
		return nil, in.fail(err)
	}
	return t, nil
}

// readJSON reads JSON: a list of objects or of lists, lists or maps by step under the
// names of columns, at any depth.
func readJSON(in *input) (*table, error) {
	b, err := in.whole()
	if err != nil {
		return nil, err
	}
	p := parser{text: string(b)}
	all := value{kind: '['}
	for p.space() {
		all.items = append(all.items, p.value())
		if p.err != nil {
			return nil, fmt.Errorf("%s:%d: not JSON: %w", in.file, p.line(), p.err)
		}
	}
	if len(all.items) == 1 {
		all = all.items[0]
	}
	f := finder{in: in}
	if err := f.find("", all); err != nil {
		return nil, in.fail(err)
	}
	return f.choose()
}

var snapshot = regexp.MustCompile(`([0-9]+)[^0-9]*$`)

// add adds the row that v is: an object, or a list without names.
func (t *table) add(v value, line int) error {
	first := t.at == nil
	if first {
		t.at = map[string]int{}
	}
	var row []string
	switch {
	case len(t.rows) == maxRows:
		return fmt.Errorf("more than %d rows", maxRows)
	case v.kind == '[' && v.row():
		row = v.texts()
		if first {
			if t.names, t.headless = bareNames(row), true; !slices.ContainsFunc(v.items, value.number) { // [["step", "fid"], [0, 108.0], ...]
				t.names, t.headless = cleaned(row), false
				return nil
			}
		}
		if len(row) != len(t.names) {
			return fmt.Errorf("%d values, before there were %d", len(row), len(t.names))
		}
	case v.object() && !t.headless:
		row = t.fields(make([]string, 0, len(t.names)), "", v)
	default:
		return errors.New("a row is neither an object nor a list of values")
	}
	t.rows = append(t.rows, row)
	if t.lines != nil {
		t.lines = append(t.lines, line)
	}
	return nil
}

// fields puts the scalars of an object into the row.
func (t *table) fields(row []string, path string, v value) []string {
	for i, key := range v.keys {
		key = join(path, key)
		switch item := v.items[i]; item.kind {
		case '{':
			row = t.fields(row, key, item)
		case 0:
			row = t.set(row, key, item.text)
			if key == "snapshot_pkl" { // of StyleGAN, whose name has the kimg
				if m := snapshot.FindStringSubmatch(item.text); m != nil {
					row = t.set(row, "kimg", m[1])
				}
			}
		}
	}
	return row
}

// set puts a field into the row, if its column is kept.
func (t *table) set(row []string, key, text string) []string {
	at, ok := t.at[key]
	if !ok {
		name := clean(key)
		at = -1
		if t.all = append(t.all, name); len(t.names) < 8 || t.in.keeps(name) {
			at = len(t.names)
			t.names = append(t.names, name)
		}
		t.at[key] = at
	}
	if at < 0 {
		return row
	}
	for len(row) <= at {
		row = append(row, "")
	}
	row[at] = text
	return row
}

// finder collects what may be a table in a file.
type finder struct {
	in     *input
	tables []*table
}

// table begins another table.
func (f *finder) table() *table {
	f.tables = append(f.tables, &table{in: f.in})
	return f.tables[len(f.tables)-1]
}

// column is a list of values under a name, by index: those of the same index are columns
// of one table.
type column struct {
	index, name string
	values      []string
}

// columns adds the tables that are made of columns.
func (f *finder) columns(all ...column) {
	tables := map[string]*table{}
	for _, c := range all {
		t := tables[c.index]
		if t == nil {
			t = f.table()
			t.counted, t.rows = true, make([][]string, len(c.values))
			tables[c.index] = t
		}
		t.names = append(t.names, clean(c.name))
		t.headless = len(t.names) == 1 && c.name == "column 1"
		for i, text := range c.values {
			t.rows[i] = append(t.rows[i], text)
		}
	}
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// find looks for tables in v, which stands at path.
func (f *finder) find(path string, v value) error {
	switch {
	case v.kind == '[' && v.all(value.row):
		t := f.table()
		for i, item := range v.items {
			if err := t.add(item, 0); err != nil {
				return fmt.Errorf("row %d: %w", i+1, err)
			}
		}
		if at := max(slices.Index(t.names, "value"), t.bare()); t.headless && path != "" && at >= 0 { // "fid": [[0, 108.0], ...]
			t.headless, t.names[at] = false, clean(path)
			if len(t.names) == 2 {
				t.names[0] = "step"
			}
		}
	case v.kind == '[' && v.all(value.number):
		f.columns(column{name: cmp.Or(path, "column 1"), values: v.texts()})
	case v.numeric() && v.all(value.number): // {"0": 108.0, "100": 105.8}
		f.columns(column{name: "step", values: v.keys}, column{name: cmp.Or(path, "value"), values: v.texts()})
	case v.numeric() && v.all(value.object): // {"0": {"fid": 108.0}, ...}
		rows := value{kind: '['}
		for i, item := range v.items {
			item.keys, item.items = append([]string{"step"}, item.keys...), append([]value{{text: v.keys[i]}}, item.items...)
			rows.items = append(rows.items, item)
		}
		return f.find(path, rows)
	case v.object():
		return f.object(path, v)
	case v.kind == '[':
		for i, item := range v.items {
			if err := f.find(join(path, strconv.Itoa(i)), item); err != nil {
				return err
			}
		}
	}
	return nil
}

// object looks for tables among the values of an object: lists of one length are columns,
// and so are maps with the same numbers as keys (pandas); what pandas calls split, too.
func (f *finder) object(path string, v value) error {
	item := func(key string) (item value) {
		if i := slices.Index(v.keys, key); i >= 0 {
			item = v.items[i]
		}
		return item
	}
	columns, data, index := item("columns"), item("data"), item("index")
	if columns.kind == '[' && data.kind == '[' && data.all(func(d value) bool { return d.kind == '[' && len(d.items) == len(columns.items) }) {
		t := f.table()
		t.names = cleaned(columns.texts())
		for _, d := range data.items {
			t.rows = append(t.rows, d.texts())
		}
		if len(index.items) == len(data.items) {
			t.names = append(t.names, "")
			for i, item := range index.items {
				t.rows[i] = append(t.rows[i], item.text)
			}
		}
		return nil
	}
	var all []column
	for i, child := range v.items {
		c := column{name: join(path, v.keys[i]), values: child.texts()}
		switch {
		case len(c.values) > 1 && child.kind == '[' && child.all(value.scalar):
			c.index = strconv.Itoa(len(c.values))
		case len(c.values) > 1 && child.numeric() && child.all(value.scalar):
			c.index = strings.Join(child.keys, " ")
			if !slices.ContainsFunc(all, func(other column) bool { return other.index == c.index }) {
				all = append(all, column{index: c.index, values: child.keys})
			}
		default:
			if err := f.find(c.name, child); err != nil {
				return err
			}
			continue
		}
		all = append(all, c)
	}
	f.columns(all...)
	return nil
}

// choose is the table that has the curve: the only one, or the only one in which it is
// found by name.
func (f *finder) choose() (*table, error) {
	var fit []*table
	var names, all []string
	for _, t := range f.tables {
		all = append(all, t.names...)
		if p, err := t.pick(); err == nil && (f.in.columns.Y != "" || words.FID(p.name) > 0) {
			fit, names = append(fit, t), append(names, p.name)
		}
	}
	switch {
	case len(f.tables) == 0:
		return nil, fmt.Errorf("%s: no list of numbers or objects in it; a log has one with steps and FID", f.in.file)
	case len(fit) == 1:
		return fit[0], nil
	case len(f.tables) == 1:
		return f.tables[0], nil
	case len(fit) > 1:
		return nil, fmt.Errorf("%s: several lists may be the FID; name one: %s", f.in.file, f.in.choices("y", names))
	case f.in.columns.Y != "":
		return nil, fmt.Errorf("%s: no column %s; there are %s", f.in.file, f.in.columns.Y, list(all))
	}
	return nil, fmt.Errorf("%s: nothing is FID by its name; name one: %s", f.in.file, f.in.choices("y", all))
}
