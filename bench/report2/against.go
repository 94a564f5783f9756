package report

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"fig5/bench/claims"
	"fig5/bench/measure"
	"fig5/bench/table"
)

// Against is a report beside the recorded one of the same sweep.
type Against struct {
	Dir      string       // of the recorded runs
	Curves   int          // trained here and recorded
	Equal    int          // of them those whose curve is the recorded one, byte for byte
	Table    *table.Table // a row a group; nil where all curves are equal and measured alike
	Warnings []string     // where settings or analysis differ, so that it is not the same experiment
}

// Beside sets a report beside the recorded one.
func (r *Report) Beside(recorded *Report) (*Against, error) {
	a := &Against{Dir: recorded.Sweep.Dir, Warnings: differences(r.Sweep, recorded.Sweep)}
	old := map[string]string{}
	for _, run := range runs(recorded.Sweep) {
		old[run.ID] = run.File
	}
	for _, run := range runs(r.Sweep) {
		file, ok := old[run.ID]
		if !ok || run.File == "" || file == "" {
			continue
		}
		here, err := os.ReadFile(filepath.Join(r.Sweep.Dir, run.File))
		if err != nil {
			return nil, err
		}
		there, err := os.ReadFile(filepath.Join(recorded.Sweep.Dir, file))
		if err != nil {
			return nil, err
		}
		a.Curves++
		if bytes.Equal(here, there) {
			a.Equal++
		}
	}
	if a.Equal < a.Curves || a.Curves == 0 || len(a.Warnings) > 0 {
		a.Table = beside(r.Summary(), recorded.Summary())
	}
	return a, nil
}

// Text is what a terminal shows.
func (a *Against) Text() string { return say("against", a) }

// beside is a row for every group that both have.
func beside(here, recorded *claims.Summary) *table.Table {
	t := &table.Table{Columns: []table.Column{{Head: "group", Break: true}, {Head: "here"}, {Head: "recorded"}, {Head: "verdict"}}}
	for _, g := range here.Groups {
		i := slices.IndexFunc(recorded.Groups, func(o claims.Group) bool { return o.Name == g.Name })
		if i < 0 {
			continue
		}
		o := &recorded.Groups[i]
		a, b := g.GeoMeanCI95, o.GeoMeanCI95
		verdict := "INTERVALS DO NOT OVERLAP"
		switch {
		case len(g.Values) > 0 && slices.Equal(g.Values, o.Values):
			verdict = "the same numbers"
		case !a.Defined() || !b.Defined():
			verdict = "no interval to compare"
		case a.Lo <= b.Hi && b.Lo <= a.Hi:
			verdict = "intervals overlap"
		}
		t.Add(table.Cells(table.Text(g.Name)), table.Mean(g.GeoMean, a)[:1], table.Mean(o.GeoMean, b)[:1], table.Cells(table.Text(verdict)))
	}
	return t
}

// differences says in what the recorded runs were made or measured otherwise.
func differences(s, recorded *measure.Sweep) []string {
	var out []string
	if s.Analysis != recorded.Analysis {
		out = append(out, fmt.Sprintf("%s: the recorded numbers come from another analysis section (window %s, here %s)", recorded.Dir, table.Plain(recorded.Analysis.Window), table.Plain(s.Analysis.Window)))
	}
	old := map[string]string{}
	for _, run := range runs(recorded) {
		old[run.ID] = run.Training
	}
	for _, run := range runs(s) {
		if f := old[run.ID]; f != "" && run.Training != "" && f != run.Training {
			return append(out, fmt.Sprintf("%s: the recorded runs were trained with other settings than these (%s for one)", recorded.Dir, run.ID))
		}
	}
	return out
}

// runs is every run of a sweep once.
func runs(s *measure.Sweep) []*measure.Run {
	var out []*measure.Run
	seen := map[*measure.Run]bool{}
	for i := range s.Groups {
		for _, run := range s.Groups[i].Runs {
			if !seen[run] {
				seen[run] = true
				out = append(out, run)
			}
		}
	}
	return out
}
