package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"fig5/bench/claims"
	"fig5/bench/english"
	"fig5/bench/measure"
	"fig5/bench/stats"
	"fig5/bench/table"
)

// Report is a sweep and what is said of it by one amplitude. Everything that is written
// of the sweep shows these numbers.
type Report struct {
	Sweep     *measure.Sweep
	Measure   string                     // one of measure.Amplitudes
	All       map[string]*claims.Summary // by every amplitude
	Answer    *claims.Answer
	FID       *claims.Answer    // of images: whether annealing lowers the FID itself
	Readings  []claims.Reading  // what else a reader asks, a series each
	Matters   []claims.Matter   // how far the coordinates of the grid matter
	Secondary *claims.Secondary // nil before Complete, and where no question is asked

	keys []string // of the grid that tables have a column for
}

// New computes the report of a sweep by one of measure.Amplitudes.
func New(s *measure.Sweep, amplitude string) (*Report, error) {
	r := &Report{Sweep: s, Measure: amplitude, All: map[string]*claims.Summary{}, keys: Coordinates(s)}
	n := len(measure.Amplitudes)
	errs := make([]error, n+4)
	for i, name := range measure.Amplitudes {
		r.All[name], errs[i] = claims.Summarize(s, name)
	}
	r.Answer, errs[n] = claims.Ask(s, amplitude)
	r.FID, errs[n+1] = claims.FID(s)
	r.Readings, errs[n+2] = claims.Read(s, amplitude)
	r.Matters, errs[n+3] = claims.Matters(s, amplitude)
	if err := cmp.Or(errs...); err != nil {
		return nil, fmt.Errorf("%s: %w", s.Name, err)
	}
	return r, nil
}

// Complete adds the secondary numbers of docs/experiment.md, which are of its own amplitude:
// by another one nothing is added. Where the window is one that is tried there, every curve
// is measured again by each setting; with a shorter window the other amplitudes and the fit
// are all.
func (r *Report) Complete() error {
	if len(r.Answer.Questions) == 0 || r.Measure != measure.Amplitudes[0] {
		return nil
	}
	var err error
	if r.Sweep.Analysis.Window >= leastWindow {
		r.Secondary, err = claims.Confirm(r.Sweep)
	} else {
		r.Secondary, err = r.byOthers()
	}
	if err != nil {
		return fmt.Errorf("%s: %w", r.Sweep.Name, err)
	}
	return nil
}

// leastWindow is the shorter window of docs/experiment.md.
const leastWindow = 25000

// byOthers is the secondary numbers for which no curve is measured again.
func (r *Report) byOthers() (*claims.Secondary, error) {
	out := &claims.Secondary{Amplitudes: map[string]claims.Answer{}}
	for _, name := range measure.Amplitudes {
		if name == r.Measure {
			continue
		}
		a, err := claims.Ask(r.Sweep, name)
		if err != nil {
			return nil, err
		}
		out.Amplitudes[name] = *a
	}
	var err error
	out.Fit, err = claims.FitLadders(r.Sweep, r.Measure)
	return out, err
}

// Summary is the statistics by the report's own amplitude.
func (r *Report) Summary() *claims.Summary { return r.All[r.Measure] }

// Topics is the questions that were asked, each with all its series, in the order in
// which an answer tells them.
func Topics(a *claims.Answer) []Topic {
	var out []Topic
	for _, id := range []int{4, 1, 3, 2} {
		t := Topic{ID: id, Sweep: a.Sweep}
		for _, q := range a.Questions {
			if q.ID == id {
				t.Questions = append(t.Questions, q)
			}
		}
		if len(t.Questions) > 0 {
			out = append(out, t)
		}
	}
	return out
}

// Topic is one of the four questions and what each series of a sweep says of it.
type Topic struct {
	ID        int
	Sweep     string
	Questions []claims.Question
}

// One is the question where one series was asked, nil where several were.
func (t Topic) One() *claims.Question {
	if len(t.Questions) == 1 {
		return &t.Questions[0]
	}
	return nil
}

// Verdicts is the verdicts with how many series have each: "undecided in 5", the
// commonest first.
func (t Topic) Verdicts() []string {
	n := map[claims.Verdict]int{}
	var order []claims.Verdict
	for _, q := range t.Questions {
		if n[q.Verdict]++; n[q.Verdict] == 1 {
			order = append(order, q.Verdict)
		}
	}
	slices.SortStableFunc(order, func(a, b claims.Verdict) int { return n[b] - n[a] })
	var words []string
	for _, v := range order {
		words = append(words, fmt.Sprintf("*%s* in %d", v, n[v]))
	}
	return words
}

// Ratios is the ratio with its interval, or the range of several.
func (t Topic) Ratios() string {
	if q := t.One(); q != nil && q.Verdict == claims.NoPlateau {
		return string(q.Verdict)
	} else if q != nil {
		return table.Ratio(q.Ratio, q.RatioCI95)
	}
	var v []float64
	for _, q := range t.Questions {
		if q.Verdict != claims.NoPlateau {
			v = append(v, float64(q.Ratio))
		}
	}
	return between(v)
}

// Clear is how many of the series have an exact p below 0.05, uncorrected.
func (t Topic) Clear() int {
	n := 0
	for _, q := range t.Questions {
		if q.Exact && q.P < 0.05 && q.Verdict != claims.NoPlateau {
			n++
		}
	}
	return n
}

// between is the range of what is finite in v: "0.5 to 1.2", – where nothing is.
func between(v []float64) string {
	v = slices.DeleteFunc(v, func(x float64) bool { return !stats.Number(x).Defined() })
	if len(v) == 0 {
		return table.Digits(math.NaN())
	}
	return span(table.Digits(slices.Min(v)), table.Digits(slices.Max(v)))
}

func span(lo, hi string) string {
	if lo == hi {
		return lo
	}
	return lo + " to " + hi
}

// lengths is the iterations before β = ∞ of an effect: "25,000 / 500" of its two groups,
// the range where each ladder is held against a hot phase of its length.
func lengths(q *claims.Question) string {
	v := q.Annealing
	if q.ID == 2 && len(v) > 0 {
		return span(english.Thousands(slices.Min(v)), english.Thousands(slices.Max(v)))
	}
	var words []string
	for _, n := range v {
		words = append(words, english.Thousands(n))
	}
	return strings.Join(words, " / ")
}
