package bundle

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"fig5/bench/claims"
	"fig5/bench/measure"
	"fig5/bench/report"
	"fig5/bench/stats"
	"fig5/bench/table"
)

// macros collects the definitions of numbers.tex.
type macros struct {
	text  strings.Builder
	taken map[string]bool
	err   error
}

// pvalue is a p value, which is written in its own way.
type pvalue stats.Number

// signed is a number that is written with its sign, also where that is +.
type signed stats.Number

// define adds \<prefix><quantity><group> for each quantity and its value. An interval has
// the quantity's name with Lo, Hi and CI, both in brackets. Two macros of one name are an
// error.
func (m *macros) define(prefix, group string, quantities ...any) {
	for i := 0; i < len(quantities); i += 2 {
		quantity := fmt.Sprint(prefix, quantities[i])
		switch v := quantities[i+1].(type) {
		case int:
			m.add(quantity+group, strconv.Itoa(v))
		case stats.Number:
			m.add(quantity+group, table.TeXNumber(v))
		case signed:
			digits := table.Digits(float64(v))
			if v > 0 {
				digits = "+" + digits
			}
			m.add(quantity+group, table.TeXFormula(digits))
		case pvalue:
			m.add(quantity+group, table.TeXFormula(table.P(stats.Number(v))))
		case stats.Interval:
			m.add(quantity+"Lo"+group, table.TeXNumber(stats.Number(v.Lo)))
			m.add(quantity+"Hi"+group, table.TeXNumber(stats.Number(v.Hi)))
			m.add(quantity+"CI"+group, table.TeXInterval(v))
		default:
			m.add(quantity+group, tex(fmt.Sprint(v)))
		}
	}
}

func (m *macros) add(name, value string) {
	if m.taken[name] && m.err == nil {
		m.err = fmt.Errorf(`%s: \%s would be defined twice; rename a schedule or bundle the sweeps apart`, numbersFile, name)
	}
	m.taken[name] = true
	fmt.Fprintf(&m.text, "\\newcommand{\\%s}{%s}\n", name, value)
}

func (m *macros) comment(words ...string) {
	m.text.WriteString("\n% " + strings.Join(words, ", ") + "\n")
}

// numbers is numbers.tex: a macro for every number of the reports and comparisons.
// docs/bundle.md says how they are named.
func (b *computed) numbers() (string, error) {
	m := &macros{taken: map[string]bool{}}
	fmt.Fprintf(&m.text, "%% The numbers of %s as macros, three significant digits each.\n"+
		"%% Write \\name{} before a space. Made by fig5 bundle; not to be edited.\n", say("names", b))
	sweeps := namer{}
	for _, p := range b.Parts {
		prefix := strings.ToLower(sweeps.name(p.Name))
		p.numbers(m, prefix)
		pairs := namer{}
		for _, c := range p.against {
			m.comment(p.Name, "compared by "+c.By, b.Measure)
			m.comparisons(prefix, c, pairs)
		}
	}
	if b.all != nil {
		m.comment("The sweeps against each other", b.Measure)
		m.comparisons("sweeps", b.all, namer{})
	}
	return m.text.String(), m.err
}

// numbers defines the macros of a sweep.
func (p *part) numbers(m *macros, prefix string) {
	r := p.Report
	m.comment(p.Name)
	m.define(prefix, "", "Measure", measure.Words(r.Measure), "Runs", p.Runs, "Unfinished", len(p.Unfinished), "Seeds", len(r.Sweep.Seeds()),
		"Window", table.Plain(r.Sweep.Analysis.Window), "Commit", say("commits", p.Commits()))
	taken := namer{}
	var groups, series []string // what the names of macros end with
	for _, name := range r.Sweep.Names() {
		groups = append(groups, taken.name(name))
	}
	for _, s := range r.Sweep.Series() {
		series = append(series, letters(s.Label))
	}
	for i, amplitude := range slices.Concat([]string{r.Measure}, measure.Amplitudes) {
		at, main := prefix, i == 0
		if !main && amplitude == r.Measure {
			continue
		}
		if !main {
			at += letters(strings.ReplaceAll(amplitude, "_", " "))
		}
		sum := r.All[amplitude]
		m.define(at, "", "RealFloor", sum.RealFloor.Median)
		for i := range sum.Groups {
			g := &sum.Groups[i]
			m.comment(p.Name, g.Name, amplitude)
			m.define(at, groups[i], "N", g.N, "Unsettled", g.Unsettled, "Geomean", g.GeoMean, "Geomean", g.GeoMeanCI95, "Median", g.Median, "Median", g.MedianCI95,
				"Mean", g.Mean, "Mean", g.CI95, "SD", g.SD, "SDLog", g.SDLog, "IQM", g.IQM, "Floor", g.Floor.Median)
			if !main {
				continue
			}
			m.define(at, groups[i], "Annealing", g.Annealing, "Failed", g.Failed, "Diverged", g.Diverged, "Missing", g.Missing, "Moving", g.Moving, "Won", g.Won,
				"Level", g.Level.GeoMean, "Level", g.Level.GeoMeanCI95, "LevelMedian", g.Level.Median)
			if g.LostModes != nil {
				m.define(at, groups[i], "LostModes", *g.LostModes)
			}
		}
		for i := range sum.Trends {
			if t := &sum.Trends[i]; len(t.K) > 1 {
				m.comment(p.Name, "trend over K", amplitude)
				m.define(at, series[i], "TrendSeeds", t.Seeds, "PageP", pvalue(t.PageP), "PagePExact", pvalue(t.PagePExact), "PageL", t.PageL, "JonckheereP", pvalue(t.JonckheereP),
					"Spearman", t.Spearman, "SpearmanP", pvalue(t.SpearmanP), "Slope", t.Slope, "Slope", t.SlopeCI95)
			}
		}
		if main {
			p.answered(m, at, r.Answer)
		} else if r.Secondary != nil {
			a := r.Secondary.Amplitudes[amplitude]
			p.answered(m, at, &a)
		}
	}
	if r.Secondary != nil && r.Secondary.Fit != nil {
		f := r.Secondary.Fit
		m.comment(p.Name, "amplitude on length and K")
		m.define(prefix, "", "FitRuns", f.Runs, "FitSeeds", f.Seeds, "FitLength", f.Length, "FitLength", f.LengthCI95, "FitK", f.K, "FitK", f.KCI95)
	}
	for _, a := range r.Agreed() {
		m.define(prefix, "Question"+cardinal(a.ID), "Agree", a.Agree, "Settings", a.Settings)
	}
}

// answered defines the macros of the questions by one amplitude.
func (p *part) answered(m *macros, prefix string, a *claims.Answer) {
	question := func(group string, q *claims.Question) {
		m.define(prefix, group, "Compared", q.Compared, "Ratio", q.Ratio, "Ratio", q.RatioCI95, "Seeds", q.Seeds, "Pairs", q.Pairs, "LeftOut", q.LeftOut, "P", pvalue(q.P))
	}
	topics := report.Topics(a)
	for i := range topics {
		t := &topics[i]
		group := "Question" + cardinal(t.ID)
		m.comment(p.Name, fmt.Sprintf("question %d", t.ID), a.Measure)
		if a == p.Report.Answer {
			m.define(prefix, group, "Sentence", p.Report.Sentences()[i])
		}
		for j := range t.Questions {
			q, of := &t.Questions[j], group
			if t.One() == nil {
				of = letters(q.Series) + group
			}
			question(of, q)
			m.define(prefix, of, "HolmP", pvalue(q.HolmP), "Verdict", string(q.Verdict))
		}
	}
	if a.Warm != nil {
		m.comment(p.Name, "against warm", a.Measure)
		question("QuestionWarm", a.Warm)
	}
}

// comparisons defines the numbers of each pair; their names end with the second group,
// Vs, the first.
func (m *macros) comparisons(prefix string, c *claims.Comparisons, taken namer) {
	group := func(i int) string { return letters(c.Groups[i].By["sweep"] + " " + c.Groups[i].Name) }
	for i := range c.Comparisons {
		x := &c.Comparisons[i]
		m.define(prefix, taken.name(group(x.GroupB)+"Vs"+group(x.GroupA)), "Ratio", x.Ratio, "Ratio", x.RatioCI95, "Pairs", x.Pairs, "Change", signed(x.DeltaPercent),
			"P", pvalue(x.P), "HolmP", pvalue(x.HolmP), "WilcoxonP", pvalue(x.WilcoxonP), "MannWhitneyP", pvalue(x.MannWhitneyP),
			"SharedSeeds", x.SharedSeeds, "Improvement", x.Improvement, "Improvement", x.CI95)
	}
}
