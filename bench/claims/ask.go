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

// relevant is the factor between two amplitudes below which a difference is called none.
const relevant = 1.5

// Ask puts the four questions of docs/experiment.md to a sweep, by one of
// measure.Amplitudes, as far as it has the groups:
//
//   - 1 to each series with as many iterations at each level, or of curves whose
//     protocol is not known, and 3 to each of fixed length, of two K or more;
//   - 4 to the largest K, and 2 to the ladders for which there is a hot phase of their
//     length, of each series with as many iterations at each level, or of every series
//     where there is none.
//
// Holm's correction is over all of them.
func Ask(s *measure.Sweep, amplitude string) (*Answer, error) {
	if err := measure.CheckAmplitude(amplitude); err != nil {
		return nil, err
	}
	out := &Answer{Sweep: s.Name, Measure: amplitude, Questions: []Question{}}
	k := newAsker(s, amplitude)
	var ask []func() (*Question, error)
	main := k.main()
	for _, series := range slices.Concat(k.series("per-level"), k.series("")) {
		ask = append(ask, func() (*Question, error) { return k.trend(1, series) })
	}
	for _, series := range k.series("budget") {
		ask = append(ask, func() (*Question, error) { return k.trend(3, series) })
	}
	for _, series := range main {
		ask = append(ask,
			func() (*Question, error) { return k.hot(series) },
			func() (*Question, error) { return k.against(4, s.Baseline("cold"), series, k.ranked) })
	}
	for _, f := range ask {
		q, err := f()
		if err != nil {
			return nil, err
		}
		if q != nil {
			out.Questions = append(out.Questions, *q)
		}
	}
	slices.SortStableFunc(out.Questions, func(a, b Question) int { return cmp.Compare(a.ID, b.ID) })
	if err := decide(out.Questions); err != nil {
		return nil, err
	}
	var err error
	if len(main) > 0 {
		out.Warm, err = k.against(0, s.Baseline("warm"), main[0], k.ranked)
	}
	return out, err
}

// decide gives each question its p after Holm's correction over all of them, and its verdict.
func decide(questions []Question) error {
	var p []float64
	for _, q := range questions {
		p = append(p, float64(q.P))
	}
	holm, err := stats.Holm(p)
	if err != nil {
		return err
	}
	for i := range questions {
		questions[i].HolmP = stats.Number(holm[i])
		questions[i].Verdict = questions[i].verdict()
	}
	return nil
}

// asker is a sweep and what it is asked by.
type asker struct {
	s         *measure.Sweep
	amplitude string
	names     map[*measure.Group]string
}

func newAsker(s *measure.Sweep, amplitude string) asker {
	k := asker{s: s, amplitude: amplitude, names: map[*measure.Group]string{}}
	for i, name := range s.Names() {
		k.names[&s.Groups[i]] = name
	}
	return k
}

// ranked is the amplitudes of a group's runs by seed.
func (k asker) ranked(g *measure.Group) map[int]float64 { return g.Ranked(k.amplitude) }

// main is the series with as many iterations at each level, or all where there is none.
func (k asker) main() []measure.Series {
	if s := k.series("per-level"); len(s) > 0 {
		return s
	}
	return k.s.Series()
}

// series is those whose protocol has that name; "" is those that have none.
func (k asker) series(protocol string) []measure.Series {
	var out []measure.Series
	for _, s := range k.s.Series() {
		if name, _, _ := strings.Cut(s.By[byProtocol], " "); name == protocol {
			out = append(out, s)
		}
	}
	return out
}

// ladders is the groups of a series with K ≥ 1.
func ladders(s measure.Series) []*measure.Group {
	return slices.DeleteFunc(slices.Clone(s.Groups), func(g *measure.Group) bool { return g.K == 0 })
}

// question is one that compares groups; the rest of it is to be filled in. Of images every
// group of the sweep must have come to rest (docs/experiment.md).
func (k asker) question(id int, s measure.Series, groups ...*measure.Group) *Question {
	q := &Question{ID: id, Series: s.Label, Groups: []string{}, K: []int{}, Annealing: []int{}, HolmP: stats.Number(math.NaN())}
	if images(k.s) {
		groups = nil
		for i := range k.s.Groups {
			groups = append(groups, &k.s.Groups[i])
		}
	}
	for _, g := range groups {
		n, runs := moving(g)
		q.Groups, q.Moving, q.Runs = append(q.Groups, k.names[g]), append(q.Moving, n), append(q.Runs, runs)
	}
	return q
}

// tested fills in a question's test.
func (q *Question) tested(name string, t stats.Test, seeds int) {
	q.Test, q.P, q.Exact, q.Seeds = name, t.P, t.Exact, seeds
}

// effect fills in the ratio of b to a.
func (q *Question) effect(p paired, b, a *measure.Group) {
	q.Compared = fmt.Sprintf("%s / %s", b.Name(), a.Name())
	q.Annealing = []int{b.Annealing(), a.Annealing()}
	q.Ratio, q.RatioCI95, q.Pairs, q.LeftOut = p.ratio, p.ci, p.pairs, p.seeds-p.pairs
}

// trend asks whether the amplitude falls with K; nil of fewer than two K.
func (k asker) trend(id int, s measure.Series) (*Question, error) {
	groups := ladders(s)
	if len(groups) < 2 {
		return nil, nil
	}
	q := k.question(id, s, groups...)
	ranked := make([]map[int]float64, len(groups))
	for i, g := range groups {
		ranked[i] = k.ranked(g)
		q.K = append(q.K, g.K)
	}
	blocks, seeds := stats.Shared(ranked...)
	page, err := stats.Page(blocks)
	if err != nil {
		return nil, err
	}
	q.tested("page", page, len(seeds))
	n := len(groups)
	p, err := pair(ranked[0], ranked[n-1])
	q.effect(p, groups[n-1], groups[0])
	return q, err
}

// against asks whether the largest K of a series differs from a baseline by numbers of a
// group's runs by seed; nil where there is none.
func (k asker) against(id int, baseline *measure.Group, s measure.Series, numbers func(*measure.Group) map[int]float64) (*Question, error) {
	groups := ladders(s)
	if baseline == nil || len(groups) == 0 {
		return nil, nil
	}
	last := groups[len(groups)-1]
	q := k.question(id, s, last, baseline)
	q.K = []int{last.K}
	p, err := pair(numbers(baseline), numbers(last))
	q.tested("wilcoxon", p.wilcoxon, p.entered)
	q.effect(p, last, baseline)
	return q, err
}

// hot asks whether the ladders differ from hot phases as long as they are, by each
// seed's mean of ln(ladder / hot); nil where there is no such hot phase. A diverged or
// unsettled ladder makes the mean +∞, such a hot phase -∞; a seed with both is in no test.
func (k asker) hot(s measure.Series) (*Question, error) {
	var ladder, hot []*measure.Group // hot without repetition: ladders may be of one length
	var ranked []map[int]float64     // a ladder, its hot phase, the next ladder, …
	for _, g := range ladders(s) {
		h := k.s.Hot(g.Annealing())
		if h == nil || g.Annealing() == 0 {
			continue
		}
		ladder = append(ladder, g)
		if !slices.Contains(hot, h) {
			hot = append(hot, h)
		}
		ranked = append(ranked, k.ranked(g), k.ranked(h))
	}
	if len(ladder) == 0 {
		return nil, nil
	}
	q := k.question(2, s, slices.Concat(ladder, hot)...)
	q.Compared = "ladder / hot of the same length"
	for _, g := range ladder {
		q.K, q.Annealing = append(q.K, g.K), append(q.Annealing, g.Annealing())
	}
	rows, _ := stats.Shared(ranked...)
	var above, below, ones, ratios []float64 // of each seed: how far its mean is above and below 0
	for _, row := range rows {
		mean := 0.0
		for i := 0; i < len(row); i += 2 {
			mean += (math.Log(row[i]) - math.Log(row[i+1])) / float64(len(ladder))
		}
		if !math.IsNaN(mean) { // +∞ and -∞
			above, below = append(above, max(mean, 0)), append(below, max(-mean, 0))
			ones, ratios = append(ones, 1), append(ratios, math.Exp(mean))
		}
	}
	test, err := stats.Wilcoxon(above, below)
	if err != nil {
		return nil, err
	}
	q.tested("wilcoxon", test, len(above))
	q.Ratio, q.RatioCI95, q.Pairs, err = stats.PairedRatio(ones, ratios)
	q.LeftOut = len(rows) - q.Pairs
	return q, err
}

// restless says whether so many of the runs of a group are still moving that it has no
// plateau.
func restless(moving, runs int) bool { return 3*moving > runs }

// Restless is which of Groups have no plateau.
func (q *Question) Restless() (groups []int) {
	for i, n := range q.Moving {
		if restless(n, q.Runs[i]) {
			groups = append(groups, i)
		}
	}
	return groups
}

// verdict is the one of docs/experiment.md, by Holm's p.
func (q *Question) verdict() Verdict {
	if q.ID <= 4 && len(q.Restless()) > 0 {
		return NoPlateau
	}
	if q.Seeds < fewSeeds || !q.HolmP.Defined() {
		return Undecided
	}
	ci, found := q.RatioCI95, q.HolmP < Alpha
	switch {
	case q.ID == 1 && found:
		return Falls
	case q.ID == 2 && found && q.Ratio < 1:
		return LadderMore
	case q.ID == 2 && found && q.Ratio > 1:
		return HotMore
	case q.ID == 2 && !found && ci.Lo >= 1/relevant && ci.Hi <= relevant:
		return HotAsWell
	case q.ID == 3 && found:
		return LevelsMore
	case q.ID == 3 && !found && ci.Lo > 1/relevant:
		return LevelsNot
	case q.ID == 4 && found && q.Ratio < 1:
		return Damps
	case q.ID == 4 && found && q.Ratio > 1:
		return Adds
	case q.ID > 4 && found && q.Ratio < 1:
		return Lower
	case q.ID > 4 && found && q.Ratio > 1:
		return Higher
	}
	return Undecided
}
