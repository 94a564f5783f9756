package bundle

import (
	"regexp"
	"testing"

	"pgregory.net/rapid"
)

func TestLetters(t *testing.T) {
	for in, want := range map[string]string{
		"fig5": "FigFive", "fig5-lr2e-4": "FigFiveLrTwoEMinusFour", "budget 10000": "BudgetTenThousand", "0.5": "ZeroPointFive",
		"geometric, per-level 500": "GeometricPerLevelFiveHundred", "exponential tau 2.5": "ExponentialTauTwoPointFive",
		"mine_007": "MineZeroZeroSeven", "K = 20": "KTwenty", "β 0.1": "BetaZeroPointOne", "é": "", "a-5": "AFive", "x 12345678901": "XOneTwoThreeFourFiveSixSevenEightNineZeroOne",
	} {
		if got := letters(in); got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
	for n, want := range map[int]string{0: "Zero", 13: "Thirteen", 20: "Twenty", 42: "FortyTwo", 100: "OneHundred", 125: "OneHundredTwentyFive", 12345: "TwelveThousandThreeHundredFortyFive", 2_000_010: "TwoMillionTen", 1_000_000_000: "OneBillion"} {
		if got := cardinal(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}

// Numbers have names of their own, and any text becomes letters.
func TestLettersAlone(t *testing.T) {
	seen := map[string]int{}
	for n := range 20_000 {
		name := cardinal(n)
		if o, ok := seen[name]; ok {
			t.Fatalf("%d and %d are both %s", n, o, name)
		}
		seen[name] = n
	}
	alone := regexp.MustCompile(`^[A-Za-z]*$`)
	rapid.Check(t, func(t *rapid.T) {
		if s := rapid.String().Draw(t, "text"); !alone.MatchString(letters(s)) {
			t.Fatalf("%q becomes %q", s, letters(s))
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		names := namer{}
		seen := map[string]bool{}
		for _, s := range rapid.SliceOf(rapid.StringMatching(`[a-c1é-]{0,3}`)).Draw(t, "texts") {
			name := names.name(s)
			if seen[name] || name == "" || !alone.MatchString(name) {
				t.Fatalf("%q becomes %q", s, name)
			}
			seen[name] = true
		}
	})
}
