package tinygan

import (
	"encoding/json"
	"math"
	"os"
	"testing"
)

// goldenCase is one initial value problem of testdata/tiny.json. It is decoded key
// by key: "t" and "T" differ by case alone, which encoding/json does not tell apart.
type goldenCase map[string]json.RawMessage

func goldenCases(t *testing.T) []goldenCase {
	t.Helper()
	raw, err := os.ReadFile("testdata/tiny.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Cases []goldenCase }
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Cases) < 20 {
		t.Fatalf("%d cases, want 20 or more", len(file.Cases))
	}
	return file.Cases
}

// get decodes a key; the zero value where it is absent or null.
func get[V any](t *testing.T, c goldenCase, key string) (v V) {
	t.Helper()
	if raw, ok := c[key]; ok {
		if err := json.Unmarshal(raw, &v); err != nil {
			t.Fatalf("%s: %v", key, err)
		}
	}
	return v
}

func (c goldenCase) system(t *testing.T) System {
	s := System{
		Start:  State{get[float64](t, c, "theta0"), get[float64](t, c, "psi0"), get[float64](t, c, "alpha0")},
		Target: get[float64](t, c, "alpha_r"),
		T:      get[float64](t, c, "T"),
	}
	switch kind := get[string](t, c, "kind"); kind {
	case "autonomous":
		s.Start.Alpha = s.Target
	case "beta":
		s.Kind = Beta
	case "betaprime":
		s.Kind = BetaPrime
	case "betaprime_printed_sign":
		s.Kind, s.AsPrinted = BetaPrime, true
	default:
		t.Fatalf("kind %q", kind)
	}
	return s
}

// The integration and the closed form against SciPy's trajectories; the steady
// oscillation against the values beside them.
func TestGolden(t *testing.T) {
	const tolerance = 1e-11
	for _, c := range goldenCases(t) {
		t.Run(get[string](t, c, "name"), func(t *testing.T) {
			s := c.system(t)
			times := get[[]float64](t, c, "t")
			tr, err := s.Integrate(times[len(times)-1], times[1])
			if err != nil {
				t.Fatal(err)
			}
			if len(tr.Times) != len(times) {
				t.Fatalf("%d rows, want %d", len(tr.Times), len(times))
			}
			theta, psi, alpha := get[[]float64](t, c, "theta"), get[[]float64](t, c, "psi"), get[[]float64](t, c, "alpha")
			worst := 0.0
			for i := range times {
				want := State{theta[i], psi[i], alpha[i]}
				for _, got := range []State{tr.Path[i], tr.Exact[i]} {
					diff := State{got.Theta - want.Theta, got.Psi - want.Psi, got.Alpha - want.Alpha}.maxAbs()
					worst = max(worst, diff)
					if !(diff <= tolerance) {
						t.Fatalf("t = %v: %v, want %v", times[i], got, want)
					}
				}
			}
			t.Logf("largest difference %.2g", worst)
			steady, ok := s.Steady()
			if _, want := c["amplitude_psi"]; ok != want {
				t.Fatalf("a steady oscillation: %v, want %v", ok, want)
			}
			if !ok {
				return
			}
			for key, got := range map[string]float64{
				"amplitude_psi": steady.AmplitudePsi, "amplitude_theta": steady.AmplitudeTheta,
				"centre_theta": steady.CentreTheta, "angular_frequency": steady.Frequency,
			} {
				if want := get[float64](t, c, key); math.Abs(got-want) > 1e-14*max(1, math.Abs(want)) {
					t.Errorf("%s = %v, want %v", key, got, want)
				}
			}
		})
	}
}
