package report

import (
	"fmt"
	"slices"
	"strings"

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
	var b strings.Builder
	fmt.Fprintf(&b, "# Results\n\n%s\n\n", how)
	fmt.Fprintf(&b, "The amplitude is the %s in a window on the plateau, after the start of β = ∞: one number a run, one run a seed.\n\n", measureWords[measure])
	for _, c := range claims {
		fmt.Fprintf(&b, "- **%s. %s** %s.\n", c.id, c.claim, c.inShort())
	}
	fmt.Fprintf(&b, "\n## What the paper claims about Figure 5\n\n%s\n\n%s\n\n", Rule, multiple(claims))
	for _, c := range claims {
		if c.paper {
			c.write(&b)
		}
	}
	fmt.Fprint(&b, "## Questions that the claims raise\n\n")
	for _, c := range claims {
		if !c.paper {
			c.write(&b)
		}
	}
	writeSources(&b, sweeps)
	for i, d := range sweeps {
		if err := d.writeSweep(&b, measure, figures(d), findings[i], sweeps[:i]); err != nil {
			return nil, fmt.Errorf("%s: %w", d.Name, err)
		}
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
	var verdicts []Verdict
	var names []string
	counts := map[Verdict]map[string]int{}
	total := map[string]int{}
	for _, r := range t.rows {
		v := r.Verdict
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
				where = append(where, fmt.Sprintf("`%s` (%d of %d series)", name, n, total[name]))
			}
		}
		parts = append(parts, string(v)+" in "+strings.Join(where, ", "))
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

// multiple is the note on how many tests there are.
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
	return fmt.Sprintf("Many comparisons: these are %s, of which %.2g would give p < 0.05 by chance if nothing were different; %d gave it. "+
		"Each verdict is by its own p. *Holm* is p corrected over the rows of its table; a verdict that this takes away says so.",
		plural(tests, "test"), float64(tests)*0.05, found)
}

// write writes the table of one claim: the test in columns where it is one.
func (t *claimTable) write(b *strings.Builder) {
	fmt.Fprintf(b, "### %s. %s\n\n", t.id, t.claim)
	head := []string{"sweep", "verdict", "numbers"}
	tested := slices.ContainsFunc(t.rows, func(r claimRow) bool { return r.Numbers != nil })
	if tested {
		head = []string{"sweep", "verdict", "compared", "ratio", "95 % interval", "seeds", "p", "Holm", "probability of improvement", "relative amplitude: ratio, p", "to settle it"}
	}
	var rows [][]string
	for _, r := range t.rows {
		where := fmt.Sprintf("[%s](#sweep-%s)", r.sweep.Name, anchor(r.sweep.Name))
		if r.Series != "" {
			where += ": " + r.Series
		}
		n := r.Numbers
		if !tested || n == nil {
			text := r.Text
			if r.Settle != "" {
				text += " To settle it: " + r.Settle + "."
			}
			row := []string{where, "**" + string(r.Verdict) + "**", text}
			rows = append(rows, append(row, make([]string, len(head)-len(row))...))
			continue
		}
		cells := n.cells()
		cells[3] += " (" + n.Test + ")"
		row := append([]string{where, r.verdict(), n.Of}, cells...)
		rows = append(rows, append(row, r.Settle))
	}
	markdownTable(b, head, rows)
}

// verdict is the verdict with what weakens it.
func (r claimRow) verdict() string {
	s := "**" + string(r.Verdict) + "**"
	if n := r.Numbers; n.less() && (r.Verdict == Reproduced || r.Verdict == Yes) {
		if n.HolmP.Defined() && n.HolmP >= 0.05 {
			s += ", not after Holm's correction"
		}
		switch {
		case n.rides():
			s += "; rides on the FID level"
		case n.Relative != nil && !n.Relative.less():
			s += "; whether by more than the FID level is open"
		}
	}
	if r.nearFloor {
		s += "; near the noise floor"
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
