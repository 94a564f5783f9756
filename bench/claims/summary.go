package claims

import (
	"cmp"
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
	var few []string
	for i, name := range s.Names() {
		g, err := summarize(&s.Groups[i], name, amplitude)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out.Groups = append(out.Groups, g)
		if g.N < fewSeeds && len(s.Groups[i].Runs) > g.Missing {
			few = append(few, fmt.Sprintf("%s %d", name, g.N))
		}
	}
	out.Notes = notes(s)
	for _, n := range out.Notes {
		out.Warnings = append(out.Warnings, n.Text())
		for _, p := range n.Places {
			g := &out.Groups[p.Group]
			g.Warnings = append(g.Warnings, n.at(p, len(s.Groups[p.Group].Runs)).Text())
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
	values, seeds := g.Values(amplitude)
	levels := g.FIDLevels()
	v, err1 := stats.Summarize(values)
	l, err2 := stats.Summarize(levels)
	floor, err3 := newFloor(g.FloorValues(amplitude))
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
	return out, cmp.Or(err1, err2, err3)
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
	ranked := make([]map[int]float64, len(groups))
	pools := make([][]float64, len(groups))
	var ks []int
	var x, y []float64 // K and amplitude of every run
	for i, g := range groups {
		ks = append(ks, g.K)
		ranked[i] = g.Ranked(amplitude)
		pools[i] = bySeed(ranked[i])
		for _, v := range pools[i] {
			x, y = append(x, float64(g.K)), append(y, v)
		}
	}
	blocks, seeds := stats.Shared(ranked...)
	page, err1 := stats.Page(blocks)
	_, jonckheere, err2 := stats.Jonckheere(pools)
	spearman, spearmanP, err3 := stats.Spearman(x, y)
	slope, slopeCI95, err4 := stats.LogLog(x, y) // without K = 0
	t := Trend{
		By: series.By, K: ks, Seeds: len(seeds), PageP: page.PApprox, PagePExact: page.PExact, PageL: page.Statistic,
		JonckheereP: jonckheere, Spearman: spearman, SpearmanP: spearmanP, Slope: slope, SlopeCI95: slopeCI95, Warnings: []string{},
	}
	if n := len(s.Seeds()); n > t.Seeds {
		t.Warnings = append(t.Warnings, fmt.Sprintf("%d of %d seeds have no result at every K and are left out of Page's test", n-t.Seeds, n))
	}
	for _, w := range page.Warnings {
		t.Warnings = append(t.Warnings, "Page: "+w)
	}
	return t, cmp.Or(err1, err2, err3, err4)
}
