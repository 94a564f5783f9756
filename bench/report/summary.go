package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat/distuv"

	"fig5/bench/stats"
)

// fewSeeds is the number of seeds below which a number carries a warning.
const fewSeeds = 6

// Report is the statistics of a Data by one measure. Its JSON form is the output of
// `fig5 report --json`.
type Report struct {
	Measure   string         `json:"measure"`
	Groups    []GroupSummary `json:"groups"`
	Trends    []Trend        `json:"trends"`
	RealFloor Floor          `json:"real_floor"`
	Warnings  []string       `json:"warnings"` // the Notes among them
	Notes     []Note         `json:"-"`        // the warnings of the curves
}

// GroupSummary describes one group; N + Failed + Unsettled + Missing is its number of seeds.
type GroupSummary struct {
	By          map[string]string `json:"by"`
	K           int               `json:"k"`
	Baseline    string            `json:"baseline"`
	N           int               `json:"n"`
	Failed      int               `json:"failed"` // diverged ones among them
	Diverged    int               `json:"diverged"`
	Unsettled   int               `json:"unsettled"`
	Missing     int               `json:"missing"`
	Mean        stats.Number      `json:"mean"`
	SD          stats.Number      `json:"sd"`
	CI95        stats.Interval    `json:"ci95"`
	GeoMean     stats.Number      `json:"geomean"`
	GeoMeanCI95 stats.Interval    `json:"geomean_ci95"`
	Median      stats.Number      `json:"median"`
	MedianCI95  stats.Interval    `json:"median_ci95"`
	IQM         stats.Number      `json:"iqm"`
	SDLog       stats.Number      `json:"sd_log"` // of ln amplitude: the spread over seeds
	Values      []float64         `json:"values"`
	Seeds       []int             `json:"seeds"` // those of Values
	Floor       Floor             `json:"floor"`
	Level       Level             `json:"level"`
	LostModes   *int              `json:"lost_modes"` // runs that held too few modes somewhere in the window; null where not counted
	Warnings    []string          `json:"warnings"`
}

// Floor is the amplitude that the measurement shows where nothing oscillates.
type Floor struct {
	Median stats.Number `json:"median"`
	Values []float64    `json:"values"`
}

// Level is the mean filtered FID in the window, over seeds.
type Level struct {
	GeoMean     stats.Number   `json:"geomean"`
	GeoMeanCI95 stats.Interval `json:"geomean_ci95"`
	Median      stats.Number   `json:"median"`
	Values      []float64      `json:"values"`
}

// Trend is how one series falls with K. P values are one-sided, for a decrease, but
// for Spearman's, which is two-sided.
type Trend struct {
	By          map[string]string `json:"by"`
	K           []int             `json:"k"`
	Seeds       int               `json:"seeds"` // blocks of Page's test: seeds with a result at every K
	PageP       stats.Number      `json:"page_p"`
	PagePExact  stats.Number      `json:"page_p_exact"` // over all orders within the seeds; null where they are too many
	PageL       stats.Number      `json:"page_l"`
	PageMethod  string            `json:"page_method"`
	JonckheereP stats.Number      `json:"jonckheere_p"`
	Spearman    stats.Number      `json:"spearman"`
	SpearmanP   stats.Number      `json:"spearman_p"`
	Slope       stats.Number      `json:"slope"` // d ln amplitude / d ln K, K ≥ 1
	SlopeCI95   stats.Interval    `json:"slope_ci95"`
	Warnings    []string          `json:"warnings"`
}

// Report summarises the data by one of Measures.
func (d *Data) Report(measure string) (*Report, error) {
	if err := CheckMeasure(measure); err != nil {
		return nil, err
	}
	r := &Report{Measure: measure, Groups: []GroupSummary{}, Trends: []Trend{}, Warnings: slices.Clone(d.Warnings), Notes: d.notes()}
	if r.Warnings == nil {
		r.Warnings = []string{}
	}
	for _, n := range r.Notes {
		r.Warnings = append(r.Warnings, n.Text)
	}
	for i := range d.Groups {
		s, err := summarize(&d.Groups[i], measure)
		if err != nil {
			return nil, err
		}
		s.Warnings = append(s.Warnings, d.groupNotes(i)...)
		r.Groups = append(r.Groups, s)
	}
	var few []string
	for i, g := range r.Groups {
		if g.N < fewSeeds && len(d.Groups[i].Runs) > g.Missing {
			few = append(few, fmt.Sprintf("%s %d", groupName(g.By, g.K, g.Baseline, d.labels()[seriesName(g.By)]), g.N))
		}
	}
	if len(few) > 0 {
		r.Warnings = append(r.Warnings, fmt.Sprintf("fewer than %d settled seeds: %s", fewSeeds, strings.Join(few, "; ")))
	}
	for _, s := range d.Series() {
		t, err := d.trend(s, measure)
		if err != nil {
			return nil, err
		}
		r.Trends = append(r.Trends, t)
	}
	var real []float64
	for _, a := range d.RealFloor {
		if v := amplitude(a, measure); !math.IsNaN(v) {
			real = append(real, v)
		}
	}
	var err error
	r.RealFloor, err = newFloor(real)
	return r, err
}

// summarize describes one group by one measure.
func summarize(g *Group, measure string) (GroupSummary, error) {
	fail := func(err error) (GroupSummary, error) {
		return GroupSummary{}, fmt.Errorf("%s: %w", g.Name(), err)
	}
	values, seeds := g.Values(measure)
	s, err := stats.Summarize(values)
	if err != nil {
		return fail(err)
	}
	floor, err := newFloor(g.FloorValues(measure))
	if err != nil {
		return fail(err)
	}
	levels := g.FIDLevels()
	l, err := stats.Summarize(levels)
	if err != nil {
		return fail(err)
	}
	out := GroupSummary{
		By: g.By, K: g.K, Baseline: g.Baseline,
		N: len(values), Diverged: g.Count(Diverged), Failed: g.Count(Diverged, Failed), Missing: g.Count(Missing),
		Mean: s.Mean, SD: s.SD, CI95: s.CI95, GeoMean: s.GeoMean, GeoMeanCI95: s.GeoMeanCI95,
		Median: s.Median, MedianCI95: s.MedianCI95, IQM: s.IQM, SDLog: sdLog(values),
		Values: values, Seeds: seeds, Floor: floor,
		Level:    Level{l.GeoMean, l.GeoMeanCI95, l.Median, levels},
		Warnings: s.Warnings,
	}
	out.Unsettled = len(g.Runs) - out.N - out.Failed - out.Missing
	if n := out.Unsettled - g.Count(Unsettled); n > 0 {
		out.Warnings = append(out.Warnings, fmt.Sprintf("%s is undefined for %d settled of %d: counted as unsettled", measure, n, len(g.Runs)))
	}
	if out.Unsettled > 0 {
		out.Warnings = append(out.Warnings, fmt.Sprintf("%d of %d unsettled: left out of every average", out.Unsettled, len(g.Runs)))
	}
	if lost, counted := g.LostModes(); counted > 0 {
		out.LostModes = &lost
	}
	return out, nil
}

func newFloor(values []float64) (Floor, error) {
	s, err := stats.Summarize(values)
	if values == nil {
		values = []float64{}
	}
	return Floor{s.Median, values}, err
}

// sdLog is the standard deviation (n-1) of ln v, NaN where there is none.
func sdLog(v []float64) stats.Number {
	if len(v) < 2 {
		return stats.Number(math.NaN())
	}
	mean, ss := 0.0, 0.0
	for _, x := range v {
		if x <= 0 {
			return stats.Number(math.NaN())
		}
		mean += math.Log(x) / float64(len(v))
	}
	for _, x := range v {
		ss += (math.Log(x) - mean) * (math.Log(x) - mean)
	}
	return stats.Number(math.Sqrt(ss / float64(len(v)-1)))
}

// trend tests one series for a decrease with K. Where anneal.steps names K = 0, the
// warm baseline stands before the ladders.
func (d *Data) trend(s Series, measure string) (Trend, error) {
	groups := s.Groups
	if warm := d.Baseline("warm"); warm != nil && d.Config != nil && slices.Contains(d.Config.Anneal.Steps, 0) {
		groups = append([]*Group{warm}, groups...)
	}
	t := Trend{By: s.By, K: []int{}, Warnings: []string{}}
	ranked := make([]map[int]float64, len(groups))
	pools := make([][]float64, len(groups))
	var ks, all []float64
	for i, g := range groups {
		t.K = append(t.K, g.K)
		ranked[i] = g.Ranked(measure)
		for j := range g.Runs {
			if v := g.Runs[j].Amplitude(measure); !math.IsNaN(v) {
				pools[i] = append(pools[i], v)
				ks, all = append(ks, float64(g.K)), append(all, v)
			}
		}
	}
	blocks, seeds := stats.Shared(ranked...)
	t.Seeds = len(seeds)
	page, err := stats.Page(blocks)
	if err != nil {
		return t, fmt.Errorf("page: %w", err)
	}
	jonckheere, err := stats.Jonckheere(pools)
	if err != nil {
		return t, fmt.Errorf("jonckheere: %w", err)
	}
	spearman, err := stats.Spearman(ks, all)
	if err != nil {
		return t, fmt.Errorf("spearman: %w", err)
	}
	slope, err := stats.LogLog(positive(ks, all))
	if err != nil {
		return t, fmt.Errorf("slope: %w", err)
	}
	t.PageP, t.PagePExact, t.PageL, t.PageMethod = page.P, page.PExact, page.Statistic, page.Method
	t.JonckheereP = jonckheere.P
	t.Spearman, t.SpearmanP = spearman.Statistic, spearman.P
	t.Slope, t.SlopeCI95 = slope.Slope, slope.CI95
	if dropped := len(d.Seeds()) - t.Seeds; dropped > 0 {
		t.Warnings = append(t.Warnings, fmt.Sprintf("%d of %d seeds have no result at every K and are left out of Page's test", dropped, len(d.Seeds())))
	}
	for _, w := range page.Warnings {
		t.Warnings = append(t.Warnings, "Page: "+w)
	}
	return t, nil
}

// positive is the points with k ≥ 1: the slope has no place for K = 0.
func positive(k, v []float64) (k1, v1 []float64) {
	for i := range k {
		if k[i] >= 1 {
			k1, v1 = append(k1, k[i]), append(v1, v[i])
		}
	}
	return k1, v1
}

// Name is the group in words: "warm", "K = 5", "geometric, budget 10000, K = 5".
func (g *Group) Name() string { return groupName(g.By, g.K, g.Baseline, "") }

// groupName names a group; label, where given, stands for its coordinates.
func groupName(by map[string]string, k int, baseline, label string) string {
	if baseline != "" {
		return baseline
	}
	name := fmt.Sprintf("K = %d", k)
	if label != "" {
		return label + ", " + name
	}
	return name
}

// varianceRatio is the 95 % interval of the ratio of two standard deviations whose
// estimates have the ratio r, from n and m normal values (the F distribution).
func varianceRatio(r float64, n, m int) stats.Interval {
	f := distuv.F{D1: float64(n - 1), D2: float64(m - 1)}
	return stats.Interval{Lo: r / math.Sqrt(f.Quantile(0.975)), Hi: r / math.Sqrt(f.Quantile(0.025))}
}
