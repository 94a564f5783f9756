package figure

import (
	"fmt"
	"math"
	"strconv"
)

// digits and thousands are those of bench/table.

// digits writes v with three significant digits, without an exponent from 0.0001 up to
// a million.
func digits(v float64) string {
	switch {
	case math.IsNaN(v):
		return "–"
	case math.IsInf(v, 1):
		return "∞"
	case v == 0:
		return "0"
	}
	v, _ = strconv.ParseFloat(fmt.Sprintf("%.2e", v), 64) // rounded first: 99.99 is 100
	if a := math.Abs(v); a < 1e-4 || a >= 1e6 {
		return fmt.Sprintf("%.2e", v)
	}
	n := max(0, 2-int(math.Floor(math.Log10(math.Abs(v))+1e-9)))
	return strconv.FormatFloat(v, 'f', n, 64)
}

// thousands writes n with a comma before every three digits from 10,000 on.
func thousands(n int) string {
	s := strconv.Itoa(n)
	if n < 10000 {
		return s
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// brief writes a size as a tick has it: "500", "2.5k".
func brief(v float64) string {
	if v >= 1000 && math.Mod(v, 100) == 0 {
		return fmt.Sprintf("%gk", v/1000)
	}
	return fmt.Sprintf("%g", v)
}

// clipped is the end of s, with dots where it was longer than n characters.
func clipped(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return "…" + string(r[len(r)-n+1:])
}
