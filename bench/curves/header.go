package curves

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The columns that are taken where none is named, the first there is.
var (
	xNames = []string{"iteration", "iterations", "iter", "step", "steps", "global_step", "kimg", "epoch", ""} // "": the index of pandas
	yNames = []string{"fid", "value"}
)

// header reads the first line and finds the columns.
func (t *table) header(c Columns) error {
	row, line, err := t.next()
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: empty", t.file)
	}
	if err != nil {
		return err
	}
	fail := func(format string, a ...any) error {
		return fmt.Errorf("%s:%d: "+format, append([]any{t.file, line}, a...)...)
	}
	if row[0] = strings.TrimLeft(row[0], "# "); row[0] == "" && t.lines != nil {
		row = row[1:]
	}
	numbers := 0
	for _, name := range row {
		name = strings.TrimSpace(name)
		if !utf8.ValidString(name) {
			return fail("not a header: %q is not UTF-8", name)
		}
		if _, err := strconv.ParseFloat(name, 64); err == nil {
			numbers++
		}
		t.names = append(t.names, name)
	}
	if numbers == len(row) {
		names := make([]string, len(row))
		for i := range names {
			names[i] = fmt.Sprintf("c%d", i+1)
		}
		names[0], names[len(names)-1] = "iteration", "fid"
		return fail("no header, numbers from the first line on; columns are found by name: %s", t.pipe("sed '1i "+strings.Join(names, string(t.sep))+"'"))
	}
	find := func(flag, named string, names []string) (int, error) {
		if named != "" {
			names = []string{named}
		}
		for _, name := range names {
			at, several := -1, false
			for i, have := range t.names {
				if have == name { // as it stands counts more than without regard to case
					several = at >= 0 && t.names[at] == name
					at = i
				} else if strings.EqualFold(have, name) && (at < 0 || t.names[at] != name) {
					several = at >= 0
					at = i
				}
				if several {
					return 0, fail("two columns are named %s", name)
				}
			}
			if at >= 0 {
				return at, nil
			}
		}
		if named != "" {
			return 0, fail("no column %s; there are %s", named, t.list())
		}
		if flag == "--y" {
			var like []int
			for i, have := range t.names {
				have = strings.ToLower(have)
				// W&B exports the range of every smoothed value with it.
				if strings.Contains(have, "fid") && !strings.HasSuffix(have, "__min") && !strings.HasSuffix(have, "__max") {
					like = append(like, i)
				}
			}
			if len(like) == 1 {
				return like[0], nil
			}
		}
		return 0, fail("no column %s; name one of %s with %s", names[0], t.list(), flag)
	}
	if t.x, err = find("--x", c.X, xNames); err != nil {
		return err
	}
	if t.y, err = find("--y", c.Y, yNames); err != nil {
		return err
	}
	if t.x == t.y {
		return fail("%s is both x and y; --x and --y name two columns", t.name(t.x))
	}
	t.beta = -1
	for i, have := range t.names {
		if strings.EqualFold(have, "beta") && i != t.x && i != t.y {
			t.beta = i
		}
	}
	return nil
}

// name of a column, for messages.
func (t *table) name(i int) string {
	if t.names[i] == "" {
		return fmt.Sprintf("column %d", i+1)
	}
	return t.names[i]
}

// list is the names of the columns, the first dozen of them.
func (t *table) list() string {
	var s []string
	for i := range t.names {
		if i == 12 {
			s = append(s, "...")
			break
		}
		name := t.name(i)
		if len(name) > 40 {
			name = name[:40] + "..."
		}
		s = append(s, strconv.Quote(name))
	}
	return strings.Join(s, ", ")
}
