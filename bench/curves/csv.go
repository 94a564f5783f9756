package curves

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"fig5/bench/curves/words"
)

// maxRows is the most rows of a log, and the most points of a curve.
const maxRows = 20_000_000

// readCSV reads fields apart by commas, semicolons, tabs or spaces below a line with
// their names, which may begin with a # (numpy.savetxt). Other lines that begin with a
// # and repeated headers are passed over. Without names the fields are column 1, ....
func readCSV(in *input) (*table, error) {
	head, err := in.Peek(peek)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, in.fail(err)
	}
	r := &rowReader{in: in, sep: separator(head)}
	if prose(head, r.sep) {
		return nil, fmt.Errorf("%s:1: is a program's messages, not a table; its CSV, JSON or event files are read", in.file)
	}
	if r.sep == ' ' {
		r.lines = bufio.NewScanner(in)
		r.lines.Buffer(nil, 1<<20)
	} else {
		r.csv = csv.NewReader(in)
		r.csv.Comma = r.sep
		r.csv.FieldsPerRecord = -1 // checked here, for the message
		r.csv.ReuseRecord = true
		r.csv.TrimLeadingSpace = r.sep != '\t'
	}
	t := &table{in: in, sep: r.sep}
	row, line, err := r.header(t)
	if err != nil {
		return nil, err
	}
	keep := t.kept()
	wide := len(keep) < len(t.names)
	t.all = slices.Clone(t.names)
	if wide {
		for i, k := range keep {
			t.names[i] = t.names[k]
		}
		t.names = t.names[:len(keep)]
	}
	short := 0 // the line of a row with too few fields
	for ; !errors.Is(err, io.EOF); row, line, err = r.next() {
		if err != nil {
			return nil, err
		}
		if row == nil || strings.HasPrefix(row[0], "#") || same(row, t.all) {
			continue
		}
		if len(row) == len(t.all)+1 && len(t.rows) == 0 && (r.sep == ' ' || r.sep == '\t') { // R and pandas leave out the name of the index
			t.names, t.all = append([]string{""}, t.names...), append([]string{""}, t.all...)
			for i := range keep {
				keep[i]++
			}
			keep = append([]int{0}, keep...)
		}
		for len(row) > len(t.all) && strings.TrimSpace(row[len(row)-1]) == "" { // a separator at the end of each line
			row = row[:len(row)-1]
		}
		if len(row) > len(t.all) {
			return nil, fmt.Errorf("%s:%d: %d fields, the header has %d; a number or name with a %s in it wants quotes", in.file, line, len(row), len(t.all), sepName[r.sep])
		}
		if short > 0 {
			return nil, fmt.Errorf("%s:%d: a field is missing; the header has %d", in.file, short, len(t.all))
		}
		if len(row) < len(t.all) {
			short = line
			continue
		}
		if len(t.rows) == maxRows {
			return nil, fmt.Errorf("%s:%d: more than %d rows", in.file, line, maxRows)
		}
		fields := make([]string, 0, len(t.names))
		for _, k := range keep {
			if wide { // the row itself is let go
				row[k] = strings.Clone(row[k])
			}
			fields = append(fields, row[k])
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
		if s != fmt.Sprint(i) {
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
	// Without commas, or numbers with a decimal one.
	if n := count(first, ' '); n > 1 && (!strings.Contains(first, ",") || allNumbers(strings.Fields(first))) {
		return ' '
	}
	for _, sep := range []rune{';', '\t'} {
		if !strings.Contains(first, ",") && count(first, sep) > 1 {
			return sep
		}
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

// rowReader gives rows with their lines, by csv or, where spaces keep fields apart, by lines.
type rowReader struct {
	in    *input
	sep   rune
	csv   *csv.Reader
	lines *bufio.Scanner
	line  int // of lines
}

// next is the next row and its line, io.EOF at the end.
func (r *rowReader) next() (row []string, line int, err error) {
	for r.lines != nil {
		r.line++
		if !r.lines.Scan() {
			if err := r.lines.Err(); err != nil {
				return nil, r.line, r.in.fail(err)
			}
			return nil, 0, io.EOF
		}
		if row = strings.Fields(r.lines.Text()); len(row) > 0 {
			for i, s := range row {
				if len(s) > 1 && s[0] == '"' && s[len(s)-1] == '"' {
					row[i] = s[1 : len(s)-1]
				}
			}
			return row, r.line, nil
		}
	}
	row, err = r.csv.Read()
	var pe *csv.ParseError
	switch {
	case err == nil:
		line, _ = r.csv.FieldPos(0)
		return row, line, nil
	case errors.Is(err, io.EOF):
		return nil, 0, io.EOF
	case errors.As(err, &pe):
		return nil, pe.Line, fmt.Errorf("%s:%d: %w", r.in.file, pe.Line, pe.Err)
	}
	return nil, 0, r.in.fail(err)
}

// header reads the names of the columns. It returns the first row where that has none.
func (r *rowReader) header(t *table) (row []string, line int, err error) {
	var note []string // the last line with a #
	for {
		if row, line, err = r.next(); errors.Is(err, io.EOF) && note != nil {
			row, err = note, nil
			break
		}
		if errors.Is(err, io.EOF) {
			return nil, 0, fmt.Errorf("%s: empty", r.in.file)
		}
		if err != nil {
			return nil, 0, err
		}
		if strings.HasPrefix(row[0], "sep=") && line == 1 {
			continue
		}
		if !strings.HasPrefix(row[0], "#") {
			break
		}
		note = slices.Clone(row)
		if note[0] = strings.TrimLeft(note[0], "# "); note[0] == "" {
			note = note[1:]
		}
	}
	first := row
	switch {
	case allNumbers(row) || len(row) == 5 && bareNames(row)[0] == "timestamp":
		if len(note) != len(row) { // apart by something else than the numbers
			text := strings.Join(note, string(r.sep))
			note = strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(", \t;", c) })
		}
		if row = note; len(note) != len(first) {
			t.headless = true
			row = bareNames(first)
		}
	default:
		first = nil
	}
	for _, name := range row {
		t.names = append(t.names, clean(strings.ToValidUTF8(name, "?")))
	}
	return first, line, nil
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

// kept are the columns that may be asked for: all of a few, else those that keeps names.
func (t *table) kept() []int {
	var keep []int
	for i, name := range t.names {
		if len(t.names) <= 8 || t.headless || t.in.keeps(name) {
			keep = append(keep, i)
		}
	}
	return keep
}

// keeps tells whether a curve may be made of a column with this name.
func (in *input) keeps(name string) bool {
	rank, _ := words.Axis(name)
	return rank >= 0 || words.FID(name) > 0 || words.OneOf(words.Values, name) || words.OneOf(words.Tags, name) || words.OneOf(words.Runs, name) || strings.EqualFold(name, "beta") || in.asked(name)
}

// same tells whether a row is the header again.
func same(row, names []string) bool {
	return slices.EqualFunc(row, names, func(a, b string) bool { return clean(a) == b })
}
