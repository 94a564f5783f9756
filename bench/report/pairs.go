package report

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"fig5/bench/claims"
	"fig5/bench/english"
	"fig5/bench/stats"
	"fig5/bench/table"
)

// Pairs is a row a comparison, b against a, with its warnings as footnotes. The rows
// under one heading share a and b.
func Pairs(c *claims.Comparisons) *table.Table {
	head := ""
	return table.Tabulate(c.Comparisons, func(t *table.Rows, x claims.Comparison) {
		if h := heading(&x); h != head {
			head = h
			t.Rows = append(t.Rows, table.Row{Section: h})
		}
		a, b := &c.Groups[x.GroupA], &c.Groups[x.GroupB]
		t.Data("by", x.By, "a", x.A, "b", x.B, "within", within(&x))
		t.Cell(table.Column{Name: "k", Head: "K", TeX: "$K$"}, table.Cell{Text: cmp.Or(x.Baseline, strconv.Itoa(x.K)), Full: strconv.Itoa(x.K)})
		t.Data("baseline", x.Baseline)
		side(t, "a", a)
		side(t, "b", b)
		t.Mean("ratio", "b / a [95 %]", x.Ratio, x.RatioCI95)
		t.Data("pairs", x.Pairs)
		t.Right("delta_percent", "change", table.Cell{Text: table.Change(x.DeltaPercent), Full: table.Number(x.DeltaPercent).Full})
		t.Data("test", x.Test)
		t.Right("p", "p", table.PValue(x.P))
		t.Right("holm_p", "Holm", table.PValue(x.HolmP))
		n := strconv.Itoa(x.SharedSeeds)
		if x.Test != "wilcoxon" {
			n = fmt.Sprintf("%d+%d", ranked(a), ranked(b))
		}
		t.Right("shared_seeds", "n", table.Cell{Text: n, Full: strconv.Itoa(x.SharedSeeds)})
		t.Data("wilcoxon_p", x.WilcoxonP, "mann_whitney_p", x.MannWhitneyP)
		chance := "–"
		if x.Improvement.Defined() {
			chance = fmt.Sprintf("%s [%s, %s]", table.Share(x.Improvement), table.Share(stats.Number(x.CI95.Lo)), table.Share(stats.Number(x.CI95.Hi)))
		}
		t.Cell(table.Column{Name: "improvement", Head: "P(b < a)", TeX: `$\Pr(b<a)$`},
			table.Cell{Text: strings.TrimSpace(chance + " " + footnotes(&t.Table, x.Warnings)), Full: table.Number(x.Improvement).Full})
		t.Data("improvement", x.CI95, "warnings", strings.Join(x.Warnings, "; "))
	})
}

// side is one of the two groups of a comparison.
func side(t *table.Rows, of string, g *claims.Group) {
	t.Data("n_"+of, g.N, "failed_"+of, g.Failed, "unsettled_"+of, g.Unsettled, "missing_"+of, g.Missing)
	t.Right("geomean_"+of, of, g.GeoMean)
	t.Data("geomean_"+of, g.GeoMeanCI95, "median_"+of, g.Median, "floor_median_"+of, g.Floor.Median)
}

// ranked is how many runs of a group enter the rank tests.
func ranked(g *claims.Group) int { return g.N + g.Unsettled + g.Diverged }

// heading is what the rows of a block share.
func heading(x *claims.Comparison) string {
	b := x.B
	switch x.By {
	case "baseline":
		b = "annealed"
	case "k":
		b = "larger K"
	}
	head := "a: " + x.A + ", b: " + b
	if w := within(x); w != "" {
		head += " (" + w + ")"
	}
	return head
}

// within is the coordinates that a pair shares and others do not.
func within(x *claims.Comparison) string {
	var words []string
	for _, key := range slices.Sorted(maps.Keys(x.Within)) {
		words = append(words, column(key)+" = "+x.Within[key])
	}
	return strings.Join(words, ", ")
}

// counted is how many values a warning of the rank tests is of: such warnings are one note.
var counted = regexp.MustCompile(`^\d+ (unsettled) values? `)

// footnotes adds warnings to the notes of a table, each text once, and returns their signs.
func footnotes(t *table.Table, warnings []string) string {
	var at []int
	for _, w := range warnings {
		w = counted.ReplaceAllString(w, "$1 values ")
		i := slices.IndexFunc(t.Notes, func(n string) bool { _, text, _ := strings.Cut(n, " "); return text == w })
		if i < 0 {
			i = len(t.Notes)
			t.Notes = append(t.Notes, table.Mark(i+1)+" "+w)
		}
		if !slices.Contains(at, i) {
			at = append(at, i)
		}
	}
	slices.Sort(at)
	var signs []string
	for _, s := range english.Spans(at) {
		sign := table.Mark(s[0] + 1)
		if s[1] > s[0] { // "¹⁻⁶"
			sign += "⁻" + table.Mark(s[1]+1)
		}
		signs = append(signs, sign)
	}
	return strings.Join(signs, " ")
}

// Noted says whether a warning stands below the table, as a footnote.
func Noted(c *claims.Comparisons, warning string) bool {
	return slices.ContainsFunc(c.Comparisons, func(x claims.Comparison) bool { return slices.Contains(x.Warnings, warning) })
}

// compared is the numbers below a table of comparisons.
type compared struct {
	*claims.Comparisons
	Alpha                 float64
	Tested, Found, Kept   int // comparisons with a p; below Alpha; after Holm's correction
	Wilcoxon, MannWhitney bool
	Frozen                stats.Number // median over all noise floors
	FrozenRuns            int
}

func newCompared(c *claims.Comparisons) (*compared, error) {
	out := &compared{Comparisons: c, Alpha: 0.05}
	for i := range c.Comparisons {
		x := &c.Comparisons[i]
		out.Wilcoxon = out.Wilcoxon || x.Test == "wilcoxon"
		out.MannWhitney = out.MannWhitney || x.Test != "wilcoxon"
		if !x.P.Defined() {
			continue
		}
		out.Tested++
		if float64(x.P) < out.Alpha {
			out.Found++
		}
		if float64(x.HolmP) < out.Alpha {
			out.Kept++
		}
	}
	var frozen []float64
	for _, g := range c.Groups {
		frozen = append(frozen, g.Floor.Values...)
	}
	s, err := stats.Summarize(frozen)
	out.Frozen, out.FrozenRuns = s.Median, s.N
	return out, err
}

// PairsText is a table of comparisons for a terminal, with what p is of and the noise
// floor below it.
func PairsText(c *claims.Comparisons) (string, error) {
	t := Pairs(c)
	x, err := newCompared(c)
	if err != nil {
		return "", err
	}
	t.Title = say("compare title", x)
	return t.Text(table.Width) + "\n" + say("compare", x), nil
}

// PairsLaTeX is a table of comparisons of a page's width (table*) with its caption.
func PairsLaTeX(c *claims.Comparisons) (string, error) {
	x, err := newCompared(c)
	if err != nil {
		return "", err
	}
	t := Pairs(c)
	t.Wide, t.Label, t.Caption = true, "compare-"+strings.ReplaceAll(c.By, ".", "-"), caption("compare caption", x)
	return t.LaTeX(), nil
}
