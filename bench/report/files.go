package report

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/google/renameio/v2"

	"fig5/bench/claims"
	"fig5/bench/figure"
	"fig5/bench/measure"
	"fig5/bench/table"
	"fig5/fid/files"
)

// curvesAsFiles is up to how many runs the figures of curves are written one by one, in
// three formats, beside curves.pdf, which has them all.
const curvesAsFiles = 200

// File is one output: its name, with slashes, and what makes its bytes.
type File struct {
	Name string
	Make func() ([]byte, error)
}

func text(name, s string) File {
	return File{name, func() ([]byte, error) { return []byte(s), nil }}
}

// Files is the report folder: figures (SVG, PDF, PNG), curves.pdf with a page a group,
// tables (CSV, LaTeX), report.json, index.html and RESULTS.md. Equal runs give equal
// bytes.
func (r *Report) Files() []File {
	wide := figure.Sweep("fig5", r.Sweep, r.Summary(), r.other())
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
	if r.Sweep.Runs() <= curvesAsFiles {
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
		text("amplitudes.csv", runs.CSV()),
		text("groups.csv", stack(groups).CSV()),
		text("trends.csv", stack(trends).CSV()),
		text("questions.csv", stack([]*table.Table{Questions(r.Answer), Questions(r.FID)}).CSV()),
		text("table.tex", r.LaTeX(false)),
		text("table-wide.tex", r.LaTeX(true)),
		File{"report.json", r.JSON},
		File{"index.html", func() ([]byte, error) { return r.page(main, panels, curves, runs) }},
		text("RESULTS.md", say("sweep", r.sweepPage("", images("", slices.Concat(main, panels))))),
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

// other is the summary beside the report's own: by the relative amplitude.
func (r *Report) other() *claims.Summary { return r.All["relative"] }

// stack puts tables of the same columns below each other.
func stack(tables []*table.Table) *table.Table {
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

// images is the figures as a page in Markdown shows them, by files in dir.
func images(dir string, figures []figure.Figure) []image {
	var out []image
	for _, f := range figures {
		out = append(out, image{f.Title, dir + f.Name + ".png"})
	}
	return out
}

// image is a figure in Markdown.
type image struct{ Title, Path string }

// JSON is the output of `fig5 report --json`: the summary, the answer, that of the FID itself
// and the secondary numbers.
func (r *Report) JSON() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	err := enc.Encode(struct {
		*claims.Summary
		Answer    *claims.Answer    `json:"answer"`
		FID       *claims.Answer    `json:"fid"`
		Secondary *claims.Secondary `json:"secondary"`
	}{r.Summary(), r.Answer, r.FID, r.Secondary})
	return b.Bytes(), err
}

// Write makes the files in dir, which is made where it is missing, on all processors. Each is
// written under a name of its own and then renamed, so that a reader, or another report
// at the same time, sees a whole file. The first error in the order of the files is
// returned.
func Write(dir string, list []File) error {
	errs := make([]error, len(list))
	var wait sync.WaitGroup
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, f := range list {
		free <- struct{}{}
		wait.Add(1)
		go func() {
			defer func() { <-free; wait.Done() }()
			path := filepath.Join(dir, filepath.FromSlash(f.Name))
			b, err := f.Make()
			if err == nil {
				err = replace(path, b)
			}
			errs[i] = files.Error(path, err)
		}()
	}
	wait.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func replace(path string, b []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return renameio.WriteFile(path, b, 0o644)
}

// Setting is how the runs were made and measured, a line each.
func (r *Report) Setting() []string {
	return strings.Split(strings.TrimPrefix(strings.TrimSpace(say("setting", r)), "- "), "\n- ")
}
