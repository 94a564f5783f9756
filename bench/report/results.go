package report

import (
	"fmt"
	"strconv"
	"strings"
)

// Results is RESULTS.md: the claims about Figure 5 held against the sweeps, then
// each sweep with its setting and numbers. figures gives the paths of a sweep's figure;
// how says where all of it comes from.
func Results(sweeps []*Data, measure, how string, figures func(*Data) []string) ([]byte, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "# Results\n\n%s\n\n", how)
	fmt.Fprintf(&b, "The amplitude is the %s in a window on the plateau, after the start of β = ∞: one number a run, one run a seed.\n\n", measureWords[measure])
	fmt.Fprintf(&b, "## What the paper claims about Figure 5\n\n%s\n\n", Rule)
	findings := make([][]Finding, len(sweeps))
	for i, d := range sweeps {
		f, err := d.Findings(measure)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", d.Name, err)
		}
		findings[i] = f
	}
	writeFindings(&b, sweeps, findings, true)
	fmt.Fprint(&b, "Questions that the claims raise:\n\n")
	writeFindings(&b, sweeps, findings, false)
	for i, d := range sweeps {
		if err := d.writeSweep(&b, measure, figures(d), findings[i]); err != nil {
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

// writeFindings writes the paper's claims, or the questions, of all sweeps as a table.
func writeFindings(b *strings.Builder, sweeps []*Data, findings [][]Finding, paper bool) {
	rows := [][]string{}
	var ids []string
	seen := map[string]bool{}
	for _, fs := range findings {
		for _, f := range fs {
			if f.Paper == paper && !seen[f.ID] {
				seen[f.ID] = true
				ids = append(ids, f.ID)
			}
		}
	}
	for _, id := range ids {
		for i, fs := range findings {
			for _, f := range fs {
				if f.ID != id {
					continue
				}
				where := sweeps[i].Name
				if f.Series != "" {
					where += ": " + f.Series
				}
				text := f.Text
				if f.Settle != "" {
					text += " To settle it: " + f.Settle + "."
				}
				rows = append(rows, []string{f.ID + ". " + f.Claim, where, "**" + string(f.Verdict) + "**", text})
			}
		}
	}
	if len(rows) == 0 {
		fmt.Fprint(b, "No sweep here bears on them.\n\n")
		return
	}
	head := "question"
	if paper {
		head = "claim"
	}
	markdownTable(b, []string{head, "sweep", "verdict", "numbers"}, rows)
}

func markdownTable(b *strings.Builder, head []string, rows [][]string) {
	fmt.Fprintf(b, "| %s |\n|%s\n", strings.Join(head, " | "), strings.Repeat("---|", len(head)))
	for _, row := range rows {
		fmt.Fprintf(b, "| %s |\n", strings.ReplaceAll(strings.Join(row, " | "), "\n", " "))
	}
	fmt.Fprintln(b)
}

// writeSweep writes one sweep's section.
func (d *Data) writeSweep(b *strings.Builder, measure string, figures []string, findings []Finding) error {
	r, err := d.Report(measure)
	if err != nil {
		return err
	}
	fmt.Fprintf(b, "## Sweep `%s`\n\n", d.Name)
	for _, figure := range figures {
		fmt.Fprintf(b, "![%s](%s)\n\n", d.title(measure), figure)
	}
	for _, line := range d.setting() {
		fmt.Fprintf(b, "- %s\n", line)
	}
	fmt.Fprintln(b)
	head, rows := d.groupTable(r)
	markdownTable(b, head, rows)
	for _, line := range d.reading(r, findings) {
		fmt.Fprintf(b, "%s\n\n", line)
	}
	fmt.Fprint(b, "By the other amplitudes (geometric mean, 95 % interval; Page's p over K):\n\n")
	if err := d.writeMeasures(b, measure); err != nil {
		return err
	}
	if len(r.Warnings) > 0 {
		fmt.Fprint(b, "Warnings:\n\n")
		for _, w := range r.Warnings {
			fmt.Fprintf(b, "- %s\n", w)
		}
		fmt.Fprintln(b)
	}
	return nil
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
			rows[i] = append(rows[i], digits(float64(g.GeoMean))+" "+plainInterval(g.GeoMeanCI95))
		}
		for i, t := range r.Trends {
			at := len(r.Groups) + i
			if len(rows) <= at {
				name := "Page's p"
				if l := labels[seriesName(t.By)]; l != "" {
					name += ", " + l
				}
				rows = append(rows, []string{name})
			}
			rows[at] = append(rows[at], strings.TrimPrefix(pValue(t.PageP), "p "))
		}
	}
	for _, row := range rows {
		for i := range row {
			row[i] = strings.TrimPrefix(row[i], "= ")
		}
	}
	markdownTable(b, head, rows)
	return nil
}

// reading is the trends and the noise floor in sentences that follow the numbers.
func (d *Data) reading(r *Report, findings []Finding) []string {
	labels := d.labels()
	var out []string
	for _, t := range r.Trends {
		name := labels[seriesName(t.By)]
		prefix := ""
		if name != "" {
			prefix = "**" + name + ".** "
		}
		var words []string
		if len(t.K) > 1 {
			words = append(words, TrendSentence(t), fmt.Sprintf("Jonckheere-Terpstra %s, Spearman %s (%s), log-log slope %s %s.",
				pValue(t.JonckheereP), digits(float64(t.Spearman)), pValue(t.SpearmanP), digits(float64(t.Slope)), plainInterval(t.SlopeCI95)))
		}
		for _, f := range findings {
			if f.Series == name && (f.ID == "A" || f.ID == "B" || f.ID == "C") {
				words = append(words, f.Text)
			}
		}
		for _, w := range t.Warnings {
			words = append(words, "("+w+".)")
		}
		if len(words) > 0 {
			out = append(out, prefix+strings.Join(words, " "))
		}
	}
	if r.RealFloor.Median.Defined() {
		out = append(out, fmt.Sprintf("Real samples against real ones, measured in the same way: %s.", digits(float64(r.RealFloor.Median))))
	}
	return out
}

// setting is how the numbers came about, a line each.
func (d *Data) setting() []string {
	var out []string
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	seeds := d.Seeds()
	if c := d.Config; c != nil {
		add("command: `fig5 run configs/%s.yaml`, then `fig5 report configs/%s.yaml`", c.Name, c.Name)
		add("data `%s`, model `%s`, FID on `%s` features of %d samples every %d iterations", c.Data.Name, c.Model.Name, c.FID.Features, c.FID.Samples, c.FID.Every)
		var series []string
		var widths []string
		for _, w := range c.Anneal.Box.HalfWidth {
			widths = append(widths, number(w))
		}
		for _, s := range c.Anneal.Schedule {
			for _, p := range c.Anneal.Protocol {
				series = append(series, s.String()+" "+p.String())
			}
		}
		add("annealing: %s; K = %s; β %s → %s (%s), box %s of half-width %s", strings.Join(series, ", "), joinInts(c.Anneal.Steps),
			number(c.Anneal.Beta[0]), number(c.Anneal.Beta[1]), strings.Join(c.Anneal.End, ", "), c.Anneal.Box.Kind, strings.Join(widths, ", "))
		add("training: %d iterations of pretraining, %d at β = ∞, batch %d, %s, %s at %s", c.Train.Pretrain, c.Train.Final, c.Train.Batch, c.Train.Loss, c.Train.Optimizer.Name, number(c.Train.Optimizer.LR))
	} else {
		add("curves listed in `%s`", d.Dir)
	}
	a := d.Analysis
	add("analysis: low-pass %s, knee `%s`, window %s iterations", lowpassWords(d), a.Knee.Method, number(a.Window))
	seconds := 0.
	for i := range d.Groups {
		for j := range d.Groups[i].Runs {
			seconds += d.Groups[i].Runs[j].Seconds
		}
	}
	line := fmt.Sprintf("seeds: %s; %s", seedRange(seeds), plural(d.Runs(), "run"))
	if seconds > 0 {
		line += fmt.Sprintf(", %s of one core", duration(seconds))
	}
	out = append(out, line)
	for _, v := range d.Versions {
		add("made by fig5 %s, %s, gotch %s, libtorch %s", orUnknown(v.Fig5), v.Go, orUnknown(v.Gotch), orUnknown(v.Libtorch))
	}
	for _, m := range d.Machines {
		add("machine: %s, %d cores, %s/%s, %s kernels", m.CPU, m.Cores, m.OS, m.Arch, m.Kernels)
	}
	return out
}

func lowpassWords(d *Data) string {
	l := d.Analysis.Lowpass
	switch l.Name {
	case "butterworth":
		return fmt.Sprintf("`butterworth` of order %d, cutoff %s of Nyquist", l.Order, number(l.Cutoff))
	case "moving-average":
		return fmt.Sprintf("`moving-average` of %d points", l.Window)
	case "savgol":
		return fmt.Sprintf("`savgol` of %d points, order %d", l.Window, l.PolyOrder)
	}
	return "`" + l.Name + "`"
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

func orUnknown(s string) string {
	if s == "" {
		return "(unknown)"
	}
	return s
}

// seedRange writes "0 to 7 (8)" for consecutive seeds, else their list.
func seedRange(seeds []int) string {
	n := len(seeds)
	if n > 2 && seeds[n-1]-seeds[0] == n-1 {
		return fmt.Sprintf("%d to %d (%d)", seeds[0], seeds[n-1], n)
	}
	return joinInts(seeds)
}

func duration(seconds float64) string {
	switch {
	case seconds < 120:
		return fmt.Sprintf("%.0f s", seconds)
	case seconds < 7200:
		return fmt.Sprintf("%.0f min", seconds/60)
	}
	return fmt.Sprintf("%.1f h", seconds/3600)
}
