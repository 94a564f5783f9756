package table

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"

	"fig5/bench/stats"
)

// LaTeX writes the table with its caption, as wide as a column or, where it is Wide, as
// the page. It needs the package booktabs.
func (t *Table) LaTeX() string {
	s := t.Shown()
	environment := "table"
	if s.Wide {
		environment = "table*"
	}
	caption := cmp.Or(s.Caption, TeX(s.Title))
	var b strings.Builder
	fmt.Fprintf(&b, "%% needs \\usepackage{booktabs}\n\\begin{%s}\n  \\centering\\setlength{\\belowcaptionskip}{6pt}\n  \\caption{%s}\n  \\label{tab:%s}\n", environment, caption, s.Label)
	b.WriteString("  \\footnotesize\\setlength{\\tabcolsep}{3pt}\n  \\begin{tabular}{@{}")
	var head []string
	for _, c := range s.Columns {
		if c.Right {
			b.WriteString("r")
		} else {
			b.WriteString("l")
		}
		head = append(head, cmp.Or(c.TeX, TeX(c.Head)))
	}
	fmt.Fprintf(&b, "@{}}\n    \\toprule\n    %s \\\\\n    \\midrule\n", strings.Join(head, " & "))
	for i, r := range s.Rows {
		if r.Section != "" {
			if i > 0 {
				b.WriteString("    \\midrule\n")
			}
			fmt.Fprintf(&b, "    \\multicolumn{%d}{@{}l}{%s} \\\\\n", len(s.Columns), TeX(r.Section))
			continue
		}
		var cells []string
		for _, c := range r.Cells {
			cells = append(cells, cmp.Or(c.TeX, TeX(c.Text)))
		}
		fmt.Fprintf(&b, "    %s \\\\\n", strings.Join(cells, " & "))
	}
	b.WriteString("    \\bottomrule\n  \\end{tabular}\n")
	if len(s.Notes) > 0 {
		var notes []string
		for _, n := range s.Notes {
			notes = append(notes, "  "+TeX(n))
		}
		b.WriteString("\n  \\smallskip\n  {\\footnotesize\\raggedright\n" + strings.Join(notes, " \\quad\n") + "\\par}\n")
	}
	fmt.Fprintf(&b, "\\end{%s}\n", environment)
	return b.String()
}

var texSpecial = strings.NewReplacer(`\`, `\textbackslash{}`, `--`, `-{}-`, `{`, `\{`, `}`, `\}`, `_`, `\_`, ` %`, `\,\%`, `%`, `\%`, `&`, `\&`, `#`, `\#`, `$`, `\$`,
	`^`, `\textasciicircum{}`, `~`, `\textasciitilde{}`, `<`, `$<$`, `>`, `$>$`, `|`, `$|$`, `"`, `''`, `β`, `$\beta$`, `∞`, `$\infty$`,
	`−`, `$-$`, `–`, `--`, `×`, `$\times$`, `≥`, `$\geq$`, `≤`, `$\leq$`, `√`, `$\surd$`, `→`, `$\to$`, "`", "",
	`⁰`, `$^0$`, `¹`, `$^1$`, `²`, `$^2$`, `³`, `$^3$`, `⁴`, `$^4$`, `⁵`, `$^5$`, `⁶`, `$^6$`, `⁷`, `$^7$`, `⁸`, `$^8$`, `⁹`, `$^9$`)

var (
	// formula is what a sentence says of p or n, or of K, which may be a list; signed a
	// number with a sign or an exponent; small a p value in a column.
	formula = regexp.MustCompile(`\b(?:[pn] (?:=|<) [0-9](?:[0-9.,]*[0-9])?|K = [0-9]+(?:, [0-9]+)*)`)
	signed  = regexp.MustCompile(`(^|[\s\[(])([+-]?)([0-9][0-9.]*)(?:e([+-][0-9]+))?`)
	small   = regexp.MustCompile(`(^|[\s(])< ([0-9.]+)`)
)

// TeX writes plain text as LaTeX: special characters are escaped; p = 0.01, K = 1, 5,
// numbers with a sign and numbers with an exponent are set as formulas.
func TeX(s string) string {
	var kept []string // formulas, which are not escaped; a private character stands for each
	keep := func(f string) string {
		kept = append(kept, f)
		return string(rune(0xE000 + len(kept) - 1))
	}
	s = formula.ReplaceAllStringFunc(s, func(f string) string {
		return keep("$" + strings.ReplaceAll(f, ", ", `,\,`) + "$")
	})
	s = small.ReplaceAllStringFunc(s, func(f string) string {
		m := small.FindStringSubmatch(f)
		return m[1] + keep("$<"+m[2]+"$")
	})
	s = signed.ReplaceAllStringFunc(s, func(f string) string {
		m := signed.FindStringSubmatch(f)
		switch {
		case m[4] != "":
			exponent := strings.TrimPrefix(m[4], "+")
			sign := strings.TrimRight(exponent, "0123456789")
			return m[1] + keep("$"+m[2]+m[3]+`\times10^{`+sign+strings.TrimLeft(strings.TrimPrefix(exponent, "-"), "0")+"}$")
		case m[2] != "":
			return m[1] + keep("$"+m[2]+m[3]+"$")
		}
		return f
	})
	s = texSpecial.Replace(s)
	for i, f := range kept {
		s = strings.Replace(s, string(rune(0xE000+i)), f, 1)
	}
	return s
}

// TeXNumber is x with three digits, to stand in a text or in a formula; -- where it is
// undefined.
func TeXNumber(x stats.Number) string { return TeXFormula(Digits(float64(x))) }

// TeXFormula is a number as text, to stand in a text or in a formula.
func TeXFormula(s string) string {
	if strings.Trim(s, ".0123456789") == "" {
		return s
	}
	s = TeX(s)
	if f, ok := strings.CutPrefix(s, "$"); ok {
		return `\ensuremath{` + strings.TrimSuffix(f, "$") + "}"
	}
	return s
}

// TeXInterval is "[lo,\,hi]"; -- where it is undefined.
func TeXInterval(i stats.Interval) string {
	if !i.Defined() {
		return "--"
	}
	return "[" + TeXNumber(stats.Number(i.Lo)) + `,\,` + TeXNumber(stats.Number(i.Hi)) + "]"
}
