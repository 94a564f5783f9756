package report

import (
	"fig5/bench/claims"
	"fig5/bench/measure"
	"fig5/bench/record"
	"fig5/bench/table"
)

// Against is a report beside the recorded one of the same sweep.
type Against struct {
	Dir     string       // of the recorded runs
	Curves  int          // trained here and recorded
	Equal   int          // of them those whose curve and floor are the recorded ones, byte for byte
	Table   *table.Table // a row a group; nil where all curves are equal or no group is the same
	Groups  int          // of Table
	Overlap int          // of them those whose intervals overlap, or whose numbers are the same
	Trained []string     // runs of both that were trained with other settings
}

// Beside sets a report beside recorded runs, measured in the same way.
func (r *Report) Beside(recorded *measure.Sweep) (*Against, error) {
	a := &Against{Dir: recorded.Dir, Trained: claims.TrainedOtherwise(r.Sweep, recorded)}
	if recorded.Analysis != r.Sweep.Analysis {
		var err error
		if recorded, err = recorded.Remeasure(r.Sweep.Analysis); err != nil {
			return nil, err
		}
	}
	if r.Sweep.Config != nil {
		var dirs []record.Dir
		for _, run := range r.Sweep.Distinct() {
			dirs = append(dirs, record.Sweep(r.Sweep.Dir).Cell(run.ID))
		}
		c, err := measure.Against(dirs, recorded.Dir)
		if err != nil {
			return nil, err
		}
		a.Curves, a.Equal = c.Curves, c.Same
	}
	if a.Curves > 0 && a.Equal == a.Curves {
		return a, nil
	}
	sum, err := claims.Summarize(recorded, r.Measure)
	if err != nil {
		return nil, err
	}
	groups := claims.Against(r.Summary(), sum)
	if a.Groups = len(groups); a.Groups > 0 {
		a.Table = table.Tabulate(groups, a.tell)
	}
	return a, nil
}

// tell is the row of a group that both have.
func (a *Against) tell(t *table.Rows, g claims.Recorded) {
	if g.Verdict == claims.Same || g.Verdict == claims.Overlap {
		a.Overlap++
	}
	t.Long("", "group", g.Here.Name)
	t.Left("", "here", table.Ratio(g.Here.GeoMean, g.Here.GeoMeanCI95))
	t.Left("", "recorded", table.Ratio(g.Recorded.GeoMean, g.Recorded.GeoMeanCI95))
	t.Left("", "verdict", string(g.Verdict))
}

// Text is what a terminal shows, of all with a row a group.
func (a *Against) Text(all bool) string {
	text := table.Wrap(say("against", a)) + "\n"
	if all && a.Table != nil {
		text += "\n" + a.Table.Text(table.Width)
	}
	return text
}

// Warnings is in what the recorded runs are not the same experiment.
func (a *Against) Warnings() []string {
	if len(a.Trained) == 0 {
		return nil
	}
	return []string{say("trained otherwise", a)}
}
