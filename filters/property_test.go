package filters

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

func drawLowpass(t *rapid.T) Lowpass {
	switch rapid.SampledFrom([]string{"butterworth", "moving-average", "savgol", "none"}).Draw(t, "filter") {
	case "butterworth":
		return Lowpass{Name: "butterworth", Order: rapid.IntRange(1, MaxOrder).Draw(t, "order"), Cutoff: rapid.Float64Range(0.001, 0.99).Draw(t, "cutoff")}
	case "moving-average":
		return Lowpass{Name: "moving-average", Window: 2*rapid.IntRange(0, 30).Draw(t, "half") + 1}
	case "savgol":
		h := rapid.IntRange(0, 15).Draw(t, "half")
		return Lowpass{Name: "savgol", Window: 2*h + 1, PolyOrder: rapid.IntRange(0, 2*h).Draw(t, "polyorder")}
	}
	return Lowpass{Name: "none"}
}

func drawValues(t *rapid.T, name string, n int) []float64 {
	return rapid.SliceOfN(rapid.Float64Range(-100, 100), n, n).Draw(t, name)
}

// length is one that every drawn filter takes.
var length = rapid.IntRange(3*(MaxOrder+1)+1, 150)

func TestFiltersAreLinear(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l, n := drawLowpass(t), length.Draw(t, "n")
		y, z := drawValues(t, "y", n), drawValues(t, "z", n)
		a, b := rapid.Float64Range(-3, 3).Draw(t, "a"), rapid.Float64Range(-3, 3).Draw(t, "b")
		sum := make([]float64, n)
		for i := range sum {
			sum[i] = a*y[i] + b*z[i]
		}
		fy, fz, fsum := apply(t, l, y), apply(t, l, z), apply(t, l, sum)
		for i := range sum {
			if d := math.Abs(fsum[i] - (a*fy[i] + b*fz[i])); d > 1e-9 {
				t.Fatalf("point %d: off by %g", i, d)
			}
		}
	})
}

func TestFiltersKeepConstantsAndLines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l, n := drawLowpass(t), length.Draw(t, "n")
		c, slope := rapid.Float64Range(-1e6, 1e6).Draw(t, "c"), 0.0
		if l.Name == "moving-average" || l.Name == "savgol" && l.PolyOrder > 0 {
			slope = rapid.Float64Range(-10, 10).Draw(t, "slope")
		}
		y := make([]float64, n)
		for i := range y {
			y[i] = c + slope*float64(i)
		}
		if d := largestDifference(apply(t, l, y), y); d > 1e-13*(math.Abs(c)+150*math.Abs(slope)) {
			t.Fatalf("off by %g", d)
		}
	})
}

// A zero-phase filter does not know which way time runs. (sosfiltfilt's first pass
// does, at the ends, by what is left of its transient.)
func TestFiltersAreSymmetric(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l, n := drawLowpass(t), length.Draw(t, "n")
		if l.Name == "butterworth" {
			t.Skip()
		}
		y := drawValues(t, "y", n)
		back := func(y []float64) []float64 {
			r := make([]float64, n)
			for i, v := range y {
				r[n-1-i] = v
			}
			return r
		}
		if d := largestDifference(apply(t, l, back(y)), back(apply(t, l, y))); d > 1e-10 {
			t.Fatalf("off by %g", d)
		}
	})
}

// Half the amplitude is left at the cutoff, next to nothing far above it.
func TestButterworthGain(t *testing.T) {
	for order := 1; order <= MaxOrder; order++ {
		for _, cutoff := range []float64{0.05, 0.2, 0.5} {
			const n = 20000
			y := make([]float64, n)
			for i := range y {
				y[i] = math.Sin(math.Pi * cutoff * float64(i))
			}
			f, err := Lowpass{Name: "butterworth", Order: order, Cutoff: cutoff}.Apply(y)
			if err != nil {
				t.Fatal(err)
			}
			worst := 0.0
			for i := 5000; i < 15000; i++ {
				worst = max(worst, math.Abs(f[i]-y[i]/2))
			}
			if worst > 1e-9 {
				t.Errorf("order %d: at the cutoff %v off by %g", order, cutoff, worst)
			}
		}
	}
}

func apply(t interface{ Fatal(...any) }, l Lowpass, y []float64) []float64 {
	f, err := l.Apply(y)
	if err != nil {
		t.Fatal(err)
	}
	if len(f) != len(y) {
		t.Fatal("another length")
	}
	return f
}

// drawCurve is a curve of one of the shapes and its points.
func drawCurve(t *rapid.T) (x, y []float64) {
	s := rapid.SampledFrom(shapes).Draw(t, "shape")
	r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
	y = s.draw(r, rapid.Float64Range(2, 300).Draw(t, "ratio")).y
	x = make([]float64, len(y))
	for i := range x {
		x[i] = 100 * float64(i)
	}
	return x, y
}

// The knee is the same point whatever the units and the origin of both axes, and the
// amplitude goes with the units of y.
func TestMeasureInvariance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y := drawCurve(t)
		a := DefaultAnalysis()
		a.Window = 100 * float64(rapid.IntRange(20, 500).Draw(t, "window"))
		if rapid.Bool().Draw(t, "kneedle") {
			a.Knee = Knee{Method: "kneedle", Sensitivity: 1, Online: rapid.Bool().Draw(t, "online")}
		}
		m, err := a.Measure(x, y)
		if err != nil {
			t.Fatal(err)
		}
		scale := math.Ldexp(1+rapid.Float64Range(0, 1).Draw(t, "mantissa"), rapid.IntRange(-20, 20).Draw(t, "exponent"))
		_, top := extent(y)
		offset := scale * top * rapid.Float64Range(-2, 2).Draw(t, "offset")
		xscale := float64(rapid.IntRange(1, 1000).Draw(t, "xscale"))
		xoffset := float64(rapid.IntRange(-1000000, 1000000).Draw(t, "xoffset"))
		x2, y2 := make([]float64, len(x)), make([]float64, len(y))
		for i := range x {
			x2[i], y2[i] = xoffset+xscale*x[i], offset+scale*y[i]
		}
		a.Window *= xscale
		m2, err := a.Measure(x2, y2)
		if err != nil {
			t.Fatal(err)
		}
		if m.Knee.Index != m2.Knee.Index || m.Knee.Fallback != m2.Knee.Fallback || len(m.Warnings) != len(m2.Warnings) {
			t.Fatalf("knee %+v %q became %+v %q", m.Knee, m.Warnings, m2.Knee, m2.Warnings)
		}
		near := func(name string, got, want float64) {
			if math.Abs(got-want) > 1e-8*scale*top {
				t.Fatalf("%s: %v, want %v", name, got, want)
			}
		}
		near("level", m2.Level, offset+scale*m.Level)
		near("max_to_min", m2.Amplitude.MaxToMin, scale*m.Amplitude.MaxToMin)
		near("sd", m2.Amplitude.SD, scale*m.Amplitude.SD)
		near("detrended", m2.Amplitude.Detrended, scale*m.Amplitude.Detrended)
		if p := m.Amplitude.PeakToTrough; p != nil {
			near("peak_to_trough", *m2.Amplitude.PeakToTrough, scale**p)
		}
	})
}

func TestAmplitudeProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		y := rapid.SliceOfN(rapid.Float64Range(0.1, 100), 1, 60).Draw(t, "y")
		x := make([]float64, len(y))
		for i := range x {
			x[i] = float64(i)
		}
		a := MeasureAmplitude(x, y)
		if a.Detrended < 0 || a.MaxToMin < 0 || a.SD > a.MaxToMin {
			t.Fatalf("%+v", a)
		}
		if a.PeakToTrough != nil && !(*a.PeakToTrough > 0 && *a.PeakToTrough <= a.MaxToMin) {
			t.Fatalf("peak to trough %v of %v", *a.PeakToTrough, a.MaxToMin)
		}
		// A line added changes the detrended amplitude not at all, a factor the relative one.
		slope, factor := rapid.Float64Range(-5, 5).Draw(t, "slope"), rapid.Float64Range(0.01, 100).Draw(t, "factor")
		tilted, scaled := make([]float64, len(y)), make([]float64, len(y))
		for i, v := range y {
			tilted[i], scaled[i] = v+slope*x[i], factor*v
		}
		if d := math.Abs(MeasureAmplitude(x, tilted).Detrended - a.Detrended); d > 1e-10 {
			t.Fatalf("detrended off by %g", d)
		}
		if d := math.Abs(*MeasureAmplitude(x, scaled).Relative - *a.Relative); d > 1e-12 {
			t.Fatalf("relative off by %g", d)
		}
	})
}

func FuzzMeasure(f *testing.F) {
	f.Add([]byte("\x00\x10\x20\x10\x30\x7f\x00\x00\x05\x06\x07\x08"), uint8(0), uint8(0), 5.0, 0.0)
	f.Add([]byte{9, 8, 7, 6, 5, 4, 3, 2, 1, 0}, uint8(3), uint8(1), 100.0, 2.0)
	filters := []Lowpass{{Name: "none"}, {Name: "butterworth", Order: 1, Cutoff: 0.1}, {Name: "moving-average", Window: 5}, {Name: "savgol", Window: 5, PolyOrder: 2}}
	knees := []Knee{{Method: "settle", Tolerance: 0.05}, {Method: "kneedle", Sensitivity: 1}, {Method: "kneedle", Online: true}, {Method: "none"}}
	f.Fuzz(func(t *testing.T, bytes []byte, filter, knee uint8, window, least float64) {
		x, y := make([]float64, len(bytes)), make([]float64, len(bytes))
		for i, b := range bytes {
			// A few values far apart in size, so that ties and jumps are common.
			x[i], y[i] = float64(i), math.Ldexp(float64(b%16)-4, int(b/16)*8)
		}
		a := Analysis{filters[int(filter)%len(filters)], knees[int(knee)%len(knees)], window}
		a.Knee.Least = least
		m, err := a.Measure(x, y)
		if err != nil {
			return
		}
		if k := m.Knee.Index; k < 0 || k >= len(x) || m.Window.Start != k || m.Window.End <= k || m.Window.End > len(x) || m.Knee.Iteration != x[k] || x[k] < least-0.01 {
			t.Fatalf("knee %+v, window %+v of %d points", m.Knee, m.Window, len(x))
		}
		for _, v := range append([]float64{m.Level, m.Amplitude.MaxToMin, m.Amplitude.Detrended}, m.Filtered...) {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				t.Fatalf("%v in %+v", v, m)
			}
		}
	})
}
