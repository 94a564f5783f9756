package compare

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"fig5/bench/report"
	"fig5/bench/stats"
)

// block is a run of comparisons under one heading.
type block struct {
	within string // the coordinates that its pairs share
	a, b   string // headings of the two columns
	rows   []*Comparison
	marks  []string // footnotes of each row: "1,3"
}

// blocks cuts the comparisons where a heading changes, and collects their footnotes.
func (r *Result) blocks() (blocks []*block, notes []string) {
	for i := range r.Comparisons {
		c := &r.Comparisons[i]
		within := coordinates(c.Within)
		b := c.B
		switch r.By {
		case byBaseline:
			b = "annealed"
		case byK:
			b = "larger K"
		}
		last := len(blocks) - 1
		if last < 0 || blocks[last].within != within || blocks[last].a != c.A || blocks[last].b != b {
			blocks = append(blocks, &block{within: within, a: c.A, b: b})
			last++
		}
		var marks []int
		for _, w := range c.Warnings {
			if unsettledNote.MatchString(w) || tiesNote.MatchString(w) {
				continue // said once, below the table
			}
			at := slices.Index(notes, w)
			if at < 0 {
				at = len(notes)
				notes = append(notes, w)
			}
			marks = append(marks, at+1)
		}
		slices.Sort(marks)
		blocks[last].rows = append(blocks[last].rows, c)
		blocks[last].marks = append(blocks[last].marks, strings.Trim(strings.ReplaceAll(fmt.Sprint(marks), " ", ","), "[]"))
	}
	return blocks, notes
}

// Noted says whether a warning stands below the table, as a footnote.
func (r *Result) Noted(warning string) bool {
	return slices.ContainsFunc(r.Comparisons, func(c Comparison) bool { return slices.Contains(c.Warnings, warning) })
}

// unsettledNote and tiesNote are the warnings that most rows of a sweep share, of the
// package stats. ranking says them once.
var (
	unsettledNote = regexp.MustCompile(`^\d+ unsettled values? placed last$`)
	tiesNote      = regexp.MustCompile(`^ties\b`)
)

// ranking says how unsettled runs and ties enter the tests, and how many rows have
// them; nothing where none has.
func (r *Result) ranking() string {
	unsettled := 0
	var ties []string // each text once
	rows := map[string]int{}
	for _, c := range r.Comparisons {
		for _, w := range c.Warnings {
			switch {
			case unsettledNote.MatchString(w):
				unsettled++
			case tiesNote.MatchString(w):
				if rows[w]++; rows[w] == 1 {
					ties = append(ties, w)
				}
			}
		}
	}
	var words []string
	if unsettled > 0 {
		words = append(words, "unsettled runs rank last")
	}
	of := len(r.Comparisons)
	for _, w := range ties {
		if of == 1 {
			words = append(words, w)
		} else {
			words = append(words, fmt.Sprintf("%s in %d of %d rows", w, rows[w], of))
		}
	}
	return strings.Join(words, "; ")
}

func coordinates(m map[string]string) string {
	var words []string
	for _, key := range slices.Sorted(maps.Keys(m)) {
		words = append(words, key+" = "+m[key])
	}
	return strings.Join(words, ", ")
}

// label is the first column: K, or the baseline that both are.
func (c *Comparison) label() string {
	if c.Baseline != "" {
		return c.Baseline
	}
	return strconv.Itoa(c.K)
}

// change is the difference in percent, ~ where it is not significant.
func (c *Comparison) change() string {
	switch {
	case !c.P.Defined() || !c.Significant():
		return "~"
	case !c.DeltaPercent.Defined():
		return "?"
	}
	return fmt.Sprintf("%+.1f%%", float64(c.DeltaPercent))
}

// pValue is p to three places, with * where Holm's correction leaves it significant.
func (c *Comparison) pValue() string {
	if !c.P.Defined() {
		return "-"
	}
	s := fmt.Sprintf("%.3f", float64(c.P))
	if c.P < 0.001 {
		s = "<0.001"
	}
	if float64(c.HolmP) < Alpha {
		s += "*"
	}
	return s
}

// size is the number of pairs of seeds, or of values on each side.
func (c *Comparison) size() string {
	if c.Test == "wilcoxon" {
		return strconv.Itoa(c.SharedSeeds)
	}
	return fmt.Sprintf("%d+%d", ranked(c.groupA), ranked(c.groupB))
}

// ranked is how many runs of a group enter the rank tests.
func ranked(g *report.GroupSummary) int { return g.N + g.Unsettled + g.Diverged }

func (c *Comparison) chance() string {
	if !c.Improvement.Defined() {
		return "-"
	}
	return fmt.Sprintf("%.2f [%.2f, %.2f]", float64(c.Improvement), c.CI95.Lo, c.CI95.Hi)
}

// amplitude is the geometric mean with its interval.
func amplitude(g *report.GroupSummary) string {
	if !g.GeoMean.Defined() {
		return "-"
	}
	return Digits(float64(g.GeoMean)) + " " + Interval(g.GeoMeanCI95)
}

// Interval is "[lo, hi]", each end with three digits; "[-]" where it is undefined.
func Interval(i stats.Interval) string {
	if !i.Defined() {
		return "[-]"
	}
	return "[" + Digits(i.Lo) + ", " + Digits(i.Hi) + "]"
}

// Digits writes three significant digits, trailing zeros kept.
func Digits(x float64) string {
	if x == 0 || math.Abs(x) < 1e-4 || math.Abs(x) >= 1e6 {
		return strconv.FormatFloat(x, 'g', 3, 64)
	}
	// Rounding may carry: 0.09996 is 0.100.
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'e', 2, 64), 64)
	places := 2 - int(math.Floor(math.Log10(math.Abs(rounded))))
	return strconv.FormatFloat(x, 'f', max(places, 0), 64)
}

// family is the note on multiple comparisons.
func (r *Result) family() string {
	tested, found, kept := 0, 0, 0
	for i := range r.Comparisons {
		c := &r.Comparisons[i]
		if !c.P.Defined() {
			continue
		}
		tested++
		if c.Significant() {
			found++
		}
		if float64(c.HolmP) < Alpha {
			kept++
		}
	}
	if tested < 2 {
		return ""
	}
	return fmt.Sprintf("%d comparisons, of which %s would be below %v by chance if nothing differed: %d found below it, %d of them (*) after Holm's correction",
		tested, strconv.FormatFloat(Alpha*float64(tested), 'g', 2, 64), Alpha, found, kept)
}

// floor is the noise floor in words: what the measurement shows where nothing oscillates.
func (r *Result) floor() string {
	var frozen []float64
	for _, g := range r.Groups {
		frozen = append(frozen, g.Floor.Values...)
	}
	var words []string
	if s, err := stats.Summarize(frozen); err == nil && s.Median.Defined() {
		words = append(words, fmt.Sprintf("%s with the generator frozen (median of %d)", Digits(float64(s.Median)), s.N))
	}
	if r.RealFloor.Median.Defined() {
		words = append(words, fmt.Sprintf("%s real against real", Digits(float64(r.RealFloor.Median))))
	}
	if words == nil {
		return "noise floor: not measured"
	}
	return "noise floor: " + strings.Join(words, ", ")
}

// tests says which tests the p values are of.
func (r *Result) tests() string {
	used := map[string]bool{}
	for _, c := range r.Comparisons {
		used[c.Test] = true
	}
	switch {
	case used["wilcoxon"] && used["mann-whitney"]:
		return "p: Wilcoxon's signed-rank test over n shared seeds; Mann-Whitney where n is a sum, seeds not shared"
	case used["wilcoxon"]:
		return "p: Wilcoxon's signed-rank test over n shared seeds"
	}
	return "p: Mann-Whitney's test, seeds not shared"
}
