package claims

import (
	"maps"
	"slices"

	"fig5/bench/measure"
)

// Beside is what two intervals of one group say of each other.
type Beside string

// The words for it.
const (
	Same       Beside = "the same numbers"
	Overlap    Beside = "intervals overlap"
	Apart      Beside = "INTERVALS DO NOT OVERLAP"
	NoInterval Beside = "no interval to compare"
)

// Recorded is one group beside the same group of recorded runs, by the intervals of
// their geometric means.
type Recorded struct {
	Here, Recorded *Group
	Verdict        Beside
}

// Against sets every group of here beside the recorded one with the same coordinates.
// Groups that were not recorded are left out.
func Against(here, recorded *Summary) []Recorded {
	var out []Recorded
	for i := range here.Groups {
		g := &here.Groups[i]
		at := slices.IndexFunc(recorded.Groups, func(o Group) bool { return o.K == g.K && maps.Equal(o.By, g.By) })
		if at < 0 {
			continue
		}
		l := Recorded{Here: g, Recorded: &recorded.Groups[at]}
		a, b := g.GeoMeanCI95, l.Recorded.GeoMeanCI95
		switch {
		case len(g.Values) > 0 && slices.Equal(g.Values, l.Recorded.Values):
			l.Verdict = Same
		case !a.Defined() || !b.Defined():
			l.Verdict = NoInterval
		case a.Lo <= b.Hi && b.Lo <= a.Hi:
			l.Verdict = Overlap
		default:
			l.Verdict = Apart
		}
		out = append(out, l)
	}
	return out
}

// Difference is in what recorded runs are not the same experiment.
type Difference struct {
	Analysis bool     // measured by another analysis
	Trained  []string // runs of both that were trained with other settings
}

// Differences holds the runs of two sweeps against each other by their names.
func Differences(here, recorded *measure.Sweep) Difference {
	d := Difference{Analysis: here.Analysis != recorded.Analysis}
	old := map[string]string{}
	for _, g := range recorded.Groups {
		for _, r := range g.Runs {
			old[r.ID] = r.Training
		}
	}
	for _, g := range here.Groups {
		for _, r := range g.Runs {
			if t := old[r.ID]; t != "" && r.Training != "" && t != r.Training && !slices.Contains(d.Trained, r.ID) {
				d.Trained = append(d.Trained, r.ID)
			}
		}
	}
	return d
}
