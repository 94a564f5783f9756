package curves

import (
	"bufio"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"fig5/bench/curves/words"
)

// maxRows is the most rows of a log, and the most points of a curve.
const maxRows = 20_000_000

// readCSV reads fields apart by commas, semicolons, tabs or spaces below a line with
// their names, which may begin with a # (numpy.savetxt). Other lines that begin with a
// # and repeated headers are passed over. Without names the fields are column 1, column 2 and so on.
func readCSV(in *input) (*table, error) {
	head, err := in.Peek(peek)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, in.fail(err)
	}
	sep := separator(head)
	if prose(head, sep) {
		return nil, fmt.Errorf("%s:1: is a program's messages, not a table; its CSV, JSON or event files are read", in.file)
	}
	next := in.rows(sep)
	t := &table{in: in, decimalComma: sep != ','}
	row, line, err := t.header(next, sep)
	if err != nil {
		return nil, err
	}
	var keep []int // the columns that may be asked for: all of a few, else those that keeps names
	t.all, t.names = t.names, nil
	for i, name := range t.all {
		if len(t.all) <= 8 || t.headless || in.keeps(name) {
			keep, t.names = append(keep, i), append(t.names, name)
		}
	}
	wide := len(keep) < len(t.all)
	short := 0 // the line of a row with too few fields
	for ; !errors.Is(err, io.EOF); row, line, err = next() {
		if err != nil {
			return nil, err
		}
		if row == nil || strings.HasPrefix(row[0], "#") || same(row, t.all) {
			continue
		}
		if len(row) == len(t.all)+1 && len(t.rows) == 0 && (sep == ' ' || sep == '\t') { // R and pandas leave out the name of the index
			t.names, t.all = slices.Insert(t.names, 0, ""), slices.Insert(t.all, 0, "")
			for i := range keep {
				keep[i]++
			}
			keep = slices.Insert(keep, 0, 0)
		}
		for len(row) > len(t.all) && strings.TrimSpace(row[len(row)-1]) == "" { // a separator at the end of each line
			row = row[:len(row)-1]
		}
		switch {
		case len(row) > len(t.all):
			return nil, fmt.Errorf("%s:%d: %d fields, the header has %d; a number or name with a %s in it wants quotes", in.file, line, len(row), len(t.all), sepName[sep])
		case short > 0:
			return nil, fmt.Errorf("%s:%d: a field is missing; the header has %d", in.file, short, len(t.all))
		case len(row) < len(t.all):
			short = line
			continue
		case len(t.rows) == maxRows:
			return nil, fmt.Errorf("%s:%d: more than %d rows", in.file, line, maxRows)
		}
		fields := make([]string, len(keep))
		for i, k := range keep {
			if fields[i] = row[k]; wide { // the row itself is let go
				fields[i] = strings.Clone(row[k])
			}
		}
		t.rows, t.lines = append(t.rows, fields), append(t.lines, line)
	}
	if short > 0 {
		t.warnings = append(t.warnings, fmt.Sprintf("line %d, the last one, is not whole and left out", short))
	}
	if t.headless && len(t.rows) > 1 && counts(t.rows[0]) && strings.ContainsAny(strings.Join(t.rows[1], ""), ".,") {
		t.rows, t.lines = t.rows[1:], t.lines[1:] // pandas' names of nameless columns: 0, 1, 2
	}
	return t, nil
}

var sepName = map[rune]string{',': "comma", ';': "semicolon", '\t': "tab", ' ': "space"}

// counts tells whether a row is 0, 1, 2, ....
func counts(row []string) bool {
	for i, s := range row {
		if s != strconv.Itoa(i) {
			return false
		}
	}
	return len(row) > 1
}

// separator is what keeps the fields of the first lines apart: a semicolon or a tab that
// splits the first two lines alike, else a comma, else a space.
func separator(head []byte) rune {
	var lines []string
	for i, line := range strings.Split(string(head), "\n") {
		line = strings.TrimSpace(line)
		if i == 0 && strings.HasPrefix(line, "sep=") && len(line) == 5 { // Excel's
			return rune(line[4])
		}
		if line != "" && !strings.HasPrefix(line, "#") && len(lines) < 2 {
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 {
		return ','
	}
	count := func(line string, sep rune) int {
		if sep == ' ' {
			return len(strings.Fields(line))
		}
		r := csv.NewReader(strings.NewReader(line))
		r.Comma, r.LazyQuotes = sep, true
		row, _ := r.Read()
		return len(row)
	}
	first, second := lines[0], lines[len(lines)-1]
	for _, sep := range []rune{'\t', ';'} {
		if n := count(first, sep); n > 1 && count(second, sep) >= n {
			return sep
		}
	}
	commas := strings.Contains(first, ",")
	switch { // without commas, or numbers with a decimal one
	case count(first, ' ') > 1 && (!commas || allNumbers(strings.Fields(first))):
		return ' '
	case !commas && count(first, ';') > 1:
		return ';'
	case !commas && count(first, '\t') > 1:
		return '\t'
	}
	return ','
}

var numeral = regexp.MustCompile(`[0-9][0-9.,:]*`)

// prose tells whether the first line is a message that a program prints, where a table has
// a header: words with numbers between them, or the same as the second but for its numbers.
func prose(head []byte, sep rune) bool {
	lines := strings.SplitN(strings.TrimSpace(string(head)), "\n", 3)
	fields := strings.FieldsFunc(lines[0], func(c rune) bool { return strings.ContainsRune(",; \t\r", c) })
	if len(fields) == 0 || strings.HasPrefix(lines[0], "#") || allNumbers(fields[:1]) || allNumbers(fields) {
		return false
	}
	if sep == ' ' && slices.ContainsFunc(fields, func(s string) bool { return allNumbers([]string{s}) }) {
		return true
	}
	plain := func(s string) string { return numeral.ReplaceAllString(s, "0") }
	return len(lines) > 1 && lines[0] != lines[1] && plain(lines[0]) == plain(lines[1])
}

// rows gives the rows of a log with their lines, by csv or, where spaces keep fields apart,
// by lines; io.EOF at the end.
func (in *input) rows(sep rune) func() (row []string, line int, err error) {
	if sep == ' ' {
		lines, line := bufio.NewScanner(in), 0
		lines.Buffer(nil, 1<<20)
		return func() (row []string, _ int, _ error) {
			for len(row) == 0 {
				if line++; !lines.Scan() {
					return nil, line, cmp.Or(in.fail(lines.Err()), io.EOF)
				}
				row = strings.Fields(lines.Text())
			}
			for i, s := range row {
				if len(s) > 1 && s[0] == '"' && s[len(s)-1] == '"' {
					row[i] = s[1 : len(s)-1]
				}
			}
			return row, line, nil
		}
	}
	r := csv.NewReader(in)
	r.Comma, r.ReuseRecord, r.TrimLeadingSpace = sep, true, sep != '\t'
	r.FieldsPerRecord = -1 // checked by who asks, for the message
	return func() (row []string, line int, err error) {
		row, err = r.Read()
		var pe *csv.ParseError
		switch {
		case err == nil:
			line, _ = r.FieldPos(0)
		case errors.As(err, &pe):
			line, err = pe.Line, fmt.Errorf("%s:%d: %w", in.file, pe.Line, pe.Err)
		case !errors.Is(err, io.EOF):
			err = in.fail(err)
		}
		return row, line, err
	}
}

// header reads the names of the columns. It returns the first row where that has none.
func (t *table) header(next func() ([]string, int, error), sep rune) (row []string, line int, err error) {
	var note []string // the last line with a #
	for {
		row, line, err = next()
		switch {
		case errors.Is(err, io.EOF) && note == nil:
			return nil, 0, fmt.Errorf("%s: empty", t.in.file)
		case errors.Is(err, io.EOF):
			row, err = note, nil
		case err != nil:
			return nil, 0, err
		case strings.HasPrefix(row[0], "sep=") && line == 1:
			continue
		case strings.HasPrefix(row[0], "#"):
			note = slices.Clone(row)
			if note[0] = strings.TrimLeft(note[0], "# "); note[0] == "" {
				note = note[1:]
			}
			continue
		}
		break
	}
	names := row
	if allNumbers(row) || len(row) == 5 && bareNames(row)[0] == "timestamp" {
		if len(note) != len(row) { // apart by something else than the numbers
			note = strings.FieldsFunc(strings.Join(note, string(sep)), func(c rune) bool { return strings.ContainsRune(", \t;", c) })
		}
		if names = note; len(note) != len(row) {
			names, t.headless = bareNames(row), true
		}
	} else {
		row = nil
	}
	for _, name := range names {
		t.names = append(t.names, clean(strings.ToValidUTF8(name, "?")))
	}
	return row, line, nil
}

// bareNames are names for rows without: those of MLflow (time in ms, value, step) and of
// TensorBoard (time in s, step, value), or column 1, column 2, ....
func bareNames(row []string) []string {
	if len(row) == 3 || len(row) == 5 {
		at, err := notation{}.number(row[0])
		switch {
		case err != nil:
		case at > 1e12 && at < 1e13:
			return []string{"timestamp", "value", "step", "dataset", "digest"}[:len(row)]
		case at > 1e9 && at < 1e10 && len(row) == 3:
			return []string{"wall time", "step", "value"}
		}
	}
	names := make([]string, len(row))
	for i := range names {
		names[i] = fmt.Sprintf("column %d", i+1)
	}
	return names
}

// allNumbers tells whether a row holds numbers and nothing else, with either decimal mark.
func allNumbers(row []string) bool {
	some := false
	for _, s := range row {
		if blank(s) {
			continue
		}
		_, point := notation{groups: true}.number(s)
		_, comma := notation{comma: true, groups: true}.number(s)
		if point != nil && comma != nil {
			return false
		}
		some = true
	}
	return some
}

// keeps tells whether a curve may be made of a column with this name.
func (in *input) keeps(name string) bool {
	for _, want := range []string{"beta", in.columns.X, in.columns.Y, words.Metric(in.columns.Y)} {
		if strings.EqualFold(name, want) {
			return true
		}
	}
	rank, _ := words.Axis(name)
	return rank >= 0 || words.FID(name) > 0 || words.OneOf(words.Values, name) || words.OneOf(words.Tags, name) || words.OneOf(words.Runs, name)
}

// same tells whether a row is the header again.
func same(row, names []string) bool {
	return slices.EqualFunc(row, names, func(a, b string) bool { return clean(a) == b })
}
