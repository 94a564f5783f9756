package bundle

import (
	"embed"
	"regexp"
	"slices"
	"strings"
	"text/template"

	"fig5/bench/english"
	"fig5/bench/measure"
	"fig5/bench/report"
	"fig5/bench/table"
)

//go:embed templates
var sources embed.FS

var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"plural": english.Plural, "tex": tex, "join": strings.Join, "hash": hash, "words": measure.Words,
	"main":    func() string { return measure.Amplitudes[0] },
	"changed": func(commit string) bool { return strings.HasSuffix(commit, "+changes") },
	"window":  func(x float64) string { return english.Thousands(int(x)) },
}).ParseFS(sources, "templates/*"))

// say is a template in words; an error in one is a mistake in this package.
func say(name string, data any) string {
	var b strings.Builder
	if err := templates.ExecuteTemplate(&b, name, data); err != nil {
		panic(err)
	}
	return strings.TrimLeft(b.String(), "\n") // of definitions before the text
}

// hash is a commit without its mark of changes; empty where it is not known.
func hash(commit string) string {
	h := strings.TrimSuffix(commit, "+changes")
	if h == "unknown" {
		return ""
	}
	return h
}

// Commits is the commits that the runs of a sweep were made with.
func (p *part) Commits() []string {
	var out []string
	for _, v := range p.Report.Sweep.Versions {
		if !slices.Contains(out, v.Fig5) {
			out = append(out, v.Fig5)
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
