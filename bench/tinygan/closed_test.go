package tinygan

import (
	"encoding/json"
	"math"
	"math/cmplx"
	"os"
	"testing"

	"pgregory.net/rapid"
)

// drawSystem is a valid system with a closed form, of moderate numbers.
func drawSystem(t *rapid.T) System {
	number := rapid.Float64Range(-5, 5)
	s := System{
		Kind:   rapid.SampledFrom([]Kind{Autonomous, Beta, BetaPrime}).Draw(t, "kind"),
		Start:  State{number.Draw(t, "theta"), number.Draw(t, "psi"), number.Draw(t, "alpha")},
		Target: number.Draw(t, "target"),
		T:      math.Exp(rapid.Float64Range(-3, 4).Draw(t, "log T")),
	}
	switch {
	case s.Kind == Autonomous:
		s.Start.Alpha = s.Target
	case rapid.Bool().Draw(t, "staircase"):
		s.Levels = rapid.SliceOfN(number, 0, 6).Draw(t, "levels")
		s.Tau = rapid.Float64Range(0.1, 10).Draw(t, "tau")
	default:
		s.AsPrinted = rapid.Bool().Draw(t, "as printed")
	}
	return s
}

// Integration and closed form agree for any start, staircases and the printed
// sign included; both begin at the start (a staircase after its first jump).
func TestClosedFormIsTheFlow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSystem(t)
		tr, err := s.Integrate(rapid.Float64Range(0, 60).Draw(t, "until"), rapid.Float64Range(0.05, 20).Draw(t, "every"))
		if err != nil {
			t.Fatal(err)
		}
		size := 1.0
		for _, x := range tr.Path {
			size = max(size, x.maxAbs())
		}
		if d := tr.Deviation(); !(d <= 5e-12*size) {
			t.Errorf("%+v: the closed form is %.3g away", s, d)
		}
		if at, _ := s.At(0); s.Levels == nil && (math.Abs(at.Theta-s.Start.Theta) > 1e-13 || math.Abs(at.Psi-s.Start.Psi) > 1e-13 || math.Abs(at.Alpha-s.Start.Alpha) > 1e-13) {
			t.Errorf("%+v: At(0) = %v", s, at)
		}
	})
}

// Long after the annealing, ψ² + w² (θ-centre)² is the square of the amplitude.
func TestSteadyIsTheLimit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSystem(t)
		s.AsPrinted = false
		steady, ok := s.Steady()
		if !ok {
			t.Fatalf("%+v: no steady oscillation", s)
		}
		x, _ := s.At(45*s.T + s.Tau*10 + rapid.Float64Range(0, 20).Draw(t, "later"))
		got := math.Hypot(x.Psi, steady.Frequency*(x.Theta-steady.CentreTheta))
		if math.Abs(got-steady.AmplitudePsi) > 1e-12 || steady.AmplitudeTheta != steady.AmplitudePsi/steady.Frequency {
			t.Errorf("%+v: amplitude %v, Steady says %+v", s, got, steady)
		}
	})
}

// Slope is the derivative it says, and from an equilibrium -w²T²/(1+w²T²).
func TestSlope(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSystem(t)
		s.Kind, s.AsPrinted, s.Levels = rapid.SampledFrom([]Kind{Beta, BetaPrime}).Draw(t, "annealed"), false, nil
		steady, _ := s.Steady()
		if steady.AmplitudePsi < 1e-3 {
			t.Skip("no oscillation to speak of")
		}
		const step = 1e-4
		logAt := func(by float64) float64 {
			u := s
			u.T *= math.Exp(by)
			a, _ := u.Steady()
			return math.Log(a.AmplitudePsi)
		}
		if got := (logAt(step) - logAt(-step)) / (2 * step); math.Abs(got-steady.Slope) > 1e-5*max(1, 1/steady.AmplitudePsi) {
			t.Errorf("%+v: slope %v, by differences %v", s, steady.Slope, got)
		}
		s.Start = State{Theta: s.Start.Alpha, Alpha: s.Start.Alpha}
		if s.Target == s.Start.Alpha {
			return
		}
		wT := s.frequency() * s.T
		steady, _ = s.Steady()
		if want := -wT * wT / (1 + wT*wT); math.Abs(steady.Slope-want) > 1e-12 {
			t.Errorf("%+v: slope %v from the equilibrium, want %v", s, steady.Slope, want)
		}
	})
}

// Nothing overflows or cancels at the ends of the range of T: a jump at one, no
// oscillation at the other.
func TestExtremeT(t *testing.T) {
	for _, kind := range []Kind{Beta, BetaPrime} {
		for T, want := range map[float64]Steady{
			1e-100: {AmplitudePsi: 2 / (System{Kind: kind}).frequency(), Slope: 0},
			1e100:  {AmplitudePsi: 0, Slope: -1},
		} {
			s := System{Kind: kind, Start: State{1, 0, 1}, Target: 3, T: T}
			steady, _ := s.Steady()
			if math.Abs(steady.AmplitudePsi-want.AmplitudePsi) > 1e-15 || math.Abs(steady.Slope-want.Slope) > 1e-15 {
				t.Errorf("%v, T = %g: %+v, want %+v", kind, T, steady, want)
			}
			if tr, err := s.Integrate(20, 0.5); err != nil || tr.Deviation() > 1e-12 {
				t.Errorf("%v, T = %g: deviation %v, %v", kind, T, tr.Deviation(), err)
			}
		}
	}
}

// Jensen-Shannon has no closed form; SciPy integrated it (testdata/js.json).
func TestJensenShannonAgainstSciPy(t *testing.T) {
	raw, err := os.ReadFile("testdata/js.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Cases []struct {
			System    string
			AsPrinted bool `json:"as_printed"`
			Start     [3]float64
			Target    float64
			Constant  float64 `json:"time_constant"`
			Until     float64
			Every     float64
			Rows      [][3]float64
		}
	}
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Cases) == 0 {
		t.Fatal("no cases")
	}
	for _, c := range file.Cases {
		kind, err := ParseKind(c.System)
		if err != nil {
			t.Fatal(err)
		}
		s := System{Kind: kind, Objective: JensenShannon, Start: State{c.Start[0], c.Start[1], c.Start[2]}, Target: c.Target, T: c.Constant, AsPrinted: c.AsPrinted}
		tr, err := s.Integrate(c.Until, c.Every)
		if err != nil {
			t.Fatal(err)
		}
		if len(tr.Path) != len(c.Rows) || tr.Exact != nil || !math.IsNaN(tr.Deviation()) {
			t.Fatalf("%d rows, want %d and no closed form", len(tr.Path), len(c.Rows))
		}
		for i, x := range tr.Path {
			want := c.Rows[i]
			if d := (State{x.Theta - want[0], x.Psi - want[1], x.Alpha - want[2]}).maxAbs(); d > 1e-11 {
				t.Errorf("%s from %v at t = %v: %v, want %v (%.2g)", c.System, c.Start, tr.Times[i], x, want, d)
			}
		}
	}
}

// A small perturbation of the Jensen-Shannon equilibrium decays and turns as
// Linearise says: values a step apart obey the recurrence of the two eigenvalues,
// whose sum is -α²/2.
func TestLinearise(t *testing.T) {
	const small, step = 1e-6, 0.5
	for _, alpha := range []float64{0, 0.3, 1, 1.4, 1.5, 3} {
		s := System{Kind: Autonomous, Objective: JensenShannon, Start: State{alpha, small, alpha}, Target: alpha}
		tr, err := s.Integrate(10, step)
		if err != nil {
			t.Fatal(err)
		}
		rate, frequency := JensenShannon.Linearise(alpha)
		one := cmplx.Exp(complex(-rate*step, frequency*step))
		two := cmplx.Conj(one)
		if frequency == 0 {
			two = cmplx.Exp(complex(-(alpha*alpha/2-rate)*step, 0))
		}
		for i := range len(tr.Path) - 2 {
			a, b, c := tr.Path[i].Psi, tr.Path[i+1].Psi, tr.Path[i+2].Psi
			if got := real(one+two)*b - real(one*two)*a; math.Abs(got-c) > 1e-5*small {
				t.Errorf("α = %v: ψ = %v, linearised %v", alpha, c, got)
			}
		}
	}
	if rate, frequency := Linear.Linearise(3); rate != 0 || frequency != 1 {
		t.Errorf("f(y) = y: %v, %v, want an undamped centre of frequency 1", rate, frequency)
	}
}

func FuzzParseState(f *testing.F) {
	for _, s := range []string{"1,0,1", " 1e3 , -2,0x1p4", "1,2", "NaN,0,1", ",,", "1,2,3,4", "1e999,0,0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		x, err := ParseState(s)
		if err == nil && !x.finite() {
			t.Errorf("%q gives %v", s, x)
		}
		if err != nil && x != (State{}) {
			t.Errorf("%q gives %v and an error", s, x)
		}
	})
}

func TestParse(t *testing.T) {
	if x, err := ParseState("1, -2.5,3e0"); err != nil || x != (State{1, -2.5, 3}) {
		t.Errorf("%v, %v", x, err)
	}
	for input, want := range map[string]string{
		"1,2":     `"1,2" is not three finite numbers θ,ψ,α`,
		"1,2,Inf": `"1,2,Inf" is not three finite numbers θ,ψ,α`,
		"":        `"" is not three finite numbers θ,ψ,α`,
	} {
		if _, err := ParseState(input); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", input, err, want)
		}
	}
	if _, err := ParseKind("betaprime"); err == nil || err.Error() != `"betaprime" is not one of autonomous, beta or beta-prime` {
		t.Error(err)
	}
	if _, err := ParseObjective("wgan"); err == nil || err.Error() != `"wgan" is not one of linear or js` {
		t.Error(err)
	}
	if d, err := ParseDescent("alternating"); err != nil || d != Alternating || d.String() != "alternating" {
		t.Error(d, err)
	}
}
