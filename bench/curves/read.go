package curves

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"

	"fig5/fid/files"
	"fig5/filters"
)

// Columns names the columns of a curve; an empty name is found by itself.
type Columns struct{ X, Y string }

// Curve is an FID curve, evenly spaced: X ascending, from the start of β = ∞ on.
type Curve struct {
	File   string // what its errors begin with
	Source Source
	X, Y   []float64
}

// Source is what was taken from a file, and how.
type Source struct {
	X        string  `json:"x"` // the column
	Y        string  `json:"y"`
	Interval float64 `json:"interval"` // between two points
	Rows     int     `json:"rows"`     // below the header
	Skipped  int     `json:"skipped"`  // of them without a value of the curve
	Filled   int     `json:"filled"`   // points that stand between their neighbours, as their own were missing
	Repeated int     `json:"repeated"` // rows of a step that was there before
}

// Diverged is the error of a curve whose values are not finite from some row to its end.
type Diverged struct {
	Curve *Curve // before that row; it may be empty
	err   error
}

func (d *Diverged) Error() string { return d.err.Error() }

// ReadFile reads the curve in the file at path.
func ReadFile(path string, c Columns) (*Curve, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, plain(path, err)
	}
	defer f.Close()
	return Read(f, path, c)
}

// Read reads a curve from CSV with a header line: the fields apart by commas,
// semicolons, tabs or, where the header has none of these, by spaces; lines of any
// ending; packed by gzip or not. A # before the header is passed over (numpy.savetxt).
// Other columns may hold anything.
//
// Unless c names them, the columns are iteration and fid, or what stands for them in
// the logs of TensorBoard (Step, Value), pandas (the nameless index) and others: of x
// the first of xNames that is there, of y the first of yNames, or else the only column
// with fid in its name. Names count without regard to case.
//
// If there is a column beta, rows before the first with beta = inf are left out.
// Errors begin with file and the line, and end with what to do: a row with fields
// missing or too many, a field of the curve that is no finite number, and x that does
// not ascend in even steps.
func Read(r io.Reader, file string, c Columns) (*Curve, error) {
	b := bufio.NewReaderSize(r, 1<<16)
	t := &table{file: file}
	if magic, _ := b.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(b)
		if err != nil {
			return nil, t.packed(err)
		}
		t.gzip = true
		b = bufio.NewReaderSize(z, 1<<16)
	}
	head, err := b.Peek(1 << 12)
	if err != nil && !errors.Is(err, io.EOF) { // a folder can be opened, but not read
		return nil, t.packed(err)
	}
	if bytes.HasPrefix(head, []byte{0xff, 0xfe}) || bytes.HasPrefix(head, []byte{0xfe, 0xff}) {
		return nil, fmt.Errorf("%s: is UTF-16; CSV in UTF-8 is read: %s", file, t.pipe("iconv -f UTF-16 -t UTF-8"))
	}
	if bytes.HasPrefix(head, []byte("\xef\xbb\xbf")) { // the mark of UTF-8
		b.Discard(3)
		head = head[3:]
	}
	if bytes.IndexByte(head, 0) >= 0 {
		return nil, fmt.Errorf("%s: not a text file; CSV in UTF-8 is read, as it is or packed by gzip", file)
	}
	if start := bytes.TrimSpace(head); len(start) > 1 && (start[0] == '{' || start[0] == '[') {
		return nil, fmt.Errorf(`%s:1: JSON, not CSV; with the names of its keys: (echo iteration,fid; jq -r '[.iteration, .fid] | @csv' %s) | fig5 analyze -`, file, t.shell())
	}
	t.sep = comma(head)
	if t.sep == ' ' {
		t.lines = bufio.NewScanner(b)
		t.lines.Buffer(nil, 1<<20)
	} else {
		t.csv = csv.NewReader(b)
		t.csv.Comma = t.sep
		t.csv.FieldsPerRecord = -1 // checked here, for the message
		t.csv.ReuseRecord = true
		t.csv.TrimLeadingSpace = t.sep != '\t'
	}
	if err := t.header(c); err != nil {
		return nil, err
	}
	return t.rows()
}

// comma is what keeps the fields of the first line apart: a space where nothing else
// does and it has several words.
func comma(head []byte) rune {
	line, _, _ := bytes.Cut(bytes.TrimLeft(head, "\r\n"), []byte("\n"))
	for _, c := range []byte{',', ';', '\t'} {
		if bytes.IndexByte(line, c) >= 0 {
			return rune(c)
		}
	}
	if len(bytes.Fields(bytes.TrimLeft(line, "# "))) > 1 {
		return ' '
	}
	return ','
}

// table is a CSV file being read, by csv or, where spaces keep its fields apart, by lines.
type table struct {
	file       string
	gzip       bool
	sep        rune
	csv        *csv.Reader
	lines      *bufio.Scanner
	line       int // of lines
	names      []string
	x, y, beta int // columns; beta is -1 where there is none
}

// next is the next row and its line, io.EOF at the end.
func (t *table) next() (row []string, line int, err error) {
	for t.lines != nil {
		t.line++
		if !t.lines.Scan() {
			if err := t.lines.Err(); err != nil {
				return nil, t.line, t.packed(err)
			}
			return nil, 0, io.EOF
		}
		if row = strings.Fields(t.lines.Text()); len(row) > 0 {
			return row, t.line, nil
		}
	}
	row, err = t.csv.Read()
	var pe *csv.ParseError
	switch {
	case err == nil:
		line, _ = t.csv.FieldPos(0)
		return row, line, nil
	case errors.Is(err, io.EOF):
		return nil, 0, io.EOF
	case errors.As(err, &pe):
		return nil, pe.Line, fmt.Errorf("%s:%d: %w", t.file, pe.Line, pe.Err)
	}
	return nil, 0, t.packed(err)
}

// plain is err with the file first and named once.
func plain(file string, err error) error {
	return files.Error(file, err)
}

// rows reads all lines below the header.
func (t *table) rows() (*Curve, error) {
	c := &Curve{File: t.file, Source: Source{X: t.name(t.x), Y: t.name(t.y)}}
	var begin, before, first float64 // the first x, that of the row before, the first step
	n, ended := 0, false
	var refused error // the first value that is not finite; those behind it are not either
	for {
		row, line, err := t.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if refused != nil {
			if len(row) <= t.y {
				return nil, refused
			}
			if _, err := number(row[t.y]); !errors.Is(err, errNotFinite) {
				return nil, refused
			}
			n++
			continue
		}
		fail := func(format string, a ...any) error {
			return fmt.Errorf("%s:%d: "+format, append([]any{t.file, line}, a...)...)
		}
		if len(row) != len(t.names) {
			advice := "; each row wants a field for every column"
			if len(row) > len(t.names) && t.sep == ',' {
				advice = "; numbers are read with a decimal point, a field with a comma in quotes"
			}
			return nil, fail("%d fields, the header has %d%s", len(row), len(t.names), advice)
		}
		x, err := number(row[t.x])
		if err != nil {
			return nil, fail("%s: %w; %s", t.name(t.x), err, t.mend(row[t.x], t.x, line))
		}
		y, err := number(row[t.y])
		if err != nil {
			refused = fail("%s: %w; %s", t.name(t.y), err, t.mend(row[t.y], t.y, line))
			if !errors.Is(err, errNotFinite) {
				return nil, refused
			}
			n++
			continue
		}
		n++
		if n > 1 && x <= before {
			how := "comes after"
			if x == before {
				how = "repeats"
			}
			return nil, fail("%s %s %s %s; they must ascend: one run a file, a row of a resumed run once", t.name(t.x), short(x), how, short(before))
		}
		switch step := x - before; {
		case n == 1:
			begin = x
		case n == 2:
			first = step
		case n > 2 && math.Abs(step-first) > 1e-6*first+4e-16*math.Abs(x):
			return nil, fail("%s %s: a step of %s after steps of %s; they must be even: %s", t.name(t.x), short(x), short(step), short(first), t.even(begin, first, step))
		}
		before = x
		if t.beta >= 0 {
			b := strings.TrimSpace(row[t.beta])
			beta, err := strconv.ParseFloat(b, 64)
			if err != nil || math.IsNaN(beta) {
				return nil, fail("beta: %q is not a number or inf", b)
			}
			if ended && !math.IsInf(beta, 1) {
				return nil, fail("beta %s after beta inf", b)
			}
			if ended = math.IsInf(beta, 1); !ended {
				continue
			}
		}
		c.X, c.Y = append(c.X, x), append(c.Y, y)
	}
	c.Source.Rows = n
	if len(c.X) > 1 {
		c.Source.Interval = (c.X[len(c.X)-1] - c.X[0]) / float64(len(c.X)-1)
	}
	switch {
	case refused != nil:
		return nil, &Diverged{c, refused}
	case n == 0:
		return nil, fmt.Errorf("%s: no rows below the header", t.file)
	case len(c.X) == 0:
		return nil, fmt.Errorf("%s: no row with beta = inf; the curve of β = ∞ is what is measured", t.file)
	case len(c.X) == 1:
		return nil, fmt.Errorf("%s: a single point is no curve", t.file)
	}
	return c, nil
}

var errNotFinite = errors.New("not a finite number")

// number is the value of a field of the curve.
func number(s string) (float64, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return 0, errors.New("missing")
	}
	v, err := strconv.ParseFloat(s, 64)
	switch {
	case err != nil && !errors.Is(err, strconv.ErrRange):
		return 0, fmt.Errorf("%q is not a number", s)
	case math.IsNaN(v) || math.IsInf(v, 0):
		return 0, fmt.Errorf("%s is %w", s, errNotFinite)
	case math.Abs(v) > filters.TooLarge:
		return 0, fmt.Errorf("%s is too large (%g at most)", s, filters.TooLarge)
	}
	return v, nil
}

// short writes v without an exponent, as short as it can be.
func short(v float64) string {
	return strconv.FormatFloat(v, 'f', -1, 64)
}
