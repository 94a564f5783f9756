package report

import (
	"fmt"
	"slices"
	"strings"
)

// writeSweep writes one sweep's section: findings in words, figure, setting, numbers.
// earlier are the sweeps told before it.
func (d *Data) writeSweep(b *strings.Builder, measure string, figures []string, findings []Finding, earlier []*Data) error {
	r, err := d.Report(measure)
	if err != nil {
		return err
	}
	fmt.Fprintf(b, "## Sweep `%s`\n\n", d.Name)
	for _, line := range append(d.reading(r, findings), d.sharedWith(earlier)...) {
		fmt.Fprintf(b, "- %s\n", line)
	}
	fmt.Fprintln(b)
	for _, figure := range figures {
		fmt.Fprintf(b, "![%s](%s)\n\n", d.title(measure), figure)
	}
	head, rows := d.groupTable(r)
	markdownTable(b, head, rows)
	if err := d.writeGrid(b, measure); err != nil {
		return err
	}
	page := ""
	if slices.ContainsFunc(r.Trends, func(t Trend) bool { return len(t.K) > 1 }) {
		page = "; Page's p over K"
	}
	fmt.Fprintf(b, "By the other amplitudes (geometric mean, 95 %% interval%s):\n\n", page)
	if err := d.writeMeasures(b, measure); err != nil {
		return err
	}
	for _, line := range d.setting() {
		fmt.Fprintf(b, "- %s\n", line)
	}
	fmt.Fprintln(b)
	if len(r.Warnings) > 0 {
		fmt.Fprint(b, "Warnings:\n\n")
		for _, w := range r.Warnings {
			fmt.Fprintf(b, "- %s\n", strings.TrimSpace(r.Sign(w)+" "+w))
		}
		fmt.Fprintln(b)
	}
	return nil
}

// fewSeries is up to how many series each is told in full.
const fewSeries = 2

// reading is the findings in sentences that follow the numbers.
func (d *Data) reading(r *Report, findings []Finding) []string {
	var out []string
	if n := len(d.Seeds()); n < fewSeeds {
		out = append(out, fmt.Sprintf("**A pilot.** With %s no test can reach p < 0.05: nothing is decided here.", plural(n, "seed")))
	}
	labels := d.labels()
	for _, t := range r.Trends {
		name := labels[seriesName(t.By)]
		of := func(ids ...string) string {
			var words []string
			for _, f := range findings {
				if f.Series == name && slices.Contains(ids, f.ID) {
					words = append(words, f.sentences())
				}
			}
			return strings.Join(words, " ")
		}
		add := func(topic, text string) {
			if text == "" {
				return
			}
			if name != "" {
				topic = name + ": " + strings.ToLower(topic[:1]) + topic[1:]
			}
			out = append(out, "**"+topic+".** "+text)
		}
		trend := ""
		if len(t.K) > 1 {
			trend = sentences(of("2"), fmt.Sprintf("Jonckheere-Terpstra %s, Spearman %s (%s).", pValue(t.JonckheereP), digits(float64(t.Spearman)), pValue(t.SpearmanP)), of("A"), of("F"))
			for _, w := range t.Warnings {
				trend += " (" + w + ".)"
			}
		}
		if len(d.Series()) > fewSeries {
			add("Trend and hot phase", sentences(of("2"), of("A"), of("B1"), eachAgainstHot(findings, name)))
			continue
		}
		add("Without annealing", of("1a", "1b"))
		add("Trend over K", trend)
		add("Against a hot phase", sentences(of("B1", "B2"), eachAgainstHot(findings, name)))
		add("Noise floor", of("C"))
		add("Spread over seeds", of("D"))
	}
	for _, f := range findings {
		if f.Series == "" && f.ofGrid() {
			out = append(out, fmt.Sprintf("**%s** %s: %s", f.Claim, strings.ToUpper(string(f.Verdict[:1]))+string(f.Verdict[1:]), f.sentences()))
		}
	}
	out = append(out, behindFlags(findings), d.lostSentence(), d.unsettledSentence(r))
	if r.RealFloor.Median.Defined() {
		out = append(out, fmt.Sprintf("**Real samples against real ones**, measured in the same way: %s.", digits(float64(r.RealFloor.Median))))
	}
	return slices.DeleteFunc(out, func(s string) bool { return s == "" })
}

// eachAgainstHot says of the ladders of a series which of them differ from the hot
// phase, each by itself; nothing where they were not asked. Holm's p stands there where
// it is known.
func eachAgainstHot(findings []Finding, series string) string {
	asked := 0
	var found []string
	for _, f := range findings {
		if f.ID != "B3" || f.Series != series {
			continue
		}
		asked++
		n := f.Numbers
		if !n.less() && !n.more() {
			continue
		}
		s := fmt.Sprintf("%s (ratio %s %s, %s", strings.TrimSuffix(n.Of, " / hot"), digits(float64(n.Ratio)), interval(n.CI95), pValue(n.P))
		if n.HolmP.Defined() {
			s += ", Holm " + bareP(n.HolmP)
		}
		found = append(found, s+")")
	}
	switch {
	case asked == 0:
		return ""
	case len(found) == 0:
		return "Each K by itself: none differs from hot at p < 0.05."
	}
	return "Each K by itself: p < 0.05 for " + strings.Join(found, ", ") + "."
}

// lostSentence counts the runs that lost a mode, without a test: the counts are small.
func (d *Data) lostSentence() string {
	labels := d.labels()
	var words []string
	lost, counted := 0, 0
	for i := range d.Groups {
		g := &d.Groups[i]
		if n, of := g.LostModes(); of > 0 {
			lost, counted = lost+n, counted+of
			if n > 0 {
				words = append(words, fmt.Sprintf("%s: %d of %d", groupName(g.By, g.K, g.Baseline, labels[seriesName(g.By)]), n, of))
			}
		}
	}
	switch {
	case counted == 0:
		return ""
	case lost == 0:
		return fmt.Sprintf("**Modes.** None of the %d runs lost a mode in the window.", counted)
	}
	return fmt.Sprintf("**Modes.** %d of %d runs lost a mode somewhere in the window (%s).", lost, counted, strings.Join(words, "; "))
}

// sharedWith says how many runs are trainings that other sweeps have too.
func (d *Data) sharedWith(others []*Data) []string {
	trainings := func(d *Data) (m map[string]bool, again int) {
		m = map[string]bool{}
		for i := range d.Groups {
			for _, r := range d.Groups[i].Runs {
				if m[r.Training] {
					again++
				}
				if r.Training != "" {
					m[r.Training] = true
				}
			}
		}
		return m, again
	}
	var out []string
	mine, n := trainings(d)
	if n > 0 {
		out = append(out, fmt.Sprintf("**Twice.** %d of %d runs have the settings and seed of another of the sweep, under another name: they are equal to it.", n, d.Runs()))
	}
	for _, o := range others {
		n := 0
		theirs, _ := trainings(o)
		for training := range theirs {
			if mine[training] {
				n++
			}
		}
		if n > 0 {
			out = append(out, fmt.Sprintf("**Shared.** %d of %d runs are trainings of `%s` once more, with its settings and seeds: they are no evidence of their own.", n, d.Runs(), o.Name))
		}
	}
	return out
}

// unsettledSentence counts the runs without an amplitude.
func (d *Data) unsettledSentence(r *Report) string {
	labels := d.labels()
	var words []string
	n := 0
	for i, g := range r.Groups {
		without := g.Unsettled + g.Failed + g.Missing
		if without == 0 {
			continue
		}
		n += without
		var kinds []string
		for _, k := range []struct {
			n    int
			what string
		}{{g.Unsettled, "unsettled"}, {g.Diverged, "diverged"}, {g.Failed - g.Diverged, "failed"}, {g.Missing, "missing"}} {
			if k.n > 0 {
				kinds = append(kinds, fmt.Sprintf("%d %s", k.n, k.what))
			}
		}
		words = append(words, fmt.Sprintf("%s: %s of %d", groupName(g.By, g.K, g.Baseline, labels[seriesName(g.By)]), strings.Join(kinds, ", "), len(d.Groups[i].Runs)))
	}
	if n == 0 {
		return fmt.Sprintf("**Settled.** All %d runs completed their window.", d.Runs())
	}
	return fmt.Sprintf("**Settled.** %d of %d runs have no amplitude (%s). Unsettled and diverged ones rank last in the tests; none is in an average.", n, d.Runs(), strings.Join(words, "; "))
}

// writeGrid writes the pairs of groups that differ in one coordinate.
func (d *Data) writeGrid(b *strings.Builder, measure string) error {
	for _, q := range gridQuestions {
		pairs, err := d.GridPairs(q.key, measure)
		if err != nil {
			return err
		}
		if len(pairs) == 0 {
			continue
		}
		holm := ""
		if len(pairs) > 1 {
			holm = fmt.Sprintf("; Holm over the %d rows", len(pairs))
		}
		fmt.Fprintf(b, "%s Second against first%s:\n\n", q.claim, holm)
		within := slices.ContainsFunc(pairs, func(p GridPair) bool { return p.Within != "" })
		head := []string{"compared", "K"}
		if within {
			head = append(head, "at")
		}
		head = append(head, "ratio", "95 % interval", "seeds", "Wilcoxon p", "Holm", "probability of improvement", "relative amplitude: ratio, p")
		var rows [][]string
		for _, p := range pairs {
			row := []string{p.Of, fmt.Sprint(p.K)}
			if within {
				row = append(row, p.Within)
			}
			rows = append(rows, append(row, p.cells()...))
		}
		markdownTable(b, head, rows)
	}
	return nil
}

// cells is the test as cells of a table: ratio, interval, seeds, p, Holm's, probability
// of improvement, relative amplitude.
func (n Numbers) cells() []string {
	seeds := fmt.Sprint(n.Seeds)
	if n.Pairs < n.Seeds {
		seeds += fmt.Sprintf(" (ratio of %d)", n.Pairs)
	}
	relative := ""
	if rel := n.Relative; rel != nil {
		relative = fmt.Sprintf("%s %s, %s", digits(float64(rel.Ratio)), interval(rel.CI95), pValue(rel.P))
	}
	return []string{digits(float64(n.Ratio)), plainInterval(n.CI95), seeds, bareP(n.P), bareP(n.HolmP), n.chance(), relative}
}

// writeMeasures writes every amplitude of every group beside the others.
func (d *Data) writeMeasures(b *strings.Builder, headline string) error {
	labels := d.labels()
	head := []string{"group"}
	var rows [][]string
	for _, measure := range Measures {
		if measure == headline {
			continue
		}
		r, err := d.Report(measure)
		if err != nil {
			return err
		}
		head = append(head, "`"+measure+"`")
		for i, g := range r.Groups {
			if len(rows) <= i {
				rows = append(rows, []string{groupName(g.By, g.K, g.Baseline, labels[seriesName(g.By)])})
			}
			cell := digits(float64(g.GeoMean))
			if g.GeoMean.Defined() {
				cell += " " + plainInterval(g.GeoMeanCI95)
			}
			rows[i] = append(rows[i], cell)
		}
		at := len(r.Groups) - 1
		for _, t := range r.Trends {
			if len(t.K) < 2 {
				continue
			}
			if at++; len(rows) <= at {
				name := "Page's p"
				if l := labels[seriesName(t.By)]; l != "" {
					name += ", " + l
				}
				rows = append(rows, []string{name})
			}
			rows[at] = append(rows[at], bareP(t.PageP))
		}
	}
	markdownTable(b, head, rows)
	return nil
}
