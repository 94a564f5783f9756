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

// descent is n points, step apart, of a fall by 280 with the time constant tau to a level
// of 20, an oscillation from -1 to 1 of a period of tau, and noise.
func descent(n int, step, tau float64) (x, y []float64) {
	rng := rand.New(rand.NewPCG(5, 5))
	for i := range n {
		t := step * float64(i)
		x = append(x, t)
		y = append(y, 20+280*math.Exp(-t/tau)+math.Sin(2*math.Pi*t/tau)+0.1*rng.NormFloat64())
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
	if r.Period > 0 {
		a.Lowpass.Period = r.Period
	}
	return a
}

// Each remedy takes its warning away, as it is printed, and what is then measured is the
// oscillation, from -1 to 1, to within what the filter carries half a period far of a fall
// or a jump.
func TestRemedies(t *testing.T) {
	for _, c := range []struct {
		name        string
		points      int
		step, tau   float64
		window      float64
		jump        int // from this point on the level is lower by 10
		kind        Kind
		remedy      string
		uncorrected float64
	}{
		{"a log of every iteration", 100000, 1, 4000, 50000, 0, Dense, "lowpass.cutoff=0.001", 2.6},
		{"a window in other units", 1000, 0.1, 4, 50000, 0, Incomplete, "window=76", 2.5},
		{"a jump in the window", 1000, 100, 4000, 50000, 700, Shift, "knee.least=71000 window=29000", 12},
		{"a window of a few points", 1000, 100, 4000, 500, 0, FewPoints, "window=50000", 0.19},
	} {
		x, y := descent(c.points, c.step, c.tau)
		for i := range y {
			if c.jump > 0 && i >= c.jump {
				y[i] -= 10
			}
		}
		a := DefaultAnalysis()
		a.Window = c.window
		if c.jump > 0 {
			a.Knee = Knee{Method: "none", Least: 40000} // mser would begin behind it
		}
		m, err := a.Measure(x, y)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(m.Warnings, func(w Warning) bool { return w.Kind == c.kind })
		if i < 0 {
			t.Errorf("%s: %q, window %+v", c.name, m.Warnings, m.Window)
			continue
		}
		w := m.Warnings[i]
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
		if len(mended.Warnings) > 0 {
			t.Errorf("%s: with %s still %q", c.name, c.remedy, mended.Warnings)
		}
		if r := m.Amplitude.MaxToMin / c.uncorrected; r < 0.8 || r > 1.25 {
			t.Errorf("%s: %g before, want about %g", c.name, m.Amplitude.MaxToMin, c.uncorrected)
		}
		if r := mended.Amplitude.MaxToMin / 2; r < 0.85 || r > 1.35 {
			t.Errorf("%s: %g with %s, want about 2", c.name, mended.Amplitude.MaxToMin, c.remedy)
		}
	}
}

// The JSON form of a warning is its text with its remedy.
func TestWarningJSON(t *testing.T) {
	b, err := json.Marshal([]Warning{{FewPoints, "too few", Remedy{Least: 100, Window: 5000, Cutoff: 0.01}}, {Moving, "moving", Remedy{}}})
	want := `["too few; a longer window: knee.least=100 window=5000 lowpass.cutoff=0.01","moving"]`
	if err != nil || string(b) != want {
		t.Errorf("%s, %v, want %s", b, err, want)
	}
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
		a := Analysis{Lowpass{Name: "butterworth", Order: 3, Cutoff: cutoff}, Knee{Method: "mser"}, window}
		m, err := a.Measure(x, y)
		if err != nil {
			return
		}
		for _, w := range m.Warnings { // a remedy is valid, and takes its warning away
			if w.Remedy == (Remedy{}) {
				continue
			}
			again, err := a.with(w.Remedy).Measure(x, y)
			if err != nil && w.Remedy.Cutoff == 0 {
				t.Fatalf("%q: %v", w, err)
			}
			// Behind a jump there may be another; with another cutoff the knee moves, and a jump
			// behind it that was none before may leave no window.
			fixed := w.Kind == Incomplete || w.Kind == FewPoints || w.Kind == Dense || w.Kind == Sparse && again.Window.Complete
			if fixed && slices.ContainsFunc(again.Warnings, func(v Warning) bool { return v.Kind == w.Kind }) {
				t.Fatalf("%q: again %q", w, again.Warnings)
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
	m, err := a.Measure(x, y)
	if err != nil || m.Amplitude.MaxToMin > 2.5 || len(m.Warnings) != 1 || m.Warnings[0].Kind != Sparse {
		t.Fatalf("%v: %g, %q", err, m.Amplitude.MaxToMin, m.Warnings)
	}
	amplitude := m.Amplitude.MaxToMin
	if m, err = a.with(m.Warnings[0].Remedy).Measure(x, y); err != nil || m.Amplitude.MaxToMin < 3.5 || len(m.Warnings) != 0 {
		t.Fatalf("with cutoff %g: %v: %g, %q", a.Lowpass.Cutoff, err, m.Amplitude.MaxToMin, m.Warnings)
	}
	// A low-pass that is given by its period is mended by its period.
	a.Lowpass.Cutoff, a.Lowpass.Period = 0, 20000
	if m, err = a.Measure(x, y); err != nil || m.Amplitude.MaxToMin != amplitude || len(m.Warnings) != 1 || m.Warnings[0].Remedy.Cutoff != 0 {
		t.Fatalf("%v: %g, %q", err, m.Amplitude.MaxToMin, m.Warnings)
	}
	if m, err = a.with(m.Warnings[0].Remedy).Measure(x, y); err != nil || m.Amplitude.MaxToMin < 3.5 || len(m.Warnings) != 0 {
		t.Fatalf("with period %g: %v: %g, %q", a.Lowpass.Period, err, m.Amplitude.MaxToMin, m.Warnings)
	}
}
