package record

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"math"
	"os"
	"strconv"
	"strings"

	"fig5/fid/files"
)

// curveHeader is the first line of curve.csv and floor.csv.
const curveHeader = "iteration,beta,fid,d_loss,g_loss,modes"

// maxCurveLine is longer than any row: six numbers of at most 24 characters.
const maxCurveLine = 256

// Point is one row of a curve.
type Point struct {
	Iteration int     // 0 is the first of annealing, or of β = ∞ where there is none
	Beta      float64 // +Inf at the end, 0 on the uniform box
	FID       float64 // always finite
	DLoss     float64 // NaN: not known, an empty field
	GLoss     float64 // NaN: not known, an empty field
	Modes     int     // modes of the data held; -1: not counted, an empty field
}

// append adds the row's text, with its newline, to b: 17 significant digits, which
// is what it takes to write every float64 apart, beta as short as it can be.
func (p Point) append(b []byte) ([]byte, error) {
	if math.IsNaN(p.FID) || math.IsInf(p.FID, 0) {
		return nil, fmt.Errorf("iteration %d: fid is %v; a curve ends before its first non-finite value", p.Iteration, p.FID)
	}
	if math.IsNaN(p.Beta) || p.Beta < 0 {
		return nil, fmt.Errorf("iteration %d: beta is %v, not in [0, ∞]", p.Iteration, p.Beta)
	}
	number := func(x float64, digits int) string {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return ""
		}
		return strconv.FormatFloat(x, 'g', digits, 64)
	}
	beta, modes := cmp.Or(number(p.Beta, -1), "inf"), ""
	if p.Modes >= 0 {
		modes = strconv.Itoa(p.Modes)
	}
	return fmt.Appendf(b, "%d,%s,%s,%s,%s,%s\n", p.Iteration, beta, number(p.FID, 17), number(p.DLoss, 17), number(p.GLoss, 17), modes), nil
}

// CurveWriter appends to a curve file. Every row is in the file (not yet on the
// disk: see Sync) when Append returns.
type CurveWriter struct {
	f    *os.File
	path string
	rows int
	buf  []byte
	sum  hash.Hash // SHA-256 of the rows and the header
}

// OpenCurve opens the curve file at path to go on after its first rows rows; what
// follows them, which a run killed after its last checkpoint wrote, is cut off.
// With rows = 0 the file is made anew. A file with fewer rows is an error.
func OpenCurve(path string, rows int) (*CurveWriter, error) {
	if rows == 0 {
		if err := WriteCurve(path, nil); err != nil {
			return nil, err
		}
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, files.Error(path, err)
	}
	w := &CurveWriter{f: f, path: path, rows: rows, sum: sha256.New()}
	end, err := copyRows(w.sum, f, rows)
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("%s%w", path, err)
	}
	if err = f.Truncate(end); err == nil {
		_, err = f.Seek(end, io.SeekStart)
	}
	if err != nil {
		f.Close()
		return nil, files.Error(path, err)
	}
	return w, nil
}

// copyRows copies the header and the first rows rows of a curve, n bytes, to out. Its
// errors begin with ":LINE: " or ": ".
func copyRows(out io.Writer, in io.Reader, rows int) (n int64, err error) {
	r := bufio.NewReaderSize(in, maxCurveLine)
	for line := 0; line <= rows; line++ {
		text, err := r.ReadSlice('\n')
		if line == 0 && err == nil && string(text) != curveHeader+"\n" {
			return 0, fmt.Errorf(":1: not a curve: the header is not %q", curveHeader)
		}
		if errors.Is(err, io.EOF) {
			return 0, fmt.Errorf(": ends after %d rows, its checkpoint knows %d", max(line-1, 0), rows)
		}
		if err != nil {
			return 0, fmt.Errorf(":%d: not a row of a curve: %w", line+1, err)
		}
		out.Write(text)
		n += int64(len(text))
	}
	return n, nil
}

// Append writes one row. A non-finite fid is an error; non-finite losses are left empty.
func (w *CurveWriter) Append(p Point) (err error) {
	if w.buf, err = p.append(w.buf[:0]); err != nil {
		return fmt.Errorf("%s: %w", w.path, err)
	}
	if err := fence(w.path); err != nil {
		return err
	}
	if _, err := w.f.Write(w.buf); err != nil {
		return files.Error(w.path, err)
	}
	w.sum.Write(w.buf)
	w.rows++
	return nil
}

// Rows is how many rows the file has.
func (w *CurveWriter) Rows() int { return w.rows }

// Sync waits until all rows are on the disk.
func (w *CurveWriter) Sync() error { return files.Error(w.path, w.f.Sync()) }

// Close closes the file.
func (w *CurveWriter) Close() error { return files.Error(w.path, w.f.Close()) }

// WriteCurve replaces the curve file at path by these rows.
func WriteCurve(path string, points []Point) error {
	b := []byte(curveHeader + "\n")
	for _, p := range points {
		var err error
		if b, err = p.append(b); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return WriteFile(path, b)
}

// ReadCurve reads a whole curve file as CurveWriter and WriteCurve write it.
// Iterations are ascending; a last row without its newline is an error. Lines may end in
// CRLF.
func ReadCurve(path string) ([]Point, error) {
	f, _, err := files.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	points, err := readCurve(f)
	if err != nil {
		return nil, fmt.Errorf("%s%w", path, err)
	}
	return points, nil
}

// readCurve is ReadCurve on any reader; its errors begin with ":LINE: " or ": ".
func readCurve(in io.Reader) ([]Point, error) {
	r := bufio.NewReader(in)
	var points []Point
	for line := 1; ; line++ {
		text, err := r.ReadSlice('\n')
		switch {
		case errors.Is(err, io.EOF) && len(text) == 0 && line > 1:
			return points, nil
		case errors.Is(err, io.EOF):
			return nil, fmt.Errorf(":%d: the file ends within a line", line)
		case errors.Is(err, bufio.ErrBufferFull), len(text) > maxCurveLine:
			return nil, fmt.Errorf(":%d: not a row of a curve: longer than %d characters", line, maxCurveLine)
		case err != nil:
			return nil, fmt.Errorf(": %w", errors.Unwrap(err))
		}
		text = bytes.TrimSuffix(bytes.TrimSuffix(text, []byte("\n")), []byte("\r")) // CRLF, by git or an editor
		if line == 1 {
			if string(text) != curveHeader {
				return nil, fmt.Errorf(":1: not a curve: the header is not %q", curveHeader)
			}
			continue
		}
		p, err := parsePoint(string(text))
		if err != nil {
			return nil, fmt.Errorf(":%d: %w", line, err)
		}
		if n := len(points); n > 0 && p.Iteration <= points[n-1].Iteration {
			return nil, fmt.Errorf(":%d: iteration %d does not come after %d", line, p.Iteration, points[n-1].Iteration)
		}
		points = append(points, p)
	}
}

// parsePoint reads one row. Its error is of the first field that is wrong.
func parsePoint(line string) (p Point, err error) {
	fields := strings.Split(line, ",")
	if len(fields) != 6 {
		return p, fmt.Errorf("%d fields, want the 6 of %s", len(fields), curveHeader)
	}
	wrong := func(column, text, want string) {
		if err == nil {
			err = fmt.Errorf("%s: %q is not %s", column, text, want)
		}
	}
	count := func(column, text, want string) int {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			wrong(column, text, want+" (0 or more)")
		}
		return n
	}
	finite := func(column, text string) float64 {
		v, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			wrong(column, text, "a finite number")
		}
		return v
	}
	p = Point{Iteration: count("iteration", fields[0], "an iteration"), Beta: math.Inf(1), DLoss: math.NaN(), GLoss: math.NaN(), Modes: -1}
	if fields[1] != "inf" {
		p.Beta = finite("beta", fields[1])
	}
	if p.Beta < 0 && err == nil {
		err = fmt.Errorf("beta: %s is negative", fields[1])
	}
	p.FID = finite("fid", fields[2])
	if fields[3] != "" {
		p.DLoss = finite("d_loss", fields[3])
	}
	if fields[4] != "" {
		p.GLoss = finite("g_loss", fields[4])
	}
	if fields[5] != "" {
		p.Modes = count("modes", fields[5], "a count")
	}
	return p, err
}

// Newest is the last whole row of the curve at path, for those who watch it grow; false
// where there is none.
func Newest(path string) (Point, bool) {
	f, err := os.Open(path)
	if err != nil {
		return Point{}, false
	}
	defer f.Close()
	const tail = 4 * maxCurveLine
	if info, err := f.Stat(); err == nil && info.Size() > tail {
		f.Seek(-tail, io.SeekEnd)
	}
	b, _ := io.ReadAll(io.LimitReader(f, tail))
	lines := strings.Split(string(b), "\n")
	if len(lines) < 2 {
		return Point{}, false
	}
	p, err := parsePoint(lines[len(lines)-2]) // behind the last newline a row is being written
	return p, err == nil
}
