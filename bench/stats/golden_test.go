package stats

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// The files of testdata; its README.md says how they were made.

func load(t *testing.T, name string, into any) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// equal compares at the tolerance of the reference values: 1e-9 relative or absolute.
func equal(t *testing.T, what string, got Number, want *float64) {
	t.Helper()
	switch {
	case want == nil && got.Defined():
		t.Errorf("%s = %v, want undefined", what, got)
	case want != nil && !(math.Abs(float64(got)-*want) <= 1e-9*math.Max(1, math.Abs(*want))):
		t.Errorf("%s = %.17g, want %.17g", what, float64(got), *want)
	}
}

func must[T any](v T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func TestGolden(t *testing.T) {
	var file struct {
		Cases []struct {
			Name, Kind, Method         string
			X, Y                       []float64
			Groups                     [][]float64
			Ties                       bool
			N                          int
			Mean, SD, Median, Max      *float64
			IQMTrim                    *float64 `json:"iqm_trim"`
			Half                       *float64 `json:"ci95_half"`
			TCrit                      *float64 `json:"t_crit"`
			U1                         *float64
			P, Rho, J, Variance, Slope *float64
			CI95                       []float64
			PAsymptotic                *float64 `json:"p_asymptotic"`
			PIncreasing                *float64 `json:"p_increasing"`
			PDecreasing                *float64 `json:"p_decreasing"`
		}
	}
	load(t, "stats.json", &file)
	seen := map[string]int{}
	for _, c := range file.Cases {
		seen[c.Kind]++
		t.Run(c.Name, func(t *testing.T) {
			switch c.Kind {
			case "summary":
				s := must(Summarize(c.X))(t)
				if s.N != c.N {
					t.Errorf("n = %d, want %d", s.N, c.N)
				}
				equal(t, "mean", s.Mean, c.Mean)
				equal(t, "sd", s.SD, c.SD)
				equal(t, "median", s.Median, c.Median)
				equal(t, "max", s.Max, c.Max)
				equal(t, "iqm", s.IQM, c.IQMTrim)
				if c.Half == nil {
					equal(t, "ci95", Number(s.CI95.Lo), nil)
					return
				}
				equal(t, "t_crit", Number(tCritical(float64(c.N-1))), c.TCrit)
				lo, hi := *c.Mean-*c.Half, *c.Mean+*c.Half
				equal(t, "ci95 lo", Number(s.CI95.Lo), &lo)
				equal(t, "ci95 hi", Number(s.CI95.Hi), &hi)
			case "mann_whitney":
				r := must(MannWhitney(c.X, c.Y))(t)
				equal(t, "U", r.Statistic, c.U1)
				equal(t, "p", r.P, c.P)
				equal(t, "p_approx", r.PApprox, c.PAsymptotic)
				if r.Exact != (c.Method == "exact") {
					t.Errorf("exact: %v, want %s", r.Exact, c.Method)
				}
			case "spearman":
				rho, p, err := Spearman(c.X, c.Y)
				if err != nil {
					t.Fatal(err)
				}
				equal(t, "rho", rho, c.Rho)
				equal(t, "p", p, c.P)
			case "jonckheere":
				j, p, err := Jonckheere(c.Groups)
				if err != nil {
					t.Fatal(err)
				}
				equal(t, "J", j, c.J)
				equal(t, "p", p, c.PDecreasing)
				back := slices.Clone(c.Groups)
				slices.Reverse(back)
				_, up, _ := Jonckheere(back)
				equal(t, "p of an increase", up, c.PIncreasing)
				sizes, pool := []int{}, []float64{}
				for _, g := range c.Groups {
					sizes, pool = append(sizes, len(g)), append(pool, g...)
				}
				_, classes := ranks(pool)
				mean, variance := jonckheereMoments(sizes, classes)
				equal(t, "mean", Number(mean), c.Mean)
				equal(t, "variance", Number(variance), c.Variance)
			case "loglog_slope":
				slope, ci, err := LogLog(c.X, c.Y)
				if err != nil {
					t.Fatal(err)
				}
				equal(t, "slope", slope, c.Slope)
				if c.CI95 == nil {
					equal(t, "ci95", Number(ci.Lo), nil)
					return
				}
				equal(t, "ci95 lo", Number(ci.Lo), &c.CI95[0])
				equal(t, "ci95 hi", Number(ci.Hi), &c.CI95[1])
			default:
				t.Fatalf("unknown kind %q", c.Kind)
			}
		})
	}
	if len(seen) != 5 {
		t.Errorf("kinds seen: %v", seen)
	}
}

func TestGoldenBlocks(t *testing.T) {
	var file struct {
		Cases []struct {
			Values [][]float64
			Page   struct {
				L              float64
				PDecrease      float64  `json:"p_decrease"`
				PDecreaseExact *float64 `json:"p_decrease_exact"`
			}
			Wilcoxon struct{ W, P float64 } `json:"wilcoxon_first_last"`
			First    struct {
				GeoMean, Median float64
				CI95            [2]float64 `json:"geomean_ci95"`
			}
			Improvement float64 `json:"improvement_last_over_first"`
		}
	}
	load(t, "blocks.json", &file)
	for _, c := range file.Cases {
		p := must(Page(c.Values))(t)
		equal(t, "L", p.Statistic, &c.Page.L)
		equal(t, "Page p_approx", p.PApprox, &c.Page.PDecrease)
		if want := c.Page.PDecreaseExact; want != nil {
			equal(t, "Page p_exact", p.PExact, want)
		}
		if p.P != p.PExact || !p.Exact {
			t.Errorf("Page p = %v, exact %v", p.P, p.PExact)
		}
		first, last := column(c.Values, 0), column(c.Values, len(c.Values[0])-1)
		w := must(Wilcoxon(first, last))(t)
		equal(t, "W", w.Statistic, &c.Wilcoxon.W)
		equal(t, "Wilcoxon p", w.P, &c.Wilcoxon.P)
		s := must(Summarize(first))(t)
		equal(t, "geomean", s.GeoMean, &c.First.GeoMean)
		equal(t, "geomean lo", Number(s.GeoMeanCI95.Lo), &c.First.CI95[0])
		equal(t, "geomean hi", Number(s.GeoMeanCI95.Hi), &c.First.CI95[1])
		equal(t, "median", s.Median, &c.First.Median)
		chance, _, err := Improvement(first, last)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "improvement", chance, &c.Improvement)
	}
	if len(file.Cases) != 14 {
		t.Errorf("%d cases, want 14", len(file.Cases))
	}
}

func column(rows [][]float64, j int) []float64 {
	c := make([]float64, len(rows))
	for i, r := range rows {
		c[i] = r[j]
	}
	return c
}

func TestAgainstSciPy(t *testing.T) {
	var file struct {
		Page []struct {
			Values  [][]float64
			L       float64
			PNormal float64  `json:"p_normal"`
			PExact  *float64 `json:"p_exact"`
		}
		Wilcoxon []struct {
			A, B    []float64
			W       float64
			PNormal float64  `json:"p_normal"`
			PExact  *float64 `json:"p_exact"`
		}
		Holm []struct{ P, Adjusted []float64 }
	}
	load(t, "scipy.json", &file)
	for _, c := range file.Page {
		r := must(Page(c.Values))(t)
		equal(t, "L", r.Statistic, &c.L)
		equal(t, "Page p_approx", r.PApprox, &c.PNormal)
		if c.PExact != nil {
			equal(t, "Page p_exact with ties", r.PExact, c.PExact)
		}
	}
	for _, c := range file.Wilcoxon {
		r := must(Wilcoxon(c.A, c.B))(t)
		equal(t, "W", r.Statistic, &c.W)
		equal(t, "Wilcoxon p_approx", r.PApprox, &c.PNormal)
		if c.PExact != nil {
			equal(t, "Wilcoxon p", r.P, c.PExact)
		}
	}
	for _, c := range file.Holm {
		got := must(Holm(c.P))(t)
		for i := range got {
			equal(t, "Holm", Number(got[i]), &c.Adjusted[i])
		}
	}
	if len(file.Page) == 0 || len(file.Wilcoxon) == 0 || len(file.Holm) == 0 {
		t.Error("no cases")
	}
}
