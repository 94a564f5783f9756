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
	if !p.space() || p.text[p.at] != '{' && p.text[p.at] != '[' {
		return false
	}
	_, err := p.value()
	if err == nil && p.space() {
		return p.text[p.at] == '{' || p.text[p.at] == '['
	}
	return err == nil || errors.Is(err, errShort) && (p.some || len(head) < 3) || p.some
}

// isJSONLines tells whether the first line is an object or a list and another line follows.
func isJSONLines(head []byte) bool {
	p := parser{text: strings.TrimLeft(string(head), " \t\r\n")}
	v, err := p.value()
	return err == nil && v.kind != 0 && p.line() == 1 && p.space() && p.line() > 1
}

// readJSONLines reads an object a line, whose keys are the columns; those of an object in
// it are joined by points. Lines that are lists have no names.
func readJSONLines(in *input) (*table, error) {
	t := &table{in: in, sep: ',', lines: []int{}}
	o := objects{t: t}
	s := bufio.NewScanner(in)
	s.Buffer(nil, 16<<20)
	for line := 1; s.Scan(); line++ {
		p := parser{text: s.Text()}
		if !p.space() {
			continue
		}
		v, err := p.value()
		if err == nil && p.space() {
			err = fmt.Errorf("%q follows the value of the line", p.rest())
		}
		if errors.Is(err, errShort) {
			if !s.Scan() { // killed while it was being written
				t.warnings = append(t.warnings, fmt.Sprintf("line %d is not whole and left out", line))
				break
			}
			err = errors.New("the line ends within a value")
		}
		if err == nil {
			err = o.add(v, line)
		}
		if err != nil {
			return nil, fmt.Errorf("%s:%d: not JSON lines: %w", in.file, line, err)
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
	var values []value
	for p.space() {
		v, err := p.value()
		if err != nil {
			return nil, fmt.Errorf("%s:%d: not JSON: %w", in.file, p.line(), err)
		}
		values = append(values, v)
	}
	if len(values) > 1 {
		values = []value{{kind: '[', items: values}}
	}
	f := finder{in: in}
	if err := f.find("", values[0]); err != nil {
		return nil, plain(in.file, err)
	}
	return f.choose()
}

// objects fills a table with objects as rows.
type objects struct {
	t  *table
	at map[string]int // column by name, -1 of one that is not kept
}

var snapshot = regexp.MustCompile(`([0-9]+)[^0-9]*$`)

// add adds the row that v is: an object, or a list without names.
func (o *objects) add(v value, line int) error {
	t := o.t
	if len(t.rows) == maxRows {
		return fmt.Errorf("more than %d rows", maxRows)
	}
	var row []string
	switch {
	case v.kind == '[' && v.all(value.scalar):
		row = v.texts()
		if o.at == nil {
			o.at = map[string]int{}
			if t.names, t.headless = bareNames(row), true; !slices.ContainsFunc(v.items, value.number) { // [["step", "fid"], [0, 108.0], ...]
				t.names, t.headless = cleaned(row), false
				return nil
			}
		}
		if len(row) != len(t.names) {
			return fmt.Errorf("%d values, before there were %d", len(row), len(t.names))
		}
	case v.kind == '{' && !t.headless:
		if o.at == nil {
			o.at = map[string]int{}
		}
		row = make([]string, 0, len(t.names))
		o.fields(&row, "", v)
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
func (o *objects) fields(row *[]string, path string, v value) {
	for i, key := range v.keys {
		key = join(path, key)
		switch item := v.items[i]; item.kind {
		case '{':
			o.fields(row, key, item)
		case 0:
			o.set(row, key, item.text)
			if key == "snapshot_pkl" { // of StyleGAN, whose name has the kimg
				if m := snapshot.FindStringSubmatch(item.text); m != nil {
					o.set(row, "kimg", m[1])
				}
			}
		}
	}
}

func (o *objects) set(row *[]string, name, text string) {
	t := o.t
	at, ok := o.at[name]
	if !ok {
		key := name
		name = clean(name)
		at = -1
		if t.all = append(t.all, name); len(t.names) < 8 || t.in.keeps(name) {
			at = len(t.names)
			t.names = append(t.names, name)
		}
		o.at[key] = at
	}
	if at < 0 {
		return
	}
	for len(*row) <= at {
		*row = append(*row, "")
	}
	(*row)[at] = text
}

// finder collects what may be a table in a JSON value.
type finder struct {
	in     *input
	tables []*table
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// find looks for tables in v, which stands at path.
func (f *finder) find(path string, v value) error {
	object := func(v value) bool { return v.kind == '{' }
	rowLike := func(v value) bool { return object(v) || v.kind == '[' && v.all(value.scalar) }
	switch {
	case v.kind == '[' && v.all(rowLike):
		t := &table{in: f.in, sep: ','}
		o := objects{t: t}
		for i, item := range v.items {
			if err := o.add(item, 0); err != nil {
				return fmt.Errorf("row %d: %w", i+1, err)
			}
		}
		if at := max(slices.Index(t.names, "value"), t.bare()); t.headless && path != "" && at >= 0 { // "fid": [[0, 108.0], ...]
			t.headless, t.names[at] = false, clean(path)
			if len(t.names) == 2 {
				t.names[0] = "step"
			}
		}
		f.tables = append(f.tables, t)
	case v.kind == '[' && v.all(value.number):
		f.columns([]string{cmp.Or(path, "column 1")}, v.texts())
	case v.numeric() && v.all(value.number): // {"0": 108.0, "100": 105.8}
		f.columns([]string{"step", cmp.Or(path, "value")}, v.keys, v.texts())
	case v.numeric() && v.all(object): // {"0": {"fid": 108.0}, ...}
		t := &table{in: f.in, sep: ','}
		o := objects{t: t}
		for i, item := range v.items {
			item.keys, item.items = append([]string{"step"}, item.keys...), append([]value{{text: v.keys[i]}}, item.items...)
			o.add(item, 0)
		}
		f.tables = append(f.tables, t)
	case v.kind == '{':
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
	item := func(key string) value {
		if i := slices.Index(v.keys, key); i >= 0 {
			return v.items[i]
		}
		return value{}
	}
	if columns, data := item("columns"), item("data"); columns.kind == '[' && data.kind == '[' && data.all(func(d value) bool { return d.kind == '[' && len(d.items) == len(columns.items) }) {
		t := &table{in: f.in, sep: ','}
		t.names = cleaned(columns.texts())
		index := item("index")
		with := len(index.items) == len(data.items)
		if with {
			t.names = append(t.names, "")
		}
		for i, d := range data.items {
			row := d.texts()
			if with {
				row = append(row, index.items[i].text)
			}
			t.rows = append(t.rows, row)
		}
		f.tables = append(f.tables, t)
		return nil
	}
	type group struct {
		names []string
		lists [][]string
	}
	groups := map[string]*group{}
	var order []string
	for i, child := range v.items {
		var key string
		switch {
		case child.kind == '[' && len(child.items) > 1 && child.all(value.scalar):
			key = strconv.Itoa(len(child.items))
		case len(child.items) > 1 && child.numeric() && child.all(value.scalar):
			key = strings.Join(child.keys, " ")
		default:
			if err := f.find(join(path, v.keys[i]), child); err != nil {
				return err
			}
			continue
		}
		g := groups[key]
		if g == nil {
			g = &group{}
			groups[key], order = g, append(order, key)
			if child.kind == '{' {
				g.names, g.lists = []string{""}, [][]string{child.keys}
			}
		}
		g.names, g.lists = append(g.names, join(path, v.keys[i])), append(g.lists, child.texts())
	}
	for _, key := range order {
		g := groups[key]
		f.columns(g.names, g.lists...)
	}
	return nil
}

// columns adds a table of lists of one length.
func (f *finder) columns(names []string, lists ...[]string) {
	t := &table{in: f.in, names: cleaned(names), counted: true, sep: ',', rows: make([][]string, len(lists[0]))}
	t.headless = len(names) == 1 && t.names[0] == "column 1"
	for i := range t.rows {
		for _, l := range lists {
			t.rows[i] = append(t.rows[i], l[i])
		}
	}
	f.tables = append(f.tables, t)
}

// choose is the table that has the curve: the only one, or the only one in which it is
// found by name.
func (f *finder) choose() (*table, error) {
	var fit []*table
	var names, all []string
	for _, t := range f.tables {
		all = append(all, t.names...)
		if p, err := t.pick(f.in.columns); err == nil && (f.in.columns.Y != "" || words.FID(p.name) > 0) {
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
