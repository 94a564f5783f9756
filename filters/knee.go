package filters

import (
	"fmt"
	"math"
	"strconv"
)

// Validate checks the parameters; its errors begin with the parameter's key.
func (k Knee) Validate() error {
	switch k.Method {
	case "mser", "settle", "kneedle", "none":
	default:
		return fmt.Errorf("name: %q is not a knee rule (mser, settle, kneedle, none)", k.Method)
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
	var warnings []string
	switch k.Method {
	case "settle":
		r.Index = Settle(raw, k.Tolerance)
	case "kneedle":
		at, ok := Kneedle(x[least:], filtered[least:], k.Sensitivity, k.Online)
		r.Index = least + at
		switch {
		case !ok:
			warnings = append(warnings, "kneedle finds no knee; mser answers in its place")
		case x[r.Index] > x[0]+0.75*(x[n-1]-x[0]):
			warnings = append(warnings, fmt.Sprintf("kneedle finds its knee at %s, in the last quarter of the curve; mser answers in its place", number(x[r.Index])))
		}
		r.Fallback = len(warnings) > 0
	}
	if k.Method == "mser" || r.Fallback {
		r.Index, r.Limit = mserKnee(filtered, raw, window, reach)
		least = min(least, n-2)
	}
	r.Index = max(r.Index, least)
	r.Iteration = x[r.Index]
	return r, warnings, nil
}

// number writes v as short as it can be, without an exponent.
func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
