package anneal

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"fig5/bench/rng"
)

func readGolden(t *testing.T, path string, v any) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, v); err != nil {
		t.Fatal(err)
	}
}

func TestLevelsGolden(t *testing.T) {
	rules := map[string]struct{ name, end string }{
		"geometric_printed":     {Geometric, Printed},
		"geometric_inclusive":   {Geometric, Inclusive},
		"linear_inclusive":      {Linear, Inclusive},
		"exponential_inclusive": {Exponential, Inclusive},
		"exponential_eq7":       {Exponential, Printed},
	}
	var golden struct {
		Cases []struct {
			Name, Kind   string
			Beta1, BetaK float64
			K            int
			Tau          float64
			Levels       []float64
			TolRel       float64 `json:"tol_rel"`
		}
	}
	readGolden(t, "testdata/schedule.json", &golden)
	if len(golden.Cases) == 0 {
		t.Fatal("no cases")
	}
	for _, c := range golden.Cases {
		rule, ok := rules[c.Kind]
		if !ok {
			t.Fatalf("%s: unknown rule", c.Kind)
		}
		got, err := Levels(Schedule{Name: rule.name, Tau: c.Tau}, c.K, c.Beta1, c.BetaK, rule.end)
		if err != nil {
			t.Errorf("%s: %v", c.Name, err)
			continue
		}
		if len(got) != len(c.Levels) {
			t.Errorf("%s: %d levels, want %d", c.Name, len(got), len(c.Levels))
			continue
		}
		for k, want := range c.Levels {
			if math.Abs(got[k]-want) > c.TolRel*want {
				t.Errorf("%s: level %d is %v, want %v", c.Name, k, got[k], want)
			}
		}
	}
}

func TestFoldGolden(t *testing.T) {
	var golden struct{ Fold struct{ X, Y []float64 } }
	readGolden(t, "testdata/heat.json", &golden)
	if len(golden.Fold.X) == 0 {
		t.Fatal("no values")
	}
	for i, x := range golden.Fold.X {
		// A coordinate of magnitude |x| is known to one rounding of x+1.
		if got, want := fold(x), golden.Fold.Y[i]; math.Abs(got-want) > 0x1p-52*(1+math.Abs(x)) {
			t.Errorf("fold(%v) = %v, want %v", x, got, want)
		}
	}
}

// Mean, second moment and distribution of heated samples are the golden ones to 4
// standard errors of the samples.
func TestHeatGolden(t *testing.T) {
	var golden struct {
		Cases []struct {
			X0, S   float64
			Reflect struct {
				Mean   float64
				Second float64 `json:"second_moment"`
				Y, CDF []float64
			}
			Clip struct {
				Mean   float64
				Second float64 `json:"second_moment"`
			}
		}
	}
	readGolden(t, "testdata/heat.json", &golden)
	if len(golden.Cases) == 0 {
		t.Fatal("no cases")
	}
	const n = 100_000
	x := make([]float32, n)
	for i, c := range golden.Cases {
		beta := 1 / (c.S * c.S) // half width 1
		heat := func(kind string) (mean, second, seMean, seSecond float64) {
			for j := range x {
				x[j] = float32(c.X0)
			}
			Box{kind, 1}.Heat(x, beta, rng.New(int64(i), "test "+kind))
			var m1, m2, m4 float64
			for _, v := range x {
				y := float64(v)
				m1 += y / n
				m2 += y * y / n
				m4 += y * y * y * y / n
			}
			return m1, m2, math.Sqrt((m2 - m1*m1) / n), math.Sqrt((m4 - m2*m2) / n)
		}
		// Samples are rounded to float32, half an ulp of 1 at most.
		const rounding = 0x1p-25
		m1, m2, se1, se2 := heat(Reflect)
		if math.Abs(m1-c.Reflect.Mean) > 4*se1+rounding || math.Abs(m2-c.Reflect.Second) > 4*se2+2*rounding {
			t.Errorf("reflect, x0 %g, s %g: moments %g %g, want %g %g", c.X0, c.S, m1, m2, c.Reflect.Mean, c.Reflect.Second)
		}
		for k, y := range c.Reflect.Y {
			below := 0.0
			for _, v := range x {
				if float64(v) <= y {
					below++
				}
			}
			p := c.Reflect.CDF[k]
			if got := below / n; math.Abs(got-p) > 4*math.Sqrt(p*(1-p)/n)+1e-12 {
				t.Errorf("reflect, x0 %g, s %g: P(y <= %g) = %g, want %g", c.X0, c.S, y, got, p)
			}
		}
		m1, m2, se1, se2 = heat(Clip)
		if math.Abs(m1-c.Clip.Mean) > 4*se1+rounding || math.Abs(m2-c.Clip.Second) > 4*se2+2*rounding {
			t.Errorf("clip, x0 %g, s %g: moments %g %g, want %g %g", c.X0, c.S, m1, m2, c.Clip.Mean, c.Clip.Second)
		}
	}
}
