package curves

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"unicode/utf16"

	"fig5/bench/curves/tfevents"
	"fig5/fid/files"
)

// Columns says what is taken of a log. An empty name is found by itself.
type Columns struct {
	X, Y     string  // the column of x; that of y, or the tag of a long table or of event files
	Resample float64 // above 0: the curve is interpolated every so many units of x
	Listed   bool    // these are columns of a list of curves, not flags; for messages
}

// Curve is an FID curve, evenly spaced: X ascending, from the start of β = ∞ on.
type Curve struct {
	File     string // what its errors begin with
	Source   Source
	X, Y     []float64
	Warnings []string // what was mended
}

// Source is what was taken from a file, and how.
type Source struct {
	X        string  `json:"x"` // the column
	Y        string  `json:"y"`
	Interval float64 `json:"interval"` // between two points
	Rows     int     `json:"rows"`     // below the header; of a long table or event files those of the tag
	Skipped  int     `json:"skipped"`  // of them without a value of the curve
	Filled   int     `json:"filled"`   // points that stand between their neighbours, as their own were missing
	Repeated int     `json:"repeated"` // rows of a step that was there again, later
}

// Diverged is the error of a curve whose values are not finite from some row to its end.
type Diverged struct {
	Curve *Curve // before that row; it may be empty
	err   error
}

func (d *Diverged) Error() string { return d.err.Error() }

// maxBytes is the most that is read of a log, unpacked; maxWhole of one that has to be
// held in memory.
const (
	maxBytes = 4 << 30
	maxWhole = 256 << 20
)

// peek is how many bytes of a file tell its format.
const peek = 1 << 16

// input is a log being read.
type input struct {
	*bufio.Reader
	file    string
	columns Columns
	gzip    bool
	lines   bool // head -n cuts it
}

// formats are tried in this order, by the first bytes; whatever is none of them is a CSV.
var formats = []struct {
	is   func(head []byte) bool
	read func(*input) (*table, error)
}{
	{isNPY, readNPY},
	{isNPZ, readNPZ},
	{tfevents.Is, readEvents},
	{isOther, refuseOther},
	{isJSONLines, readJSONLines},
	{isJSON, readJSON},
}

// ReadFile reads the curve in the file at path, or in the event files of the folder at path.
func ReadFile(path string, c Columns) (*Curve, error) {
	if events := eventFiles(path); len(events) > 0 {
		return readFolder(path, events, c)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, files.Error(path, err)
	}
	defer f.Close()
	return Read(f, path, c)
}

// Read reads a curve out of a log in any of the formats, packed by gzip or not. Names
// count without regard to case; docs/logs.md says which are taken where c names none.
// Other columns may hold anything.
//
// Rows without a value of the curve are passed over. Of a step that comes again, as in the
// log of a run that was resumed, the last value counts. Points missing or NaN, up to 5 %
// and 3 in a row, are filled linearly. Steps that are whole numbers may be even up to their
// rounding. If there is a column beta, rows before the first with beta = inf are left out.
//
// Errors begin with file and, where there is one, the line, and end with what to do.
func Read(r io.Reader, file string, c Columns) (*Curve, error) {
	c.X, c.Y = clean(c.X), clean(c.Y)
	in := &input{Reader: bufio.NewReaderSize(r, peek), file: file, columns: c, lines: true}
	t, err := in.table()
	if err != nil {
		return nil, err
	}
	return t.curve()
}

// table unpacks the log and reads it by its format.
func (in *input) table() (*table, error) {
	if magic, _ := in.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		in.gzip = true
		z, err := gzip.NewReader(in.Reader)
		if err != nil {
			return nil, in.fail(err)
		}
		in.Reader = bufio.NewReaderSize(&limited{z, maxBytes}, peek)
	}
	head, err := in.Peek(peek)
	if err != nil && !errors.Is(err, io.EOF) { // a folder can be opened, but not read
		return nil, in.fail(err)
	}
	if bytes.HasPrefix(head, []byte{0xff, 0xfe}) || bytes.HasPrefix(head, []byte{0xfe, 0xff}) { // as Excel and PowerShell write
		if head, err = in.rewritten(fromUTF16); err != nil {
			return nil, err
		}
	}
	if bytes.HasPrefix(head, []byte("\xef\xbb\xbf")) { // the mark of UTF-8
		in.Discard(3)
		head = head[3:]
	}
	if bytes.IndexByte(head, '\r') >= 0 && bytes.IndexByte(head, '\n') < 0 && bytes.IndexByte(head, 0) < 0 { // lines of old Macs
		head, err = in.rewritten(func(b []byte) []byte { return bytes.ReplaceAll(b, []byte{'\r'}, []byte{'\n'}) })
		if err != nil {
			return nil, err
		}
	}
	for _, f := range formats {
		if f.is(head) {
			return f.read(in)
		}
	}
	return readCSV(in)
}

// whole is all that is left of the log.
func (in *input) whole() ([]byte, error) {
	b, err := io.ReadAll(&limited{in.Reader, maxWhole})
	if err != nil {
		return nil, in.fail(err)
	}
	return b, nil
}

// rewritten puts what f makes of the log in its place, and returns its first bytes.
func (in *input) rewritten(f func([]byte) []byte) (head []byte, err error) {
	b, err := in.whole()
	if err == nil {
		in.Reader, in.lines = bufio.NewReaderSize(bytes.NewReader(f(b)), peek), false
		head, _ = in.Peek(peek)
	}
	return head, err
}

// fromUTF16 is text with a mark of its byte order as UTF-8.
func fromUTF16(b []byte) []byte {
	var order binary.ByteOrder = binary.LittleEndian
	if b[0] == 0xfe {
		order = binary.BigEndian
	}
	units := make([]uint16, len(b)/2-1)
	binary.Decode(b[2:], order, units)
	return []byte(string(utf16.Decode(units)))
}

// limited is a reader that fails behind so many bytes.
type limited struct {
	r    io.Reader
	left int64
}

func (l *limited) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, errors.New("is too large: a log of this kind is read up to 256 MiB, a CSV to 4 GiB")
	}
	n, err := l.r.Read(p[:min(int64(len(p)), l.left)])
	l.left -= int64(n)
	return n, err
}

// flag is how a message names one of columns.
func (in *input) flag(name string) string {
	if in.columns.Listed {
		return "in the list's column " + name + ":"
	}
	return "--" + name
}

// fail is an error of reading, with what to do where it is of gzip.
func (in *input) fail(err error) error {
	if in.gzip && (errors.Is(err, gzip.ErrChecksum) || errors.Is(err, gzip.ErrHeader) || errors.Is(err, io.ErrUnexpectedEOF)) {
		return fmt.Errorf("%s: gzip: %w; copy the file again (gunzip -t tells whether it is whole)", in.file, err)
	}
	return files.Error(in.file, err)
}
