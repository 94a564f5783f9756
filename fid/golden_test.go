package fid

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"pgregory.net/rapid"
)

type goldenCase struct {
	Name        string
	D           int
	Mu1, Mu2    []float64
	Sigma1      [][]float64
	Sigma2      [][]float64
	FID         float64
	MeanTerm    float64 `json:"mean_term"`
	TraceTerm   float64 `json:"trace_term"`
	Scale, Tol  float64
	PytorchFID  *float64 `json:"pytorch_fid"`
	Set1, Set2  recipe
	FromSamples *float64 `json:"fid_from_samples"`
	TrSum       float64  `json:"tr_sum"`
	Probe       struct {
		X1Last    float64 `json:"x1_last"`
		X2Last    float64 `json:"x2_last"`
		Cov101    float64 `json:"cov1_01"`
		Cov1Trace float64 `json:"cov1_trace"`
	}
}

// recipe makes samples as the about text of fid_large.json says.
type recipe struct {
	N     int
	S0    int64
	P     int
	C     float64
	Shift float64
	Dead  int
}

func (r recipe) rows(d int) []float64 {
	x := make([]float64, 0, r.N*d)
	s := r.S0
	for range r.N {
		prev := 0.0
		for j := range d {
			s = (1103515245*s + 12345) % (1 << 31)
			v := r.Shift
			if r.Dead == 0 || j%r.Dead != 0 {
				v = float64(r.Shift+float64((1+float64(j%r.P)/4)*(float64(s)/(1<<31)))) + float64(r.C*prev)
			}
			x = append(x, v)
			prev = v
		}
	}
	return x
}

func golden(t testing.TB, file string) []goldenCase {
	t.Helper()
	data, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var g struct{ Cases []goldenCase }
	if err := json.Unmarshal(data, &g); err != nil {
		t.Fatal(err)
	}
	if len(g.Cases) == 0 {
		t.Fatal("no cases")
	}
	return g.Cases
}

func flat(rows [][]float64) []float64 {
	var x []float64
	for _, r := range rows {
		x = append(x, r...)
	}
	return x
}

func stats(t rapid.TB, mean, cov []float64) Stats {
	t.Helper()
	s, err := NewStats(mean, cov, 0)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestGolden holds both routes, both ways round, to the granted tolerance. That
// is what eigenvalues of the product need; the singular values of the roots give
// thirteen digits where the covariances determine them.
func TestGolden(t *testing.T) {
	for _, c := range golden(t, "fid.json") {
		a, b := stats(t, c.Mu1, flat(c.Sigma1)), stats(t, c.Mu2, flat(c.Sigma2))
		for _, eigen := range []Eigen{nil, GonumEigen} {
			for turn, s := range [][2]Stats{{a, b}, {b, a}} {
				ref, err := NewReference(s[0], eigen)
				if err != nil {
					t.Fatalf("%s: %v", c.Name, err)
				}
				r, err := ref.Distance(s[1])
				if err != nil {
					t.Fatalf("%s: %v", c.Name, err)
				}
				tol := c.Tol
				if eigen == nil && c.FromSamples == nil { // those are singular but for rounding
					tol = 1e-13 * c.Scale
				}
				if e := math.Abs(r.FID - c.FID); !(e <= tol) {
					t.Errorf("%s, turned %d: %.17g, want %.17g ± %.2g", c.Name, turn, r.FID, c.FID, tol)
				}
				if e := math.Abs(r.MeanTerm - c.MeanTerm); !(e <= 1e-12*c.Scale) {
					t.Errorf("%s: mean term %.17g, want %.17g", c.Name, r.MeanTerm, c.MeanTerm)
				}
				if e := math.Abs(r.TraceTerm - c.TraceTerm); !(e <= c.Tol) {
					t.Errorf("%s: trace term %.17g, want %.17g ± %.2g", c.Name, r.TraceTerm, c.TraceTerm, c.Tol)
				}
				if ref.Warnings != nil || r.Warnings != nil {
					t.Errorf("%s: warnings %q %q", c.Name, ref.Warnings, r.Warnings)
				}
			}
		}
	}
}

// TestGoldenLarge makes the statistics from the samples, with the centred rows as
// roots where n < d and from covariances alone.
func TestGoldenLarge(t *testing.T) {
	for _, c := range golden(t, "fid_large.json") {
		if testing.Short() && c.D > 100 {
			continue
		}
		var rows, cov [2]Stats
		for i, set := range []recipe{c.Set1, c.Set2} {
			x := set.rows(c.D)
			last := []float64{c.Probe.X1Last, c.Probe.X2Last}[i]
			if x[len(x)-1] != last {
				t.Fatalf("%s: the recipe gives %g, want %g", c.Name, x[len(x)-1], last)
			}
			var err error
			if rows[i], err = OfRows(x, set.N, c.D); err != nil {
				t.Fatal(err)
			}
			if cov[i] = rows[i]; set.N < c.D {
				cov[i] = stats(t, rows[i].Mean, rows[i].Cov().RawSymmetric().Data)
			}
		}
		if v := rows[0].Cov().At(0, 1); math.Abs(v-c.Probe.Cov101) > 1e-13 {
			t.Errorf("%s: covariance [0,1] is %.17g, want %.17g", c.Name, v, c.Probe.Cov101)
		}
		if v := rows[0].trace(); math.Abs(v-c.Probe.Cov1Trace) > 1e-12*v {
			t.Errorf("%s: trace %.17g, want %.17g", c.Name, v, c.Probe.Cov1Trace)
		}
		scale := c.MeanTerm + c.TrSum
		for _, way := range []struct {
			name  string
			s     [2]Stats
			eigen Eigen
			tol   float64
		}{
			{"singular values, rows", rows, nil, 1e-10 * scale},
			{"singular values, covariances", cov, nil, 1e-10 * scale},
			{"eigenvalues, rows", rows, GonumEigen, c.Tol},
			{"eigenvalues, covariances", cov, GonumEigen, c.Tol},
		} {
			if c.D > 100 && c.Name != "mnist_n_below_d_against_full" && way.name != "singular values, rows" {
				continue // seconds each
			}
			ref, err := NewReference(way.s[0], way.eigen)
			if err != nil {
				t.Fatal(err)
			}
			r, err := ref.Distance(way.s[1])
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%s, %s: error %.2g of the scale", c.Name, way.name, (r.FID-c.FID)/scale)
			if !(math.Abs(r.FID-c.FID) <= way.tol) {
				t.Errorf("%s, %s: %.17g, want %.17g ± %.2g", c.Name, way.name, r.FID, c.FID, way.tol)
			}
			if !(math.Abs(r.MeanTerm-c.MeanTerm) <= 1e-12*scale) {
				t.Errorf("%s: mean term %.17g, want %.17g", c.Name, r.MeanTerm, c.MeanTerm)
			}
		}
	}
}
