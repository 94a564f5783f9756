package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"fig5/bench/anneal"
	"fig5/bench/stats"
)

// Verdict is what the data say of a claim.
type Verdict string

// The verdicts. The rule is Rule's text.
const (
	Reproduced    Verdict = "reproduced"
	NotReproduced Verdict = "not reproduced"
	Undecided     Verdict = "undecided"
	Yes           Verdict = "yes"
	No            Verdict = "no"
)

// relevant is the factor between two amplitudes below which a difference is called none.
const relevant = 1.5

// Rule tells how verdicts are made.
const Rule = "A claim that an amplitude is smaller is *reproduced* where the test named gives p < 0.05 and the ratio of the geometric means is below 1; " +
	"*not reproduced* where it does not and the 95 % interval of the ratio excludes a fall by the factor 1.5; else *undecided*, " +
	"with the number of seeds that would show a factor of 1.5 with 80 % power at the spread seen. " +
	"Ratios are paired by seed, with a t interval on logs. p values are not corrected for the number of questions asked."

// Finding is a claim, or a question that the claim raises, held against the data.
type Finding struct {
	ID      string  `json:"id"`    // 1a, 2, A
	Claim   string  `json:"claim"` // of the paper, or the question
	Paper   bool    `json:"paper"` // whether the paper makes it
	Series  string  `json:"series"`
	Verdict Verdict `json:"verdict"`
	Text    string  `json:"text"`   // the numbers, in words
	Settle  string  `json:"settle"` // what would settle it, where undecided
}

// Findings holds the paper's claims about Figure 5 against the data, by one of Measures.
func (d *Data) Findings(measure string) ([]Finding, error) {
	var out []Finding
	for _, s := range d.Series() {
		groups := s.Groups
		if len(groups) > 0 && groups[0].K == 0 {
			groups = groups[1:]
		}
		if len(groups) == 0 {
			continue
		}
		first, last := groups[0], groups[len(groups)-1]
		add := func(f Finding, err error) error {
			f.Series = s.Label
			out = append(out, f)
			return err
		}
		for i, name := range []string{anneal.Cold, anneal.Warm} {
			b := d.Baseline(name)
			if b == nil {
				continue
			}
			what := []string{"training from scratch (cold)", "pretraining alone (warm)"}[i]
			f, err := smaller(b, last, measure)
			f.ID, f.Paper = "1"+string(rune('a'+i)), true
			f.Claim = fmt.Sprintf("Annealed training oscillates less than %s.", what)
			if err := add(f, err); err != nil {
				return nil, err
			}
		}
		t, err := d.trend(s, measure)
		if err != nil {
			return nil, err
		}
		rel, err := d.trend(s, "relative")
		if err != nil {
			return nil, err
		}
		if len(groups) > 1 {
			f, err := falls(t, first, last, measure)
			if err := add(f, err); err != nil {
				return nil, err
			}
			if measure != "relative" {
				if err := add(rides(t, rel), nil); err != nil {
					return nil, err
				}
			}
		}
		if hot := d.Baseline(anneal.Hot); hot != nil {
			f, err := beatsHot(hot, last, measure)
			if err := add(f, err); err != nil {
				return nil, err
			}
		}
		if f, ok := aboveFloor(groups, measure); ok {
			if err := add(f, nil); err != nil {
				return nil, err
			}
		}
		if len(groups) > 1 {
			if f, ok := steadier(first, last, measure); ok {
				if err := add(f, nil); err != nil {
					return nil, err
				}
			}
		}
		if f, ok := d.modesLost(groups); ok {
			if err := add(f, nil); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// comparison is two groups over the seeds that both have.
type comparison struct {
	ratio stats.Summary // of b to a; its geometric mean and interval
	p     stats.Test
	sd    float64 // of ln ratio
	seeds int
}

func compare(a, b *Group, measure string) (comparison, error) {
	rows, seeds := stats.Shared(a.Ranked(measure), b.Ranked(measure))
	var x, y, ratios []float64
	for _, r := range rows {
		x, y = append(x, r[0]), append(y, r[1])
		if !math.IsInf(r[0], 0) && !math.IsInf(r[1], 0) && r[0] > 0 && r[1] > 0 {
			ratios = append(ratios, r[1]/r[0])
		}
	}
	p, err := stats.Wilcoxon(x, y)
	if err != nil {
		return comparison{}, err
	}
	ratio, err := stats.Summarize(ratios)
	return comparison{ratio, p, float64(sdLog(ratios)), len(seeds)}, err
}

// words gives the ratio, its interval and the test.
func (c comparison) words() string {
	return fmt.Sprintf("ratio %s %s, Wilcoxon %s, n = %d seeds", digits(float64(c.ratio.GeoMean)), interval(c.ratio.GeoMeanCI95), pValue(c.p.P), c.seeds)
}

// verdict of the claim that the ratio is below 1, p being the test's.
func (c comparison) verdict(p stats.Number) (Verdict, string) {
	r, ci := float64(c.ratio.GeoMean), c.ratio.GeoMeanCI95
	switch {
	case p.Defined() && p < 0.05 && r < 1:
		return Reproduced, ""
	case ci.Defined() && ci.Lo > 1/relevant:
		return NotReproduced, ""
	}
	return Undecided, c.needed()
}

// needed is how many seeds show a factor of relevant at 80 % power and p < 0.05,
// two-sided, from the spread seen (normal approximation, plus two for the t distribution).
func (c comparison) needed() string {
	if math.IsNaN(c.sd) || c.ratio.N < 3 {
		return "more seeds: there are too few to tell how many"
	}
	const z = 1.959963984540054 + 0.8416212335729143
	n := math.Ceil(math.Pow(z*c.sd/math.Log(relevant), 2)) + 2
	if n > float64(c.seeds) {
		return fmt.Sprintf("about %.0f seeds (there are %d), or a longer window", n, c.seeds)
	}
	return fmt.Sprintf("the %d seeds would have shown a factor of %g: a smaller effect than that needs more", c.seeds, relevant)
}

// smaller: b oscillates less than a.
func smaller(a, b *Group, measure string) (Finding, error) {
	c, err := compare(a, b, measure)
	if err != nil {
		return Finding{}, err
	}
	v, settle := c.verdict(c.p.P)
	return Finding{Verdict: v, Settle: settle, Text: fmt.Sprintf("K = %d against %s: %s.", b.K, a.Name(), c.words())}, nil
}

// falls: the amplitude falls with K.
func falls(t Trend, first, last *Group, measure string) (Finding, error) {
	c, err := compare(first, last, measure)
	if err != nil {
		return Finding{}, err
	}
	f := Finding{ID: "2", Paper: true, Claim: "The amplitude falls as the number of annealing steps K grows."}
	f.Verdict, f.Settle = c.verdict(t.PageP)
	f.Text = TrendSentence(t) + fmt.Sprintf(" K = %d against K = %d: ratio %s %s; log-log slope %s %s.",
		last.K, first.K, digits(float64(c.ratio.GeoMean)), interval(c.ratio.GeoMeanCI95), digits(float64(t.Slope)), interval(t.SlopeCI95))
	return f, nil
}

// TrendSentence is the trend test in words.
func TrendSentence(t Trend) string {
	if !t.PageP.Defined() {
		return "Page's test needs two groups with seeds in common."
	}
	says := "do not support"
	if t.PageP < 0.05 {
		says = "support"
	}
	return fmt.Sprintf("Page %s, n = %d seeds, K = %s: the data %s a decrease.", pValue(t.PageP), t.Seeds, joinInts(t.K), says)
}

// rides: is a fall more than a fall of the FID level?
func rides(abs, rel Trend) Finding {
	f := Finding{ID: "A", Claim: "Is a fall with K more than a fall of the FID level (relative amplitude)?"}
	falls := func(t Trend) bool { return t.PageP.Defined() && t.PageP < 0.05 }
	numbers := fmt.Sprintf("Page %s for the amplitude, %s for the relative amplitude (max − min of ln FID)", pValue(abs.PageP), pValue(rel.PageP))
	switch {
	case falls(abs) && falls(rel):
		f.Verdict, f.Text = Yes, numbers+": it falls relative to the level too."
	case falls(abs):
		f.Verdict, f.Text = No, numbers+": the fall rides on the FID level; relative to it the data show none."
	case falls(rel):
		f.Verdict, f.Text = Yes, numbers+": the relative amplitude alone falls."
	default:
		f.Verdict, f.Text = No, numbers+": neither falls."
	}
	return f
}

// beatsHot: does a ladder do more than a hot phase of the same length?
func beatsHot(hot, last *Group, measure string) (Finding, error) {
	c, err := compare(hot, last, measure)
	if err != nil {
		return Finding{}, err
	}
	f := Finding{ID: "B", Claim: "Does a ladder do more than a hot phase as long as the longest annealing?"}
	ci := c.ratio.GeoMeanCI95
	text := fmt.Sprintf("K = %d against hot: %s", last.K, c.words())
	switch {
	case c.p.P.Defined() && c.p.P < 0.05 && c.ratio.GeoMean < 1:
		f.Verdict, f.Text = Yes, text+": the ladder oscillates less."
	case c.p.P.Defined() && c.p.P < 0.05:
		f.Verdict, f.Text = No, text+": the ladder oscillates more."
	case ci.Defined() && ci.Lo > 1/relevant:
		f.Verdict, f.Text = No, text+fmt.Sprintf(": the hot phase does as well, to within a factor of %g.", relevant)
	default:
		f.Verdict, f.Text, f.Settle = Undecided, text+": no difference is shown, nor excluded.", c.needed()
	}
	return f, nil
}

// aboveFloor: how far the oscillation stands out of what a frozen generator shows.
func aboveFloor(groups []*Group, measure string) (Finding, bool) {
	lo, hi, below, n := math.Inf(1), math.Inf(-1), 0, 0
	for _, g := range groups {
		values, _ := g.Values(measure)
		s, err := stats.Summarize(values)
		f, errF := newFloor(g.FloorValues(measure))
		if err != nil || errF != nil || !s.GeoMean.Defined() || !f.Median.Defined() || f.Median == 0 {
			continue
		}
		r := float64(s.GeoMean / f.Median)
		lo, hi = math.Min(lo, r), math.Max(hi, r)
		most := slices.Max(f.Values)
		for _, v := range values {
			n++
			if v <= most {
				below++
			}
		}
	}
	if n == 0 {
		return Finding{}, false
	}
	f := Finding{ID: "C", Claim: "Does the oscillation stand out of the noise floor (frozen generator)?"}
	f.Text = fmt.Sprintf("Geometric means are %s to %s times the floor's median; %d of %d runs lie within the floor's range.", digits(lo), digits(hi), below, n)
	f.Verdict = Yes
	if lo < relevant || 2*below > n {
		f.Verdict = No
	}
	return f, true
}

// steadier: does the spread over seeds fall with K?
func steadier(first, last *Group, measure string) (Finding, bool) {
	a, _ := first.Values(measure)
	b, _ := last.Values(measure)
	sa, sb := sdLog(a), sdLog(b)
	if !sa.Defined() || !sb.Defined() || sa == 0 || sb == 0 {
		return Finding{}, false
	}
	f := Finding{ID: "D", Claim: "Does the spread over seeds fall with K?", Verdict: Undecided}
	ci := varianceRatio(float64(sb/sa), len(b), len(a))
	f.Text = fmt.Sprintf("sd of ln amplitude %s at K = %d, %s at K = %d: ratio %s %s (F interval).",
		digits(float64(sa)), first.K, digits(float64(sb)), last.K, digits(float64(sb/sa)), interval(ci))
	switch {
	case ci.Hi < 1:
		f.Verdict = Yes
	case ci.Lo > 1/relevant:
		f.Verdict = No
	default:
		f.Settle = "more seeds: an sd is known to about 1/√(2n) of itself"
	}
	return f, true
}

// modesLost counts, without a test: the counts are small.
func (d *Data) modesLost(groups []*Group) (Finding, bool) {
	var words []string
	any := false
	for _, g := range append(d.Baselines(), groups...) {
		if lost, n := g.LostModes(); n > 0 {
			any = true
			name := g.Baseline
			if name == "" {
				name = fmt.Sprintf("K = %d", g.K)
			}
			words = append(words, fmt.Sprintf("%s: %d of %d", name, lost, n))
		}
	}
	return Finding{ID: "E", Claim: "How many runs lost a mode of the data in the window?", Verdict: "counted", Text: strings.Join(words, ", ") + "."}, any
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

func joinInts(v []int) string {
	s := make([]string, len(v))
	for i, k := range v {
		s[i] = fmt.Sprint(k)
	}
	return strings.Join(s, ", ")
}
