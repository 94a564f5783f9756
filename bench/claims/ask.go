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
	k := newAsker(s, amplitude)
	ranked := func(r *measure.Run) float64 { return r.Amplitude(amplitude) }
	main := k.main()
	if len(main) > 0 {
		k.Warm, k.err = k.against(0, s.Baseline("warm"), main[0], ranked)
	}
	for _, series := range slices.Concat(k.series("per-level"), k.series("")) {
		k.add(k.trend(1, series))
	}
	for _, series := range k.series("budget") {
		k.add(k.trend(3, series))
	}
	for _, series := range main {
		k.add(k.hot(series))
		k.add(k.against(4, s.Baseline("cold"), series, ranked))
	}
	slices.SortStableFunc(k.Questions, func(a, b Question) int { return cmp.Compare(a.ID, b.ID) })
	return k.decide()
}

// asker is what a sweep is asked by, and the answer so far.
type asker struct {
	*Answer
	s     *measure.Sweep
	names map[*measure.Group]string
	err   error // the first
}

func newAsker(s *measure.Sweep, amplitude string) *asker {
	k := &asker{Answer: &Answer{Sweep: s.Name, Measure: amplitude, Questions: []Question{}}, s: s, names: map[*measure.Group]string{}}
	for i, name := range s.Names() {
		k.names[&s.Groups[i]] = name
	}
	return k
}

// add puts a question to the sweep; nil is none.
func (k *asker) add(q *Question, err error) {
	if k.err = cmp.Or(k.err, err); q != nil {
		k.Questions = append(k.Questions, *q)
	}
}

// decide gives each question its p after Holm's correction over all of them, and its
// verdict.
func (k *asker) decide() (*Answer, error) {
	var p []float64
	for _, q := range k.Questions {
		p = append(p, float64(q.P))
	}
	holm, err := stats.Holm(p)
	if err = cmp.Or(k.err, err); err != nil {
		return nil, err
	}
	for i := range k.Questions {
		q := &k.Questions[i]
		q.HolmP = stats.Number(holm[i])
		q.Verdict = q.verdict()
	}
	return k.Answer, nil
}

// main is the series with as many iterations at each level, or all where there is none.
func (k *asker) main() []measure.Series {
	if s := k.series("per-level"); len(s) > 0 {
		return s
	}
	return k.s.Series()
}

// series is those whose protocol has that name; "" is those that have none.
func (k *asker) series(protocol string) []measure.Series {
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
func (k *asker) question(id int, s measure.Series, groups ...*measure.Group) *Question {
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

// effect fills in the ratio of b to a.
func (q *Question) effect(p paired, b, a *measure.Group) {
	q.Compared = fmt.Sprintf("%s / %s", b.Name(), a.Name())
	q.Annealing = []int{b.Annealing(), a.Annealing()}
	q.Ratio, q.RatioCI95, q.Pairs, q.LeftOut = p.ratio, p.ci, p.pairs, p.seeds-p.pairs
}

// trend asks whether the amplitude falls with K; nil of fewer than two K.
func (k *asker) trend(id int, s measure.Series) (*Question, error) {
	groups := ladders(s)
	if len(groups) < 2 {
		return nil, nil
	}
	q := k.question(id, s, groups...)
	ranked := make([]map[int]float64, len(groups))
	for i, g := range groups {
		ranked[i] = g.Ranked(k.Measure)
		q.K = append(q.K, g.K)
	}
	blocks, seeds := stats.Shared(ranked...)
	page, err1 := stats.Page(blocks)
	q.Test, q.P, q.Exact, q.Seeds = "page", page.P, page.Exact, len(seeds)
	n := len(groups)
	p, err2 := pair(ranked[0], ranked[n-1])
	q.effect(p, groups[n-1], groups[0])
	return q, cmp.Or(err1, err2)
}

// against asks whether the largest K of a series differs from a baseline by a number of a
// run; nil where there is none.
func (k *asker) against(id int, baseline *measure.Group, s measure.Series, of func(*measure.Run) float64) (*Question, error) {
	groups := ladders(s)
	if baseline == nil || len(groups) == 0 {
		return nil, nil
	}
	last := groups[len(groups)-1]
	q := k.question(id, s, last, baseline)
	q.K = []int{last.K}
	p, err := pair(baseline.BySeed(of), last.BySeed(of))
	q.Test, q.P, q.Exact, q.Seeds = "wilcoxon", p.wilcoxon.P, p.wilcoxon.Exact, p.entered
	q.effect(p, last, baseline)
	return q, err
}

// hot asks whether the ladders differ from hot phases as long as they are, by each
// seed's mean of ln(ladder / hot); nil where there is no such hot phase. A diverged or
// unsettled ladder makes the mean +∞, such a hot phase -∞; a seed with both is in no test.
func (k *asker) hot(s measure.Series) (*Question, error) {
	var ladder, hot []*measure.Group // hot without repetition: ladders may be of one length
	var ks, lengths []int            // of the ladders
	var ranked []map[int]float64     // a ladder, its hot phase, the next ladder, …
	for _, g := range ladders(s) {
		h := k.s.Hot(g.Annealing())
		if h == nil || g.Annealing() == 0 {
			continue
		}
		ladder, ks, lengths = append(ladder, g), append(ks, g.K), append(lengths, g.Annealing())
		if !slices.Contains(hot, h) {
			hot = append(hot, h)
		}
		ranked = append(ranked, g.Ranked(k.Measure), h.Ranked(k.Measure))
	}
	if len(ladder) == 0 {
		return nil, nil
	}
	q := k.question(2, s, slices.Concat(ladder, hot)...)
	q.Compared, q.K, q.Annealing = "ladder / hot of the same length", ks, lengths
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
	test, err1 := stats.Wilcoxon(above, below)
	q.Test, q.P, q.Exact, q.Seeds = "wilcoxon", test.P, test.Exact, len(above)
	ratio, ci, pairs, err2 := stats.PairedRatio(ones, ratios)
	q.Ratio, q.RatioCI95, q.Pairs, q.LeftOut = ratio, ci, pairs, len(rows)-pairs
	return q, cmp.Or(err1, err2)
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
	ci, found, oneSided := q.RatioCI95, q.HolmP < Alpha, q.ID == 1 || q.ID == 3
	switch {
	case found && (q.Ratio < 1 || oneSided):
		return differs[q.ID][0]
	case found && q.Ratio > 1:
		return differs[q.ID][1]
	case !found && q.ID == 2 && ci.Lo >= 1/relevant && ci.Hi <= relevant:
		return HotAsWell
	case !found && q.ID == 3 && ci.Lo > 1/relevant:
		return LevelsNot
	}
	return Undecided
}

// differs is the verdicts where the test of a question finds a difference, with a ratio
// below 1 and above it.
var differs = [...][2]Verdict{1: {Falls, Falls}, 2: {LadderMore, HotMore}, 3: {LevelsMore, LevelsMore}, 4: {Damps, Adds}, 5: {Lower, Higher}, 6: {Lower, Higher}}
