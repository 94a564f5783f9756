package claims

import (
	_ "embed" // the words of a note
	"math"
	"slices"
	"strings"
	"text/template"

	"fig5/bench/english"
	"fig5/bench/measure"
	"fig5/filters"
)

// noteKinds is the kinds of warnings in the order in which they are told.
var noteKinds = []filters.Kind{filters.Incomplete, filters.Moving, filters.Shift, filters.FewPoints, filters.Dense, filters.Sparse, filters.NoKnee}

// Note is a warning of the measurement that the curves of some runs share, told once.
type Note struct {
	Sweep  string // its name, where several are compared
	Kind   filters.Kind
	Found  int // runs that have it, of Runs; one that stands in two groups counts once
	Runs   int
	Places []Place
	Remedy filters.Remedy // what takes it from all runs
}

// Place is the runs of one group that have a warning.
type Place struct {
	Group int    // in Summary.Groups
	Name  string // the group's; empty in a note of one group alone
	Seeds []int
}

// maxWhere is how many groups a note names.
const maxWhere = 8

// Shown is the places that are named, More how many are not.
func (n Note) Shown() []Place { return n.Places[:min(len(n.Places), maxWhere)] }
func (n Note) More() int      { return len(n.Places) - len(n.Shown()) }

// Settings is Remedy as flags of the command.
func (n Note) Settings() []string { return n.Remedy.Settings(measure.SetFlag) }

// Concerns says whether the note is of runs of that group.
func (n Note) Concerns(group int) bool {
	return slices.ContainsFunc(n.Places, func(p Place) bool { return p.Group == group })
}

//go:embed note.tmpl
var noteText string

var noteWords = template.Must(template.New("note").Funcs(template.FuncMap{"plural": english.Plural, "seeds": english.Seeds, "join": strings.Join}).Parse(noteText))

// Text is the note in words.
func (n Note) Text() string {
	var b strings.Builder
	if err := noteWords.Execute(&b, n); err != nil {
		panic(err) // a mistake in note.tmpl
	}
	return b.String()
}

// notes are the warnings of all curves with an amplitude, a note a kind. Unsettled runs,
// which are counted elsewhere, are noted where no knee could have completed the window,
// and where no run has settled.
func notes(s *measure.Sweep, groups ...int) []Note {
	var out []Note
	for _, kind := range noteKinds {
		if n := note(s, kind, groups); n.Places != nil {
			n.Remedy = remedy(s, kind)
			out = append(out, n)
		}
	}
	return out
}

// warned is the run's warning of a kind, nil where it has none that concerns what is reported.
func warned(s *measure.Sweep, r *measure.Run, kind filters.Kind) *filters.Warning {
	concerns := measure.Settled
	if kind == filters.Incomplete {
		concerns = measure.Unsettled
	}
	if r.Status != concerns || r.Measured == nil {
		return nil
	}
	i := slices.IndexFunc(r.Measured.Warnings, func(w filters.Warning) bool { return w.Kind == kind })
	if i < 0 || kind == filters.Incomplete && length(r) >= s.Analysis.Window && anySettled(s) {
		return nil
	}
	return &r.Measured.Warnings[i]
}

func anySettled(s *measure.Sweep) bool {
	return slices.ContainsFunc(s.Groups, func(g measure.Group) bool {
		return slices.ContainsFunc(g.Runs, func(r *measure.Run) bool { return r.Status == measure.Settled })
	})
}

// note tells of a kind in some of the groups, but not what takes it from all runs.
func note(s *measure.Sweep, kind filters.Kind, groups []int) Note {
	n := Note{Kind: kind}
	runs := map[*measure.Run]bool{}
	names := s.Names()
	for _, i := range groups {
		p := Place{Group: i}
		if len(groups) > 1 {
			p.Name = names[i]
		}
		for _, r := range s.Groups[i].Runs {
			is := warned(s, r, kind) != nil
			if is {
				p.Seeds = append(p.Seeds, r.Seed)
			}
			if is && !runs[r] {
				n.Found++
			}
			runs[r] = true
		}
		if p.Seeds != nil {
			n.Places = append(n.Places, p)
		}
	}
	n.Runs = len(runs)
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
