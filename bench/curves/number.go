package curves

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"fig5/filters"
)

// none are fields that stand for no value, as pandas, R and databases write it.
var none = []string{"", "null", "none", "na", "n/a", "-", "--", "nil", "<na>"}

func blank(s string) bool { return slices.Contains(none, strings.ToLower(strings.TrimSpace(s))) }

// notation is how numbers are written: which mark is the decimal one, and whether the
// other one groups thousands.
type notation struct{ comma, groups bool }

var (
	grouped = regexp.MustCompile(`^[-+]?[1-9][0-9]{0,2}[.,][0-9]{3}$`)
	decimal = regexp.MustCompile(`^[-+]?[0-9]*[.,][0-9]*([eE][-+]?[0-9]+)?$`)
	spaced  = regexp.MustCompile(`^[-+]?[1-9][0-9]{0,2}([ \x{a0}\x{202f}\x{2009}'’_][0-9]{3})+([.,][0-9]*)?$`)
	gaps    = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "\u2009", "", "'", "", "’", "", "_", "")
	dotted  = regexp.MustCompile(`^[-+]?[0-9]{1,3}(\.[0-9]{3})+(,|$)`) // 1.234.567,8
	commaed = regexp.MustCompile(`^[-+]?[0-9]{1,3}(,[0-9]{3})+(\.|$)`) // 1,234,567.8
)

// notationOf tells the notation of a file from all its numbers. A mark that stands twice
// in one, or before the other mark, groups thousands; one that cannot (0.5, 12.34) is
// decimal. A field that is neither (1,234) decides nothing: without others a comma groups
// where commas keep the fields apart, too, and is decimal where they do not; a column of
// nothing else may be both, and is an error.
func notationOf(columns [][]string, decimalComma bool) (notation, error) {
	var dots, commas, unsure, either string // a field that makes the decimal mark a dot, a comma
	for _, column := range columns {
		whole, last := 0, ""
		for _, s := range column {
			s = strings.TrimSpace(s)
			dot, comma := strings.Count(s, "."), strings.Count(s, ",")
			switch {
			case dot+comma == 0:
				whole++
			case dot == 1 && comma == 0 && dots != "", comma == 1 && dot == 0 && commas != "": // as before
			case dot > 0 && comma > 0 && strings.LastIndexByte(s, '.') > strings.LastIndexByte(s, ','), comma > 1 && dot == 0:
				dots = s
			case dot > 0 && comma > 0, dot > 1:
				commas = s
			case grouped.MatchString(s):
				if comma == 1 {
					unsure, last = s, s
				}
			case !decimal.MatchString(s): // text
			case dot == 1:
				dots = s
			default:
				commas = s
			}
		}
		if whole == 0 && last != "" {
			either = last
		}
	}
	switch {
	case dots != "" && commas != "":
		return notation{}, fmt.Errorf("numbers with a decimal point (%s) and with a decimal comma (%s); write all of them with a point", dots, commas)
	case commas != "":
		return notation{comma: true, groups: true}, nil
	case unsure != "" && dots == "" && decimalComma:
		return notation{comma: true}, nil
	case either != "" && dots == "":
		return notation{}, fmt.Errorf("%s may be %s or %s; write numbers with a decimal point", either, strings.Replace(either, ",", "", 1), strings.Replace(either, ",", ".", 1))
	}
	return notation{groups: unsure != "" || dots != ""}, nil
}

// plain is s with a decimal point and without marks between thousands.
func (n notation) plain(s string) string {
	s = strings.TrimSpace(s)
	if strings.ContainsAny(s, " \u00a0\u202f\u2009'’_") && spaced.MatchString(s) {
		s = gaps.Replace(s)
	}
	thousands, mark := commaed, ","
	if n.comma {
		thousands, mark = dotted, "."
	}
	if n.groups && strings.Contains(s, mark) && thousands.MatchString(s) {
		s = strings.ReplaceAll(s, mark, "")
	}
	if n.comma {
		s = strings.Replace(s, ",", ".", 1)
	}
	return s
}

// number is the value of a field; NaN and Inf are values.
func (n notation) number(s string) (float64, error) {
	plain := n.plain(s)
	v, err := strconv.ParseFloat(plain, 64)
	hex := strings.ContainsAny(plain, "xX_")
	switch {
	case hex || err != nil && !errors.Is(err, strconv.ErrRange):
		return 0, fmt.Errorf("%q is not a number", clip(strings.TrimSpace(s)))
	case math.Abs(v) > filters.TooLarge && !math.IsInf(v, 0):
		return 0, fmt.Errorf("%s is too large (%g at most)", clip(s), filters.TooLarge)
	}
	return v, nil
}

// short writes v without an exponent, as short as it can be.
func short(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// rounded is v without the digits in which differences of decimals are wrong.
func rounded(v float64) float64 {
	r, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 9, 64), 64)
	return r
}

// clip is s as long as a message may quote it.
func clip(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "..."
	}
	return s
}

// clean is a name on one line, without space around it.
func clean(name string) string {
	if strings.ContainsFunc(name, unicode.IsControl) {
		name = strings.Map(func(r rune) rune {
			if unicode.IsControl(r) {
				return ' '
			}
			return r
		}, name)
	}
	return strings.TrimSpace(name)
}

// cleaned are names, each of them clean.
func cleaned(names []string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = clean(name)
	}
	return out
}
