package bundle

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"fig5/bench/compare"
	"fig5/bench/report"
	"fig5/bench/stats"
)

// macros collects the definitions of numbers.tex.
type macros struct {
	text  strings.Builder
	taken map[string]bool
	err   error
}

// define adds \name with a value that is TeX. Two macros of one name are an error.
func (m *macros) define(name, value string) {
	if m.taken[name] && m.err == nil {
		m.err = fmt.Errorf(`%s: \%s would be defined twice; rename a schedule or bundle the sweeps apart`, numbersFile, name)
	}
	m.taken[name] = true
	fmt.Fprintf(&m.text, "\\newcommand{\\%s}{%s}\n", name, value)
}

func (m *macros) comment(format string, args ...any) {
	fmt.Fprintf(&m.text, "\n%% "+format+"\n", args...)
}

func (m *macros) count(name string, n int) { m.define(name, strconv.Itoa(n)) }

// number writes three significant digits, -- where there is no number.
func (m *macros) number(name string, v stats.Number) { m.define(name, texNumber(v)) }

// p writes a p value with three decimals, <0.001 below that.
func (m *macros) p(name string, p stats.Number) { m.define(name, texP(p)) }

// interval defines nameLo, nameHi and nameCI, the interval in brackets; group ends
// their names.
func (m *macros) interval(name, group string, i stats.Interval) {
	m.number(name+"Lo"+group, stats.Number(i.Lo))
	m.number(name+"Hi"+group, stats.Number(i.Hi))
	m.define(name+"CI"+group, texInterval(i))
}

// numbers is numbers.tex: a macro for every number of the reports and comparisons.
// docs/bundle.md says how they are named.
func (b *builder) numbers() (string, error) {
	m := &macros{taken: map[string]bool{}}
	fmt.Fprintf(&m.text, "%% The numbers of %s as macros, three significant digits each.\n"+
		"%% Write \\name{} before a space. Made by fig5 bundle; not to be edited.\n", b.sweepNames())
	sweeps := namer{}
	for _, p := range b.parts {
		prefix := strings.ToLower(sweeps.name(p.Name))
		m.comment("Sweep %s", p.Name)
		p.sweepMacros(m, prefix, b.Measure)
		groups, series := p.names()
		for _, measure := range measures(b.Measure) {
			at := prefix
			if measure != b.Measure {
				at += letters(strings.ReplaceAll(measure, "_", " "))
			}
			r := p.reports[measure]
			m.number(at+"RealFloor", r.RealFloor.Median)
			for i := range r.Groups {
				m.comment("%s, %s (%s)", p.Name, p.data.Groups[i].Name(), measure)
				groupMacros(m, at, groups[i], &r.Groups[i], measure == b.Measure)
			}
			for i, t := range r.Trends {
				if len(t.K) > 1 {
					m.comment("%s, trend over K (%s)", p.Name, measure)
					trendMacros(m, at, series[i], t)
				}
			}
		}
		for _, r := range p.against {
			m.comment("%s, compared by %s (%s)", p.Name, r.By, b.Measure)
			comparisonMacros(m, prefix, r)
		}
	}
	if b.all != nil {
		m.comment("The sweeps against each other (%s)", b.Measure)
		comparisonMacros(m, "sweeps", b.all)
	}
	return m.text.String(), m.err
}

// measures is all of them, first the one of the bundle.
func measures(first string) []string {
	out := []string{first}
	for _, m := range report.Measures {
		if m != first {
			out = append(out, m)
		}
	}
	return out
}

// names is what the names of macros end with: one for every group, one for every
// series (nothing where there is but one).
func (p *part) names() (groups, series []string) {
	taken := namer{}
	at := map[string]string{} // the name of a series by its coordinates
	for _, s := range p.data.Series() {
		name := ""
		if s.Label != "" {
			name = taken.name(s.Label)
		}
		series = append(series, name)
		if len(s.Groups) > 0 {
			at[s.Groups[0].Series()] = name
		}
	}
	for i := range p.data.Groups {
		g := &p.data.Groups[i]
		if g.Baseline != "" {
			groups = append(groups, letters(g.Baseline))
			continue
		}
		groups = append(groups, at[g.Series()]+"K"+cardinal(g.K))
	}
	return groups, series
}

func (p *part) sweepMacros(m *macros, prefix, measure string) {
	m.define(prefix+"Measure", compare.TeXEscape(report.Words(measure)))
	m.count(prefix+"Runs", p.Runs)
	m.count(prefix+"Unfinished", len(p.Unfinished))
	m.count(prefix+"Seeds", len(p.data.Seeds()))
	m.define(prefix+"Window", strconv.FormatFloat(p.data.Analysis.Window, 'f', -1, 64))
	var commits []string
	for _, v := range p.data.Versions {
		if c := short(v.Fig5); !slices.Contains(commits, c) {
			commits = append(commits, c)
		}
	}
	m.define(prefix+"Commit", compare.TeXEscape(strings.Join(commits, ", ")))
}

// groupMacros defines the numbers of one group; those that are the same by every
// measure only where main.
func groupMacros(m *macros, prefix, group string, g *report.GroupSummary, main bool) {
	name := func(quantity string) string { return prefix + quantity + group }
	span := func(quantity string, i stats.Interval) { m.interval(prefix+quantity, group, i) }
	m.count(name("N"), g.N)
	m.count(name("Unsettled"), g.Unsettled)
	m.number(name("Geomean"), g.GeoMean)
	span("Geomean", g.GeoMeanCI95)
	m.number(name("Median"), g.Median)
	span("Median", g.MedianCI95)
	m.number(name("Mean"), g.Mean)
	span("Mean", g.CI95)
	m.number(name("SD"), g.SD)
	m.number(name("SDLog"), g.SDLog)
	m.number(name("IQM"), g.IQM)
	m.number(name("Floor"), g.Floor.Median)
	if !main {
		return
	}
	m.count(name("Failed"), g.Failed)
	m.count(name("Diverged"), g.Diverged)
	m.count(name("Missing"), g.Missing)
	m.number(name("Level"), g.Level.GeoMean)
	span("Level", g.Level.GeoMeanCI95)
	m.number(name("LevelMedian"), g.Level.Median)
	if g.LostModes != nil {
		m.count(name("LostModes"), *g.LostModes)
	}
}

func trendMacros(m *macros, prefix, series string, t report.Trend) {
	name := func(quantity string) string { return prefix + quantity + series }
	m.count(name("TrendSeeds"), t.Seeds)
	m.p(name("PageP"), t.PageP)
	m.number(name("PageL"), t.PageL)
	m.p(name("JonckheereP"), t.JonckheereP)
	m.number(name("Spearman"), t.Spearman)
	m.p(name("SpearmanP"), t.SpearmanP)
	m.number(name("Slope"), t.Slope)
	m.interval(prefix+"Slope", series, t.SlopeCI95)
	m.define(name("TrendText"), texSentence(report.TrendSentence(t)))
}

// comparisonMacros defines the numbers of each pair; their names end with the second
// group, Vs, the first.
func comparisonMacros(m *macros, prefix string, r *compare.Result) {
	taken := namer{}
	for i := range r.Comparisons {
		c := &r.Comparisons[i]
		var words []string
		within := slices.Sorted(maps.Keys(c.Within))
		slices.Reverse(within) // the sweep, the schedule, then the rest, as elsewhere
		for _, key := range within {
			words = append(words, c.Within[key])
		}
		words = append(words, c.B)
		switch k := fmt.Sprintf("K = %d", c.K); {
		case c.Baseline != "":
			words = append(words, c.Baseline)
		case c.B != k:
			words = append(words, k)
		}
		pair := taken.name(strings.Join(words, " ") + " Vs " + c.A)
		name := func(quantity string) string { return prefix + quantity + pair }
		m.define(name("Change"), texSigned(c.DeltaPercent))
		m.p(name("P"), c.P)
		m.p(name("HolmP"), c.HolmP)
		m.p(name("WilcoxonP"), c.WilcoxonP)
		m.p(name("MannWhitneyP"), c.MannWhitneyP)
		m.count(name("SharedSeeds"), c.SharedSeeds)
		m.number(name("Improvement"), c.Improvement)
		m.interval(prefix+"Improvement", pair, c.CI95)
	}
}

// short is a commit in twelve digits, with its mark of changes.
func short(commit string) string {
	hash, changes := strings.CutSuffix(commit, "+changes")
	if len(hash) > 12 {
		hash = hash[:12]
	}
	switch {
	case hash == "":
		return "unknown"
	case changes:
		return hash + "+changes"
	}
	return hash
}

// sweepNames is the sweeps of the bundle in words.
func (b *builder) sweepNames() string {
	var names []string
	for _, p := range b.parts {
		names = append(names, p.Name)
	}
	return strings.Join(names, ", ")
}
