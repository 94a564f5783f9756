package report

import (
	"fmt"
	"slices"
	"strings"

	"fig5/bench/anneal"
	"fig5/bench/stats"
)

// Results is RESULTS.md: the claims about Figure 5 held against the sweeps, the
// questions they raise, where the numbers come from, then each sweep with its findings
// in words, its setting and its numbers. figures gives the paths of a sweep's figure;
// how says where all of it comes from.
func Results(sweeps []*Data, measure, how string, figures func(*Data) []string) ([]byte, error) {
	findings := make([][]Finding, len(sweeps))
	for i, d := range sweeps {
		f, err := d.Findings(measure)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", d.Name, err)
		}
		findings[i] = f
	}
	claims, err := claimTables(sweeps, findings)
	if err != nil {
		return nil, err
	}
	// Given curves have no config: how they were trained is not ours to tell.
	trained := slices.ContainsFunc(sweeps, func(d *Data) bool { return d.Config != nil })
	where := "in a window on the plateau"
	if trained {
		where += ", after the start of β = ∞"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# Results\n\n%s\n\n", how)
	fmt.Fprintf(&b, "The amplitude is the %s %s: one number a run, one run a seed.\n\n", measureWords[measure], where)
	for _, c := range claims {
		fmt.Fprintf(&b, "- **%s. %s** %s.\n", c.id, c.claim, c.inShort())
	}
	writeClaims(&b, claims)
	if trained {
		writeSources(&b, sweeps)
	}
	for i, d := range sweeps {
		if err := d.writeSweep(&b, measure, figures(d), findings[i], sweeps[:i]); err != nil {
			return nil, fmt.Errorf("%s: %w", d.Name, err)
		}
	}
	if !trained {
		return []byte(strings.TrimRight(b.String(), "\n") + "\n"), nil
	}
	fmt.Fprint(&b, "## Deviations from the paper\n\nReasons are in docs/paper.md under the same numbers.\n\n")
	for i, s := range Deviations {
		fmt.Fprintf(&b, "%d. %s\n", i+1, s)
	}
	fmt.Fprint(&b, "\n## Assumed values\n\nThe paper does not give them; reasons are in docs/paper.md.\n\n")
	for i, s := range Assumed {
		fmt.Fprintf(&b, "%d. %s\n", i+1, s)
	}
	return []byte(b.String()), nil
}

// writeClaims writes a table for each claim, then for each question; the rule of the
// verdicts stands before the first.
func writeClaims(b *strings.Builder, claims []*claimTable) {
	if len(claims) == 0 {
		fmt.Fprint(b, "No claim about Figure 5 can be held against these runs: that takes two K, or one and a baseline.\n\n")
		return
	}
	if claims[0].paper {
		fmt.Fprint(b, "\n## What the paper claims about Figure 5\n\n")
	} else {
		fmt.Fprint(b, "\n## Questions\n\n")
	}
	fmt.Fprintf(b, "%s\n\n", Rule)
	if s := multiple(claims); s != "" {
		fmt.Fprintf(b, "%s\n\n", s)
	}
	questions := false
	for _, c := range claims { // the paper's come first
		if !c.paper && !questions {
			questions = true
			if claims[0].paper {
				fmt.Fprint(b, "## Questions that the claims raise\n\n")
			}
			fmt.Fprintf(b, "%s\n\n", QuestionRule)
		}
		c.write(b)
	}
}

// claimTable is one claim or question and what each sweep says of it.
type claimTable struct {
	id, claim string
	paper     bool
	rows      []claimRow
}

type claimRow struct {
	sweep *Data
	Finding
	nearFloor bool // question C of the same series is answered no
}

// claimTables is the findings of all sweeps by claim: the paper's first, each kind in
// the order of its IDs. P values of a table are corrected over its rows.
func claimTables(sweeps []*Data, findings [][]Finding) ([]*claimTable, error) {
	var tables []*claimTable
	at := map[string]*claimTable{}
	for i, d := range sweeps {
		for _, f := range findings[i] {
			t := at[f.ID]
			if t == nil {
				t = &claimTable{id: f.ID, claim: f.Claim, paper: f.Paper}
				at[f.ID] = t
				tables = append(tables, t)
			}
			nearFloor := slices.ContainsFunc(findings[i], func(c Finding) bool { return c.ID == "C" && c.Series == f.Series && c.Verdict == No })
			t.rows = append(t.rows, claimRow{d, f, nearFloor})
		}
	}
	slices.SortFunc(tables, func(a, b *claimTable) int { return strings.Compare(a.id, b.id) }) // digits before letters
	for _, t := range tables {
		var p []float64
		var of []*Numbers
		for _, r := range t.rows {
			if r.Numbers != nil {
				p, of = append(p, float64(r.Numbers.P)), append(of, r.Numbers)
			}
		}
		holm, err := stats.Holm(p)
		if err != nil {
			return nil, fmt.Errorf("%s. %s: %w", t.id, t.claim, err)
		}
		for i, n := range of {
			n.HolmP = stats.Number(holm[i])
		}
	}
	return tables, nil
}

// inShort lists the sweeps by verdict: "reproduced in `a`; undecided in `b` (2 of 3 series)".
func (t *claimTable) inShort() string {
	if t.rows[0].Verdict == Counted {
		return t.counts()
	}
	unit := "series"
	if t.id == "B3" {
		unit = "ladders"
	}
	var verdicts, names []string
	counts := map[string]map[string]int{}
	total := map[string]int{}
	for _, r := range t.rows {
		v := string(r.Verdict)
		if r.Behind != nil && r.Behind.Verdict != r.Verdict {
			v += " (" + string(r.Behind.Verdict) + " behind the end of the descent)"
		}
		if !slices.Contains(verdicts, v) {
			verdicts = append(verdicts, v)
			counts[v] = map[string]int{}
		}
		if !slices.Contains(names, r.sweep.Name) {
			names = append(names, r.sweep.Name)
		}
		counts[v][r.sweep.Name]++
		total[r.sweep.Name]++
	}
	var parts []string
	for _, v := range verdicts {
		var where []string
		for _, name := range names {
			switch n := counts[v][name]; {
			case n == 0:
			case n == total[name]:
				where = append(where, "`"+name+"`")
			default:
				where = append(where, fmt.Sprintf("`%s` (%d of %d %s)", name, n, total[name], unit))
			}
		}
		parts = append(parts, v+" in "+strings.Join(where, ", "))
	}
	s := strings.Join(parts, "; ")
	return strings.ToUpper(s[:1]) + s[1:]
}

// counts lists how many runs of each sweep lost a mode.
func (t *claimTable) counts() string {
	var parts []string
	for i, r := range t.rows {
		if i > 0 && t.rows[i-1].sweep == r.sweep {
			continue
		}
		lost, of := 0, 0
		for j := range r.sweep.Groups {
			n, m := r.sweep.Groups[j].LostModes()
			lost, of = lost+n, of+m
		}
		parts = append(parts, fmt.Sprintf("%d of %d in `%s`", lost, of, r.sweep.Name))
	}
	return strings.Join(parts, ", ")
}

// multiple is the note on how many tests there are; nothing where there is none.
func multiple(claims []*claimTable) string {
	tests, found := 0, 0
	for _, c := range claims {
		for _, r := range c.rows {
			if c.paper && r.Numbers != nil && r.Numbers.P.Defined() {
				tests++
				if r.Numbers.P < 0.05 {
					found++
				}
			}
		}
	}
	const corrected = "*Holm* is p corrected over the rows of its table; a verdict that this takes away says so."
	switch tests {
	case 0:
		return ""
	case 1:
		return corrected
	}
	gave := fmt.Sprint(found)
	if found == 0 {
		gave = "none"
	}
	return fmt.Sprintf("Many comparisons: these are %d tests, of which %.2g would give p < 0.05 by chance if nothing were different; %s gave it. "+
		"Each verdict is by its own p. "+corrected,
		tests, float64(tests)*0.05, gave)
}

// write writes the table of one claim: the test in columns where it is one.
func (t *claimTable) write(b *strings.Builder) {
	fmt.Fprintf(b, "### %s. %s\n\n", t.id, t.claim)
	has := func(f func(claimRow) bool) bool { return slices.ContainsFunc(t.rows, f) }
	if !has(func(r claimRow) bool { return r.Numbers != nil }) {
		t.writeWords(b)
		return
	}
	trained, lost := has(func(r claimRow) bool { return r.Trained != "" }), has(func(r claimRow) bool { return r.Lost != "" })
	hot, settle := has(func(r claimRow) bool { return r.Hot != nil }), has(func(r claimRow) bool { return r.Settle != "" })
	head := []string{"sweep", "verdict", "compared"}
	when := func(yes bool, cell string) []string {
		if !yes {
			return nil
		}
		return []string{cell}
	}
	head = append(head, when(trained, "iterations of training")...)
	head = append(head, when(lost, "lost a mode")...)
	head = append(head, "ratio", "95 % interval", "seeds", "p", "Holm", "probability of improvement", "relative amplitude: ratio, p")
	head = append(head, when(hot, "hot in the ladder's place: ratio, p, lost a mode")...)
	head = append(head, when(settle, "to settle it")...)
	var rows [][]string
	for _, r := range t.rows {
		n := r.Numbers
		if n == nil {
			n = &Numbers{}
		}
		cells := n.cells()
		if cells[3] != "–" {
			cells[3] += " (" + n.Test + ")"
		}
		row := []string{r.where(), r.verdict(), n.Of}
		row = append(row, when(trained, r.Trained)...)
		row = append(row, when(lost, r.Lost)...)
		row = append(row, cells...)
		row = append(row, when(hot, r.hotCell())...)
		rows = append(rows, append(row, when(settle, r.Settle)...))
	}
	markdownTable(b, head, rows)
}

// writeWords writes the table of a question that no test answers.
func (t *claimTable) writeWords(b *strings.Builder) {
	var rows [][]string
	for _, r := range t.rows {
		text := r.Text
		if r.Settle != "" {
			text += " To settle it: " + r.Settle + "."
		}
		rows = append(rows, []string{r.where(), r.verdict(), text})
	}
	markdownTable(b, []string{"sweep", "verdict", "numbers"}, rows)
}

// where is the row's sweep, as a link, and series.
func (r claimRow) where() string {
	s := fmt.Sprintf("[%s](#sweep-%s)", r.sweep.Name, anchor(r.sweep.Name))
	if r.Series != "" {
		s += ": " + r.Series
	}
	return s
}

// hotCell is the hot phase beside the ladder.
func (r claimRow) hotCell() string {
	n := r.Hot
	if n == nil {
		return ""
	}
	s := fmt.Sprintf("%s %s, %s", digits(float64(n.Ratio)), interval(n.CI95), pValue(n.P))
	if lost := lostOf(r.sweep.Baseline(anneal.Hot)); lost != "" {
		s += "; " + lost
	}
	return s
}

// verdict is the verdict with what weakens it.
func (r claimRow) verdict() string {
	s := "**" + string(r.Verdict) + "**"
	n := r.Numbers
	if n != nil {
		holm := ""
		if n.HolmP.Defined() && n.HolmP >= 0.05 {
			holm = ", not after Holm's correction"
		}
		switch {
		case n.less() && (r.Verdict == Reproduced || r.Verdict == Yes):
			s += holm
			switch {
			case n.rides():
				s += "; rides on the FID level"
			case n.Relative != nil && !n.Relative.less():
				s += "; whether by more than the FID level is open"
			}
		case n.more() && r.Verdict == No:
			s += ": it oscillates more" + holm
		}
	}
	if r.Note != "" {
		s += "; " + r.Note
	}
	if r.nearFloor {
		s += "; near the noise floor"
	}
	if r.Behind != nil {
		s += "; " + r.Behind.words()
	}
	return s
}

// anchor is a heading's name as a link has it.
func anchor(name string) string {
	return strings.ToLower(strings.ReplaceAll(name, ".", ""))
}

func markdownTable(b *strings.Builder, head []string, rows [][]string) {
	fmt.Fprintf(b, "| %s |\n|%s\n", strings.Join(head, " | "), strings.Repeat("---|", len(head)))
	for _, row := range rows {
		fmt.Fprintf(b, "| %s |\n", strings.ReplaceAll(strings.Join(row, " | "), "\n", " "))
	}
	fmt.Fprintln(b)
}

// writeSources says of each sweep by what command, commit and machine it was made.
func writeSources(b *strings.Builder, sweeps []*Data) {
	fmt.Fprint(b, "## Where the numbers come from\n\n")
	var rows [][]string
	for _, d := range sweeps {
		var commits, machines []string
		for _, v := range d.Versions {
			commits = append(commits, fmt.Sprintf("`%.12s` (libtorch %s, %s)", orUnknown(v.Fig5), orUnknown(v.Libtorch), v.Go))
		}
		for _, m := range d.Machines {
			machines = append(machines, fmt.Sprintf("%s, %d cores, %s kernels", m.CPU, m.Cores, m.Kernels))
		}
		rows = append(rows, []string{fmt.Sprintf("[%s](#sweep-%s)", d.Name, anchor(d.Name)), d.command(), seedRange(d.Seeds()),
			fmt.Sprint(d.Runs()), duration(d.seconds()), strings.Join(commits, "; "), strings.Join(machines, "; ")})
	}
	markdownTable(b, []string{"sweep", "command", "seeds", "runs", "of one core", "commit", "machine"}, rows)
}
