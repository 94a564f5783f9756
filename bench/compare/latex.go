package compare

import (
	"fmt"
	"io"
	"strings"

	"fig5/bench/report"
)

// LaTeX writes a table of a page's width with its caption (table*, in one column as
// table); it needs the package booktabs.
func (r *Result) LaTeX(w io.Writer) error {
	blocks, notes := r.blocks()
	var b strings.Builder
	b.WriteString("% needs \\usepackage{booktabs}\n\\begin{table*}\n  \\centering\\setlength{\\belowcaptionskip}{6pt}\n")
	fmt.Fprintf(&b, "  \\caption{Amplitude of the FID oscillation (%s), compared by %s: geometric mean over seeds with its 95\\,\\%% interval. %s. $\\sim$: not significant at %v. $\\Pr(b<a)$: probability that a run of the second group has the smaller amplitude.",
		TeXEscape(report.Words(r.Measure)), TeXEscape(r.By), strings.NewReplacer("p:", "$p$:", " n shared", " $n$ shared", "where n is", "where $n$ is").Replace(TeXEscape(r.tests())), Alpha)
	for _, sentence := range []string{capital(r.ranking()), r.family()} {
		if sentence != "" {
			b.WriteString(" " + TeXEscape(sentence) + ".")
		}
	}
	b.WriteString(" " + TeXEscape(capital(r.floor())) + ".")
	fmt.Fprintf(&b, "}\n  \\label{tab:compare-%s}\n  \\footnotesize\\setlength{\\tabcolsep}{2.5pt}\n  \\begin{tabular}{@{}rllrrrl@{}}\n    \\toprule\n", strings.ReplaceAll(r.By, ".", "-"))
	for i, k := range blocks {
		if i > 0 {
			b.WriteString("    \\midrule\n")
		}
		if k.within != "" {
			fmt.Fprintf(&b, "    \\multicolumn{7}{@{}l}{%s} \\\\\n", TeXEscape(k.within))
		}
		fmt.Fprintf(&b, "    $K$ & %s & %s & change & $p$ & $n$ & $\\Pr(b<a)$ \\\\\n    \\midrule\n", TeXEscape(k.a), TeXEscape(k.b))
		for j, c := range k.rows {
			cells := []string{c.label(), TeXNumbers(amplitude(c.groupA)), TeXNumbers(amplitude(c.groupB)), texChange(c.change()), texP(c.pValue()), c.size(), TeXNumbers(c.chance())}
			if m := k.marks[j]; m != "" {
				cells[6] += "$^{" + m + "}$"
			}
			fmt.Fprintf(&b, "    %s \\\\\n", strings.Join(cells, " & "))
		}
	}
	b.WriteString("    \\bottomrule\n  \\end{tabular}\n")
	for i, n := range notes {
		notes[i] = fmt.Sprintf("  $^{%d}$~%s.", i+1, TeXEscape(n))
	}
	if len(notes) > 0 {
		b.WriteString("\n  \\smallskip\n  {\\raggedright\n" + strings.Join(notes, " \\quad\n") + "\\par}\n")
	}
	b.WriteString("\\end{table*}\n")
	_, err := io.WriteString(w, b.String())
	return err
}

var texSpecial = strings.NewReplacer(`\`, `\textbackslash{}`, `--`, `-{}-`, `{`, `\{`, `}`, `\}`, `_`, `\_`, `%`, `\%`, `&`, `\&`, `#`, `\#`, `$`, `\$`,
	`^`, `\textasciicircum{}`, `~`, `\textasciitilde{}`, `<`, `$<$`, `>`, `$>$`, `|`, `$|$`, `"`, `''`, `β`, `$\beta$`, `∞`, `$\infty$`,
	`−`, `$-$`, `–`, `--`, `×`, `$\times$`, `≥`, `$\geq$`, `≤`, `$\leq$`, `√`, `$\surd$`, `→`, `$\to$`)

// TeXEscape writes plain text as LaTeX.
func TeXEscape(s string) string { return texSpecial.Replace(s) }

func texChange(s string) string {
	if s == "~" {
		return `$\sim$`
	}
	if n, ok := strings.CutSuffix(s, "%"); ok {
		return "$" + n + `\,\%$`
	}
	return s
}

func texP(s string) string {
	n, star := strings.CutSuffix(s, "*")
	if star {
		n += "^{*}"
	}
	if n == "-" {
		return "--"
	}
	return "$" + n + "$"
}

// TeXNumbers writes the exponents of numbers such as 1.2e-05 as powers of ten.
func TeXNumbers(s string) string {
	if s == "-" {
		return "--"
	}
	words := strings.Fields(s)
	for i, w := range words {
		core := strings.Trim(w, "[],")
		mantissa, exponent, ok := strings.Cut(core, "e")
		if !ok {
			continue
		}
		exponent = strings.TrimLeft(strings.TrimPrefix(exponent, "+"), "0")
		if e, minus := strings.CutPrefix(exponent, "-"); minus {
			exponent = "-" + strings.TrimLeft(e, "0")
		}
		words[i] = strings.Replace(w, core, "$"+mantissa+`\times10^{`+exponent+"}$", 1)
	}
	return strings.ReplaceAll(strings.Join(words, " "), ", ", `,\,`)
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
