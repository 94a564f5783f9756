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

// at is the note of one of its places alone, a group of that many runs.
func (n Note) at(p Place, runs int) Note {
	n.Found, n.Runs, n.Places = len(p.Seeds), runs, []Place{{Group: p.Group, Seeds: p.Seeds}}
	return n
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
func notes(s *measure.Sweep) []Note {
	var out []Note
	runs, names := s.Distinct(), s.Names()
	settled, shortest := false, math.Inf(1)
	for _, r := range runs {
		settled = settled || r.Status == measure.Settled
		if r.Measured != nil {
			shortest = min(shortest, length(r))
		}
	}
	concerns := func(r *measure.Run, kind filters.Kind) bool {
		if kind == filters.Incomplete {
			return r.Status == measure.Unsettled && (length(r) < s.Analysis.Window || !settled)
		}
		return r.Status == measure.Settled
	}
	for _, kind := range noteKinds {
		n := Note{Kind: kind, Runs: len(runs)}
		found := map[*measure.Run]bool{}
		for i, g := range s.Groups {
			p := Place{Group: i, Name: names[i]}
			for _, r := range g.Runs {
				if !concerns(r, kind) {
					continue
				}
				if w := slices.IndexFunc(r.Measured.Warnings, func(w filters.Warning) bool { return w.Kind == kind }); w >= 0 {
					p.Seeds = append(p.Seeds, r.Seed)
					found[r] = true
					n.Remedy = both(n.Remedy, r.Measured.Warnings[w].Remedy)
				}
			}
			if p.Seeds != nil {
				n.Places = append(n.Places, p)
			}
		}
		if n.Found = len(found); n.Found == 0 {
			continue
		}
		if len(s.Groups) == 1 {
			n = n.at(n.Places[0], n.Runs)
		}
		if least := n.Remedy.Least; least > 0 {
			switch room := filters.Room(shortest, least); {
			case room == 0:
				n.Remedy = filters.Remedy{}
			case n.Remedy.Window > 0 || room < s.Analysis.Window:
				n.Remedy.Window = room
			}
		}
		out = append(out, n)
	}
	return out
}

// both is the settings that take the warnings of two remedies: the latest beginning, and
// the smaller window and cutoff.
func both(a, b filters.Remedy) filters.Remedy {
	smaller := func(a, b float64) float64 {
		if a == 0 || b > 0 && b < a {
			return b
		}
		return a
	}
	return filters.Remedy{Least: max(a.Least, b.Least), Window: smaller(a.Window, b.Window), Cutoff: smaller(a.Cutoff, b.Cutoff), Period: max(a.Period, b.Period)}
}

// length is that of the run's curve, each point standing for one step.
func length(r *measure.Run) float64 {
	n := len(r.X)
	if n < 2 {
		return 0
	}
	return (r.X[n-1] - r.X[0]) * float64(n) / float64(n-1)
}
