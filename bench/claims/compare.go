package claims

import (
	"cmp"
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
	r := &Comparisons{Summary: &Summary{Measure: amplitude, Groups: []Group{}, Trends: []Trend{}, Warnings: []string{}}, Comparisons: []Comparison{}}
	var all units
	var floors []float64
	for i, s := range sweeps {
		one, err := Summarize(s, amplitude)
		if err != nil {
			return nil, err
		}
		set, err := settings(s)
		if err != nil {
			return nil, err
		}
		for j := range s.Groups {
			u := &unit{group: &s.Groups[j], at: len(all), sweep: names[i], settings: set}
			if u.runs = fmt.Sprint(u.at); trainings(u.group) != nil {
				u.runs = fmt.Sprint(s.Analysis, trainings(u.group))
			}
			all = append(all, u)
		}
		if len(sweeps) == 1 {
			r.Summary = one
		} else {
			r.merge(one, names[i])
		}
		floors = append(floors, one.RealFloor.Values...)
	}
	for _, n := range r.Notes {
		for _, p := range n.Places {
			all[p.Group].notes = append(all[p.Group].notes, n.Text())
		}
	}
	if r.RealFloor, err = newFloor(floors); err != nil {
		return nil, err
	}
	if r.By, err = all.key(by); err != nil {
		return nil, err
	}
	all.place(r.By)
	pairs, err := all.pairs(r.By)
	if err != nil {
		return nil, err
	}
	for _, p := range pairs {
		one, err := r.compare(p[0], p[1])
		if err != nil {
			return nil, err
		}
		r.Comparisons = append(r.Comparisons, one)
	}
	r.Warnings = append(r.Warnings, all.differences(r.By, pairs)...)
	return r, r.holm(pairs)
}

// holm corrects P over the pairs, each pair of trainings counted once.
func (r *Comparisons) holm(pairs []pairing) error {
	place := map[[2]string]int{} // of a pair of trainings in the family
	var family []float64
	for i, p := range pairs {
		of := [2]string{p[0].runs, p[1].runs}
		if _, ok := place[of]; !ok && of[0] != of[1] {
			place[of] = len(family)
			family = append(family, float64(r.Comparisons[i].P))
			r.Comparisons[i].counted = true
		}
	}
	holm, err := stats.Holm(family)
	if err != nil {
		return err
	}
	for i, p := range pairs {
		c := &r.Comparisons[i]
		if at, ok := place[[2]string{p[0].runs, p[1].runs}]; ok {
			c.HolmP = stats.Number(holm[at])
		} else {
			c.HolmP = stats.Number(math.NaN())
			c.Warnings = append(c.Warnings, "both are the same runs: no comparison, and not counted in Holm's correction")
		}
	}
	return nil
}

// merge puts the summary of one of several sweeps, whose groups, trends, warnings and notes
// get its name, behind those that are there.
func (s *Summary) merge(one *Summary, sweep string) {
	named := func(by map[string]string) map[string]string {
		m := map[string]string{bySweep: sweep}
		maps.Copy(m, by)
		return m
	}
	for _, n := range one.Notes {
		n.Sweep = sweep
		for i := range n.Places {
			n.Places[i].Group += len(s.Groups)
		}
		s.Notes = append(s.Notes, n)
	}
	for _, g := range one.Groups {
		g.By = named(g.By)
		s.Groups = append(s.Groups, g)
	}
	for _, t := range one.Trends {
		t.By = named(t.By)
		s.Trends = append(s.Trends, t)
	}
	for _, w := range one.Warnings {
		s.Warnings = append(s.Warnings, sweep+": "+w)
	}
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
	names := make([]string, len(sweeps))
	for i, s := range sweeps {
		names[i] = s.Name
		if count[s.Name] > 1 {
			names[i] = s.Dir
		}
		if slices.Contains(names[:i], names[i]) {
			return nil, fmt.Errorf("%s: given twice", names[i])
		}
	}
	return names, nil
}

// compare holds b against a. Where too few seeds are shared, the groups are taken for
// independent: Mann-Whitney's test, and the ratio of their geometric means.
func (r *Comparisons) compare(a, b *unit) (Comparison, error) {
	ga, gb := &r.Groups[a.at], &r.Groups[b.at]
	seedsA, seedsB := a.group.Ranked(r.Measure), b.group.Ranked(r.Measure)
	valuesA, valuesB := bySeed(seedsA), bySeed(seedsB)
	p, err1 := pair(seedsA, seedsB)
	mann, err2 := stats.MannWhitney(valuesA, valuesB)
	improvement, ci95, err3 := stats.Improvement(valuesA, valuesB)
	c := Comparison{
		A: a.variant, B: b.variant, By: r.By, Within: b.within, K: b.group.K, GroupA: a.at, GroupB: b.at, Warnings: []string{},
		DeltaPercent: 100 * (gb.GeoMean/ga.GeoMean - 1), Improvement: improvement, CI95: ci95,
		SharedSeeds: p.seeds, WilcoxonP: p.wilcoxon.P, MannWhitneyP: mann.P,
	}
	if r.By == byBaseline {
		c.B = b.group.Name()
	}
	if a.group.Baseline == b.group.Baseline {
		c.Baseline = b.group.Baseline
	}
	test := p.wilcoxon
	if p.seeds > 0 && 2*p.seeds >= min(len(seedsA), len(seedsB)) {
		c.Test, c.N, c.Pairs, c.LeftOut = "wilcoxon", p.seeds, p.pairs, p.seeds-p.pairs
		c.Ratio, c.RatioCI95 = p.ratio, p.ci
	} else {
		c.Test, test, c.N = "mann-whitney", mann, len(valuesA)+len(valuesB)
		c.Ratio, c.RatioCI95 = stats.GroupRatio(valuesA, valuesB)
	}
	c.P = test.P
	for _, u := range []*unit{a, b} {
		if lost := losses(&r.Groups[u.at]); lost != "" {
			c.Warnings = append(c.Warnings, u.name()+": "+lost)
		}
		if n, runs := moving(u.group); restless(n, runs) {
			c.Warnings = append(c.Warnings, fmt.Sprintf("no plateau: %d of %d runs of %s are still moving, so that the ratio holds a drift and is not one of oscillations", n, runs, u.name()))
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
	return c, cmp.Or(err1, err2, err3)
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
