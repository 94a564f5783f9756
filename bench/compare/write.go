package compare

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"fig5/bench/report"
	"fig5/bench/stats"
)

// Text writes a table for a terminal, a row a pair.
func (r *Result) Text(w io.Writer) error {
	blocks, notes := r.blocks()
	var b strings.Builder
	fmt.Fprintf(&b, "%s, compared by %s: geometric mean over seeds [95%% interval]\n", r.Measure, r.By)
	// One table, so that the columns of all blocks line up.
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, k := range blocks {
		fmt.Fprintln(t)
		if k.within != "" {
			fmt.Fprintln(t, k.within)
		}
		fmt.Fprintf(t, "%s\t%s\t%s\tchange\tp\tn\tP(%s smaller)\t\n", "K", k.a, k.b, k.b)
		for i, c := range k.rows {
			fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", c.label(), amplitude(c.groupA), amplitude(c.groupB), c.change(), c.pValue(), c.size(), c.chance(), superscript(k.marks[i]))
		}
	}
	t.Flush()
	b.WriteString("\n")
	for i, n := range notes {
		fmt.Fprintf(&b, "%s %s\n", superscript(strconv.Itoa(i+1)), n)
	}
	fmt.Fprintf(&b, "%s; ~ = not significant at %v\n", r.tests(), Alpha)
	for _, line := range []string{r.ranking(), r.family()} {
		if line != "" {
			b.WriteString(line + "\n")
		}
	}
	b.WriteString(r.floor() + "\n")
	_, err := io.WriteString(w, trimLines(b.String()))
	return err
}

var superscripts = strings.NewReplacer("0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹", ",", " ")

func superscript(s string) string { return superscripts.Replace(s) }

// trimLines takes the spaces from the ends of lines.
func trimLines(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

// csvHeader is the columns of CSV; those of each group appear with _a and _b.
func csvHeader() []string {
	h := []string{"by", "a", "b", "within", "k", "baseline"}
	for _, side := range []string{"_a", "_b"} {
		for _, name := range []string{"n", "failed", "unsettled", "missing", "geomean", "geomean_lo", "geomean_hi", "median", "floor_median"} {
			h = append(h, name+side)
		}
	}
	return append(h, "delta_percent", "test", "shared_seeds", "p", "holm_p", "wilcoxon_p", "mann_whitney_p", "improvement", "improvement_lo", "improvement_hi", "warnings")
}

// CSV writes one row a pair with all digits; what is undefined is empty.
func (r *Result) CSV(w io.Writer) error {
	out := csv.NewWriter(w)
	out.Write(csvHeader())
	for i := range r.Comparisons {
		c := &r.Comparisons[i]
		row := []string{c.By, c.A, c.B, coordinates(c.Within), strconv.Itoa(c.K), c.Baseline}
		for _, g := range []*report.GroupSummary{c.groupA, c.groupB} {
			row = append(row, strconv.Itoa(g.N), strconv.Itoa(g.Failed), strconv.Itoa(g.Unsettled), strconv.Itoa(g.Missing),
				full(g.GeoMean), full(stats.Number(g.GeoMeanCI95.Lo)), full(stats.Number(g.GeoMeanCI95.Hi)), full(g.Median), full(g.Floor.Median))
		}
		row = append(row, full(c.DeltaPercent), c.Test, strconv.Itoa(c.SharedSeeds), full(c.P), full(c.HolmP), full(c.WilcoxonP), full(c.MannWhitneyP),
			full(c.Improvement), full(stats.Number(c.CI95.Lo)), full(stats.Number(c.CI95.Hi)), strings.Join(c.Warnings, "; "))
		out.Write(row)
	}
	out.Flush()
	return out.Error()
}

// full is a number with all its digits, empty where it is undefined.
func full(x stats.Number) string {
	if !x.Defined() {
		return ""
	}
	return strconv.FormatFloat(float64(x), 'g', -1, 64)
}
