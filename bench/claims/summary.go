package claims

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"fig5/bench/measure"
	"fig5/bench/stats"
)

// fewSeeds is the number of seeds below which a number carries a warning and no
// question is decided: no two-sided rank test of five pairs can reach .05.
const fewSeeds = 6

// Summarize describes every group of the sweep and every trend over K, by one of
// measure.Amplitudes.
func Summarize(s *measure.Sweep, amplitude string) (*Summary, error) {
	if err := measure.CheckAmplitude(amplitude); err != nil {
		return nil, err
	}
	out := &Summary{Measure: amplitude, Groups: []Group{}, Trends: []Trend{}, Warnings: append([]string{}, s.Warnings...)}
	all := make([]int, len(s.Groups))
	for i := range all {
		all[i] = i
	}
	out.Notes = notes(s, all...)
	for _, n := range out.Notes {
		out.Warnings = append(out.Warnings, n.Text())
	}
	var few []string
	for i, name := range s.Names() {
		g, err := summarize(&s.Groups[i], name, amplitude)
		if err != nil {
			return nil, err
		}
		for _, n := range notes(s, i) {
			g.Warnings = append(g.Warnings, n.Text())
		}
		out.Groups = append(out.Groups, g)
		if g.N < fewSeeds && len(s.Groups[i].Runs) > g.Missing {
			few = append(few, fmt.Sprintf("%s %d", name, g.N))
		}
	}
	if len(few) > 0 {
		out.Warnings = append(out.Warnings, fmt.Sprintf("fewer than %d settled seeds: %s", fewSeeds, strings.Join(few, "; ")))
	}
	for _, series := range s.Series() {
		t, err := trend(s, series, amplitude)
		if err != nil {
			return nil, err
		}
		out.Trends = append(out.Trends, t)
	}
	var real []float64
	for _, a := range s.RealFloor {
		if v := measure.Of(a, amplitude); !math.IsNaN(v) {
			real = append(real, v)
		}
	}
	var err error
	out.RealFloor, err = newFloor(real)
	return out, err
}

func summarize(g *measure.Group, name, amplitude string) (Group, error) {
	fail := func(err error) (Group, error) { return Group{}, fmt.Errorf("%s: %w", name, err) }
	values, seeds := g.Values(amplitude)
	v, err := stats.Summarize(values)
	if err != nil {
		return fail(err)
	}
	floor, err := newFloor(g.FloorValues(amplitude))
	if err != nil {
		return fail(err)
	}
	levels := g.FIDLevels()
	l, err := stats.Summarize(levels)
	if err != nil {
		return fail(err)
	}
	out := Group{
		By: g.By, Name: name, K: g.K, Baseline: g.Baseline, Annealing: g.Annealing(),
		N: len(values), Diverged: g.Count(measure.Diverged), Failed: g.Count(measure.Diverged, measure.Failed), Missing: g.Count(measure.Missing),
		Mean: v.Mean, SD: v.SD, CI95: v.CI95, GeoMean: v.GeoMean, GeoMeanCI95: v.GeoMeanCI95,
		Median: v.Median, MedianCI95: v.MedianCI95, IQM: v.IQM, SDLog: stats.SDLog(values),
		Values: values, Seeds: seeds, Floor: floor,
		Level:    Level{l.GeoMean, l.GeoMeanCI95, l.Median, levels},
		Warnings: v.Warnings,
	}
	out.Moving, _ = moving(g)
	for _, r := range g.Runs {
		if r.Won {
			out.Won++
		}
	}
	out.Unsettled = len(g.Runs) - out.N - out.Failed - out.Missing
	if n := out.Unsettled - g.Count(measure.Unsettled); n > 0 {
		out.Warnings = append(out.Warnings, fmt.Sprintf("%s is undefined for %d settled of %d: counted as unsettled", amplitude, n, len(g.Runs)))
	}
	if out.Unsettled > 0 {
		out.Warnings = append(out.Warnings, fmt.Sprintf("%d of %d unsettled: left out of every average", out.Unsettled, len(g.Runs)))
	}
	if lost, counted := g.LostModes(); counted > 0 {
		out.LostModes = &lost
	}
	return out, nil
}

// moving is how many of a group's settled runs are still moving, and how many settled.
func moving(g *measure.Group) (n, settled int) {
	for _, r := range g.Runs {
		if r.Status == measure.Settled {
			settled++
			if r.Moving() {
				n++
			}
		}
	}
	return n, settled
}

func newFloor(values []float64) (Floor, error) {
	s, err := stats.Summarize(values)
	return Floor{s.Median, append([]float64{}, values...)}, err
}

// trend tests one series for a decrease with K. Where anneal.steps names K = 0, the
// warm baseline stands before the ladders.
func trend(s *measure.Sweep, series measure.Series, amplitude string) (Trend, error) {
	groups := series.Groups
	if warm := s.Baseline("warm"); warm != nil && s.Config != nil && slices.Contains(s.Config.Anneal.Steps, 0) {
		groups = append([]*measure.Group{warm}, groups...)
	}
	t := Trend{By: series.By, K: []int{}, Warnings: []string{}}
	ranked := make([]map[int]float64, len(groups))
	pools := make([][]float64, len(groups))
	var ks, all, k1, v1 []float64 // of every run; of those with K ≥ 1
	for i, g := range groups {
		t.K = append(t.K, g.K)
		ranked[i] = g.Ranked(amplitude)
		pools[i] = bySeed(ranked[i])
		for _, v := range pools[i] {
			ks, all = append(ks, float64(g.K)), append(all, v)
			if g.K >= 1 {
				k1, v1 = append(k1, float64(g.K)), append(v1, v)
			}
		}
	}
	blocks, seeds := stats.Shared(ranked...)
	t.Seeds = len(seeds)
	page, err := stats.Page(blocks)
	if err != nil {
		return t, fmt.Errorf("page: %w", err)
	}
	t.PageP, t.PagePExact, t.PageL = page.PApprox, page.PExact, page.Statistic
	if _, t.JonckheereP, err = stats.Jonckheere(pools); err != nil {
		return t, fmt.Errorf("jonckheere: %w", err)
	}
	if t.Spearman, t.SpearmanP, err = stats.Spearman(ks, all); err != nil {
		return t, fmt.Errorf("spearman: %w", err)
	}
	if t.Slope, t.SlopeCI95, err = stats.LogLog(k1, v1); err != nil {
		return t, fmt.Errorf("slope: %w", err)
	}
	if n := len(s.Seeds()); n > t.Seeds {
		t.Warnings = append(t.Warnings, fmt.Sprintf("%d of %d seeds have no result at every K and are left out of Page's test", n-t.Seeds, n))
	}
	for _, w := range page.Warnings {
		t.Warnings = append(t.Warnings, "Page: "+w)
	}
	return t, nil
}
