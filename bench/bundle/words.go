package bundle

import (
	"cmp"
	"embed"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"text/template"

	"fig5/bench/claims"
	"fig5/bench/measure"
	"fig5/bench/record"
	report "fig5/bench/report"
	"fig5/bench/table"
)

//go:embed templates
var sources embed.FS

var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"plural": table.Plural, "tex": tex, "join": strings.Join, "known": known, "machine": machine, "hash": hash, "words": measure.Words,
	"exact":   exact,
	"changed": func(commit string) bool { return strings.HasSuffix(commit, "+changes") },
	"window":  func(x float64) string { return table.Thousands(int(x)) },
}).ParseFS(sources, "templates/*"))

// say is a template in words; an error in one is a mistake in this package.
func say(name string, data any) string {
	var b strings.Builder
	if err := templates.ExecuteTemplate(&b, name, data); err != nil {
		panic(err)
	}
	return b.String()
}

// exact says whether every p of an answer is.
func exact(a *claims.Answer) bool {
	return !slices.ContainsFunc(a.Questions, func(q claims.Question) bool { return !q.Exact })
}

func known(s string) string { return cmp.Or(s, "(unknown)") }

// hash is a commit without its mark of changes; empty where it is not known.
func hash(commit string) string {
	h := strings.TrimSuffix(commit, "+changes")
	if h == "unknown" {
		return ""
	}
	return h
}

func machine(m record.Machine) string {
	return fmt.Sprintf("%s, %s, %s/%s, %s kernels", known(m.CPU), table.Plural(m.Cores, "core"), m.OS, m.Arch, known(m.Kernels))
}

// Names is the sweeps of the bundle.
func (b *computed) Names() string {
	var names []string
	for _, c := range b.Sweeps {
		names = append(names, c.Name)
	}
	return strings.Join(names, ", ")
}

// MeasureFlag is what a command needs to measure by the bundle's amplitude.
func (b *computed) MeasureFlag() string {
	if b.Measure == measure.Amplitudes[0] {
		return ""
	}
	return " --measure " + b.Measure
}

// Partial says whether any run is not finished.
func (b *computed) Partial() bool {
	return slices.ContainsFunc(b.Sweeps, func(c Content) bool { return len(c.Unfinished) > 0 })
}

// TrainedBy is the commits that the runs were made with.
func (b *computed) TrainedBy() []string {
	var out []string
	for _, p := range b.Parts {
		out = append(out, p.commits()...)
	}
	return once(out)
}

func (p *part) commits() []string {
	var out []string
	for _, v := range p.Report.Sweep.Versions {
		out = append(out, v.Fig5)
	}
	return once(out)
}

func once(words []string) []string {
	var out []string
	for _, w := range words {
		if !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

var emphasis = regexp.MustCompile(`\*([^*]+)\*`)

// tex is a sentence of Markdown as LaTeX.
func tex(s string) string {
	s = strings.NewReplacer(" K ", " $K$ ", " K,", " $K$,").Replace(table.TeX(s))
	return emphasis.ReplaceAllString(s, `\emph{$1}`)
}

// narrow writes cells of the table of claims for it to fit a page.
var narrow = strings.NewReplacer("ladder / hot of the same length", "ladder / hot of its length", "(ratio of ", "(", "falls with K", "falls with $K$")

// claims is claims.tex: the questions as a LaTeX table of a page's width.
func (p *part) claims() string {
	t := report.Questions(p.Report.Answer).Only("claim", "series", "compared", "ratio [95 %]", "n", "p", "Holm", "verdict")
	for i, c := range t.Columns {
		if c.Head == "n" || c.Head == "p" {
			t.Columns[i].TeX = "$" + c.Head + "$"
		}
		for _, r := range t.Rows {
			if cell := &r.Cells[i]; cell.TeX == "" {
				cell.TeX = narrow.Replace(table.TeX(cell.Text))
			}
		}
	}
	t.Wide, t.Label, t.Caption = true, p.Name+"-claims", say("claims caption", p)
	return t.LaTeX()
}
