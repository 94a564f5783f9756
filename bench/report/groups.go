package report

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"fig5/bench/claims"
	"fig5/bench/english"
	"fig5/bench/measure"
	"fig5/bench/stats"
	"fig5/bench/table"
)

// The headings of the groups that a page and a terminal have room for, and those of a
// LaTeX table as wide as a column and as wide as the page.
var (
	shortHeads  = []string{"group", "n", "geometric mean", "peak to trough", "floor", "FID level", "still moving", "D won", "lost a mode"}
	columnHeads = []string{"group", "n", "geometric mean", "median", "floor"}
	wideHeads   = []string{"group", "n", "geometric mean", "median", "mean", "sd of ln", "floor", "FID level", "still moving", "lost a mode"}
)

// Groups is a row a group: its amplitude over seeds and what stands beside it, with the
// warnings of the curves as footnotes.
func (r *Report) Groups(amplitude string) *table.Table {
	sum := r.All[amplitude]
	number := func(name, head string) table.Column { return table.Column{Name: name, Head: head, Right: true} }
	columns := []table.Column{{Name: "sweep"}, {Name: "measure"}, {Name: "group", Head: "group", Break: true}, {Name: "k"}, {Name: "baseline"}}
	for _, key := range r.keys {
		columns = append(columns, table.Column{Name: key})
	}
	t := &table.Table{Columns: slices.Concat(columns,
		[]table.Column{number("annealing", "iterations"), {Head: "n", Right: true}, {Name: "n"}},
		table.MeanColumns("geomean", "geometric mean"),
		[]table.Column{number("peak_to_trough", "peak to trough"), number("floor_median", "floor"), number("level_geomean", "FID level"), {Name: "level_lo"}, {Name: "level_hi"},
			number("moving", "still moving"), number("won", "D won"), number("lost_modes", "lost a mode")},
		[]table.Column{number("median", "median"), {Name: "median_lo"}, {Name: "median_hi"}}, table.MeanColumns("mean", "mean"),
		[]table.Column{{Name: "sd"}, number("sd_log", "sd of ln"), {Name: "iqm"}, number("failed", "failed"), {Name: "diverged"}, number("unsettled", "unsettled"), number("missing", "missing")})}
	for i, n := range sum.Notes {
		t.Notes = append(t.Notes, table.Mark(i+1)+" "+n.Text())
	}
	for i := range sum.Groups {
		g := &sum.Groups[i]
		lost := table.Text("")
		if g.LostModes != nil {
			lost = table.Int(*g.LostModes)
		}
		cells := []table.Cell{table.Text(r.Sweep.Name), table.Text(sum.Measure), {Text: strings.TrimSpace(g.Name + " " + marks(sum, i)), Full: g.Name, TeX: table.TeX(g.Name)}, table.Int(g.K), table.Text(g.Baseline)}
		for _, key := range r.keys {
			cells = append(cells, table.Text(g.By[key]))
		}
		number := table.Number
		t.Add(cells, table.Cells(table.Int(g.Annealing), table.Cell{Text: settled(g)}, table.Int(g.N)),
			table.Mean(g.GeoMean, g.GeoMeanCI95),
			table.Cells(number(r.All["peak_to_trough"].Groups[i].GeoMean), number(g.Floor.Median), number(g.Level.GeoMean),
				number(stats.Number(g.Level.GeoMeanCI95.Lo)), number(stats.Number(g.Level.GeoMeanCI95.Hi)), table.Int(g.Moving), table.Int(g.Won), lost),
			table.Cells(number(g.Median), number(stats.Number(g.MedianCI95.Lo)), number(stats.Number(g.MedianCI95.Hi))), table.Mean(g.Mean, g.CI95),
			table.Cells(number(g.SD), number(g.SDLog), number(g.IQM), table.Int(g.Failed), table.Int(g.Diverged), table.Int(g.Unsettled), table.Int(g.Missing)))
	}
	return t
}

// settled is the number of runs with an amplitude, of all where some have none.
func settled(g *claims.Group) string {
	if all := g.N + g.Failed + g.Unsettled + g.Missing; all != g.N {
		return fmt.Sprintf("%d/%d", g.N, all)
	}
	return strconv.Itoa(g.N)
}

// marks are the footnote signs of a group, empty where it has none.
func marks(s *claims.Summary, group int) string {
	var signs []string
	for i, n := range s.Notes {
		if n.Concerns(group) {
			signs = append(signs, table.Mark(i+1))
		}
	}
	return strings.Join(signs, " ")
}

// coordinates is every grid key of the groups, without the baselines' own.
func coordinates(s *measure.Sweep) []string {
	seen := map[string]bool{}
	for i := range s.Groups {
		if g := &s.Groups[i]; g.Baseline == "" {
			for key := range g.By {
				seen[key] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// column is a grid key as the name of a column: "anneal.box.half_width" is "half_width".
func column(key string) string { return key[strings.LastIndexByte(key, '.')+1:] }

// Trends is a row a series: how its amplitude falls with K.
func (r *Report) Trends(amplitude string) *table.Table {
	columns := []table.Column{{Name: "sweep"}, {Name: "measure"}}
	for _, key := range r.keys {
		columns = append(columns, table.Column{Name: key})
	}
	t := &table.Table{Columns: slices.Concat(columns, []table.Column{
		{Name: "series", Head: "series", Break: true}, {Name: "k", Head: "K"}, {Name: "seeds", Head: "seeds", Right: true},
		{Head: "Page p", Right: true}, {Name: "page_p"}, {Name: "page_p_exact"}, {Name: "page_l"}, {Name: "jonckheere_p", Head: "Jonckheere p", Right: true},
		{Name: "spearman", Head: "Spearman", Right: true}, {Name: "spearman_p", Head: "its p", Right: true},
	}, table.MeanColumns("slope", "log-log slope"))}
	sum := r.All[amplitude]
	for i, s := range r.Sweep.Series() {
		x := &sum.Trends[i]
		if len(x.K) < 2 {
			continue
		}
		label := s.Label
		if label == "" {
			label = r.Sweep.Name
		}
		cells := table.Cells(table.Text(r.Sweep.Name), table.Text(sum.Measure))
		for _, key := range r.keys {
			cells = append(cells, table.Text(x.By[key]))
		}
		t.Add(cells, table.Cells(table.Text(label), table.Cell{Text: english.Ints(x.K), Full: ints(x.K)}, table.Int(x.Seeds),
			table.PValue(x.P()), table.PValue(x.PageP), table.PValue(x.PagePExact), table.Number(x.PageL), table.PValue(x.JonckheereP), table.Number(x.Spearman), table.PValue(x.SpearmanP)),
			table.Mean(x.Slope, x.SlopeCI95))
	}
	return t
}

// Runs is a row a run: everything that was measured of it.
func (r *Report) Runs() *table.Table {
	t := &table.Table{Columns: []table.Column{{Name: "id", Head: "run"}, {Name: "baseline"}, {Name: "k"}}}
	for _, key := range r.keys {
		t.Columns = append(t.Columns, table.Column{Name: key})
	}
	right := func(name string) { t.Columns = append(t.Columns, table.Column{Name: name, Head: name, Right: true}) }
	only := func(names ...string) {
		for _, name := range names {
			t.Columns = append(t.Columns, table.Column{Name: name})
		}
	}
	right("seed")
	t.Columns = append(t.Columns, table.Column{Name: "status", Head: "state"})
	for _, m := range measure.Amplitudes {
		right(m)
	}
	right("level")
	right("knee")
	only("knee_limit", "knee_fallback", "window_from", "window_to")
	for _, m := range measure.Amplitudes {
		only("floor_" + m)
	}
	only("rows_with_lost_modes", "d_won", "seconds", "message", "warnings", "curve")
	for i := range r.Sweep.Groups {
		g := &r.Sweep.Groups[i]
		for _, run := range g.Runs {
			cells := []table.Cell{table.Text(run.ID), table.Text(g.Baseline), table.Int(g.K)}
			for _, key := range r.keys {
				cells = append(cells, table.Text(g.By[key]))
			}
			t.Add(append(cells, runCells(run)...))
		}
	}
	return t
}

// runCells is what was measured of a run, from its seed on.
func runCells(run *measure.Run) []table.Cell {
	cells := []table.Cell{{Text: strconv.Itoa(run.Seed)}, table.Text(string(run.Status))}
	number := func(v float64) { cells = append(cells, table.Number(stats.Number(v))) }
	empty := func(n int) { cells = append(cells, slices.Repeat(table.Cells(table.Text("")), n)...) }
	if m := run.Measured; m != nil {
		for _, name := range measure.Amplitudes {
			number(measure.Of(m.Amplitude, name))
		}
		number(m.Level)
		cells = append(cells, table.Cell{Text: table.Plain(m.Knee.Iteration)},
			table.Text(strconv.FormatBool(m.Knee.Limit)), table.Text(strconv.FormatBool(m.Knee.Fallback)),
			table.Cell{Text: table.Full(m.Window.From)}, table.Cell{Text: table.Full(m.Window.To)})
	} else {
		empty(len(measure.Amplitudes) + 6)
	}
	for _, name := range measure.Amplitudes {
		if run.Floor == nil {
			empty(1)
			continue
		}
		number(measure.Of(*run.Floor, name))
	}
	lost := ""
	if run.Lost != nil {
		lost = strconv.Itoa(*run.Lost)
	}
	var warnings []string
	if run.Measured != nil {
		warnings = measure.Flagged(run.Measured.Warnings)
	}
	cells = append(cells, table.Text(lost), table.Text(strconv.FormatBool(run.Won)))
	number(run.Seconds)
	return append(cells, table.Text(run.Message), table.Text(strings.Join(warnings, "; ")), table.Text(run.File))
}
