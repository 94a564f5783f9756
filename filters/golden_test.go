package filters

import (
	"encoding/json"
	"math"
	"math/cmplx"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// readGolden reads the cases of a file of testdata.
func readGolden[T any](t testing.TB, name string) []T {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	var doc struct{ Cases []T }
	if err := json.Unmarshal(b, &doc); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if len(doc.Cases) == 0 {
		t.Fatalf("%s: no cases", name)
	}
	return doc.Cases
}

func largestDifference(a, b []float64) float64 {
	if len(a) != len(b) {
		return math.Inf(1)
	}
	worst := 0.0
	for i := range a {
		worst = max(worst, math.Abs(a[i]-b[i]))
	}
	return worst
}

func TestFiltersGolden(t *testing.T) {
	type golden struct {
		Name   string
		X      []float64
		Filter struct {
			Name      string
			Order     int
			Cutoff    float64
			Window    int
			PolyOrder int `json:"polyorder"`
		}
		Padlen int
		SOS    [][6]float64
		Y      []float64
		Tol    float64
		Error  string
	}
	for _, c := range readGolden[golden](t, "filters.json") {
		l := Lowpass{Name: strings.ReplaceAll(c.Filter.Name, "_", "-"), Order: c.Filter.Order, Cutoff: c.Filter.Cutoff, Window: c.Filter.Window, PolyOrder: c.Filter.PolyOrder}
		y, err := l.Apply(c.X)
		if c.Y == nil {
			if err == nil {
				t.Errorf("%s: no error, SciPy says %s", c.Name, c.Error)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.Name, err)
			continue
		}
		if d := largestDifference(y, c.Y); !(d <= c.Tol) {
			t.Errorf("%s: differs by %g, tolerance %g", c.Name, d, c.Tol)
		}
		if l.Name == "butterworth" {
			if p := 3 * (l.Order + 1); p != c.Padlen {
				t.Errorf("%s: padding of %d, SciPy's is %d", c.Name, p, c.Padlen)
			}
			for f := 0.0; f < 1; f += 0.07 {
				z := cmplx.Exp(complex(0, math.Pi*f))
				if d := cmplx.Abs(response(design(l.Order, l.Cutoff), z) - responseSOS(c.SOS, z)); d > 1e-11 {
					t.Errorf("%s: transfer function at %.2f of Nyquist differs by %g", c.Name, f, d)
				}
			}
		}
	}
}

// response is the product of the sections' transfer functions at z.
func response(sections []section, z complex128) complex128 {
	h := complex(1, 0)
	for _, s := range sections {
		p := (z - 1) / (z + 1) / complex(s.g, 0)
		if s.first {
			h /= p + 1
		} else {
			h /= p*p + complex(s.k, 0)*p + 1
		}
	}
	return h
}

// responseSOS is that of sections as SciPy writes them: b0 b1 b2 1 a1 a2.
func responseSOS(sos [][6]float64, z complex128) complex128 {
	h := complex(1, 0)
	poly := func(c []float64) complex128 {
		return complex(c[0], 0) + complex(c[1], 0)/z + complex(c[2], 0)/(z*z)
	}
	for _, s := range sos {
		h *= poly(s[:3]) / poly(s[3:])
	}
	return h
}

// In 50 digits SciPy is off by up to 1.5e-10; this filter is not.
func TestButterworthOrders(t *testing.T) {
	type golden struct {
		Order  int
		Cutoff float64
		X, Y   []float64
	}
	for _, c := range readGolden[golden](t, "orders.json") {
		y, err := Lowpass{Name: "butterworth", Order: c.Order, Cutoff: c.Cutoff}.Apply(c.X)
		if err != nil {
			t.Fatal(err)
		}
		_, hi := extent(c.X)
		if d := largestDifference(y, c.Y) / hi; !(d <= 1e-14) {
			t.Errorf("order %d, cutoff %v: relative error %g", c.Order, c.Cutoff, d)
		}
	}
}

type kneeCase struct {
	Name      string
	X, Y      []float64
	S         float64
	Online    bool
	KneeIndex *int `json:"knee_index"`
	Truth     *float64
}

func TestKneedleGolden(t *testing.T) {
	for _, c := range readGolden[kneeCase](t, "knee.json") {
		at, ok := Kneedle(c.X, c.Y, c.S, c.Online)
		switch {
		case c.KneeIndex == nil && ok:
			t.Errorf("%s: knee at %d, kneed finds none", c.Name, at)
		case c.KneeIndex != nil && (!ok || at != *c.KneeIndex):
			t.Errorf("%s: knee at %d (%v), kneed has %d", c.Name, at, ok, *c.KneeIndex)
		}
	}
}

func TestAmplitudeGolden(t *testing.T) {
	type golden struct {
		Name         string
		Y            []float64
		Start, End   int
		MaxMin       float64  `json:"max_min"`
		PeakToTrough *float64 `json:"mean_peak_to_trough"`
	}
	for _, c := range readGolden[golden](t, "amplitude.json") {
		y := c.Y[c.Start:c.End]
		x := make([]float64, len(y))
		top := 0.0
		for i := range x {
			x[i] = float64(i)
			top = max(top, math.Abs(y[i]))
		}
		tol := 1e-12 * top
		a := MeasureAmplitude(x, y)
		if d := math.Abs(a.MaxToMin - c.MaxMin); d > tol {
			t.Errorf("%s: max_to_min is off by %g", c.Name, d)
		}
		switch {
		case (a.PeakToTrough == nil) != (c.PeakToTrough == nil):
			t.Errorf("%s: peak_to_trough %v, want %v", c.Name, a.PeakToTrough, c.PeakToTrough)
		case a.PeakToTrough != nil && math.Abs(*a.PeakToTrough-*c.PeakToTrough) > tol:
			t.Errorf("%s: peak_to_trough %v, want %v", c.Name, *a.PeakToTrough, *c.PeakToTrough)
		}
	}
}

// sd, detrended and relative by their formulas.
func TestAmplitudeFormulas(t *testing.T) {
	x := []float64{0, 100, 200, 300, 400}
	y := []float64{1, 3, 2, 6, 4} // line 1.4 + 0.009 x; residuals -0.4 0.7 -1.2 1.9 -1.0
	a := MeasureAmplitude(x, y)
	near := func(name string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 1e-14 {
			t.Errorf("%s = %v, want %v", name, got, want)
		}
	}
	near("max_to_min", a.MaxToMin, 5)
	near("sd", a.SD, math.Sqrt(14.8/4))
	near("detrended", a.Detrended, 3.1)
	near("relative", *a.Relative, math.Log(6))
	near("peak_to_trough", *a.PeakToTrough, (1+4.0)/2)
	if a := MeasureAmplitude(x, []float64{1, 0, 2, 3, 4}); a.Relative != nil {
		t.Errorf("relative of a curve that touches 0 = %v, want none", *a.Relative)
	}
}

func TestMSERGolden(t *testing.T) {
	type golden struct {
		Name          string
		Y             []float64
		Cutoff        float64
		Lowpass       *Lowpass
		Window, Least int
		Cut, Knee     int
		Limit         bool
		Complete      bool
		Amplitude     *float64
	}
	for _, c := range readGolden[golden](t, "mser.json") {
		a := Analysis{Lowpass{Name: "butterworth", Order: 3, Cutoff: c.Cutoff}, Knee{Method: "mser", Least: float64(c.Least)}, float64(c.Window)}
		if c.Lowpass != nil {
			a.Lowpass = *c.Lowpass
		}
		x := make([]float64, len(c.Y))
		for i := range x {
			x[i] = float64(i)
		}
		m, err := a.Measure(x, c.Y)
		if err != nil {
			t.Errorf("%s: %v", c.Name, err)
			continue
		}
		if cut, _ := MSER(m.Filtered, c.Window, a.Lowpass.Reach()); cut != c.Cut {
			t.Errorf("%s: the cut is at %d, want %d", c.Name, cut, c.Cut)
		}
		if m.Knee.Index != c.Knee || m.Knee.Limit != c.Limit || m.Window.Complete != c.Complete {
			t.Errorf("%s: knee %+v, complete %t, want %d, limit %t, complete %t", c.Name, m.Knee, m.Window.Complete, c.Knee, c.Limit, c.Complete)
		}
		if c.Amplitude != nil && !(math.Abs(m.Amplitude.MaxToMin-*c.Amplitude) <= 1e-9**c.Amplitude) {
			t.Errorf("%s: amplitude %v, want %v", c.Name, m.Amplitude.MaxToMin, *c.Amplitude)
		}
	}
}
