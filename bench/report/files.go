package report

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"

	"github.com/google/renameio/v2"

	"fig5/bench/claims"
	"fig5/bench/figure"
	"fig5/bench/measure"
	"fig5/bench/table"
	"fig5/fid/files"
)

// mostCurves is up to how many runs every curve is drawn in index.html and as files of its
// own in three formats, beside curves.pdf, which has them all.
const mostCurves = 200

// File is one output: its name, with slashes, and what makes its bytes.
type File struct {
	Name string
	Make func() ([]byte, error)
}

// TextFile is a file of text.
func TextFile(name, s string) File {
	return File{name, func() ([]byte, error) { return []byte(s), nil }}
}

// JSONFile is v as JSON.
func JSONFile(name string, v any) File {
	return File{name, func() ([]byte, error) {
		var b bytes.Buffer
		err := files.WriteJSON(&b, v)
		return b.Bytes(), err
	}}
}

// Files is the report folder: figures (SVG, PDF, PNG), curves.pdf with a page a group,
// tables (CSV, LaTeX), report.json, index.html and RESULTS.md. Equal runs give equal
// bytes.
func (r *Report) Files() []File {
	wide := figure.Sweep("fig5", r.Sweep, r.Summary(), r.All["relative"])
	curves := figure.Curves(r.Sweep, r.Summary())
	answer := answerFigures(r)
	all := append(answer, wide...)
	all = append(all, figure.Narrow("fig5-column", r.Sweep, r.Summary(), true)...)
	all = append(all, figure.Narrow("fig5-linear", r.Sweep, r.Summary(), false)...)
	if f, ok := figure.Staircase(r.Sweep); ok {
		all = append(all, f)
	}
	main, panels := answer[:1:1], wide
	if f := r.fidFigure(); f != nil { // what is asked of images comes first
		all = append(all, f...)
		main, panels = f, append(main, wide...)
	}
	if r.Sweep.Runs() <= mostCurves {
		all = append(all, curves...)
	}
	files := FigureFiles("", all)
	if len(curves) > 0 {
		files = append(files, File{"curves.pdf", func() ([]byte, error) { return figure.PDF(curves...) }})
	}
	runs := r.Runs()
	var groups, trends []*table.Table
	for _, name := range measure.Amplitudes {
		groups, trends = append(groups, r.Groups(name)), append(trends, r.Trends(name))
	}
	return append(files,
		TextFile("amplitudes.csv", runs.CSV()),
		TextFile("groups.csv", stack(groups...).CSV()),
		TextFile("trends.csv", stack(trends...).CSV()),
		TextFile("questions.csv", stack(Questions(r.Answer), Questions(r.FID)).CSV()),
		TextFile("table.tex", r.LaTeX(false)),
		TextFile("table-wide.tex", r.LaTeX(true)),
		JSONFile("report.json", r.Numbers()),
		File{"index.html", func() ([]byte, error) { return r.page(main, panels, curves, runs) }},
		TextFile("RESULTS.md", say("sweep", sweepPage{Report: r, Figures: slices.Concat(main, panels)})),
	)
}

// fidFigure is the figure of the FID itself, none where nothing is asked of it.
func (r *Report) fidFigure() []figure.Figure {
	if len(r.FID.Questions) == 0 {
		return nil
	}
	if f, ok := figure.FID(r.Sweep, r.Summary()); ok {
		return []figure.Figure{f}
	}
	return nil
}

// answerFigures is the two panels that answer the questions, together and each alone.
func answerFigures(r *Report) []figure.Figure {
	out := []figure.Figure{figure.Answer(r.Sweep, r.Summary()), figure.AnswerK(r.Sweep, r.Summary())}
	if f, ok := figure.AnswerLength(r.Sweep, r.Summary()); ok {
		out = append(out, f)
	}
	return out
}

// LaTeX is the groups as a LaTeX table with its caption, of a column's width or wide.
func (r *Report) LaTeX(wide bool) string {
	t, label := r.Groups(r.Measure).Only(columnHeads...), r.Sweep.Name
	if wide {
		t, label = r.Groups(r.Measure).Only(wideHeads...), label+"-wide"
	}
	t.Wide, t.Label, t.Caption, t.Notes = wide, label, caption("groups caption", r), nil
	return t.LaTeX()
}

// stack puts tables of the same columns below each other.
func stack(tables ...*table.Table) *table.Table {
	out := *tables[0]
	out.Rows = nil
	for _, t := range tables {
		out.Rows = append(out.Rows, t.Rows...)
	}
	return &out
}

// FigureFiles is figures as SVG, PDF and PNG, their names behind dir.
func FigureFiles(dir string, figures []figure.Figure) []File {
	var files []File
	for _, f := range figures {
		files = append(files, File{dir + f.Name + ".svg", f.SVG}, File{dir + f.Name + ".pdf", f.PDF}, File{dir + f.Name + ".png", f.PNG})
	}
	return files
}

// Numbers is what `fig5 report --json` writes: the summary, the answer, that of the FID
// itself and the secondary numbers.
func (r *Report) Numbers() any {
	return struct {
		*claims.Summary
		Answer    *claims.Answer    `json:"answer"`
		FID       *claims.Answer    `json:"fid"`
		Secondary *claims.Secondary `json:"secondary"`
	}{r.Summary(), r.Answer, r.FID, r.Secondary}
}

// Write makes the files in dir, which is made where it is missing. Each is written under
// a name of its own and then renamed, so that a reader, or another report at the same
// time, sees a whole file.
func Write(dir string, list []File) error {
	return Make(dir, list, func(path string, b []byte) error {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		return renameio.WriteFile(path, b, 0o644)
	})
}

// Make makes the files on all processors and gives each, as a path in dir, to use, which
// is called by several at once. The first error in the order of the files is returned; it
// begins with the path.
func Make(dir string, list []File, use func(path string, b []byte) error) error {
	_, err := measure.Each(list, func(f File) (struct{}, error) {
		path := filepath.Join(dir, filepath.FromSlash(f.Name))
		b, err := f.Make()
		if err == nil {
			err = use(path, b)
		}
		return struct{}{}, files.Error(path, err)
	})
	return err
}
