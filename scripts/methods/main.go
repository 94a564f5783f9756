package main

import (
	"bytes"
	"embed"
	"fmt"
	"os"
	"path/filepath"
	"text/template"

	"fig5/bench/claims"
	"fig5/bench/config"
	"fig5/bench/figure"
	"fig5/bench/measure"
	"fig5/bench/record"
	"fig5/bench/stats"
	"fig5/bench/table"
)

// sweep is the recorded sweep that is measured by all settings.
const sweep = "fig5-full"

//go:embed templates
var templates embed.FS

func main() {
	files, err := outcome(".")
	for name, b := range files {
		if err == nil {
			err = os.WriteFile(name, b, 0o644)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "methods:", err)
		os.Exit(1)
	}
}

// settingsPage is what the settings do.
type settingsPage struct {
	Sweep, Seeds, Runs                           string
	Points, Span, Window                         string
	K                                            string // the largest
	Lowpass, Windows, Growth, Definitions, Floor *table.Table
	Significant, Ways                            int // of the rows of Lowpass and Windows, those with Page's p below 0.05
	Damped                                       int // and those with the largest K below cold, p below 0.05
	Samples                                      *samplesPage
	lowpasses, windows, knees                    []*way
	amplitudes                                   []*effect
}

// outcome is the pages and figures as they should be, by their names below root.
func outcome(root string) (map[string][]byte, error) {
	c, err := config.Load(filepath.Join(root, "configs", sweep+".yaml"), nil)
	if err != nil {
		return nil, err
	}
	s, err := measure.Load(c, record.OpenSweep(filepath.Join(root, "runs/recorded"), sweep))
	if err != nil {
		return nil, err
	}
	p, err := measureSettings(s)
	if err != nil {
		return nil, err
	}
	if p.Samples, err = measureSamples(filepath.Join(root, "scripts/methods/samples.csv")); err != nil {
		return nil, err
	}
	k, err := measureKnees(p.knees)
	if err != nil {
		return nil, err
	}
	t, err := template.ParseFS(templates, "templates/*.md")
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, f := range []figure.Figure{p.figure(), k.figure()} {
		if files[filepath.Join(root, "docs/figures", f.Name+".svg")], err = f.SVG(); err != nil {
			return nil, err
		}
		var page bytes.Buffer
		if err := t.ExecuteTemplate(&page, f.Name+".md", struct {
			*settingsPage
			Knee *kneePage
		}{p, k}); err != nil {
			return nil, err
		}
		files[filepath.Join(root, "docs/results", f.Name+".md")] = page.Bytes()
	}
	return files, nil
}

func measureSettings(s *measure.Sweep) (*settingsPage, error) {
	p := &settingsPage{Sweep: s.Name, Seeds: table.Seeds(s.Seeds()), Runs: fmt.Sprint(s.Runs()), lowpasses: lowpasses(), windows: windows(), knees: knees(s)}
	for _, ways := range [][]*way{p.lowpasses, p.windows, p.knees} {
		if err := remeasure(s, ways); err != nil {
			return nil, err
		}
	}
	p.Span, p.Window = table.Thousands(int(span(s))), table.Thousands(int(s.Analysis.Window))
	var errs [5]error
	var low, win []*effect
	p.Lowpass, low, errs[0] = effects("low-pass", p.lowpasses, measure.Amplitudes[0])
	p.Windows, win, errs[1] = effects("window", p.windows, measure.Amplitudes[0])
	p.Definitions, p.amplitudes, errs[2] = effects("amplitude", []*way{{sweep: s}}, measure.Amplitudes...)
	p.Growth, errs[3] = growth(p.windows)
	p.Floor, errs[4] = floors(s)
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	for _, e := range append(append(low, win...), p.amplitudes[1:]...) {
		p.Ways++
		count(&p.Significant, e.falls.P < claims.Alpha)
		count(&p.Damped, e.damps.P < claims.Alpha && e.damps.Ratio < 1)
	}
	p.K = p.amplitudes[0].ladders[len(p.amplitudes[0].ladders)-1].Name()
	return p, nil
}

// newTable is a table with words in its first column and numbers in the others.
func newTable(first string, heads ...string) *table.Table {
	t := &table.Table{Columns: []table.Column{{Head: first}}}
	numbers(t, heads...)
	return t
}

func numbers(t *table.Table, heads ...string) {
	for _, h := range heads {
		t.Columns = append(t.Columns, table.Column{Head: h, Right: true})
	}
}

func row(t *table.Table, cells ...string) {
	var out []table.Cell
	for _, c := range cells {
		out = append(out, table.Text(c))
	}
	t.Add(out)
}

func digits(x stats.Number) string { return table.Digits(float64(x)) }

func share(x float64) string { return table.Share(stats.Number(x)) }
