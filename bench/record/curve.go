package record

import (
	"bufio"
	"bytes"
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
	b = strconv.AppendInt(b, int64(p.Iteration), 10)
	b = append(b, ',')
	if math.IsInf(p.Beta, 1) {
		b = append(b, "inf"...)
	} else {
		b = strconv.AppendFloat(b, p.Beta, 'g', -1, 64)
	}
	b = append(b, ',')
	b = strconv.AppendFloat(b, p.FID, 'g', 17, 64)
	for _, loss := range [2]float64{p.DLoss, p.GLoss} {
		b = append(b, ',')
		if !math.IsNaN(loss) && !math.IsInf(loss, 0) {
			b = strconv.AppendFloat(b, loss, 'g', 17, 64)
		}
	}
	b = append(b, ',')
	if p.Modes >= 0 {
		b = strconv.AppendInt(b, int64(p.Modes), 10)
	}
	return append(b, '\n'), nil
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
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, files.Error(path, err)
	}
	w := &CurveWriter{f: f, path: path, rows: rows, sum: sha256.New()}
	if rows == 0 {
		err = w.begin()
	} else {
		err = w.cut()
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return w, nil
}

// begin empties the file and writes its header.
func (w *CurveWriter) begin() error {
	err := w.f.Truncate(0)
	if err == nil {
		_, err = io.WriteString(io.MultiWriter(w.f, w.sum), curveHeader+"\n")
	}
	return files.Error(w.path, err)
}

// cut finds the end of the last row to keep and cuts the file there.
func (w *CurveWriter) cut() error {
	end, err := copyRows(w.sum, w.f, w.rows)
	if err != nil {
		return fmt.Errorf("%s%w", w.path, err)
	}
	if err = w.f.Truncate(end); err == nil {
		_, err = w.f.Seek(end, io.SeekStart)
	}
	return files.Error(w.path, err)
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

func parsePoint(line string) (p Point, err error) {
	fields := strings.Split(line, ",")
	if len(fields) != 6 {
		return p, fmt.Errorf("%d fields, want the 6 of %s", len(fields), curveHeader)
	}
	if p.Iteration, err = strconv.Atoi(fields[0]); err != nil || p.Iteration < 0 {
		return p, fmt.Errorf("iteration: %q is not an iteration (0 or more)", fields[0])
	}
	if fields[1] == "inf" {
		p.Beta = math.Inf(1)
	} else if p.Beta, err = finite("beta", fields[1]); err != nil {
		return p, err
	} else if p.Beta < 0 {
		return p, fmt.Errorf("beta: %s is negative", fields[1])
	}
	if p.FID, err = finite("fid", fields[2]); err != nil {
		return p, err
	}
	p.DLoss, p.GLoss, p.Modes = math.NaN(), math.NaN(), -1
	if fields[3] != "" {
		if p.DLoss, err = finite("d_loss", fields[3]); err != nil {
			return p, err
		}
	}
	if fields[4] != "" {
		if p.GLoss, err = finite("g_loss", fields[4]); err != nil {
			return p, err
		}
	}
	if fields[5] != "" {
		if p.Modes, err = strconv.Atoi(fields[5]); err != nil || p.Modes < 0 {
			return p, fmt.Errorf("modes: %q is not a count (0 or more)", fields[5])
		}
	}
	return p, nil
}

func finite(column, text string) (float64, error) {
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, fmt.Errorf("%s: %q is not a finite number", column, text)
	}
	return v, nil
}
