package report

import (
	"fmt"
	"slices"
	"strings"

	"fig5/bench/measure"
	"fig5/filters"
)

// Behind is a Finding measured again where no window holds the end of a descent: with
// the settings of the note about it. They were not fixed before the runs.
type Behind struct {
	Settings []string `json:"settings"` // the flags: --set analysis.knee.least=15000
	Verdict  Verdict  `json:"verdict"`
	Text     string   `json:"text"` // the numbers, in words
	Numbers  *Numbers `json:"numbers,omitempty"`
}

// words says what was measured again, and how it came out.
func (b *Behind) words() string {
	s := "behind the end of the descent **" + string(b.Verdict) + "**"
	if n := b.Numbers; n != nil {
		return s + fmt.Sprintf(" (%s %s, %s)", digits(float64(n.Ratio)), interval(n.CI95), pValue(n.P))
	}
	return s + " (" + strings.TrimSuffix(b.Text, ".") + ")"
}

// behindDescent is d with every run measured again behind the end of the descent, and
// the flags that do so; nil where no window holds one, or no setting avoids it. Modes
// are not counted again, and a window of another length has no noise floor.
func (d *Data) behindDescent() (*Data, []string, error) {
	r := filters.Remedy{} // mser begins behind it
	if r.Least == 0 {
		return nil, nil, nil
	}
	again := *d
	again.Analysis.Knee.Least = r.Least
	if r.Window > 0 {
		again.Analysis.Window, again.RealFloor = r.Window, nil
	}
	again.Groups = slices.Clone(d.Groups)
	for i := range again.Groups {
		runs := slices.Clone(again.Groups[i].Runs)
		for j := range runs {
			run := &runs[j]
			if r.Window > 0 {
				run.Floor = nil
			}
			if run.Measured == nil {
				continue
			}
			m, err := again.Analysis.Measure(run.X, run.Y)
			if err != nil {
				return nil, nil, err
			}
			run.Measured, run.Warnings, run.Status = &m, m.Warnings, Settled
			if !m.Window.Complete {
				run.Status = Unsettled
			}
		}
		again.Groups[i].Runs = runs
	}
	return &again, r.Settings(measure.SetFlag), nil
}

// measureAgain sets beside each finding what it is behind the end of the descent.
func (d *Data) measureAgain(found []Finding, measure string) error {
	again, settings, err := d.behindDescent()
	if again == nil || err != nil {
		return err
	}
	other, err := again.findings(measure)
	if err != nil {
		return err
	}
	for i := range found {
		f := &found[i]
		at := slices.IndexFunc(other, func(o Finding) bool { return o.ID == f.ID && o.Series == f.Series && o.of() == f.of() })
		if at >= 0 && (f.Numbers != nil || f.Verdict != other[at].Verdict || f.ofGrid()) {
			f.Behind = &Behind{settings, other[at].Verdict, other[at].Text, other[at].Numbers}
		}
	}
	return nil
}

// sentences is the finding's text, and what it is behind the end of the descent.
func (f Finding) sentences() string {
	if f.Behind == nil || f.Text == "" {
		return f.Text
	}
	s := f.Behind.words()
	return f.Text + " " + strings.ToUpper(s[:1]) + s[1:] + "."
}

// ofGrid tells whether the finding is about a coordinate of the grid.
func (f Finding) ofGrid() bool {
	for _, q := range gridQuestions {
		if q.id == f.ID {
			return true
		}
	}
	return false
}

// behindFlags says with what flags the findings were measured again, empty where none was.
func behindFlags(findings []Finding) string {
	for _, f := range findings {
		if f.Behind != nil {
			return "**Behind the end of the descent** is with `" + strings.Join(f.Behind.Settings, " ") + "`; the knee is later where `settle` puts it there."
		}
	}
	return ""
}

// of is what the finding compares, empty where it is no test.
func (f Finding) of() string {
	if f.Numbers == nil {
		return ""
	}
	return f.Numbers.Of
}
