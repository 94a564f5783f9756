package verify

import (
	"strings"

	"fig5/bench/measure"
	"fig5/bench/record"
)

// How a run, or a bundle, was found.
const (
	Whole      = "whole"
	Unfinished = "unfinished" // what is there is whole
	Damaged    = "damaged"
	Unmeasured = "unmeasured" // whole, but its analysis does not fit its curve
)

// Run is one run as it was found.
type Run struct {
	Path     string       `json:"path"`
	ID       string       `json:"id"`
	State    record.State `json:"state"`
	Verdict  string       `json:"verdict"`
	Problems []string     `json:"problems"` // a line each
	Measured Measured     `json:"measured"`

	pretraining bool
}

// Measured is what the curves of a run come to, by the analysis of its config; nil
// where there is nothing to measure.
type Measured struct {
	Curve *measure.Result `json:"curve"`
	Floor *measure.Result `json:"floor"` // the same window and filter from the first row on
}

// CheckRun reads every file of the run in d and measures it again.
func CheckRun(d record.Dir) Run {
	v := Run{Path: string(d), Verdict: Whole, Problems: []string{}}
	r, err := d.Load()
	if err != nil {
		v.Verdict, v.Problems = Damaged, []string{oneLine(err)}
		return v
	}
	v.ID, v.State, v.pretraining = r.Cell.ID, r.State, r.Pretraining
	for _, err := range d.Verify(r) {
		v.Problems = append(v.Problems, oneLine(err))
	}
	switch {
	case len(v.Problems) > 0:
		v.Verdict = Damaged
	case !r.Ended():
		v.Verdict = Unfinished
	default:
		if v.Measured.Curve, v.Measured.Floor, err = measure.MeasureRun(d, r); err != nil {
			v.Verdict, v.Problems = Unmeasured, []string{oneLine(err)}
		}
	}
	return v
}

// oneLine is an error's message with its line breaks taken out.
func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }
