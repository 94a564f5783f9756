package config

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"fig5/bench/anneal"
)

// rule is the type of a value, that of zero (int, float64, bool or string), and which
// values of it are accepted.
type rule struct {
	text string
	zero any
	ok   func(any) bool
	most float64 // the largest number taken, so that no typing error fills a disk; 0 = any
}

// atLeast accepts whole numbers from lo up, as far as most.
func atLeast(lo int, most float64) rule {
	return rule{fmt.Sprintf("%d or more", lo), 0, func(v any) bool { return v.(int) >= lo }, most}
}

// iterations accepts numbers of iterations from lo up.
func iterations(lo int) rule { return atLeast(lo, 1e9) }

// whole accepts lo to hi.
func whole(lo, hi int) rule {
	return rule{fmt.Sprintf("%d to %d", lo, hi), 0, func(v any) bool { return v.(int) >= lo && v.(int) <= hi }, 0}
}

// The rules for numbers that need not be whole. Infinity and NaN are never accepted.
var (
	positive    = rule{"above 0", 0.0, func(v any) bool { return v.(float64) > 0 }, 1e12}
	nonnegative = rule{"0 or more", 0.0, func(v any) bool { return v.(float64) >= 0 }, 1e12}
	below1      = rule{"from 0 up to but not 1", 0.0, func(v any) bool { x := v.(float64); return x >= 0 && x < 1 }, 0}
	inside01    = rule{"between 0 and 1", 0.0, func(v any) bool { x := v.(float64); return x > 0 && x < 1 }, 0}
)

// faceSize accepts the sizes that faces are drawn at.
var faceSize = rule{"32 or 64", 0, func(v any) bool { return v.(int) == 32 || v.(int) == 64 }, 0}

// odd accepts odd whole numbers.
var odd = rule{"odd, 1 or more", 0, func(v any) bool { return v.(int) > 0 && v.(int)%2 == 1 }, 1e8}

var boolean = rule{"true or false", false, func(any) bool { return true }, 0}

// oneOf accepts these words.
func oneOf(words ...string) rule {
	text := strings.Join(words, ", ")
	if n := len(words) - 1; n > 0 {
		text = strings.Join(words[:n], ", ") + " or " + words[n]
	}
	return rule{text, "", func(v any) bool { return slices.Contains(words, v.(string)) }, 0}
}

// matching accepts what the whole of a pattern matches.
func matching(text, pattern string) rule {
	re := regexp.MustCompile(`\A(?:` + pattern + `)\z`)
	return rule{text, "", func(v any) bool { return re.MatchString(v.(string)) }, 0}
}

// name is what a word that becomes a part of file names is made of.
const name = `[A-Za-z0-9][A-Za-z0-9._-]{0,99}`

var (
	fileName     = matching("letters, digits, - _ and ., beginning with a letter or digit, at most 100", name)
	scheduleName = matching(strings.Join(anneal.Rules(), ", ")+", or a name of your own with levels", name)
	filled       = matching("not empty", `[^\x00]+`)
	device       = matching("cpu or cuda:N", `cpu|cuda:[0-9]{1,3}`)
)

// check returns what is wrong with v, of the rule's type, for a key; "" if nothing.
func (k Key) check(v any) string {
	shown, most, value := fmt.Sprint(v), number(k.rule.most), 0.0
	switch x := v.(type) {
	case int:
		most, value = fmt.Sprintf("%.0f", k.rule.most), float64(x)
	case float64:
		shown, value = number(x), x
	case string:
		shown = strconv.Quote(x)
	}
	switch {
	case math.IsInf(value, 0) || math.IsNaN(value):
	case k.rule.most > 0 && value > k.rule.most:
		return fmt.Sprintf("%s is above %s, the most that is taken", shown, most)
	case k.rule.ok(v):
		return ""
	}
	return k.not(shown)
}

// not says that what is shown is no value of k.
func (k Key) not(shown string) string {
	return fmt.Sprintf("%s is not %s (%s)", shown, k.Noun, k.Range())
}

func number(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
