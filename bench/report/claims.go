package report

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"fig5/bench/stats"
)

// relevant is the factor between two amplitudes below which a difference is called none.
const relevant = 1.5

// Numbers is the test behind a finding, b against a.
type Numbers struct {
	Of              string         `json:"of"`    // what is compared: "K = 20 / cold"
	Ratio           stats.Number   `json:"ratio"` // of the geometric means over seeds settled in both
	CI95            stats.Interval `json:"ci95"`
	Seeds           int            `json:"seeds"` // with a result in both
	Pairs           int            `json:"pairs"` // of them those settled in both, of which Ratio is made
	Test            string         `json:"test"`  // Wilcoxon (two-sided) or Page (one-sided, for a decrease)
	P               stats.Number   `json:"p"`
	HolmP           stats.Number   `json:"holm_p"`      // corrected over the rows of its table
	Improvement     stats.Number   `json:"improvement"` // probability that a run of b has the smaller amplitude
	ImprovementCI95 stats.Interval `json:"improvement_ci95"`
	Relative        *Numbers       `json:"relative,omitempty"` // the same of max − min of ln FID
}

// comparison is two groups over the seeds that both have.
type comparison struct {
	Numbers
	sd, sdRelative float64 // of ln ratio
}

// compareGroups holds b against a by one of Measures, and where that is not relative,
// by the relative amplitude too.
func compareGroups(a, b *Group, measure string) (comparison, error) {
	c, err := compareSeeds(a.Ranked(measure), b.Ranked(measure))
	if err != nil || measure == "relative" {
		return c, err
	}
	return c, c.relate(a.Ranked("relative"), b.Ranked("relative"))
}

// relate adds the relative amplitudes, of the seeds settled in both groups: an
// unsettled run says nothing of an amplitude relative to its level.
func (c *comparison) relate(a, b map[int]float64) error {
	rel, err := compareSeeds(settled(a), settled(b))
	c.Relative, c.sdRelative = &rel.Numbers, rel.sd
	return err
}

// compareSeeds holds the amplitudes b against a, both by seed, +Inf where unsettled.
func compareSeeds(a, b map[int]float64) (comparison, error) {
	rows, seeds := stats.Shared(a, b)
	var x, y, ratios []float64
	for _, r := range rows {
		x, y = append(x, r[0]), append(y, r[1])
		if !math.IsInf(r[0], 0) && !math.IsInf(r[1], 0) && r[0] > 0 && r[1] > 0 {
			ratios = append(ratios, r[1]/r[0])
		}
	}
	none := comparison{}
	p, err := stats.Wilcoxon(x, y)
	if err != nil {
		return none, err
	}
	ratio, err := stats.Summarize(ratios)
	if err != nil {
		return none, err
	}
	chance, err := stats.Improvement(bySeed(a), bySeed(b))
	if err != nil {
		return none, err
	}
	return comparison{Numbers{
		Ratio: ratio.GeoMean, CI95: ratio.GeoMeanCI95, Seeds: len(seeds), Pairs: len(ratios),
		Test: "Wilcoxon", P: p.P, HolmP: stats.Number(math.NaN()),
		Improvement: chance.P, ImprovementCI95: chance.CI95,
	}, float64(sdLog(ratios)), math.NaN()}, nil
}

func bySeed(m map[int]float64) []float64 {
	v := make([]float64, 0, len(m))
	for _, seed := range slices.SortedFunc(maps.Keys(m), cmp.Compare[int]) {
		v = append(v, m[seed])
	}
	return v
}

// settled is amplitudes without the unsettled ones.
func settled(m map[int]float64) map[int]float64 {
	m = maps.Clone(m)
	maps.DeleteFunc(m, func(_ int, v float64) bool { return math.IsInf(v, 0) })
	return m
}

// words gives the ratio, its interval, the test and the probability of improvement.
func (n Numbers) words() string {
	return fmt.Sprintf("ratio %s %s, %s %s, n = %s, probability of improvement %s",
		digits(float64(n.Ratio)), interval(n.CI95), n.Test, pValue(n.P), n.seeds(), n.chance())
}

// seeds is how many there are: "10 seeds (8 settled in both)".
func (n Numbers) seeds() string {
	s := plural(n.Seeds, "seed")
	if n.Pairs < n.Seeds {
		s += fmt.Sprintf(" (%d settled in both)", n.Pairs)
	}
	return s
}

func (n Numbers) chance() string {
	if !n.Improvement.Defined() {
		return "undefined"
	}
	return fmt.Sprintf("%.2f [%.2f, %.2f]", float64(n.Improvement), n.ImprovementCI95.Lo, n.ImprovementCI95.Hi)
}

// less says whether the test finds b below a.
func (n Numbers) less() bool { return n.P.Defined() && n.P < 0.05 && n.Ratio < 1 }

// more says whether a two-sided test finds b above a.
func (n Numbers) more() bool { return n.P.Defined() && n.P < 0.05 && n.Ratio > 1 }

// rides says whether b is below a and its relative amplitude is not: the interval of
// the ratio excludes a fall by the factor relevant.
func (n Numbers) rides() bool {
	r := n.Relative
	return n.less() && r != nil && !r.less() && r.CI95.Defined() && r.CI95.Lo > 1/relevant
}

// level says whether a smaller amplitude is more than a smaller FID; nothing where the
// amplitude is not found smaller.
func (n Numbers) level() string {
	r := n.Relative
	if r == nil || !r.Ratio.Defined() {
		return ""
	}
	numbers := fmt.Sprintf("max − min of ln FID: ratio %s %s, %s %s, n = %s", digits(float64(r.Ratio)), interval(r.CI95), r.Test, pValue(r.P), plural(r.Pairs, "seed"))
	switch {
	case n.less() && r.less():
		return "It is smaller relative to the FID level too (" + numbers + ")."
	case n.rides():
		return "The fall rides on the FID level: relative to it there is none (" + numbers + ")."
	case n.less():
		return "Whether that is more than a fall of the FID level is open (" + numbers + ")."
	case r.less():
		return "Relative to the FID level it is smaller (" + numbers + ")."
	case r.more():
		return "Relative to the FID level it is larger (" + numbers + ")."
	}
	return "Relative to the FID level no difference is shown either (" + numbers + ")."
}

// verdict of the claim that b is below a; what would settle it, where undecided.
func (c comparison) verdict() (Verdict, string) {
	switch {
	case c.Seeds < fewSeeds:
		return Undecided, c.needed()
	case c.less():
		return Reproduced, ""
	case c.CI95.Defined() && c.CI95.Lo > 1/relevant:
		return NotReproduced, ""
	}
	return Undecided, c.needed()
}

// needed is how many seeds show a factor of relevant at 80 % power and p < 0.05,
// two-sided, from the spread seen (normal approximation, plus two for the t distribution).
func (c comparison) needed() string {
	if math.IsNaN(c.sd) || c.Pairs < 3 {
		return "more seeds: there are too few to tell how many"
	}
	const z = 1.959963984540054 + 0.8416212335729143
	n := max(fewSeeds, math.Ceil(math.Pow(z*c.sd/math.Log(relevant), 2))+2)
	spread := fmt.Sprintf("sd of the ln ratio %s", digits(c.sd))
	if n > float64(c.Seeds) {
		return fmt.Sprintf("about %.0f seeds (there are %d; %s), or a longer window", n, c.Seeds, spread)
	}
	return fmt.Sprintf("the %d seeds would have shown a factor of %g (%s): a smaller effect than that needs more", c.Seeds, relevant, spread)
}

// median is the middle amplitude of each seed over groups that all have it, the
// geometric mean of the middle two where their number is even.
func median(groups []*Group, measure string) map[int]float64 {
	ranked := make([]map[int]float64, len(groups))
	for i, g := range groups {
		ranked[i] = g.Ranked(measure)
	}
	out := map[int]float64{}
	rows, seeds := stats.Shared(ranked...)
	for i, row := range rows {
		slices.Sort(row)
		n := len(row)
		lo, hi := row[(n-1)/2], row[n/2]
		out[seeds[i]] = lo
		if lo != hi {
			out[seeds[i]] = math.Sqrt(lo) * math.Sqrt(hi)
		}
	}
	return out
}

// interval writes an interval with three digits an end.
func interval(i stats.Interval) string {
	if !i.Defined() {
		return "(no interval)"
	}
	return "[" + digits(i.Lo) + ", " + digits(i.Hi) + "]"
}

// pValue writes "p = 0.012".
func pValue(p stats.Number) string {
	switch {
	case !p.Defined():
		return "p undefined"
	case p < 0.001:
		return "p < 0.001"
	case p >= 0.1:
		return fmt.Sprintf("p = %.2f", float64(p))
	}
	return fmt.Sprintf("p = %.3f", float64(p))
}

// bareP is the same for a column of p values: "0.012", "< 0.001".
func bareP(p stats.Number) string {
	if !p.Defined() {
		return "–"
	}
	return strings.TrimPrefix(strings.TrimPrefix(pValue(p), "p "), "= ")
}
