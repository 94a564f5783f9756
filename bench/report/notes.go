package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"fig5/bench/measure"
	"fig5/filters"
)

// Note is a warning of the measurement that the curves of some runs share, told once.
type Note struct {
	Text   string // what is wrong, of how many runs and which, and the flags that mend it
	Groups []int  // where those runs are, in Report.Groups
}

// noted is the kinds of warnings in the order in which they are told, and what each
// says of several curves at once.
var noted = []struct {
	kind filters.Kind
	text string
}{
	{filters.Incomplete, "the curve is too short for the window: no amplitude"},
	{filters.Shift, "the level shifts inside the window: a mode transition, not an oscillation; it inflates the amplitude"},
	{filters.Moving, "the curve is still moving where the last window begins: the amplitude may hold a drift"},
	{filters.FewPoints, "the window holds too few points for an oscillation"},
	{filters.Dense, "the low-pass keeps far more than the slow swings: max_to_min grows with the number of periods in the window"},
	{filters.Sparse, "the low-pass keeps fewer than five periods in the window and takes faster oscillations out"},
	{filters.NoKnee, "kneedle finds no knee that counts; mser answers in its place"},
}

// notes are the warnings of all curves with an amplitude, a note a kind. Unsettled runs,
// which are counted elsewhere, are noted where no knee could have completed the window,
// and where no run has settled.
func (d *Data) notes() []Note {
	var out []Note
	for _, k := range noted {
		all := make([]int, len(d.Groups))
		for i := range all {
			all[i] = i
		}
		if n := d.note(k.kind, k.text, all); n.Groups != nil {
			out = append(out, n)
		}
	}
	return out
}

// groupNotes are the notes of one group alone, the remedy being that for all.
func (d *Data) groupNotes(group int) []string {
	var out []string
	for _, k := range noted {
		if n := d.note(k.kind, k.text, []int{group}); n.Groups != nil {
			out = append(out, n.Text)
		}
	}
	return out
}

// warned is the run's warnings of a kind, as far as they concern what is reported.
func (d *Data) warned(r *Run, kind filters.Kind) []filters.Warning {
	counts := r.Status == Settled
	if kind == filters.Incomplete {
		counts = r.Status == Unsettled && (length(r) < d.Analysis.Window || !d.anySettled())
	}
	if !counts {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(r.Warnings), func(w filters.Warning) bool { return w.Kind != kind })
}

func (d *Data) anySettled() bool {
	return slices.ContainsFunc(d.Groups, func(g Group) bool { return g.Count(Settled) > 0 })
}

// note tells of the kind in some of the groups.
func (d *Data) note(kind filters.Kind, text string, groups []int) Note {
	var n Note
	var where []string
	warned, runs := 0, 0
	for _, i := range groups {
		g := &d.Groups[i]
		runs += len(g.Runs)
		var seeds []int
		for j := range g.Runs {
			if list := d.warned(&g.Runs[j], kind); len(list) > 0 {
				seeds = append(seeds, g.Runs[j].Seed)
			}
		}
		if seeds == nil {
			continue
		}
		warned += len(seeds)
		n.Groups = append(n.Groups, i)
		words := seedList(seeds)
		if len(groups) > 1 {
			words = groupName(g.By, g.K, g.Baseline, d.labels()[seriesName(g.By)]) + ": " + words
		}
		where = append(where, words)
	}
	if n.Groups == nil {
		return n
	}
	if more := len(where) - maxWhere; more > 0 {
		where = append(where[:maxWhere], "and "+plural(more, "more group"))
	}
	n.Text = fmt.Sprintf("%s: %d of %s (%s)", text, warned, plural(runs, "run"), strings.Join(where, "; "))
	if s := d.remedy(kind).Settings(measure.SetFlag); s != nil {
		n.Text += "; " + kind.Mended() + ": " + strings.Join(s, " ")
	}
	return n
}

// seedList is ascending seeds in words: "seed 3", "seeds 0 to 7, 9".
func seedList(seeds []int) string {
	var words []string
	for from := 0; from < len(seeds); {
		to := from
		for to+1 < len(seeds) && seeds[to+1] == seeds[to]+1 {
			to++
		}
		switch to - from {
		case 0:
			words = append(words, fmt.Sprint(seeds[from]))
		case 1:
			words = append(words, fmt.Sprint(seeds[from]), fmt.Sprint(seeds[to]))
		default:
			words = append(words, fmt.Sprintf("%d to %d", seeds[from], seeds[to]))
		}
		from = to + 1
	}
	if len(seeds) == 1 {
		return "seed " + words[0]
	}
	return "seeds " + strings.Join(words, ", ")
}

// maxWhere is how many groups a note names.
const maxWhere = 8

// length is that of the run's curve, each point standing for one step.
func length(r *Run) float64 {
	n := len(r.X)
	if n < 2 {
		return 0
	}
	return (r.X[n-1] - r.X[0]) * float64(n) / float64(n-1)
}

// remedy is the settings that take the warnings of a kind from all runs: the latest
// beginning, and a window that every curve fills.
func (d *Data) remedy(kind filters.Kind) filters.Remedy {
	var all filters.Remedy
	shortest := math.Inf(1)
	smaller := func(a *float64, b float64) {
		if b > 0 && (*a == 0 || b < *a) {
			*a = b
		}
	}
	for i := range d.Groups {
		for j := range d.Groups[i].Runs {
			r := &d.Groups[i].Runs[j]
			if r.Measured == nil {
				continue
			}
			shortest = min(shortest, length(r))
			for _, w := range d.warned(r, kind) {
				all.Least = max(all.Least, w.Remedy.Least)
				smaller(&all.Window, w.Remedy.Window)
				smaller(&all.Cutoff, w.Remedy.Cutoff)
			}
		}
	}
	if all.Least > 0 {
		room := filters.Room(shortest, all.Least)
		if room == 0 {
			return filters.Remedy{}
		}
		if all.Window > 0 || room < d.Analysis.Window {
			all.Window = room
		}
	}
	return all
}

// Sign is the footnote sign of a warning, empty where it is none of Notes.
func (r *Report) Sign(warning string) string {
	for i, n := range r.Notes {
		if n.Text == warning {
			return superscript(i + 1)
		}
	}
	return ""
}

// marks are the footnote signs of a group, empty where it has none.
func (r *Report) marks(group int) string {
	var signs []string
	for i, n := range r.Notes {
		if slices.Contains(n.Groups, group) {
			signs = append(signs, superscript(i+1))
		}
	}
	return strings.Join(signs, " ")
}

var superscripts = []rune("⁰¹²³⁴⁵⁶⁷⁸⁹")

func superscript(n int) string {
	var b strings.Builder
	for _, c := range fmt.Sprint(n) {
		b.WriteRune(superscripts[c-'0'])
	}
	return b.String()
}
