package report

import (
	"bytes"
	"fmt"
	"html/template"
	"regexp"
	"slices"
	"strings"

	"fig5/bench/claims"
	"fig5/bench/figure"
	"fig5/bench/table"
)

var pageTemplate = template.Must(template.New("page").Funcs(functions).Funcs(template.FuncMap{"inline": inline}).ParseFS(sources, "templates/page.html"))

var marked = regexp.MustCompile("`([^`]*)`|\\*([^*]+)\\*")

// inline is a sentence of Markdown as HTML.
func inline(s string) template.HTML {
	escaped := template.HTMLEscapeString(s)
	if !strings.ContainsAny(escaped, "`*") {
		return template.HTML(escaped)
	}
	return template.HTML(marked.ReplaceAllStringFunc(escaped, func(m string) string {
		if m[0] == '`' {
			return "<code>" + m[1:len(m)-1] + "</code>"
		}
		return "<em>" + m[1:len(m)-1] + "</em>"
	}))
}

// drawn is a figure in the page.
type drawn struct {
	Caption string
	SVG     template.HTML
}

// page is the report as one self-contained HTML page: no script, no network, light and
// dark by the reader's setting. Numbers stand in full in data-value attributes.
func (r *Report) page(main, panels, curves []figure.Figure, runs *table.Table) ([]byte, error) {
	n := 0
	inPage := func(figures []figure.Figure) []drawn {
		var out []drawn
		for _, f := range figures {
			n++
			out = append(out, drawn{f.Title, template.HTML(compact(f.InlineSVG(fmt.Sprintf("figure-%d", n))))})
		}
		return out
	}
	day, night := figure.Themes()
	p := struct {
		*Report
		Day, Night             template.CSS
		Figure, Panels, Curves []drawn
		Runs                   *table.Table
		TooMany                bool
	}{Report: r, Runs: runs, Day: template.CSS(day), Night: template.CSS(night),
		Figure: inPage(main), Panels: inPage(panels), TooMany: r.Sweep.Runs() > mostCurves}
	if !p.TooMany {
		p.Curves = inPage(curves)
	}
	var b bytes.Buffer
	if err := pageTemplate.ExecuteTemplate(&b, "page.html", p); err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	return b.Bytes(), nil
}

// sweepPage is what RESULTS.md of one sweep shows.
type sweepPage struct {
	*Report
	Docs      string // where docs is, seen from the page; empty in a report folder
	FigureDir string // where Figures are, seen from it, with a slash
	Figures   []figure.Figure
}

// Fixed says whether the questions were fixed before the sweep's runs.
func (r *Report) Fixed() bool { return slices.Contains(fixed, r.Sweep.Name) }

// experiment is the sweep of docs/experiment.md.
const experiment = "fig5-confirm"

// fixed is the experiment, the short form of it that `make reproduce` runs, and that on
// MNIST.
var fixed = []string{experiment, "fig5", "fig5-mnist"}

// Sentences is the answer of the sweep.
func (r *Report) Sentences() []string {
	return append(Sentences(r.Answer), r.FIDSentences()...)
}

// Restless is the groups for which there is no plateau, by the first question that says so;
// empty where none does.
func (r *Report) Restless() string {
	for i := range r.Answer.Questions {
		if q := &r.Answer.Questions[i]; q.Verdict == claims.NoPlateau {
			return restless(q)
		}
	}
	return ""
}

// FIDSentences is what is said of the FID itself, a sentence a question.
func (r *Report) FIDSentences() []string {
	var out []string
	for _, id := range []int{5, 6} {
		of := slices.DeleteFunc(slices.Clone(r.FID.Questions), func(q claims.Question) bool { return q.ID != id })
		if len(of) > 0 {
			out = append(out, say(fmt.Sprintf("sentence %d", id), struct {
				Questions []claims.Question
				After     int
			}{of, r.Sweep.Shortest()}))
		}
	}
	return out
}

// Short is the groups as a page shows them.
func (r *Report) Short() *table.Table { return r.Groups(r.Measure).Only(shortHeads...) }

// OtherWarnings is the warnings that are no footnotes.
func (r *Report) OtherWarnings() []string {
	s := r.Summary()
	return slices.DeleteFunc(slices.Clone(s.Warnings), func(w string) bool {
		return slices.ContainsFunc(s.Notes, func(n claims.Note) bool { return n.Text() == w })
	})
}

// Setting is how the runs were made and measured, a line each.
func (r *Report) Setting() []string {
	return strings.Split(strings.TrimPrefix(strings.TrimSpace(say("setting", r)), "- "), "\n- ")
}

// Say is one of the templates in words.
func (r *Report) Say(name string, data any) string { return say(name, data) }
