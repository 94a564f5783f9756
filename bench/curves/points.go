package curves

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"fig5/bench/curves/words"
)

// point is a value of the curve as the log has it.
type point struct {
	x, y float64
	row  int
}

// curve is what the rows of the table come to.
func (t *table) curve() (*Curve, error) {
	if len(t.rows) == 0 {
		return nil, t.fail("no rows below the header")
	}
	p, err := t.pick()
	if err != nil {
		return nil, err
	}
	c := &Curve{File: t.in.file, Source: Source{X: t.name(p.x), Y: p.name, Rows: len(p.rows)}, Warnings: t.warnings}
	if p.x < 0 {
		c.Warnings = append(c.Warnings, "no column of steps: x counts the rows")
	}
	if t.find(words.Tags) < 0 || t.find(words.Values) != p.y {
		c.Source.Rows, c.Source.Skipped = len(t.rows), len(t.rows)-len(p.rows)
	}
	points, err := t.points(p)
	if err == nil && len(points) == 0 {
		err = t.fail("no row with beta = inf; the curve of β = ∞ is what is measured")
	}
	if err == nil {
		points, err = t.latest(c, logged(c, points))
	}
	if err != nil {
		return nil, err
	}
	end := len(points)
	for end > 0 && !finite(points[end-1].y) {
		end--
	}
	var diverged error
	if end < len(points) {
		row := points[end].row
		what := t.cell(row, p.y) + " is not a finite number"
		if blank(t.cell(row, p.y)) {
			what = "missing"
		}
		diverged = fmt.Errorf("%s: %s: %s, and none follows", t.place(row), p.name, what)
		if end > 1 {
			diverged = fmt.Errorf("%w%s", diverged, t.before(row))
		}
	}
	points = points[:end]
	if at := slices.IndexFunc(points, func(q point) bool { return math.IsInf(q.y, 0) }); at >= 0 {
		row := points[at].row
		return nil, fmt.Errorf("%s: %s: %s is not a finite number", t.place(row), p.name, t.cell(row, p.y))
	}
	if first := slices.IndexFunc(points, func(q point) bool { return finite(q.y) }); first > 0 {
		points = points[first:]
		c.Source.Skipped += first
		c.Warnings = append(c.Warnings, fmt.Sprintf("the first %d values are NaN; the curve begins at %s %s", first, c.Source.X, short(points[0].x)))
	}
	switch {
	case len(points) < 2 && diverged == nil:
		return nil, t.fail("a single point is no curve")
	case len(points) < 2:
		for _, q := range points {
			c.X, c.Y = append(c.X, q.x), append(c.Y, q.y)
		}
	case t.in.columns.Resample > 0:
		err = t.resample(c, points)
	default:
		err = t.even(c, points)
	}
	if diverged != nil {
		return nil, &Diverged{c, diverged}
	}
	if err != nil {
		return nil, err
	}
	return c, nil
}

// points are the values of the curve in the order of their rows.
func (t *table) points(p picked) ([]point, error) {
	rows := append(slices.Clone(p.rows), t.ends(p)...)
	x, y := make([]string, len(rows)), make([]string, len(rows))
	for i, r := range rows {
		if y[i] = t.cell(r, p.y); p.x >= 0 {
			x[i] = t.cell(r, p.x)
		}
	}
	written, err := notationOf([][]string{x, y}, t.decimalComma)
	if err != nil {
		return nil, t.fail("%w", err)
	}
	points := make([]point, 0, len(rows))
	ended := false
	for i, r := range rows {
		if p.beta >= 0 {
			b := strings.TrimSpace(t.cell(r, p.beta))
			beta, err := strconv.ParseFloat(b, 64)
			inf := math.IsInf(beta, 1)
			switch {
			case err != nil || math.IsNaN(beta):
				return nil, fmt.Errorf("%s: beta: %q is not a number or inf", t.place(r), clip(b))
			case ended && !inf:
				return nil, fmt.Errorf("%s: beta %s after beta inf", t.place(r), b)
			case !inf:
				continue
			}
			ended = true
		}
		q := point{x: float64(r), y: math.NaN(), row: r}
		if p.x >= 0 {
			if blank(x[i]) {
				return nil, fmt.Errorf("%s: %s: missing", t.place(r), t.name(p.x))
			}
			if q.x, err = written.number(x[i]); err == nil && !finite(q.x) {
				err = fmt.Errorf("%s is not a finite number", x[i])
			}
			if err != nil {
				return nil, fmt.Errorf("%s: %s: %w; --x names another column", t.place(r), t.name(p.x), err)
			}
		}
		if i < len(p.rows) {
			if q.y, err = written.number(y[i]); err != nil {
				return nil, fmt.Errorf("%s: %s: %w; --y names another column", t.place(r), p.name, err)
			}
		}
		points = append(points, q)
	}
	return points, nil
}

// ends are the rows without a value at the end of a table that has no other ones: what
// pandas writes of a run whose FID was NaN from there on. A single one was not measured.
func (t *table) ends(p picked) (rows []int) {
	last := p.rows[len(p.rows)-1]
	if last != len(p.rows)-1 || len(t.rows)-last < 3 {
		return nil
	}
	for r := last + 1; r < len(t.rows); r++ {
		if p.x >= 0 && blank(t.cell(r, p.x)) {
			return nil
		}
		rows = append(rows, r)
	}
	return rows
}

// latest keeps the last value of every step. A run that was resumed from a checkpoint goes
// back to a step that was there and goes on from it; what it does not reach again of the
// part before is left out.
func (t *table) latest(c *Curve, points []point) ([]point, error) {
	kept := points[:0:0]
	at := -1 // of the point before in kept
	for _, q := range points {
		if len(kept) == 0 || q.x > kept[len(kept)-1].x {
			kept = append(kept, q)
			at = len(kept) - 1
			continue
		}
		switch i, _ := slices.BinarySearchFunc(kept, q.x, func(p point, x float64) int { return cmp.Compare(p.x, x) }); {
		case kept[i].x != q.x && q.x < kept[at].x:
			return nil, fmt.Errorf("%s: %s %s comes after %s; steps must ascend, one run a file", t.place(q.row), c.Source.X, short(q.x), short(kept[at].x))
		case i == 0 && at > 0:
			return nil, fmt.Errorf("%s: %s begins again at %s; a curve is one run: each of them wants its own file", t.place(q.row), c.Source.X, short(q.x))
		case kept[i].x != q.x:
			return nil, fmt.Errorf("%s: %s %s stands between %s and %s of the run before; steps must ascend, one run a file", t.place(q.row), c.Source.X, short(q.x), short(kept[max(i, 1)-1].x), short(kept[i].x))
		default:
			kept[i], at = q, i
			c.Source.Repeated++
		}
	}
	if stale := len(kept) - 1 - at; stale > 0 {
		kept = kept[:at+1]
		c.Source.Repeated += stale
	}
	if c.Source.Repeated > 0 {
		c.Warnings = append(c.Warnings, fmt.Sprintf("%d rows repeat a step or are of a part that was run again; the last of each step counts", c.Source.Repeated))
	}
	return kept, nil
}

// logged leaves out NaN where it stands for no value: in a log that has it in most rows,
// between all points.
func logged(c *Curve, points []point) []point {
	values, longest, run, between := 0, 0, 0, 0
	for _, q := range points {
		if math.IsNaN(q.y) {
			run++
			continue
		}
		if values++; values > 1 {
			between += run
			longest = max(longest, run)
		}
		run = 0
	}
	if values < 2 || between < values-1 || between == values-1 && longest == 1 || run > longest+1 {
		return points
	}
	kept := known(points)
	c.Source.Skipped += len(points) - len(kept)
	return kept
}

// known are the points that have a value.
func known(points []point) []point {
	return slices.DeleteFunc(slices.Clone(points), func(q point) bool { return math.IsNaN(q.y) })
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// before is the command that ends the curve before a row.
func (t *table) before(row int) string {
	if !t.in.lines || t.lines == nil || t.in.file == "-" || row == 0 {
		return ""
	}
	file := shell(t.in.file)
	command := fmt.Sprintf("head -n %d %s", t.lines[row]-1, file)
	if t.in.gzip {
		command = fmt.Sprintf("gunzip -c %s | head -n %d", file, t.lines[row]-1)
	}
	command += " | fig5 analyze -"
	if x := t.in.columns.X; x != "" {
		command += " --x " + shell(x)
	}
	if y := t.in.columns.Y; y != "" {
		command += " --y " + shell(y)
	}
	return "; to end before it: " + command
}

// shell is a word as a shell takes it.
func shell(s string) string {
	if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/-+=") == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
