package report

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"fig5/bench/claims"
	"fig5/bench/stats"
	"fig5/bench/table"
)

// Pairs is a row a comparison, b against a, with its warnings as footnotes. The rows
// under one heading share a and b.
func Pairs(c *claims.Comparisons) *table.Table {
	right := func(name, head string) table.Column { return table.Column{Name: name, Head: head, Right: true} }
	side := func(to string) []table.Column {
		return []table.Column{{Name: "n_" + to}, {Name: "failed_" + to}, {Name: "unsettled_" + to}, {Name: "missing_" + to},
			right("geomean_"+to, to), {Name: "geomean_" + to + "_lo"}, {Name: "geomean_" + to + "_hi"}, {Name: "median_" + to}, {Name: "floor_median_" + to}}
	}
	t := &table.Table{Columns: slices.Concat(
		[]table.Column{{Name: "by"}, {Name: "a"}, {Name: "b"}, {Name: "within"}, {Head: "K", TeX: "$K$"}, {Name: "k"}, {Name: "baseline"}},
		side("a"), side("b"),
		table.MeanColumns("ratio", "b / a [95 %]"),
		[]table.Column{{Name: "pairs"}, right("delta_percent", "change"), {Name: "test"}, right("p", "p"), right("holm_p", "Holm"),
			right("", "n"), {Name: "shared_seeds"}, {Name: "wilcoxon_p"}, {Name: "mann_whitney_p"},
			{Name: "improvement"}, {Head: "P(b < a)", TeX: `$\Pr(b<a)$`}, {Name: "improvement_lo"}, {Name: "improvement_hi"}, {Name: "warnings"}})}
	head := ""
	for i := range c.Comparisons {
		x := &c.Comparisons[i]
		if h := heading(x); h != head {
			head = h
			t.Rows = append(t.Rows, table.Row{Section: h})
		}
		a, b := &c.Groups[x.GroupA], &c.Groups[x.GroupB]
		label, n := strconv.Itoa(x.K), strconv.Itoa(x.SharedSeeds)
		if x.Baseline != "" {
			label = x.Baseline
		}
		if x.Test != "wilcoxon" {
			n = fmt.Sprintf("%d+%d", ranked(a), ranked(b))
		}
		chance := "–"
		if x.Improvement.Defined() {
			chance = fmt.Sprintf("%s [%s, %s]", table.Share(x.Improvement), table.Share(stats.Number(x.CI95.Lo)), table.Share(stats.Number(x.CI95.Hi)))
		}
		mark := footnotes(t, x.Warnings)
		number := table.Number
		t.Add(table.Cells(table.Text(x.By), table.Text(x.A), table.Text(x.B), table.Text(within(x)), table.Cell{Text: label}, table.Cell{Text: strconv.Itoa(x.K)}, table.Text(x.Baseline)),
			sideCells(a), sideCells(b), table.Mean(x.Ratio, x.RatioCI95),
			table.Cells(table.Int(x.Pairs), table.Cell{Text: table.Change(x.DeltaPercent), Full: number(x.DeltaPercent).Full}, table.Text(x.Test), table.PValue(x.P), table.PValue(x.HolmP),
				table.Text(n), table.Int(x.SharedSeeds), number(x.WilcoxonP), number(x.MannWhitneyP),
				number(x.Improvement), table.Text(strings.TrimSpace(chance+" "+mark)), number(stats.Number(x.CI95.Lo)), number(stats.Number(x.CI95.Hi)), table.Text(strings.Join(x.Warnings, "; "))))
	}
	return t
}

// sideCells is one of the two groups of a comparison.
func sideCells(g *claims.Group) []table.Cell {
	number := table.Number
	return table.Cells(table.Int(g.N), table.Int(g.Failed), table.Int(g.Unsettled), table.Int(g.Missing),
		number(g.GeoMean), number(stats.Number(g.GeoMeanCI95.Lo)), number(stats.Number(g.GeoMeanCI95.Hi)), number(g.Median), number(g.Floor.Median))
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
	for i := 0; i < len(at); {
		last := i
		for last+1 < len(at) && at[last+1] == at[last]+1 {
			last++
		}
		switch sign := table.Mark(at[i] + 1); last - i {
		case 0:
			signs = append(signs, sign)
		case 1:
			signs = append(signs, sign, table.Mark(at[last]+1))
		default: // "¹⁻⁶"
			signs = append(signs, sign+"⁻"+table.Mark(at[last]+1))
		}
		i = last + 1
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
