package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"fig5/bench/claims"
	"fig5/bench/english"
	"fig5/bench/measure"
	"fig5/bench/table"
	"fig5/filters"
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
	out := table.Tabulate(sum.Groups, func(t *table.Rows, g claims.Group) {
		i := len(t.Rows)
		t.Data("sweep", r.Sweep.Name, "measure", sum.Measure)
		t.Long("group", "group", table.Cell{Text: strings.TrimSpace(g.Name + " " + marks(sum, i)), Full: g.Name, TeX: table.TeX(g.Name)})
		t.Data("k", g.K, "baseline", g.Baseline)
		by(t, r.keys, g.By)
		t.Right("annealing", "iterations", g.Annealing)
		t.Right("n", "n", table.Cell{Text: settled(g), Full: strconv.Itoa(g.N)})
		t.Mean("geomean", "geometric mean", g.GeoMean, g.GeoMeanCI95)
		t.Right("peak_to_trough", "peak to trough", r.All["peak_to_trough"].Groups[i].GeoMean)
		t.Right("floor_median", "floor", g.Floor.Median)
		t.Right("level_geomean", "FID level", g.Level.GeoMean)
		t.Data("level", g.Level.GeoMeanCI95)
		t.Right("moving", "still moving", g.Moving)
		t.Right("won", "D won", g.Won)
		t.Right("lost_modes", "lost a mode", g.LostModes)
		t.Right("median", "median", g.Median)
		t.Data("median", g.MedianCI95)
		t.Mean("mean", "mean", g.Mean, g.CI95)
		t.Data("sd", g.SD)
		t.Right("sd_log", "sd of ln", g.SDLog)
		t.Data("iqm", g.IQM)
		t.Right("failed", "failed", g.Failed)
		t.Data("diverged", g.Diverged)
		t.Right("unsettled", "unsettled", g.Unsettled)
		t.Right("missing", "missing", g.Missing)
	})
	for i, n := range sum.Notes {
		out.Notes = append(out.Notes, table.Mark(i+1)+" "+n.Text())
	}
	return out
}

// settled is the number of runs with an amplitude, of all where some have none.
func settled(g claims.Group) string {
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

// Coordinates is every grid key of the groups, without the baselines' own.
func Coordinates(s *measure.Sweep) []string {
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

// by is coordinates of the grid for CSV, a column a key.
func by(t *table.Rows, keys []string, coordinates map[string]string) {
	for _, key := range keys {
		t.Data(key, coordinates[key])
	}
}

// column is a grid key as the name of a column: "anneal.box.half_width" is "half_width".
func column(key string) string { return key[strings.LastIndexByte(key, '.')+1:] }

// Trends is a row a series of two K and more: how its amplitude falls with K.
func (r *Report) Trends(amplitude string) *table.Table {
	type trend struct {
		claims.Trend
		label string
	}
	var trends []trend
	for i, s := range r.Sweep.Series() {
		if x := r.All[amplitude].Trends[i]; len(x.K) > 1 {
			trends = append(trends, trend{x, cmp.Or(s.Label, r.Sweep.Name)})
		}
	}
	return table.Tabulate(trends, func(t *table.Rows, x trend) {
		t.Data("sweep", r.Sweep.Name, "measure", amplitude)
		by(t, r.keys, x.By)
		t.Long("series", "series", x.label)
		t.Left("k", "K", table.Cell{Text: english.Ints(x.K), Full: ints(x.K)})
		t.Right("seeds", "seeds", x.Seeds)
		t.Right("", "Page p", table.PValue(x.P()))
		t.Data("page_p", x.PageP, "page_p_exact", x.PagePExact, "page_l", x.PageL)
		t.Right("jonckheere_p", "Jonckheere p", table.PValue(x.JonckheereP))
		t.Right("spearman", "Spearman", x.Spearman)
		t.Right("spearman_p", "its p", table.PValue(x.SpearmanP))
		t.Mean("slope", "log-log slope", x.Slope, x.SlopeCI95)
	})
}

// Runs is a row a run: everything that was measured of it.
func (r *Report) Runs() *table.Table {
	type member struct {
		*measure.Run
		group *measure.Group
	}
	var runs []member
	for i := range r.Sweep.Groups {
		for _, run := range r.Sweep.Groups[i].Runs {
			runs = append(runs, member{run, &r.Sweep.Groups[i]})
		}
	}
	return table.Tabulate(runs, func(t *table.Rows, x member) {
		t.Left("id", "run", x.ID)
		t.Data("baseline", x.group.Baseline, "k", x.group.K)
		by(t, r.keys, x.group.By)
		t.Right("seed", "seed", table.Cell{Text: strconv.Itoa(x.Seed)})
		t.Left("status", "state", string(x.Status))
		m, floor := cmp.Or(x.Measured, &filters.Measurement{}), cmp.Or(x.Floor, &filters.Amplitude{})
		t.Blank = x.Measured == nil
		for _, name := range measure.Amplitudes {
			t.Right(name, name, measure.Of(m.Amplitude, name))
		}
		t.Right("level", "level", m.Level)
		t.Right("knee", "knee", table.Cell{Text: table.Plain(m.Knee.Iteration)})
		t.Data("knee_limit", m.Knee.Limit, "knee_fallback", m.Knee.Fallback, "window_from", m.Window.From, "window_to", m.Window.To)
		t.Blank = x.Floor == nil
		for _, name := range measure.Amplitudes {
			t.Data("floor_"+name, measure.Of(*floor, name))
		}
		t.Blank = false
		t.Data("rows_with_lost_modes", x.Lost, "d_won", x.Won, "seconds", x.Seconds, "message", x.Message, "warnings", strings.Join(measure.Flagged(m.Warnings), "; "), "curve", x.File)
	})
}
