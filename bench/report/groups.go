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
	out := tabulate(sum.Groups, func(t *rows, g claims.Group) {
		i := len(t.Rows)
		t.csv("sweep", r.Sweep.Name, "measure", sum.Measure)
		t.long("group", "group", table.Cell{Text: strings.TrimSpace(g.Name + " " + marks(sum, i)), Full: g.Name, TeX: table.TeX(g.Name)})
		t.csv("k", g.K, "baseline", g.Baseline)
		t.by(r.keys, g.By)
		t.right("annealing", "iterations", g.Annealing)
		t.right("n", "n", table.Cell{Text: settled(g), Full: strconv.Itoa(g.N)})
		t.mean("geomean", "geometric mean", g.GeoMean, g.GeoMeanCI95)
		t.right("peak_to_trough", "peak to trough", r.All["peak_to_trough"].Groups[i].GeoMean)
		t.right("floor_median", "floor", g.Floor.Median)
		t.right("level_geomean", "FID level", g.Level.GeoMean)
		t.csv("level", g.Level.GeoMeanCI95)
		t.right("moving", "still moving", g.Moving)
		t.right("won", "D won", g.Won)
		t.right("lost_modes", "lost a mode", g.LostModes)
		t.right("median", "median", g.Median)
		t.csv("median", g.MedianCI95)
		t.mean("mean", "mean", g.Mean, g.CI95)
		t.csv("sd", g.SD)
		t.right("sd_log", "sd of ln", g.SDLog)
		t.csv("iqm", g.IQM)
		t.right("failed", "failed", g.Failed)
		t.csv("diverged", g.Diverged)
		t.right("unsettled", "unsettled", g.Unsettled)
		t.right("missing", "missing", g.Missing)
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
	return tabulate(trends, func(t *rows, x trend) {
		t.csv("sweep", r.Sweep.Name, "measure", amplitude)
		t.by(r.keys, x.By)
		t.long("series", "series", x.label)
		t.text("k", "K", table.Cell{Text: english.Ints(x.K), Full: ints(x.K)})
		t.right("seeds", "seeds", x.Seeds)
		t.right("", "Page p", pvalue(x.P()))
		t.csv("page_p", pvalue(x.PageP), "page_p_exact", pvalue(x.PagePExact), "page_l", x.PageL)
		t.right("jonckheere_p", "Jonckheere p", pvalue(x.JonckheereP))
		t.right("spearman", "Spearman", x.Spearman)
		t.right("spearman_p", "its p", pvalue(x.SpearmanP))
		t.mean("slope", "log-log slope", x.Slope, x.SlopeCI95)
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
	return tabulate(runs, func(t *rows, x member) {
		t.text("id", "run", x.ID)
		t.csv("baseline", x.group.Baseline, "k", x.group.K)
		t.by(r.keys, x.group.By)
		t.right("seed", "seed", table.Cell{Text: strconv.Itoa(x.Seed)})
		t.text("status", "state", string(x.Status))
		m, floor := cmp.Or(x.Measured, &filters.Measurement{}), cmp.Or(x.Floor, &filters.Amplitude{})
		t.blank = x.Measured == nil
		for _, name := range measure.Amplitudes {
			t.right(name, name, measure.Of(m.Amplitude, name))
		}
		t.right("level", "level", m.Level)
		t.right("knee", "knee", table.Cell{Text: table.Plain(m.Knee.Iteration)})
		t.csv("knee_limit", m.Knee.Limit, "knee_fallback", m.Knee.Fallback, "window_from", m.Window.From, "window_to", m.Window.To)
		t.blank = x.Floor == nil
		for _, name := range measure.Amplitudes {
			t.csv("floor_"+name, measure.Of(*floor, name))
		}
		t.blank = false
		t.csv("rows_with_lost_modes", x.Lost, "d_won", x.Won, "seconds", x.Seconds, "message", x.Message, "warnings", strings.Join(measure.Flagged(m.Warnings), "; "), "curve", x.File)
	})
}
