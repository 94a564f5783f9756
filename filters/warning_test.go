package filters

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// descent is n points, step apart, of a fall by 280 with the time constant tau about a
// level of 20, an oscillation from -1 to 1 and noise.
func descent(n int, step, tau float64) (x, y []float64) {
	rng := rand.New(rand.NewPCG(5, 5))
	for i := range n {
		t := step * float64(i)
		x = append(x, t)
		y = append(y, 20+280*math.Exp(-t/tau)+math.Sin(t/(tau/12))+0.1*rng.NormFloat64())
	}
	return x, y
}

func (a Analysis) with(r Remedy) Analysis {
	if r.Least > 0 {
		a.Knee.Least = r.Least
	}
	if r.Window > 0 {
		a.Window = r.Window
	}
	if r.Cutoff > 0 {
		a.Lowpass.Cutoff = r.Cutoff
	}
	return a
}

// Each warning's remedy takes it away, and what is then measured is the oscillation.
func TestRemedies(t *testing.T) {
	for _, c := range []struct {
		name        string
		points      int
		step, tau   float64
		window      float64
		kinds       []Kind
		remedy      string // of the first
		amplitude   float64
		uncorrected float64
	}{
		{"the end of the descent", 1000, 100, 8000, 50000, []Kind{Descent}, "knee.least=53000 window=47000", 2, 15},
		{"a log of every iteration", 100000, 1, 8000, 50000, []Kind{Descent, Dense}, "knee.least=53000 window=47000", 2, 15},
		{"half a percent of a long log", 100000, 1, 8000, 500, []Kind{OnSlope}, "knee.least=53000 window=47000 lowpass.cutoff=0.001", 2, 1},
		{"a window in other units", 1000, 0.1, 8, 50000, []Kind{Incomplete, Descent}, "window=76", 15, 15},
	} {
		x, y := descent(c.points, c.step, c.tau)
		a := DefaultAnalysis()
		a.Window = c.window
		m, err := a.Measure(x, y)
		if err != nil {
			t.Fatal(err)
		}
		var kinds []Kind
		for _, w := range m.Warnings {
			kinds = append(kinds, w.Kind)
		}
		if !slices.Equal(kinds, c.kinds) {
			t.Errorf("%s: %q", c.name, m.Warnings)
			continue
		}
		w := m.Warnings[0]
		if got := strings.Join(w.Remedy.Settings(""), " "); got != c.remedy {
			t.Errorf("%s: %s, want %s", c.name, got, c.remedy)
		}
		if !strings.Contains(w.Words("--set analysis."), "--set analysis."+w.Remedy.Settings("")[0]) || !strings.Contains(w.String(), ": "+c.remedy) {
			t.Errorf("%s: %q", c.name, w)
		}
		mended, err := a.with(w.Remedy).Measure(x, y)
		if err != nil {
			t.Fatal(err)
		}
		for _, again := range mended.Warnings {
			if again.Kind == w.Kind {
				t.Errorf("%s: with %s still %q", c.name, c.remedy, again)
			}
		}
		if r := m.Amplitude.MaxToMin / c.uncorrected; r < 0.5 || r > 2 {
			t.Errorf("%s: %g before", c.name, m.Amplitude.MaxToMin)
		}
		if r := mended.Amplitude.MaxToMin / c.amplitude; r < 0.85 || r > 1.25 {
			t.Errorf("%s: %g with %s, want about %g", c.name, mended.Amplitude.MaxToMin, c.remedy, c.amplitude)
		}
	}
}

// A window that is a small part of a plateau is told as that, and not as a slope.
func TestBrief(t *testing.T) {
	x, y := descent(20000, 100, 8000)
	a := DefaultAnalysis()
	a.Knee.Least = 100000
	m, err := a.Measure(x, y)
	want := "the window holds 2.6 % of what follows the knee: slower oscillations and rarer swings are not seen; a longer window: window=1900000 lowpass.cutoff=0.0026"
	if err != nil || joined(m.Warnings) != want {
		t.Errorf("%q, %v, want %q", m.Warnings, err, want)
	}
	b, err := json.Marshal(m.Warnings)
	if err != nil || string(b) != `["`+want+`"]` {
		t.Errorf("%s, %v", b, err)
	}
}

// White and red noise about one level are on no slope, wherever the window is.
func TestNoSlope(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		memory := rapid.Float64Range(0, 0.9).Draw(t, "memory")
		x, y := points(3000), make([]float64, 3000)
		for i := range y {
			y[i] = rng.NormFloat64()
			if i > 0 {
				y[i] += memory * y[i-1]
			}
		}
		a := Analysis{Lowpass{Name: "none"}, Knee{Method: "none"}, float64(rapid.IntRange(20, 250).Draw(t, "window"))}
		m, err := a.Measure(x, y)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range m.Warnings {
			if w.Kind == OnSlope {
				t.Fatalf("%q", w)
			}
		}
	})
}

func TestTwoDigits(t *testing.T) {
	for _, c := range []struct{ v, up, down float64 }{
		{47300, 48000, 47000}, {100, 100, 100}, {99.1, 100, 99}, {0.123, 0.13, 0.12}, {0.3, 0.3, 0.3}, {3 * 0.1, 0.3, 0.3}, {1, 1, 1}, {50.0 / 49000, 0.0011, 0.001}, {2e7, 2e7, 2e7},
	} {
		if up, down := RoundUp(c.v), RoundDown(c.v); up != c.up || down != c.down {
			t.Errorf("%v: %v and %v, want %v and %v", c.v, up, down, c.up, c.down)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float64Range(1e-9, 1e12).Draw(t, "v")
		if up, down := RoundUp(v), RoundDown(v); up < v*(1-1e-9) || up > 1.11*v || down > v*(1+1e-9) || down < 0.9*v {
			t.Fatalf("%v: %v, %v", v, up, down)
		}
	})
}

func FuzzMeasureWarnings(f *testing.F) {
	f.Add(uint64(1), uint16(200), 30.0, 5.0, 0.1)
	f.Add(uint64(2), uint16(2000), 20.0, 300.0, 0.5)
	f.Fuzz(func(t *testing.T, seed uint64, n uint16, window, tau, cutoff float64) {
		rng := rand.New(rand.NewPCG(seed, 2))
		x, y := points(int(n%3000)), make([]float64, n%3000)
		for i := range y {
			y[i] = 10*math.Exp(-float64(i)/tau) + rng.NormFloat64()
		}
		a := Analysis{Lowpass{Name: "butterworth", Order: 3, Cutoff: cutoff}, Knee{Method: "settle", Tolerance: 0.05}, window}
		m, err := a.Measure(x, y)
		if err != nil {
			return
		}
		for _, w := range m.Warnings { // a remedy is a setting that is valid
			if err := a.with(w.Remedy).Validate(); err != nil {
				t.Fatalf("%q: %v", w, err)
			}
		}
	})
}

// TestSparse: of a log of few points the default takes the oscillation out, says so,
// and the cutoff that it names brings it back.
func TestSparse(t *testing.T) {
	x, y := make([]float64, 120), make([]float64, 120)
	for i := range x {
		x[i] = 1000 * float64(i)
		y[i] = 20 + 200*math.Exp(-x[i]/5000) + 2*math.Sin(2*math.Pi*x[i]/12000)
	}
	a := DefaultAnalysis()
	a.Knee.Least = 60000
	m, err := a.Measure(x, y)
	if err != nil || m.Amplitude.MaxToMin > 2.5 || len(m.Warnings) != 1 || m.Warnings[0].Kind != Sparse {
		t.Fatalf("%v: %g, %q", err, m.Amplitude.MaxToMin, m.Warnings)
	}
	a.Lowpass.Cutoff = m.Warnings[0].Remedy.Cutoff
	if m, err = a.Measure(x, y); err != nil || m.Amplitude.MaxToMin < 3.5 || len(m.Warnings) != 0 {
		t.Fatalf("with cutoff %g: %v: %g, %q", a.Lowpass.Cutoff, err, m.Amplitude.MaxToMin, m.Warnings)
	}
}
