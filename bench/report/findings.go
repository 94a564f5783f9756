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
	NoFall        Verdict = "no fall shown"
	Counted       Verdict = "counted"
	NotApplicable Verdict = "not applicable to a fixed budget"
)

// Rule tells how verdicts are made.
const Rule = "A claim that an amplitude is smaller is *reproduced* where the test named gives p < 0.05 and the ratio of the geometric means is below 1; " +
	"*not reproduced* where it does not and the 95 % interval of the ratio excludes a fall by the factor 1.5; else *undecided*, " +
	"with the number of seeds that would show a factor of 1.5 with 80 % power at the spread seen. " +
	"With fewer than six seeds nothing is decided: no test could. Ratios are paired by seed, with a t interval on logs; " +
	"unsettled runs rank last in the tests and are in no ratio. The probability of improvement is that of a run of the first group to have a smaller amplitude than one of the second. " +
	"The relative amplitude is max − min of ln FID, over seeds settled in both groups: where the amplitude falls and it does not, " +
	"its ratio's interval excluding a fall by 1.5, the fall *rides on the FID level*. " +
	"Where the window of some runs of a sweep holds the end of the descent, which is no oscillation, all its runs are measured again *behind the end of the descent*, " +
	"with the flags that the sweep's section names: the verdict, the ratio and p that this gives stand beside the ones of the setting that was fixed before the runs."

// QuestionRule tells what the verdicts on the questions mean.
const QuestionRule = "*Yes* and *no* follow rules of the same kind, *undecided* is all that they leave; docs/statistics.md has the rule of each question. " +
	"A test that shows no difference does not show that there is none: *no* is said where an interval excludes it."

// Finding is a claim, or a question that the claim raises, held against the data.
type Finding struct {
	ID      string   `json:"id"`    // 1a, 2, A
	Claim   string   `json:"claim"` // of the paper, or the question
	Paper   bool     `json:"paper"` // whether the paper makes it
	Series  string   `json:"series"`
	Verdict Verdict  `json:"verdict"`
	Text    string   `json:"text"`              // the numbers, in words
	Settle  string   `json:"settle"`            // what would settle it, where undecided
	Numbers *Numbers `json:"numbers,omitempty"` // of its test, where it is one
	Trained string   `json:"trained"`           // iterations of training of the two groups of Numbers: "23,000 / 10,000"
	Lost    string   `json:"lost"`              // their runs that lost a mode: "1 of 10 / 5 of 10"
	Hot     *Numbers `json:"hot,omitempty"`     // the hot phase in the ladder's place, beside Numbers
	Note    string   `json:"note"`              // what the verdict must be read with
	Behind  *Behind  `json:"behind,omitempty"`  // the same behind the end of the descent, where a window holds one
}

// Findings holds the paper's claims about Figure 5 against the data, by one of Measures.
func (d *Data) Findings(measure string) ([]Finding, error) {
	out, err := d.findings(measure)
	if err != nil {
		return nil, err
	}
	return out, d.measureAgain(out, measure)
}

func (d *Data) findings(measure string) ([]Finding, error) {
	var out []Finding
	for i, s := range d.Series() {
		groups := s.Groups
		if len(groups) > 0 && groups[0].K == 0 {
			groups = groups[1:]
		}
		if len(groups) == 0 {
			continue
		}
		fs, err := d.seriesFindings(s, groups, measure)
		if err != nil {
			return nil, err
		}
		baselines := d.Baselines()
		if i > 0 {
			baselines = nil // counted once
		}
		if f, ok := modesLost(append(baselines, groups...)); ok {
			fs = append(fs, f)
		}
		slices.SortStableFunc(fs, func(a, b Finding) int { return strings.Compare(a.ID, b.ID) })
		for _, f := range fs {
			f.Series = s.Label
			out = append(out, f)
		}
	}
	grid, err := d.gridFindings(measure)
	return append(out, grid...), err
}

// seriesFindings is the findings about one series, K ascending from 1.
func (d *Data) seriesFindings(s Series, groups []*Group, measure string) ([]Finding, error) {
	var out []Finding
	first, last := groups[0], groups[len(groups)-1]
	long, hot := d.trained(), d.Baseline(anneal.Hot)
	for i, name := range []string{anneal.Cold, anneal.Warm} {
		b := d.Baseline(name)
		if b == nil {
			continue
		}
		f, err := smaller(b, last, hot, long, measure)
		if err != nil {
			return nil, err
		}
		what := []string{"training from scratch (cold)", "pretraining alone (warm)"}[i]
		f.ID, f.Claim = "1"+string(rune('a'+i)), fmt.Sprintf("Annealed training oscillates less than %s.", what)
		out = append(out, f)
	}
	if len(groups) > 1 {
		t, err := d.trend(s, measure)
		if err != nil {
			return nil, err
		}
		c, err := compareGroups(first, last, measure)
		if err != nil {
			return nil, err
		}
		if err := c.trend(t, groups); err != nil {
			return nil, err
		}
		out = append(out, falls(c, t, s, first, last, long))
		if measure != "relative" {
			out = append(out, rides(c))
		}
		if f, ok := slope(t, s); ok {
			out = append(out, f)
		}
	}
	if hot != nil {
		fs, err := beatsHot(hot, groups, long, measure)
		if err != nil {
			return nil, err
		}
		out = append(out, fs...)
	}
	if f, ok := aboveFloor(groups, measure); ok {
		out = append(out, f)
	}
	if len(groups) > 1 {
		if f, ok := steadier(first, last, measure); ok {
			out = append(out, f)
		}
	}
	return out, nil
}

// smaller: b oscillates less than a. The hot phase, where there is one, stands beside b.
func smaller(a, b, hot *Group, long trained, measure string) (Finding, error) {
	c, err := compareGroups(a, b, measure)
	if err != nil {
		return Finding{}, err
	}
	c.Of = fmt.Sprintf("K = %d / %s", b.K, a.Name())
	f := Finding{Paper: true, Numbers: &c.Numbers, Trained: long.against([]*Group{b}, a), Lost: lostCell([]*Group{b}, a)}
	f.Verdict, f.Settle = c.verdict()
	f.Text = sentences(fmt.Sprintf("K = %d%s against %s%s: %s.", b.K, long.inBrackets(b), a.Name(), long.inBrackets(a), c.words()), c.level())
	if f.Lost != "" {
		f.Text += fmt.Sprintf(" Runs that lost a mode: K = %d %s, %s %s.", b.K, lostOf(b), a.Name(), lostOf(a))
	}
	if hot == nil {
		return f, nil
	}
	h, err := compareGroups(a, hot, measure)
	if err != nil {
		return Finding{}, err
	}
	h.Of = "hot / " + a.Name()
	f.Hot = &h.Numbers
	f.Text += fmt.Sprintf(" Without a ladder, hot%s against %s: %s", long.inBrackets(hot), a.Name(), h.words())
	if lost := lostOf(hot); lost != "" {
		f.Text += "; " + lost + " lost a mode"
	}
	f.Text += "."
	return f, nil
}

// trend makes a comparison of the first K with the last one of the trend over K.
// The relative amplitude's is over the seeds that settled at every K.
func (c *comparison) trend(t Trend, groups []*Group) error {
	c.Test, c.P, c.Seeds = "Page", t.PageP, t.Seeds
	c.Pairs = min(c.Pairs, c.Seeds)
	if c.Relative == nil {
		return nil
	}
	ranked := make([]map[int]float64, len(groups))
	for i, g := range groups {
		ranked[i] = settled(g.Ranked("relative"))
	}
	blocks, seeds := stats.Shared(ranked...)
	page, err := stats.Page(blocks)
	c.Relative.Test, c.Relative.P, c.Relative.Seeds = "Page", page.P, len(seeds)
	return err
}

// falls: the amplitude falls with K.
func falls(c comparison, t Trend, s Series, first, last *Group, long trained) Finding {
	c.Of = fmt.Sprintf("K = %d / K = %d", last.K, first.K)
	f := Finding{ID: "2", Paper: true, Claim: "The amplitude falls as the number of annealing steps K grows.", Numbers: &c.Numbers,
		Trained: long.against([]*Group{last}, first), Lost: lostCell([]*Group{last}, first)}
	f.Verdict, f.Settle = c.verdict()
	f.Text = strings.TrimSuffix(TrendSentence(t), ".") + c.amounts(f.Verdict, first, last) + fmt.Sprintf(" K = %d against K = %d: ratio %s %s, probability of improvement %s.",
		last.K, first.K, digits(float64(c.Ratio)), interval(c.CI95), c.chance())
	if p, n := s.pace(); p == pacePerLevel {
		f.Note = "a larger K is trained longer"
		f.Text += fmt.Sprintf(" Here a larger K is a longer annealing too: %s iterations at each level.", thousands(n))
	}
	return f
}

// amounts ends the sentence of a trend with what it makes of the claim.
func (c comparison) amounts(v Verdict, first, last *Group) string {
	few, falling := c.Seeds < fewSeeds, c.P.Defined() && c.P < 0.05
	if !c.P.Defined() {
		return "."
	}
	s := ""
	switch {
	case few:
		s = fmt.Sprintf(", but fewer than %d seeds decide nothing", fewSeeds)
	case v == NotReproduced && falling:
		s = fmt.Sprintf(", but K = %d is not below K = %d", last.K, first.K)
	case v == NotReproduced:
		s = fmt.Sprintf(" and exclude one by a factor of %g", relevant)
	case v == Undecided && falling:
		s = fmt.Sprintf(", but K = %d is not shown to be below K = %d", last.K, first.K)
	case v == Undecided:
		s = fmt.Sprintf(" nor exclude one by a factor of %g", relevant)
	}
	return fmt.Sprintf("%s (%s).", s, v)
}

// TrendSentence is the trend test in words. "Support" is p below 0.05, "do not support"
// all else; whether the latter leaves the claim undecided is for the verdict.
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

// rides: is a fall with K more than a fall of the FID level?
func rides(c comparison) Finding {
	f := Finding{ID: "A", Claim: "Is a fall with K more than a fall of the FID level (relative amplitude)?"}
	r := c.Relative
	numbers := fmt.Sprintf("Page %s for the amplitude, %s for the relative amplitude (max − min of ln FID, %s settled at every K; last K against first: ratio %s %s)",
		pValue(c.P), pValue(r.P), plural(r.Seeds, "seed"), digits(float64(r.Ratio)), interval(r.CI95))
	switch {
	case c.less() && r.less():
		f.Verdict, f.Text = Yes, numbers+": it falls relative to the level too."
	case c.rides():
		f.Verdict, f.Text = No, numbers+": the fall rides on the FID level; relative to it there is none."
	case c.less():
		f.Verdict, f.Text = Undecided, numbers+": whether the fall is more than that of the FID level is open."
		f.Settle = comparison{Numbers: *r, sd: c.sdRelative}.needed()
	case r.less():
		f.Verdict, f.Text = Yes, numbers+": the relative amplitude alone falls."
	default:
		f.Verdict, f.Text = NoFall, numbers+": neither is shown to fall."
	}
	return f
}

// slope: does the amplitude fall as steeply as the tiny-GAN's? That is a prediction
// for a fixed time at each level; not asked where the levels are not known.
func slope(t Trend, s Series) (f Finding, ok bool) {
	const theory = -0.5
	f = Finding{ID: "F", Claim: "Is the fall as steep as the tiny-GAN's at a fixed time a level (log-log slope −1/2)?"}
	ci := t.SlopeCI95
	f.Text = fmt.Sprintf("Slope %s %s", digits(float64(t.Slope)), interval(ci))
	p, n := s.pace()
	switch {
	case p == paceUnknown:
		return f, false
	case p == paceBudget:
		f.Verdict = NotApplicable
		f.Text += fmt.Sprintf(", not held against −1/2: that is for as many iterations at each level, and here %s in all are dealt out to the K levels.", thousands(n))
	case p == paceOther:
		f.Verdict = NotApplicable
		f.Text += ", not held against −1/2: that is for as many iterations at each level, and here the levels are of several lengths."
	case !ci.Defined():
		f.Verdict, f.Text, f.Settle = Undecided, f.Text+".", "runs that settle at two K or more"
	case ci.Lo > theory:
		f.Verdict, f.Text = No, f.Text+": the interval lies above −1/2."
	case ci.Hi >= 0:
		f.Verdict, f.Text, f.Settle = Undecided, f.Text+": the interval holds both −1/2 and 0.", "more seeds, or a wider range of K"
	default:
		f.Verdict, f.Text = Yes, f.Text+": the interval lies below 0 and does not exclude −1/2 or steeper."
	}
	return f, true
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
	times := digits(lo) + " to " + digits(hi)
	if digits(lo) == digits(hi) {
		times = digits(lo)
	}
	means := "The geometric mean is"
	if len(groups) > 1 {
		means = "Geometric means are"
	}
	f.Text = fmt.Sprintf("%s %s times the floor's median; %d of %d runs lie within the floor's range.", means, times, below, n)
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
func modesLost(groups []*Group) (Finding, bool) {
	var words []string
	any := false
	for _, g := range groups {
		if lost, n := g.LostModes(); n > 0 {
			any = true
			words = append(words, fmt.Sprintf("%s: %d of %d", g.Name(), lost, n))
		}
	}
	return Finding{ID: "E", Claim: "How many runs lost a mode of the data in the window?", Verdict: Counted, Text: strings.Join(words, ", ") + "."}, any
}

// sentences joins what is said.
func sentences(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " ")
}

func joinInts(v []int) string {
	s := make([]string, len(v))
	for i, k := range v {
		s[i] = fmt.Sprint(k)
	}
	return strings.Join(s, ", ")
}
