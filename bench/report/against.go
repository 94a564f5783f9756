package report

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// Line is one group beside the same group of recorded runs.
type Line struct {
	Group    string
	Here     GroupSummary
	Recorded GroupSummary
	Verdict  string
}

// Against sets every group of r beside the one of the recorded report with the same
// coordinates. Groups that were not recorded have no line.
func Against(r, recorded *Report) []Line {
	type key struct {
		by string
		k  int
	}
	old := map[key]GroupSummary{}
	for _, g := range recorded.Groups {
		old[key{seriesName(g.By), g.K}] = g
	}
	var out []Line
	for _, g := range r.Groups {
		o, ok := old[key{seriesName(g.By), g.K}]
		if !ok {
			continue
		}
		l := Line{Group: groupName(g.By, g.K, g.Baseline, ""), Here: g, Recorded: o}
		a, b := g.GeoMeanCI95, o.GeoMeanCI95
		switch {
		case same(g.Values, o.Values):
			l.Verdict = "the same numbers"
		case !a.Defined() || !b.Defined():
			l.Verdict = "no interval to compare"
		case a.Lo <= b.Hi && b.Lo <= a.Hi:
			l.Verdict = "intervals overlap"
		default:
			l.Verdict = "INTERVALS DO NOT OVERLAP"
		}
		out = append(out, l)
	}
	return out
}

// Differences says in what the recorded runs were made or measured otherwise, so that
// their numbers are not the same experiment's; nothing where they were not.
func Differences(d, recorded *Data) []string {
	var out []string
	if d.Analysis != recorded.Analysis {
		out = append(out, fmt.Sprintf("%s: the recorded numbers come from another analysis section (window %s, here %s)", recorded.Dir, number(recorded.Analysis.Window), number(d.Analysis.Window)))
	}
	if d.Config == nil || recorded.Config == nil {
		return out
	}
	old := map[string]string{}
	for _, cell := range recorded.Config.Cells() {
		old[cell.ID] = recorded.Config.Fingerprint(cell)
	}
	for _, cell := range d.Config.Cells() {
		if f, ok := old[cell.ID]; ok && f != d.Config.Fingerprint(cell) {
			return append(out, fmt.Sprintf("%s: the recorded runs were trained with other settings than these (%s for one)", recorded.Dir, cell.ID))
		}
	}
	return out
}

func same(a, b []float64) bool {
	if len(a) != len(b) || len(a) == 0 {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// WriteAgainst writes the lines; from says where the recorded runs are.
func (d *Data) WriteAgainst(w io.Writer, lines []Line, from string) error {
	fmt.Fprintf(w, "\nbeside the recorded runs (%s, RESULTS.md): geometric mean and 95 %% interval\n\n", from)
	labels := d.labels()
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "group\there\t\trecorded\t\t")
	for _, l := range lines {
		name := groupName(l.Here.By, l.Here.K, l.Here.Baseline, labels[seriesName(l.Here.By)])
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", name,
			digits(float64(l.Here.GeoMean)), plainInterval(l.Here.GeoMeanCI95),
			digits(float64(l.Recorded.GeoMean)), plainInterval(l.Recorded.GeoMeanCI95), l.Verdict)
	}
	return t.Flush()
}
