package curves

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// packed is an error of reading, with what to do where it is of gzip.
func (t *table) packed(err error) error {
	if errors.Is(err, gzip.ErrChecksum) || errors.Is(err, gzip.ErrHeader) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%s: gzip: %w; copy the file again (gunzip -t tells whether it is whole)", t.file, err)
	}
	return plain(t.file, err)
}

// shell is the file as a shell takes it.
func (t *table) shell() string {
	switch {
	case t.file == "-":
		return "FILE"
	case strings.Trim(t.file, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/-+=") == "":
		return t.file
	}
	return "'" + strings.ReplaceAll(t.file, "'", `'\''`) + "'"
}

// pipe is how the file goes through a filter into the command.
func (t *table) pipe(filter string) string {
	if t.gzip {
		return fmt.Sprintf("gunzip -c %s | %s | fig5 analyze -", t.shell(), filter)
	}
	return fmt.Sprintf("%s %s | fig5 analyze -", filter, t.shell())
}

// awk keeps the header and the rows for which a condition on a column holds.
func (t *table) awk(column int, condition string) string {
	sep := ""
	switch t.sep {
	case '\t':
		sep = ` -F'\t'`
	case ',', ';':
		sep = " -F'" + string(t.sep) + "'"
	}
	return t.pipe(fmt.Sprintf("awk%s 'NR == 1 || $%d %s'", sep, column+1, condition))
}

// mend is what to do about a field of the curve that is no finite number.
func (t *table) mend(field string, column, line int) string {
	field = strings.TrimSpace(field)
	v, err := strconv.ParseFloat(field, 64)
	switch {
	case field == "":
		return "to leave out such rows: " + t.awk(column, `!= ""`)
	case err == nil && (math.IsNaN(v) || math.IsInf(v, 0)) && column == t.y && line > 3:
		return fmt.Sprintf("to end before it: %s", t.pipe(fmt.Sprintf("head -n %d", line-1)))
	case decimalComma.MatchString(field) && t.sep != ',':
		return "numbers are read with a decimal point: " + t.pipe("sed 's/,/./g'")
	case decimalComma.MatchString(field):
		return "numbers are read with a decimal point"
	}
	return "a curve wants a finite number in every row; --x and --y name other columns"
}

var decimalComma = regexp.MustCompile(`^[-+]?[0-9]*,[0-9]+([eE][-+]?[0-9]+)?$`)

// even is how to make steps even: to keep the rows of the larger step, if all can be
// multiples of it, or to fill in those that are missing.
func (t *table) even(begin, first, step float64) string {
	larger, smaller := max(first, step), min(first, step)
	if larger < 1e15 && larger == math.Trunc(larger) && begin == math.Trunc(begin) && begin >= 0 && math.Mod(larger, smaller) == 0 {
		return fmt.Sprintf("fill in what is missing, or keep every %s: %s", short(larger), t.awk(t.x, fmt.Sprintf("%% %s == %s", short(larger), short(math.Mod(begin, larger)))))
	}
	return "interpolate the curve at even steps"
}
