package claims

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"fig5/bench/measure"
	"fig5/filters"
)

// noteKinds is the kinds of warnings in the order in which they are told, and what each
// says of several curves at once.
var noteKinds = []struct {
	kind filters.Kind
	text string
}{
	{filters.Incomplete, "the curve is too short for the window: no amplitude"},
	{filters.Moving, "the curve is still moving where the last window begins: the amplitude may hold a drift; --measure detrended takes it out"},
	{filters.Shift, "the level shifts inside the window: a mode transition, not an oscillation; it inflates the amplitude"},
	{filters.FewPoints, "the window holds too few points for an oscillation"},
	{filters.Dense, "the low-pass keeps far more than the slow swings: max_to_min grows with the number of periods in the window"},
	{filters.Sparse, "the low-pass keeps fewer than five periods in the window and takes faster oscillations out"},
	{filters.NoKnee, "kneedle finds no knee that counts; mser answers in its place"},
}

// maxWhere is how many groups a note names.
const maxWhere = 8

// notes are the warnings of all curves with an amplitude, a note a kind. Unsettled runs,
// which are counted elsewhere, are noted where no knee could have completed the window,
// and where no run has settled.
func notes(s *measure.Sweep) []Note {
	all := make([]int, len(s.Groups))
	for i := range all {
		all[i] = i
	}
	var out []Note
	for i := range noteKinds {
		if n := note(s, i, all); n.Groups != nil {
			out = append(out, n)
		}
	}
	return out
}

// groupNotes are the notes of one group alone, the remedy being that for all.
func groupNotes(s *measure.Sweep, group int) []string {
	var out []string
	for i := range noteKinds {
		if n := note(s, i, []int{group}); n.Groups != nil {
			out = append(out, n.Text)
		}
	}
	return out
}

// warned is the run's warning of a kind, nil where it has none that concerns what is reported.
func warned(s *measure.Sweep, r *measure.Run, kind filters.Kind) *filters.Warning {
	counts := r.Status == measure.Settled
	if kind == filters.Incomplete {
		anySettled := slices.ContainsFunc(s.Groups, func(g measure.Group) bool { return g.Count(measure.Settled) > 0 })
		counts = r.Status == measure.Unsettled && (length(r) < s.Analysis.Window || !anySettled)
	}
	if !counts || r.Measured == nil {
		return nil
	}
	for i := range r.Measured.Warnings {
		if w := &r.Measured.Warnings[i]; w.Kind == kind {
			return w
		}
	}
	return nil
}

// note tells of a kind in some of the groups.
func note(s *measure.Sweep, kind int, groups []int) Note {
	var n Note
	var where []string
	found, runs := 0, map[*measure.Run]bool{} // a run that stands in two groups counts once
	names := s.Names()
	for _, i := range groups {
		var seeds []int
		for _, r := range s.Groups[i].Runs {
			is := warned(s, r, noteKinds[kind].kind) != nil
			if is {
				seeds = append(seeds, r.Seed)
			}
			if is && !runs[r] {
				found++
			}
			runs[r] = true
		}
		if seeds == nil {
			continue
		}
		n.Groups = append(n.Groups, i)
		words := seedList(seeds)
		if len(groups) > 1 {
			words = names[i] + ": " + words
		}
		where = append(where, words)
	}
	if n.Groups == nil {
		return n
	}
	if more := len(where) - maxWhere; more > 0 {
		where = append(where[:maxWhere], "and "+plural(more, "more group"))
	}
	n.Text = fmt.Sprintf("%s: %d of %s (%s)", noteKinds[kind].text, found, plural(len(runs), "run"), strings.Join(where, "; "))
	if r := remedy(s, noteKinds[kind].kind).Settings(measure.SetFlag); r != nil {
		n.Text += "; " + noteKinds[kind].kind.Mended() + ": " + strings.Join(r, " ")
	}
	return n
}

// remedy is the settings that take the warnings of a kind from all runs: the latest
// beginning, and a window that every curve fills.
func remedy(s *measure.Sweep, kind filters.Kind) filters.Remedy {
	var all filters.Remedy
	shortest := math.Inf(1)
	smaller := func(a *float64, b float64) {
		if b > 0 && (*a == 0 || b < *a) {
			*a = b
		}
	}
	for _, g := range s.Groups {
		for _, r := range g.Runs {
			if r.Measured == nil {
				continue
			}
			shortest = min(shortest, length(r))
			if w := warned(s, r, kind); w != nil {
				all.Least = max(all.Least, w.Remedy.Least)
				smaller(&all.Window, w.Remedy.Window)
				smaller(&all.Cutoff, w.Remedy.Cutoff)
				all.Period = max(all.Period, w.Remedy.Period)
			}
		}
	}
	if all.Least > 0 {
		room := filters.Room(shortest, all.Least)
		if room == 0 {
			return filters.Remedy{}
		}
		if all.Window > 0 || room < s.Analysis.Window {
			all.Window = room
		}
	}
	return all
}

// length is that of the run's curve, each point standing for one step.
func length(r *measure.Run) float64 {
	n := len(r.X)
	if n < 2 {
		return 0
	}
	return (r.X[n-1] - r.X[0]) * float64(n) / float64(n-1)
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

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
