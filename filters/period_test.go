package filters

import (
	"encoding/json"
	"math"
	"reflect"
	"testing"
)

// A period is the cutoff 2 step/period: at one point per 100 a period of 2000 is 0.1,
// as docs/config.md has it.
func TestPeriod(t *testing.T) {
	x, y := make([]float64, 800), make([]float64, 800)
	for i := range x {
		x[i] = 100 * float64(i)
		y[i] = math.Exp(-x[i]/5000) + .1*math.Sin(x[i]/900) + .05*math.Sin(x[i]/70)
	}
	byCutoff := DefaultAnalysis()
	byPeriod := byCutoff
	byPeriod.Lowpass.Cutoff, byPeriod.Lowpass.Period = 0, 2000
	want, err := byCutoff.Measure(x, y)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := byPeriod.Measure(x, y); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v: %+v, want %+v", err, got.Amplitude, want.Amplitude)
	}
	// The same curve in other units of x.
	byPeriod.Lowpass.Period, byPeriod.Window = 20, 500
	for i := range x {
		x[i] /= 100
	}
	if got, err := byPeriod.Measure(x, y); err != nil || got.Amplitude.MaxToMin != want.Amplitude.MaxToMin {
		t.Errorf("%v: %v, want %v", err, got.Amplitude.MaxToMin, want.Amplitude.MaxToMin)
	}
	for period, message := range map[float64]string{
		2:           "lowpass.period: 2 is not above 2, two steps of 1",
		-5:          "lowpass.period: -5 is not a length in units of x (above 0)",
		math.Inf(1): "lowpass.period: +Inf is not a length in units of x (above 0)",
	} {
		byPeriod.Lowpass.Period = period
		if _, err := byPeriod.Measure(x, y); err == nil || err.Error() != message {
			t.Errorf("%v: %v, want %s", period, err, message)
		}
	}
	byPeriod.Lowpass = Lowpass{Name: "butterworth", Order: 3, Cutoff: .1, Period: 20}
	if err := byPeriod.Validate(); err == nil || err.Error() != "lowpass.period: 20 is given beside cutoff 0.1; give one of the two" {
		t.Error(err)
	}
	for l, text := range map[Lowpass]string{
		{Name: "butterworth", Order: 3, Cutoff: .1}:  `{"name":"butterworth","order":3,"cutoff":0.1}`,
		{Name: "butterworth", Order: 3, Period: 2e3}: `{"name":"butterworth","order":3,"period":2000}`,
	} {
		if b, err := json.Marshal(l); err != nil || string(b) != text {
			t.Errorf("%s, %v, want %s", b, err, text)
		}
	}
}
