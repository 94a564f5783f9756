package filters

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Kind is what a Warning is about.
type Kind string

// The kinds of warnings, in the order in which Measure looks for them.
const (
	NoKnee     Kind = "no knee"    // kneedle's knee does not count, mser answered
	Incomplete Kind = "incomplete" // the curve ends before the window
	FewPoints  Kind = "few points" // the window is too short for an oscillation
	Moving     Kind = "moving"     // the curve is still moving where the last window begins
	Shift      Kind = "shift"      // a mode transition in the window
	Dense      Kind = "dense"      // the low-pass keeps many more periods than the default does
	Sparse     Kind = "sparse"     // the low-pass keeps hardly a period of the window
)

// Warning is what makes a number weak. Its text form is String's.
type Warning struct {
	Kind   Kind
	Text   string // what is wrong with this curve
	Remedy Remedy
}

// Remedy is the settings under which a warning would not be given; 0 leaves one as it is.
type Remedy struct{ Least, Window, Cutoff, Period float64 }

// Settings writes the remedy as "knee.least=5000", each with prefix before it.
func (r Remedy) Settings(prefix string) []string {
	var out []string
	for _, s := range []struct {
		key   string
		value float64
	}{{"knee.least", r.Least}, {"window", r.Window}, {"lowpass.cutoff", r.Cutoff}, {"lowpass.period", r.Period}} {
		if s.value > 0 {
			out = append(out, prefix+s.key+"="+number(s.value))
		}
	}
	return out
}

// Words is the warning with its remedy, each setting with prefix before it.
func (w Warning) Words(prefix string) string {
	if s := w.Remedy.Settings(prefix); s != nil {
		return w.Text + "; " + w.Kind.Mended() + ": " + strings.Join(s, " ")
	}
	return w.Text
}

// Mended is what the remedy of a warning of the kind does; empty where there is none.
func (k Kind) Mended() string { return mended[k] }

var mended = map[Kind]string{
	Incomplete: "a window that fits",
	FewPoints:  "a longer window",
	Shift:      "to begin behind it",
	Sparse:     "to keep those of a tenth of the window",
	Dense:      "to keep those that the default keeps",
}

// String is the warning with the keys of its remedy as Analysis names them.
func (w Warning) String() string { return w.Words("") }

// MarshalText is String.
func (w Warning) MarshalText() ([]byte, error) { return []byte(w.String()), nil }

// RoundUp is the positive v to two significant digits, not below it.
func RoundUp(v float64) float64 { return twoDigits(v, math.Ceil) }

// RoundDown is the positive v to two significant digits, not above it.
func RoundDown(v float64) float64 { return twoDigits(v, math.Floor) }

func twoDigits(v float64, way func(float64) float64) float64 {
	e := int(math.Floor(math.Log10(v))) - 1
	d := v / math.Pow10(e)
	if n := math.Round(d); math.Abs(d-n) < 1e-9 { // a step of a tenth is not quite one
		d = n
	}
	r, err := strconv.ParseFloat(fmt.Sprintf("%ge%d", way(d), e), 64)
	if err != nil {
		return v
	}
	return r
}
