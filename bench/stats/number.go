package stats

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"fig5/bench/english"
)

// Number is a float64 that JSON shows as null where it is not finite.
type Number float64

// Defined says whether v is finite.
func (v Number) Defined() bool { return !math.IsNaN(float64(v)) && !math.IsInf(float64(v), 0) }

func (v Number) MarshalJSON() ([]byte, error) {
	if !v.Defined() {
		return []byte("null"), nil
	}
	return json.Marshal(float64(v))
}

func (v *Number) UnmarshalJSON(b []byte) error {
	x := math.NaN() // which null leaves
	err := json.Unmarshal(b, &x)
	*v = Number(x)
	return err
}

var undefined = Number(math.NaN())

// Interval is a closed 95 % interval; JSON shows [lo, hi], or null where it is undefined.
type Interval struct{ Lo, Hi float64 }

var noInterval = Interval{math.NaN(), math.NaN()}

// Defined says whether both ends are finite.
func (i Interval) Defined() bool { return Number(i.Lo).Defined() && Number(i.Hi).Defined() }

// Contains says whether x lies in the interval, ends included.
func (i Interval) Contains(x float64) bool { return i.Lo <= x && x <= i.Hi }

func (i Interval) MarshalJSON() ([]byte, error) {
	if !i.Defined() {
		return []byte("null"), nil
	}
	return json.Marshal([2]float64{i.Lo, i.Hi})
}

func (i *Interval) UnmarshalJSON(b []byte) error {
	var ends []float64
	if err := json.Unmarshal(b, &ends); err != nil {
		return err
	}
	switch {
	case ends == nil: // null
		*i = noInterval
	case len(ends) == 2:
		*i = Interval{ends[0], ends[1]}
	default:
		return fmt.Errorf("an interval has two ends, not %d", len(ends))
	}
	return nil
}

// Test is the outcome of a hypothesis test.
type Test struct {
	Statistic Number
	P         Number // the p value to report
	Exact     bool   // P is PExact
	PExact    Number // from the permutation distribution, given the ties; NaN where that is too large
	PApprox   Number // from the normal approximation
	Warnings  []string
}

func newTest() Test {
	return Test{Statistic: undefined, P: undefined, PExact: undefined, PApprox: undefined, Warnings: []string{}}
}

func (t *Test) warn(format string, args ...any) {
	t.Warnings = append(t.Warnings, fmt.Sprintf(format, args...))
}

// pick reports the exact p value where there is one, else the approximation.
func (t *Test) pick() {
	t.P, t.Exact = t.PApprox, t.PExact.Defined()
	if t.Exact {
		t.P = t.PExact
	}
}

// fewSeeds is the count under which a result carries a warning: with five pairs no
// two-sided rank test can reach 0.05.
const fewSeeds = 6

func fewWarning(n int) string {
	return fmt.Sprintf("only %s: fewer than %d", english.Plural(n, "seed"), fewSeeds)
}

// check refuses NaN and -Inf; +Inf is an unsettled value.
func check(name string, x []float64) error {
	for i, v := range x {
		if math.IsNaN(v) || math.IsInf(v, -1) {
			return fmt.Errorf("%s[%d]: %v is not an amplitude (a number, or +Inf for unsettled)", name, i, v)
		}
	}
	return nil
}

// checkPairs refuses series of two lengths, and what check does.
func checkPairs(first string, x []float64, second string, y []float64) error {
	if len(y) != len(x) {
		return fmt.Errorf("%s has %d values, but %s has %d", second, len(y), first, len(x))
	}
	return cmp.Or(check(first, x), check(second, y))
}

// warnUnsettled says how many values a rank test placed last.
func (t *Test) warnUnsettled(groups ...[]float64) {
	n := 0
	for _, g := range groups {
		n += len(g) - len(settled(g))
	}
	if n > 0 {
		t.warn("%s placed last", english.Plural(n, "unsettled value"))
	}
}

// settled is x without its unsettled values.
func settled(x []float64) []float64 {
	return slices.DeleteFunc(slices.Clone(x), func(v float64) bool { return math.IsInf(v, 1) })
}
