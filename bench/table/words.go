package table

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"fig5/bench/stats"
)

// Digits writes three significant digits, trailing zeros kept, without an exponent from
// 0.0001 up to a million; – where x is not a number.
func Digits(x float64) string {
	switch {
	case math.IsNaN(x):
		return "–"
	case math.IsInf(x, 1):
		return "∞"
	case math.IsInf(x, -1):
		return "-∞"
	case x == 0:
		return "0"
	}
	scientific := strconv.FormatFloat(x, 'e', 2, 64)
	rounded, _ := strconv.ParseFloat(scientific, 64) // rounded first: 0.09996 is 0.100
	if a := math.Abs(rounded); a < 1e-4 || a >= 1e6 {
		return scientific
	}
	exponent, _ := strconv.Atoi(scientific[strings.IndexByte(scientific, 'e')+1:])
	return strconv.FormatFloat(x, 'f', max(0, 2-exponent), 64)
}

// Full writes x so that it reads back equal; nothing where it is not finite.
func Full(x float64) string {
	if !stats.Number(x).Defined() {
		return ""
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

// Plain writes x as a person would type it: 0.1, 50000.
func Plain(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// Interval writes "[lo, hi]", three digits each; – where it is undefined.
func Interval(i stats.Interval) string {
	if !i.Defined() {
		return "–"
	}
	return "[" + Digits(i.Lo) + ", " + Digits(i.Hi) + "]"
}

// Ratio writes a number with its interval: "0.500 [0.330, 0.750]".
func Ratio(x stats.Number, i stats.Interval) string { return Mean(x, i)[0].Text }

// P writes a p value: "0.32", "0.012", "< 0.001"; – where it is undefined. Beside 0.05
// it has as many digits as tell the side.
func P(p stats.Number) string {
	switch {
	case !p.Defined():
		return "–"
	case p < 0.001:
		return "< 0.001"
	case p >= 0.0995:
		return strconv.FormatFloat(float64(p), 'f', 2, 64)
	}
	for places := 3; ; places++ {
		s := strconv.FormatFloat(float64(p), 'f', places, 64)
		if v, _ := strconv.ParseFloat(s, 64); (v < 0.05) == (p < 0.05) || places == 6 {
			return s
		}
	}
}

// Is writes "p = 0.012" and "p < 0.001" with P's digits; "no p" where it is undefined.
func Is(p stats.Number) string {
	if !p.Defined() {
		return "no p"
	}
	s := P(p)
	if strings.HasPrefix(s, "<") {
		return "p " + s
	}
	return "p = " + s
}

// Share writes a probability or a share with two decimals; – where it is undefined.
func Share(x stats.Number) string {
	if !x.Defined() {
		return "–"
	}
	return strconv.FormatFloat(float64(x), 'f', 2, 64)
}

// Change writes a change that is given in percent: "-23.1 %", "+4.0 %".
func Change(percent stats.Number) string {
	if !percent.Defined() {
		return "–"
	}
	return fmt.Sprintf("%+.1f %%", float64(percent))
}

var superscripts = strings.NewReplacer("0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹")

// Mark is the sign of the n-th footnote, counted from 1: "¹", "¹²".
func Mark(n int) string { return superscripts.Replace(strconv.Itoa(n)) }
