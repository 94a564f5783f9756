package bundle

import (
	"fmt"
	"regexp"
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

// word is a run of letters, of digits, or of what is neither.
var word = regexp.MustCompile(`[A-Za-z]+|[0-9]+|[^A-Za-z0-9]+`)

// letters writes s with letters alone, as the name of a macro needs it: each word
// begins with a capital, a number is spelled, a sign or point between digits too.
// "budget 10000" is BudgetTenThousand, "2e-4" TwoEMinusFour, "0.5" ZeroPointFive.
func letters(s string) string {
	var b strings.Builder
	before := ""
	words := word.FindAllString(s, -1)
	digits := func(i int) bool { return i >= 0 && i < len(words) && words[i][0] >= '0' && words[i][0] <= '9' }
	for i, w := range words {
		switch n, err := strconv.Atoi(w); {
		case digits(i) && err == nil && len(w) <= 9 && (w[0] != '0' || len(w) == 1):
			b.WriteString(cardinal(n))
		case digits(i): // many, or beginning with 0: one by one
			for _, d := range w {
				b.WriteString(ones[d-'0'])
			}
		case w[0] < unicode.MaxASCII && unicode.IsLetter(rune(w[0])):
			b.WriteString(strings.ToUpper(w[:1]) + w[1:])
		case w == "." && digits(i-1) && digits(i+1):
			b.WriteString("Point")
		case strings.Contains(w, "β"):
			b.WriteString("Beta")
		case strings.HasSuffix(w, " -") && digits(i+1), w == "-" && strings.HasSuffix(strings.ToLower(before), "e") && digits(i+1):
			b.WriteString("Minus")
		}
		before = w
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
