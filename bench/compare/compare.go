package compare

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"fig5/bench/report"
	"fig5/bench/stats"
)

// Alpha is the level below which a difference counts as significant.
const Alpha = 0.05

// Result is the comparisons by one key and one measure, with the report of all groups.
type Result struct {
	*report.Report
	By          string       `json:"by"`
	Comparisons []Comparison `json:"comparisons"`
}

// Comparison is one pair of groups: b against a.
type Comparison struct {
	A        string            `json:"a"`        // the value of By in the first group
	B        string            `json:"b"`        // the value of By in the second
	By       string            `json:"by"`       // the key that sets them apart
	Within   map[string]string `json:"within"`   // coordinates that they share and other pairs do not
	K        int               `json:"k"`        // of b; 0 where both are baselines
	Baseline string            `json:"baseline"` // where both are this baseline

	DeltaPercent stats.Number   `json:"delta_percent"` // 100 (geomean b / geomean a - 1)
	Test         string         `json:"test"`          // which test P is of: wilcoxon or mann-whitney
	P            stats.Number   `json:"p"`
	HolmP        stats.Number   `json:"holm_p"`       // P corrected over all comparisons
	SharedSeeds  int            `json:"shared_seeds"` // pairs of Wilcoxon's test
	WilcoxonP    stats.Number   `json:"wilcoxon_p"`   // null where no seed is shared
	MannWhitneyP stats.Number   `json:"mann_whitney_p"`
	Improvement  stats.Number   `json:"improvement"` // probability that a run of b has the smaller amplitude
	CI95         stats.Interval `json:"ci95"`        // of Improvement
	Warnings     []string       `json:"warnings"`

	groupA, groupB *report.GroupSummary
}

// Significant says whether P is below Alpha.
func (c *Comparison) Significant() bool { return float64(c.P) < Alpha }

// unit is a group with its place in the comparison.
type unit struct {
	sweep   int // index of its sweep
	group   *report.Group
	summary *report.GroupSummary
	variant string // its value of the key; empty where it has none
	within  map[string]string
	notes   []string // warnings of its curves
}

// Compare pairs the groups of sweeps that differ in the key by; an empty by chooses
// the first of sweep, schedule, anneal.end, anneal.box.half_width, anneal.protocol,
// baseline and k that tells groups apart. measure is one of report.Measures.
func Compare(sweeps []*report.Data, by, measure string) (*Result, error) {
	names, err := sweepNames(sweeps)
	if err != nil {
		return nil, err
	}
	r := &Result{Report: &report.Report{Measure: measure}, Comparisons: []Comparison{}}
	var units []*unit
	var floors []float64
	var noted [][]string // of each unit
	for i, d := range sweeps {
		one, err := d.Report(measure)
		if err != nil {
			return nil, err
		}
		floors = append(floors, one.RealFloor.Values...)
		noted = append(noted, r.merge(one, names[i], len(sweeps) > 1)...)
		for j := range d.Groups {
			units = append(units, &unit{sweep: i, group: &d.Groups[j]})
		}
	}
	if r.RealFloor, err = pooledFloor(floors); err != nil {
		return nil, err
	}
	for i, u := range units {
		u.summary, u.notes = &r.Groups[i], noted[i]
	}
	c := &comparer{names: names, units: units}
	for _, d := range sweeps {
		s, err := settings(d)
		if err != nil {
			return nil, err
		}
		c.settings = append(c.settings, s)
	}
	if r.By, err = c.key(by); err != nil {
		return nil, err
	}
	c.place(r.By)
	pairs, err := c.pairs(r.By)
	if err != nil {
		return nil, err
	}
	p := make([]float64, len(pairs))
	for i, pair := range pairs {
		one, err := compare(pair[0], pair[1], measure)
		if err != nil {
			return nil, err
		}
		one.By = r.By
		if r.By == byBaseline {
			one.B = fmt.Sprintf("K = %d", one.K)
		}
		p[i] = float64(one.P)
		r.Comparisons = append(r.Comparisons, one)
	}
	holm, err := stats.Holm(p)
	if err != nil {
		return nil, err
	}
	for i := range holm {
		r.Comparisons[i].HolmP = stats.Number(holm[i])
	}
	r.Warnings = append(r.Warnings, c.differences(r.By, pairs)...)
	return r, nil
}

// merge adds the report of one sweep; where there are several, its groups, trends
// and warnings carry its name. The answer is the notes on each of its groups.
func (r *Result) merge(one *report.Report, name string, several bool) (notes [][]string) {
	notes = make([][]string, len(one.Groups))
	for _, n := range one.Notes {
		if several {
			n.Text = name + ": " + n.Text
		}
		for _, i := range n.Groups {
			notes[i] = append(notes[i], n.Text)
		}
	}
	if !several {
		r.Report = one
		return notes
	}
	named := func(by map[string]string) map[string]string {
		m := maps.Clone(by)
		if m == nil {
			m = map[string]string{}
		}
		m[bySweep] = name
		return m
	}
	for _, g := range one.Groups {
		g.By = named(g.By)
		r.Groups = append(r.Groups, g)
	}
	for _, t := range one.Trends {
		t.By = named(t.By)
		r.Trends = append(r.Trends, t)
	}
	for _, w := range one.Warnings {
		r.Warnings = append(r.Warnings, name+": "+w)
	}
	return notes
}

func pooledFloor(values []float64) (report.Floor, error) {
	s, err := stats.Summarize(values)
	if values == nil {
		values = []float64{}
	}
	return report.Floor{Median: s.Median, Values: values}, err
}

// sweepNames tells the sweeps apart: by name, or by folder where names repeat.
func sweepNames(sweeps []*report.Data) ([]string, error) {
	if len(sweeps) == 0 {
		return nil, fmt.Errorf("no sweep to compare")
	}
	count := map[string]int{}
	for _, d := range sweeps {
		count[d.Name]++
	}
	seen := map[string]bool{}
	names := make([]string, len(sweeps))
	for i, d := range sweeps {
		names[i] = d.Name
		if count[d.Name] > 1 {
			names[i] = d.Dir
		}
		if seen[names[i]] {
			return nil, fmt.Errorf("%s: given twice", names[i])
		}
		seen[names[i]] = true
	}
	return names, nil
}

// compare tests b against a.
func compare(a, b *unit, measure string) (Comparison, error) {
	c := Comparison{
		A: a.variant, B: b.variant, Within: b.within, K: b.group.K, Warnings: []string{},
		DeltaPercent: stats.Number(math.NaN()),
		groupA:       a.summary, groupB: b.summary,
	}
	if a.group.Baseline == b.group.Baseline {
		c.Baseline = b.group.Baseline
	}
	fail := func(err error) (Comparison, error) {
		return c, fmt.Errorf("%s against %s: %w", a.group.Name(), b.group.Name(), err)
	}
	ga, gb := a.summary.GeoMean, b.summary.GeoMean
	if ga.Defined() && gb.Defined() {
		c.DeltaPercent = 100 * (gb/ga - 1)
	}

	seedsA, seedsB := a.group.Ranked(measure), b.group.Ranked(measure)
	shared, _ := stats.Shared(seedsA, seedsB)
	c.SharedSeeds = len(shared)
	first, second := make([]float64, len(shared)), make([]float64, len(shared))
	for i, row := range shared {
		first[i], second[i] = row[0], row[1]
	}
	wilcoxon, err := stats.Wilcoxon(first, second)
	if err != nil {
		return fail(err)
	}
	valuesA, valuesB := bySeed(seedsA), bySeed(seedsB)
	mann, err := stats.MannWhitney(valuesA, valuesB)
	if err != nil {
		return fail(err)
	}
	chance, err := stats.Improvement(valuesA, valuesB)
	if err != nil {
		return fail(err)
	}
	c.WilcoxonP, c.MannWhitneyP = wilcoxon.P, mann.P
	c.Improvement, c.CI95 = chance.P, chance.CI95
	test := mann
	if 2*len(shared) >= min(len(seedsA), len(seedsB)) && len(shared) > 0 {
		c.Test, test = "wilcoxon", wilcoxon
	} else {
		c.Test = "mann-whitney"
	}
	c.P = test.P
	for _, u := range []*unit{a, b} {
		if lost := losses(u.summary); lost != "" {
			c.Warnings = append(c.Warnings, fmt.Sprintf("%s: %s", u.name(), lost))
		}
	}
	for _, u := range []*unit{a, b} {
		for _, n := range u.notes {
			if !slices.Contains(c.Warnings, n) {
				c.Warnings = append(c.Warnings, n)
			}
		}
	}
	c.Warnings = append(c.Warnings, test.Warnings...)
	if c.Test == "wilcoxon" && len(shared) < max(len(seedsA), len(seedsB)) {
		c.Warnings = append(c.Warnings, fmt.Sprintf("Wilcoxon over the %d seeds with a result in both", len(shared)))
	}
	if !c.DeltaPercent.Defined() && len(valuesA) > 0 && len(valuesB) > 0 {
		c.Warnings = append(c.Warnings, "no change in percent: a geometric mean is undefined")
	}
	return c, nil
}

func bySeed(m map[int]float64) []float64 {
	v := make([]float64, 0, len(m))
	for _, seed := range slices.SortedFunc(maps.Keys(m), cmp.Compare[int]) {
		v = append(v, m[seed])
	}
	return v
}

// losses says in words which runs of a group have no settled amplitude.
func losses(g *report.GroupSummary) string {
	var words []string
	for _, l := range []struct {
		n    int
		what string
	}{{g.Unsettled, "unsettled"}, {g.Failed - g.Diverged, "failed"}, {g.Diverged, "diverged"}, {g.Missing, "missing"}} {
		if l.n > 0 {
			words = append(words, fmt.Sprintf("%d %s", l.n, l.what))
		}
	}
	if words == nil {
		return ""
	}
	return fmt.Sprintf("%s of %d", strings.Join(words, ", "), runs(g))
}

// runs is the number of runs of a group, whatever became of them.
func runs(g *report.GroupSummary) int { return g.N + g.Failed + g.Unsettled + g.Missing }
