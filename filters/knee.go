package filters

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// A kneeRule is a row of the table of knee rules. find is the index of the first point of
// the plateau, by the parameters of k; limit tells that the curve was still moving at the
// latest that leaves a window. A warning says why mser is to answer in the rule's place.
type kneeRule struct {
	name string
	find func(k Knee, c sought) (index int, limit bool, warning string)
}

// sought is a curve before its knee is known: at the points x the values raw, and
// filtered; the first where a plateau may begin; and the length of what is to be measured,
// and the reach of the filter, in points.
type sought struct {
	x, filtered, raw     []float64
	least, window, reach int
}

// kneeRules is every knee rule, in any order; the default is named in DefaultAnalysis.
var kneeRules = []kneeRule{
	{"mser", findMSER},
	{"settle", findSettle},
	{"kneedle", findKneedle},
	{"none", func(Knee, sought) (int, bool, string) { return 0, false, "" }},
}

// KneeRules are the names of the knee rules.
func KneeRules() []string {
	var names []string
	for _, r := range kneeRules {
		names = append(names, r.name)
	}
	return names
}

// Validate checks the parameters; its errors begin with the parameter's key.
func (k Knee) Validate() error {
	if !slices.Contains(KneeRules(), k.Method) {
		return fmt.Errorf("name: %q is not a knee rule (%s)", k.Method, strings.Join(KneeRules(), ", "))
	}
	if k.Method == "settle" && !(k.Tolerance > 0 && k.Tolerance < 1) {
		return fmt.Errorf("tolerance: %v is outside (0, 1)", k.Tolerance)
	}
	if !(k.Sensitivity >= 0) || math.IsInf(k.Sensitivity, 1) {
		return fmt.Errorf("sensitivity: %v is not a sensitivity (0 or more)", k.Sensitivity)
	}
	if !(k.Least >= 0) || math.IsInf(k.Least, 1) {
		return fmt.Errorf("least: %v is not a length in iterations (0 or more)", k.Least)
	}
	return nil
}

// Find is where the plateau of a curve begins: x are its points, ascending; raw is
// the curve itself, filtered what the low-pass made of it; window is the length of what
// is to be measured and reach that of the filter (Lowpass.Reach), in points.
//
//   - mser looks where filtered begins to run on a horizontal line: MSER. The plateau
//     begins reach behind that, and as far behind the last jump of raw to another
//     level. Limit tells that filtered was still moving where the last window begins.
//   - settle looks at raw, since it does its own averaging: Settle.
//   - kneedle looks at filtered, from Least on: Kneedle. Where it finds no knee, or one
//     in the last quarter of the curve, x > x[0] + 0.75 (x[n-1] - x[0]), mser answers
//     in its place, Fallback is set and a warning says why.
//   - none takes the first point.
//
// The plateau never begins before x[0] + Least.
func (k Knee) Find(x, filtered, raw []float64, window, reach int) (KneeResult, []string, error) {
	r := KneeResult{Method: k.Method}
	if err := k.Validate(); err != nil {
		return r, nil, err
	}
	n := len(x)
	if len(filtered) != n || len(raw) != n {
		return r, nil, fmt.Errorf("%d, %d and %d points of x, filtered and raw", n, len(filtered), len(raw))
	}
	if n < 2 {
		return r, nil, fmt.Errorf("%d points are too few for a knee", n)
	}
	least, slack := 0, 1e-6*(x[1]-x[0]) // for the rounding of steps like 0.1
	for least < n && x[least] < x[0]+k.Least-slack {
		least++
	}
	if least == n {
		return r, nil, fmt.Errorf("least: %s after the first point, %s, is behind the last, %s", number(k.Least), number(x[0]), number(x[n-1]))
	}
	c := sought{x, filtered, raw, least, window, reach}
	rule := kneeRules[slices.IndexFunc(kneeRules, func(r kneeRule) bool { return r.name == k.Method })]
	index, limit, warning := rule.find(k, c)
	var warnings []string
	if warning != "" {
		warnings, r.Fallback = []string{warning + "; mser answers in its place"}, true
		index, limit, _ = findMSER(k, c)
	}
	if k.Method == "mser" || r.Fallback {
		least = min(least, n-2)
	}
	r.Index, r.Limit = max(index, least), limit
	r.Iteration = x[r.Index]
	return r, warnings, nil
}

// number writes v as short as it can be, without an exponent.
func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
