package claims

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"fig5/bench/measure"
	"fig5/bench/stats"
)

// Alpha is the level below which a difference counts as one.
const Alpha = 0.05

// Significant says whether P is below Alpha.
func (c *Comparison) Significant() bool { return float64(c.P) < Alpha }

// unit is a group with its place in a comparison.
type unit struct {
	sweep   int // index of its sweep
	at      int // index in Summary.Groups
	group   *measure.Group
	variant string            // its value of the key; empty where it has none
	within  map[string]string // coordinates that its partner must share
	runs    string            // what its runs are: equal where two groups are the same runs
	notes   []string          // warnings of its curves
}

// Compare pairs the groups of sweeps that differ in the key by; an empty by chooses
// the first of sweep, schedule, anneal.end, anneal.box.half_width, anneal.protocol,
// baseline and k that tells groups apart. amplitude is one of measure.Amplitudes.
//
// Holm's correction is over all pairs of trainings: two rows that are the same runs
// under other names count once and have the same p, and a row whose two sides are the
// same runs is no test.
func Compare(sweeps []*measure.Sweep, by, amplitude string) (*Comparisons, error) {
	names, err := sweepNames(sweeps)
	if err != nil {
		return nil, err
	}
	r := &Comparisons{Summary: &Summary{Measure: amplitude}, Comparisons: []Comparison{}}
	c := &comparer{names: names}
	var floors []float64
	for i, s := range sweeps {
		one, err := Summarize(s, amplitude)
		if err != nil {
			return nil, err
		}
		floors = append(floors, one.RealFloor.Values...)
		first := len(c.units)
		for j := range s.Groups {
			c.units = append(c.units, &unit{sweep: i, at: first + j, group: &s.Groups[j], runs: runsOf(s, j, first+j)})
		}
		for _, n := range r.merge(one, names[i], len(sweeps) > 1, first) {
			for _, p := range n.Places {
				c.units[p.Group].notes = append(c.units[p.Group].notes, n.Text())
			}
		}
		set, err := settings(s)
		if err != nil {
			return nil, err
		}
		c.settings = append(c.settings, set)
	}
	if r.RealFloor, err = newFloor(floors); err != nil {
		return nil, err
	}
	if r.By, err = c.key(by); err != nil {
		return nil, err
	}
	c.place(r.By)
	pairs, err := c.pairs(r.By)
	if err != nil {
		return nil, err
	}
	for _, p := range pairs {
		one, err := r.compare(p[0], p[1], amplitude)
		if err != nil {
			return nil, err
		}
		one.By = r.By
		if r.By == byBaseline {
			one.B = fmt.Sprintf("K = %d", one.K)
		}
		r.Comparisons = append(r.Comparisons, one)
	}
	r.Warnings = append(r.Warnings, c.differences(r.By, pairs)...)
	return r, r.holm(pairs)
}

// runsOf tells the runs of a group from those of others; two groups that are not known
// to be the same runs, measured in the same way, differ.
func runsOf(s *measure.Sweep, group, at int) string {
	if t := trainings(&s.Groups[group]); t != nil {
		return fmt.Sprint(s.Analysis, t)
	}
	return fmt.Sprint(at)
}

// holm corrects P over the pairs, each pair of trainings counted once.
func (r *Comparisons) holm(pairs [][2]*unit) error {
	first := map[string]int{}
	var family []float64
	of := make([]int, len(pairs)) // each row's place in the family
	for i, p := range pairs {
		of[i] = -1
		if p[0].runs == p[1].runs {
			continue
		}
		key := p[0].runs + "/" + p[1].runs
		if _, ok := first[key]; !ok {
			first[key] = len(family)
			family = append(family, float64(r.Comparisons[i].P))
			r.Comparisons[i].counted = true
		}
		of[i] = first[key]
	}
	holm, err := stats.Holm(family)
	if err != nil {
		return err
	}
	for i, at := range of {
		r.Comparisons[i].HolmP = stats.Number(math.NaN())
		if at >= 0 {
			r.Comparisons[i].HolmP = stats.Number(holm[at])
		} else {
			r.Comparisons[i].Warnings = append(r.Comparisons[i].Warnings, "both are the same runs: no comparison, and not counted in Holm's correction")
		}
	}
	return nil
}

// merge adds the summary of one sweep; where there are several, its groups, trends and
// warnings carry its name. The answer is its notes, of groups counted from first.
func (r *Comparisons) merge(one *Summary, name string, several bool, first int) []Note {
	notes := slices.Clone(one.Notes)
	for i := range notes {
		n := &notes[i]
		if n.Places = slices.Clone(n.Places); several {
			n.Sweep = name
		}
		for j := range n.Places {
			n.Places[j].Group += first
		}
	}
	if !several {
		r.Summary = one
		return notes
	}
	named := func(by map[string]string) map[string]string {
		m := map[string]string{bySweep: name}
		maps.Copy(m, by)
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
	r.Notes = append(r.Notes, notes...)
	return notes
}

// sweepNames tells the sweeps apart: by name, or by folder where names repeat.
func sweepNames(sweeps []*measure.Sweep) ([]string, error) {
	if len(sweeps) == 0 {
		return nil, fmt.Errorf("no sweep to compare")
	}
	count := map[string]int{}
	for _, s := range sweeps {
		count[s.Name]++
	}
	seen := map[string]bool{}
	names := make([]string, len(sweeps))
	for i, s := range sweeps {
		names[i] = s.Name
		if count[s.Name] > 1 {
			names[i] = s.Dir
		}
		if seen[names[i]] {
			return nil, fmt.Errorf("%s: given twice", names[i])
		}
		seen[names[i]] = true
	}
	return names, nil
}

// compare holds b against a. Where too few seeds are shared, the groups are taken for
// independent: Mann-Whitney's test, and the ratio of their geometric means.
func (r *Comparisons) compare(a, b *unit, amplitude string) (Comparison, error) {
	ga, gb := &r.Groups[a.at], &r.Groups[b.at]
	c := Comparison{
		A: a.variant, B: b.variant, Within: b.within, K: b.group.K, Warnings: []string{},
		DeltaPercent: 100 * (gb.GeoMean/ga.GeoMean - 1), GroupA: a.at, GroupB: b.at,
	}
	if a.group.Baseline == b.group.Baseline {
		c.Baseline = b.group.Baseline
	}
	fail := func(err error) (Comparison, error) { return c, fmt.Errorf("%s against %s: %w", ga.Name, gb.Name, err) }
	seedsA, seedsB := a.group.Ranked(amplitude), b.group.Ranked(amplitude)
	p, err := pair(seedsA, seedsB)
	if err != nil {
		return fail(err)
	}
	valuesA, valuesB := bySeed(seedsA), bySeed(seedsB)
	mann, err := stats.MannWhitney(valuesA, valuesB)
	if err != nil {
		return fail(err)
	}
	if c.Improvement, c.CI95, err = stats.Improvement(valuesA, valuesB); err != nil {
		return fail(err)
	}
	c.SharedSeeds = p.seeds
	c.WilcoxonP, c.MannWhitneyP = p.wilcoxon.P, mann.P
	test := p.wilcoxon
	if p.seeds > 0 && 2*p.seeds >= min(len(seedsA), len(seedsB)) {
		c.Test, c.N, c.Pairs, c.LeftOut = "wilcoxon", p.seeds, p.pairs, p.seeds-p.pairs
		c.Ratio, c.RatioCI95 = p.ratio, p.ci
	} else {
		c.Test, test, c.N = "mann-whitney", mann, len(valuesA)+len(valuesB)
		c.Ratio, c.RatioCI95 = stats.GroupRatio(valuesA, valuesB)
	}
	c.P = test.P
	for _, side := range []struct {
		u *unit
		g *Group
	}{{a, ga}, {b, gb}} {
		if lost := losses(side.g); lost != "" {
			c.Warnings = append(c.Warnings, side.u.name()+": "+lost)
		}
		if n, runs := moving(side.u.group); restless(n, runs) {
			c.Warnings = append(c.Warnings, fmt.Sprintf("no plateau: %d of %d runs of %s are still moving, so that the ratio holds a drift and is not one of oscillations", n, runs, side.u.name()))
		}
	}
	for _, n := range slices.Concat(a.notes, b.notes) {
		if !slices.Contains(c.Warnings, n) {
			c.Warnings = append(c.Warnings, n)
		}
	}
	c.Warnings = append(c.Warnings, test.Warnings...)
	if c.Test == "wilcoxon" && p.seeds < max(len(seedsA), len(seedsB)) {
		c.Warnings = append(c.Warnings, fmt.Sprintf("Wilcoxon over the %d seeds with a result in both", p.seeds))
	}
	if !c.DeltaPercent.Defined() && len(valuesA) > 0 && len(valuesB) > 0 {
		c.Warnings = append(c.Warnings, "no change in percent: a geometric mean is undefined")
	}
	return c, nil
}

// losses says in words which runs of a group have no settled amplitude.
func losses(g *Group) string {
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
	return fmt.Sprintf("%s of %d", strings.Join(words, ", "), g.N+g.Failed+g.Unsettled+g.Missing)
}
