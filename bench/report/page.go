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

// curvesInPage is up to how many runs the page draws every curve.
const curvesInPage = 200

var pageTemplate = template.Must(template.New("page").Funcs(template.FuncMap(functions)).Funcs(template.FuncMap{
	"inline": inline, "say": say,
}).ParseFS(sources, "templates/page.html"))

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
		*sweepPage
		Day, Night             template.CSS
		Figure, Panels, Curves []drawn
		Runs                   *table.Table
		TooMany                bool
	}{sweepPage: r.sweepPage("", nil), Runs: runs, Day: template.CSS(day), Night: template.CSS(night),
		Figure: inPage(main), Panels: inPage(panels), TooMany: r.Sweep.Runs() > curvesInPage}
	if !p.TooMany {
		p.Curves = inPage(curves)
	}
	var b bytes.Buffer
	if err := pageTemplate.ExecuteTemplate(&b, "page.html", p); err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	return b.Bytes(), nil
}

// sweepPage is what the pages of one sweep show: as Markdown, as HTML, on a terminal.
type sweepPage struct {
	*Report
	Docs   string // where docs is, seen from the page; empty in a report folder
	Images []image
}

func (r *Report) sweepPage(docs string, images []image) *sweepPage {
	return &sweepPage{Report: r, Docs: docs, Images: images}
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

// Claims is the questions as a page shows them.
func (r *Report) Claims() *table.Table { return Questions(r.Answer) }

// FIDClaims is the questions of the FID itself, nil where none is asked.
func (r *Report) FIDClaims() *table.Table {
	if len(r.FID.Questions) == 0 {
		return nil
	}
	return Questions(r.FID)
}

// Short is the groups as a page shows them.
func (r *Report) Short() *table.Table { return r.Groups(r.Measure).Only(shortHeads...) }

// Whole is the groups with every column.
func (r *Report) Whole() *table.Table { return r.Groups(r.Measure) }

// TrendRows is the trends over K, nil where no series has two K.
func (r *Report) TrendRows() *table.Table {
	if t := r.Trends(r.Measure); len(t.Rows) > 0 {
		return t
	}
	return nil
}

// OtherWarnings is the warnings that are no footnotes.
func (r *Report) OtherWarnings() []string {
	s := r.Summary()
	return slices.DeleteFunc(slices.Clone(s.Warnings), func(w string) bool {
		return slices.ContainsFunc(s.Notes, func(n claims.Note) bool { return n.Text() == w })
	})
}

// SeveralSeries says whether any question was asked of several series.
func (r *Report) SeveralSeries() bool { return len(r.Sweep.Series()) > 1 }

// Say is one of the templates in words.
func (p *sweepPage) Say(name string, data any) string { return say(name, data) }
