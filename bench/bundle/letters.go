package bundle

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

var ones = []string{"Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve",
	"Thirteen", "Fourteen", "Fifteen", "Sixteen", "Seventeen", "Eighteen", "Nineteen"}
var tens = []string{"", "", "Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety"}

var scales = []struct {
	n    int
	word string
}{{1_000_000_000, "Billion"}, {1_000_000, "Million"}, {1000, "Thousand"}, {100, "Hundred"}}

// cardinal is n, not negative, in words without spaces: 20 is Twenty, 125 OneHundredTwentyFive.
func cardinal(n int) string {
	rest := func(n int) string {
		if n == 0 {
			return ""
		}
		return cardinal(n)
	}
	for _, s := range scales {
		if n >= s.n {
			return cardinal(n/s.n) + s.word + rest(n%s.n)
		}
	}
	if n < 20 {
		return ones[n]
	}
	return tens[n/10] + rest(n%10)
}

// letters writes s with letters alone, as the name of a macro needs it: each word
// begins with a capital, a number is spelled, a sign or point between digits too.
// "budget 10000" is BudgetTenThousand, "2e-4" TwoEMinusFour, "0.5" ZeroPointFive.
func letters(s string) string {
	var b strings.Builder
	runes := []rune(s)
	digit := func(i int) bool { return i >= 0 && i < len(runes) && runes[i] >= '0' && runes[i] <= '9' }
	capital := true
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		switch {
		case digit(i):
			from := i
			for digit(i + 1) {
				i++
			}
			b.WriteString(number(string(runes[from : i+1])))
			capital = true
			continue
		case r < unicode.MaxASCII && unicode.IsLetter(r):
			if capital {
				r = unicode.ToUpper(r)
			}
			b.WriteRune(r)
		case r == '.' && digit(i-1) && digit(i+1):
			b.WriteString("Point")
		case r == '-' && digit(i+1) && i > 0 && (runes[i-1] == 'e' || runes[i-1] == 'E' || runes[i-1] == ' '):
			b.WriteString("Minus")
		case r == 'β':
			b.WriteString("Beta")
		}
		capital = r >= unicode.MaxASCII || !unicode.IsLetter(r)
	}
	return b.String()
}

// number spells digits: as a cardinal, or one by one where they begin with 0 or are many.
func number(digits string) string {
	if n, err := strconv.Atoi(digits); err == nil && (digits[0] != '0' || len(digits) == 1) && len(digits) <= 9 {
		return cardinal(n)
	}
	var b strings.Builder
	for _, d := range digits {
		b.WriteString(ones[d-'0'])
	}
	return b.String()
}

// namer gives each thing a name of letters of its own.
type namer map[string]bool

// name is letters(s), or "X" where s has none, with the first of Two, Three, ... that
// sets it apart from the names before.
func (n namer) name(s string) string {
	base := letters(s)
	if base == "" {
		base = "X"
	}
	name := base
	for i := 2; n[strings.ToLower(name)]; i++ {
		name = fmt.Sprint(base, cardinal(i))
	}
	n[strings.ToLower(name)] = true
	return name
}
