package bundle

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"fig5/bench/compare"
	"fig5/bench/report"
	"fig5/bench/stats"
)

// texNumber is v with three significant digits, to stand in a text or a formula.
func texNumber(v stats.Number) string {
	if !v.Defined() {
		return "--"
	}
	return texMath(compare.TeXNumbers(compare.Digits(float64(v))))
}

// texSigned is texNumber with its sign, also where that is +.
func texSigned(v stats.Number) string {
	if v > 0 && v.Defined() {
		return texMath("+" + compare.TeXNumbers(compare.Digits(float64(v))))
	}
	return texNumber(v)
}

// texInterval is both ends in brackets.
func texInterval(i stats.Interval) string {
	if !i.Defined() {
		return "--"
	}
	return "[" + texNumber(stats.Number(i.Lo)) + `,\,` + texNumber(stats.Number(i.Hi)) + "]"
}

// texMath keeps a minus and a power of ten from being set as text.
func texMath(s string) string {
	s = strings.ReplaceAll(s, "$", "")
	if strings.ContainsAny(s, "+-^") {
		return `\ensuremath{` + s + `}`
	}
	return s
}

func texP(p stats.Number) string {
	switch {
	case !p.Defined():
		return "--"
	case p < 0.001:
		return `\ensuremath{<0.001}`
	}
	return fmt.Sprintf("%.3f", float64(p))
}

// column is one column of a table of groups.
type column struct {
	head, align string // no head: that of the column before spans both
	cell        func(*report.GroupSummary) string
}

func columns(wide bool) []column {
	out := []column{
		{"$n$", "r", settled},
		{"\\multicolumn{2}{c}{geom.\\ mean, 95\\,\\% interval}", "r", func(g *report.GroupSummary) string { return texNumber(g.GeoMean) }},
		{"", "l", func(g *report.GroupSummary) string { return texInterval(g.GeoMeanCI95) }},
		{"median", "r", func(g *report.GroupSummary) string { return texNumber(g.Median) }},
	}
	if wide {
		out = append(out,
			column{"\\multicolumn{2}{c}{mean, 95\\,\\% interval}", "r", func(g *report.GroupSummary) string { return texNumber(g.Mean) }},
			column{"", "l", func(g *report.GroupSummary) string { return texInterval(g.CI95) }},
			column{"sd of $\\ln$", "r", func(g *report.GroupSummary) string { return texNumber(g.SDLog) }},
			column{"FID level", "r", func(g *report.GroupSummary) string { return texNumber(g.Level.GeoMean) }})
	}
	return append(out, column{"floor", "r", func(g *report.GroupSummary) string { return texNumber(g.Floor.Median) }})
}

// settled is the number of runs with an amplitude, of all where some have none.
func settled(g *report.GroupSummary) string {
	if all := g.N + g.Failed + g.Unsettled + g.Missing; all != g.N {
		return fmt.Sprintf("%d/%d", g.N, all)
	}
	return strconv.Itoa(g.N)
}

// table is the groups as a LaTeX table of a column's width.
func (p *part) table(measure string) string { return p.latex(measure, false) }

// wideTable is the same of a page's width, with more columns.
func (p *part) wideTable(measure string) string { return p.latex(measure, true) }

func (p *part) latex(measure string, wide bool) string {
	r := p.reports[measure]
	environment, label := "table", "tab:"+p.Name
	if wide {
		environment, label = "table*", label+"-wide"
	}
	cols := columns(wide)
	var b strings.Builder
	fmt.Fprintf(&b, "%% needs \\usepackage{booktabs}\n\\begin{%s}\n  \\centering\\setlength{\\belowcaptionskip}{6pt}\n  \\caption{%s}\n  \\label{%s}\n", environment, p.caption(r, wide), label)
	b.WriteString("  \\footnotesize\\setlength{\\tabcolsep}{3pt}\n  \\begin{tabular}{@{}l")
	for _, c := range cols {
		b.WriteString(c.align)
	}
	b.WriteString("@{}}\n    \\toprule\n    ")
	for _, c := range cols {
		if c.head != "" {
			b.WriteString(" & " + c.head)
		}
	}
	b.WriteString(" \\\\\n")
	labels := map[string]string{}
	for _, s := range p.data.Series() {
		if len(s.Groups) > 0 {
			labels[s.Groups[0].Series()] = s.Label
		}
	}
	last := ""
	for i := range r.Groups {
		g := &r.Groups[i]
		name, block := g.Baseline, "baselines"
		if name == "" {
			name = fmt.Sprintf("$K = %d$", g.K)
			block = "series " + p.data.Groups[i].Series()
		}
		if block != last {
			b.WriteString("    \\midrule\n")
			if label := labels[p.data.Groups[i].Series()]; g.Baseline == "" && label != "" {
				fmt.Fprintf(&b, "    \\multicolumn{%d}{@{}l}{%s} \\\\\n", len(cols)+1, compare.TeXEscape(label))
			}
			last = block
		}
		b.WriteString("    " + name)
		for _, c := range cols {
			b.WriteString(" & " + c.cell(g))
		}
		b.WriteString(" \\\\\n")
	}
	fmt.Fprintf(&b, "    \\bottomrule\n  \\end{tabular}\n\\end{%s}\n", environment)
	return b.String()
}

// caption says what the numbers of the table are, and the trend over K in words.
func (p *part) caption(r *report.Report, wide bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Amplitude of the FID oscillation (%s) in a window of %s iterations on the plateau: geometric mean over $n$ seeds with its 95\\,\\%% interval, median",
		compare.TeXEscape(report.Words(r.Measure)), strconv.FormatFloat(p.data.Analysis.Window, 'f', -1, 64))
	if wide {
		b.WriteString(", mean with its 95\\,\\% interval, standard deviation of the logarithm, mean FID in the window")
	}
	b.WriteString(", and noise floor (the same of frozen generators).")
	for i := range r.Groups {
		if g := &r.Groups[i]; strings.Contains(settled(g), "/") {
			b.WriteString(" Where $n$ is a fraction, the other runs did not settle, failed or are missing.")
			break
		}
	}
	for i, s := range p.data.Series() {
		if t := r.Trends[i]; len(t.K) > 1 && t.PageP.Defined() {
			name := ""
			if s.Label != "" {
				name = compare.TeXEscape(s.Label) + ": "
			}
			fmt.Fprintf(&b, " %s%s", name, texSentence(report.TrendSentence(t)))
		}
	}
	return b.String()
}

// formula is what a sentence says of p, n or K.
var formula = regexp.MustCompile(`\b([pnK]) (=|\$<\$) ([0-9][0-9., ]*[0-9]|[0-9])`)

// texSentence writes a sentence with its formulas, such as "p = 0.01", as such.
func texSentence(s string) string {
	return formula.ReplaceAllStringFunc(compare.TeXEscape(s), func(f string) string {
		return "$" + strings.ReplaceAll(strings.ReplaceAll(f, "$", ""), ", ", `,\,`) + "$"
	})
}
