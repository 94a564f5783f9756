package main

import (
	"bytes"
	"embed"
	"fmt"
	"os"
	"path/filepath"
	"text/template"

	"fig5/bench/config"
	"fig5/bench/english"
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

// page is what a template shows, by the names that it uses.
type page map[string]any

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
	p := page{"Sweep": s.Name, "Seeds": english.Seeds(s.Seeds()), "Runs": s.Runs(), "Window": english.Thousands(int(s.Analysis.Window)), "Span": english.Thousands(c.Train.Final)}
	settings, err := p.settings(s)
	if err != nil {
		return nil, err
	}
	if err := p.samples(filepath.Join(root, "scripts/methods/samples.csv")); err != nil {
		return nil, err
	}
	knees, err := p.knees()
	if err != nil {
		return nil, err
	}
	t, err := template.ParseFS(templates, "templates/*.md")
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, f := range []figure.Figure{settings, knees} {
		var text bytes.Buffer
		if err := t.Option("missingkey=error").ExecuteTemplate(&text, f.Name+".md", p); err != nil {
			return nil, err
		}
		files[filepath.Join(root, "docs/results", f.Name+".md")] = text.Bytes()
		if files[filepath.Join(root, "docs/figures", f.Name+".svg")], err = f.SVG(); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// newTable is a table with words in its first column and numbers in the others.
func newTable(first string, heads ...string) *table.Table {
	t := &table.Table{Columns: []table.Column{{Head: first}}}
	for _, h := range heads {
		t.Columns = append(t.Columns, table.Column{Head: h, Right: true})
	}
	return t
}

// add puts a row below: words as they are, whole numbers, and numbers by three digits.
func add(t *table.Table, cells ...any) {
	var out []table.Cell
	for _, c := range cells {
		switch c := c.(type) {
		case string:
			out = append(out, table.Text(c))
		case int:
			out = append(out, table.Int(c))
		case float64:
			out = append(out, table.Number(stats.Number(c)))
		}
	}
	t.Add(out)
}

// factor writes a number near 1.
func factor(x float64) string { return table.Share(stats.Number(x)) }
