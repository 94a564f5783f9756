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

// TrainedOtherwise is the runs of both sweeps, by their names, that were trained with
// other settings.
func TrainedOtherwise(here, recorded *measure.Sweep) (ids []string) {
	old := map[string]string{}
	for _, r := range recorded.Distinct() {
		old[r.ID] = r.Training
	}
	for _, r := range here.Distinct() {
		if t := old[r.ID]; t != "" && r.Training != "" && t != r.Training {
			ids = append(ids, r.ID)
		}
	}
	return ids
}
