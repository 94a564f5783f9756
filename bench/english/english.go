// Package english writes counts, lists, sizes and times in words, for messages and pages.
package english

import (
	"fmt"
	"strconv"
	"strings"
)

// Thousands writes n with a comma before every three digits from 10,000 on.
func Thousands(n int) string {
	s := strconv.Itoa(n)
	if n < 10000 {
		return s
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Duration writes seconds in the unit that fits: "90 s", "35 min", "2.5 h", "3.1 days".
func Duration(seconds float64) string {
	const minute, hour, day = 60, 3600, 86400
	switch {
	case seconds < 2*minute:
		return fmt.Sprintf("%.0f s", seconds)
	case seconds < 2*hour:
		return fmt.Sprintf("%.0f min", seconds/minute)
	case seconds < 2*day:
		return fmt.Sprintf("%.1f h", seconds/hour)
	}
	return fmt.Sprintf("%.1f days", seconds/day)
}

// Bytes writes a size with three digits, in powers of 1000: "3.2 MB".
func Bytes(n int64) string {
	x, units := float64(n), []string{"B", "kB", "MB", "GB", "TB"}
	for x >= 1000 && len(units) > 1 {
		x, units = x/1000, units[1:]
	}
	return fmt.Sprintf("%.3g %s", x, units[0])
}

// Plural writes a count with its noun: "1 seed", "16 seeds".
func Plural(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return Thousands(n) + " " + noun
}

// List writes words as a sentence has them: "a, b and c".
func List(words []string) string {
	n := len(words)
	if n < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
}

// Ints writes numbers with commas: "1, 5, 20, 50".
func Ints(v []int) string {
	words := make([]string, len(v))
	for i, n := range v {
		words[i] = Thousands(n)
	}
	return strings.Join(words, ", ")
}

// Seeds writes ascending seeds, three or more in a row by their ends: "20 to 35", "1, 2
// and 5 to 9".
func Seeds(seeds []int) string {
	var words []string
	for _, s := range Spans(seeds) {
		if s[0] == s[1] {
			words = append(words, strconv.Itoa(s[0]))
		} else {
			words = append(words, fmt.Sprintf("%d to %d", s[0], s[1]))
		}
	}
	return List(words)
}

// Spans is ascending numbers by first and last: three or more in a row as one span, any
// other alone.
func Spans(v []int) [][2]int {
	var out [][2]int
	for len(v) > 0 {
		n := 1
		for n < len(v) && v[n] == v[n-1]+1 {
			n++
		}
		if n < 3 {
			n = 1
		}
		out = append(out, [2]int{v[0], v[n-1]})
		v = v[n:]
	}
	return out
}
