package report

import (
	"fmt"
	"math"
	"slices"

	"fig5/bench/claims"
	"fig5/bench/measure"
	"fig5/bench/record"
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
	Secondary *claims.Secondary     // nil where no question is asked, and for RESULTS.md of a report folder
	Pairs     []*claims.Comparisons // of the groups that differ in one key of the grid
	Settle    string                // the knee rule that the runs were made with, where it is another one

	keys []string // of the grid that tables have a column for
}

// New computes the report of a sweep by one of measure.Amplitudes.
func New(s *measure.Sweep, amplitude string) (*Report, error) {
	r := &Report{Sweep: s, Measure: amplitude, All: map[string]*claims.Summary{}}
	var err error
	for _, name := range measure.Amplitudes {
		if r.All[name], err = claims.Summarize(s, name); err != nil {
			return nil, fmt.Errorf("%s: %w", s.Name, err)
		}
	}
	if r.Answer, err = claims.Ask(s, amplitude); err != nil {
		return nil, fmt.Errorf("%s: %w", s.Name, err)
	}
	r.keys = coordinates(s)
	for _, key := range r.keys {
		if !r.several(key) {
			continue
		}
		c, err := claims.Compare([]*measure.Sweep{s}, key, amplitude)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.Name, err)
		}
		if len(c.Comparisons) > 0 {
			r.Pairs = append(r.Pairs, c)
		}
	}
	if s.Config != nil {
		if c, err := measure.ConfigOf(record.Sweep(s.Dir), nil); err == nil && c.Analysis.Knee.Method != s.Analysis.Knee.Method {
			r.Settle = c.Analysis.Knee.Method
		}
	}
	return r, nil
}

// Complete adds the secondary numbers, for which every curve is measured again by some
// dozens of settings.
func (r *Report) Complete() error {
	if len(r.Answer.Questions) == 0 {
		return nil
	}
	var err error
	if r.Secondary, err = claims.Rest(r.Sweep, r.Measure); err != nil {
		return fmt.Errorf("%s: %w", r.Sweep.Name, err)
	}
	return nil
}

// Summary is the statistics by the report's own amplitude.
func (r *Report) Summary() *claims.Summary { return r.All[r.Measure] }

// several says whether the series have more than one value of a key of the grid.
func (r *Report) several(key string) bool {
	values := map[string]bool{}
	for _, s := range r.Sweep.Series() {
		values[s.By[key]] = true
	}
	return len(values) > 1
}

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
	if q := t.One(); q != nil {
		return table.Ratio(q.Ratio, q.RatioCI95)
	}
	var v []float64
	for _, q := range t.Questions {
		v = append(v, float64(q.Ratio))
	}
	return between(v)
}

// Clear is how many of the series have an exact p below 0.05, uncorrected.
func (t Topic) Clear() int {
	n := 0
	for _, q := range t.Questions {
		if q.Exact && q.P < 0.05 {
			n++
		}
	}
	return n
}

// between is the range of what is finite in v: "0.5 to 1.2".
func between(v []float64) string {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, x := range v {
		if stats.Number(x).Defined() {
			lo, hi = min(lo, x), max(hi, x)
		}
	}
	switch {
	case lo > hi:
		return table.Digits(math.NaN())
	case table.Digits(lo) == table.Digits(hi):
		return table.Digits(lo)
	}
	return table.Digits(lo) + " to " + table.Digits(hi)
}

// lengths is the iterations before β = ∞ of an effect's groups: "25,000 / 500" of two,
// the range of more.
func lengths(v []int) string {
	switch {
	case len(v) == 0:
		return ""
	case len(v) == 2:
		return table.Thousands(v[0]) + " / " + table.Thousands(v[1])
	case slices.Min(v) == slices.Max(v):
		return table.Thousands(v[0])
	}
	return table.Thousands(slices.Min(v)) + " to " + table.Thousands(slices.Max(v))
}
