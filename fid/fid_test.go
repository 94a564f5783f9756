package fid

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// drawRows draws n rows of d numbers, some of them with shared directions, dead
// features and unlike units.
func drawRows(t *rapid.T, label string, n, d int) []float64 {
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, label+" seed"), 0))
	rank := rapid.IntRange(0, d).Draw(t, label+" rank")
	unit := make([]float64, d)
	for j := range unit {
		unit[j] = math.Pow(10, float64(rapid.IntRange(-4, 4).Draw(t, label+" unit")))
	}
	mix := make([]float64, rank*d)
	for i := range mix {
		mix[i] = rng.NormFloat64()
	}
	x := make([]float64, n*d)
	z := make([]float64, rank)
	for i := range n {
		for k := range z {
			z[k] = rng.NormFloat64()
		}
		for j := range d {
			v := float64(j)
			for k := range z {
				v += z[k] * mix[k*d+j]
			}
			x[i*d+j] = v * unit[j]
		}
	}
	return x
}

func ofRows(t rapid.TB, x []float64, d int) Stats {
	t.Helper()
	s, err := OfRows(x, len(x)/d, d)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func distance(t rapid.TB, a, b Stats) Result {
	t.Helper()
	r, err := Distance(a, b)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// within fails unless |got-want| <= tol.
func within(t rapid.TB, what string, got, want, tol float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tol) {
		t.Fatalf("%s: %.17g, want %.17g ± %.2g", what, got, want, tol)
	}
}

// TestRules: the distance is symmetric, 0 from itself, never below 0 but for
// rounding, and follows shifts, changes of unit, reflections and rotations.
func TestRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.IntRange(1, 7).Draw(t, "d")
		x := drawRows(t, "x", rapid.IntRange(2, 12).Draw(t, "n1"), d)
		y := drawRows(t, "y", rapid.IntRange(2, 12).Draw(t, "n2"), d)
		a, b := ofRows(t, x, d), ofRows(t, y, d)
		r := distance(t, a, b)
		scale := a.trace() + b.trace() + squares(a.Mean) + squares(b.Mean)
		tol := 1e-13 * scale
		within(t, "sum of terms", r.FID, r.MeanTerm+r.TraceTerm, 0)
		if r.TraceTerm < -tol {
			t.Fatalf("trace term %g of scale %g", r.TraceTerm, scale)
		}
		within(t, "symmetry", distance(t, b, a).FID, r.FID, tol)
		within(t, "itself", distance(t, a, a).FID, 0, tol)

		moved := func(f func(row []float64)) Result {
			var s [2]Stats
			for i, x := range [][]float64{x, y} {
				x := append([]float64(nil), x...)
				for at := 0; at < len(x); at += d {
					f(x[at : at+d])
				}
				s[i] = ofRows(t, x, d)
			}
			return distance(t, s[0], s[1])
		}
		c := math.Ldexp(1, rapid.IntRange(-60, 60).Draw(t, "unit"))
		within(t, "another unit", moved(func(row []float64) {
			for j := range row {
				row[j] *= c
			}
		}).FID, c*c*r.FID, c*c*tol)
		within(t, "reflection", moved(func(row []float64) { row[0] = -row[0] }).FID, r.FID, tol)
		within(t, "shift", moved(func(row []float64) { row[d-1] += 0.5 }).FID, r.FID, 1e-7*scale)
		sin, cos := math.Sincos(rapid.Float64Range(0, 7).Draw(t, "angle"))
		within(t, "rotation", moved(func(row []float64) {
			if d > 1 {
				row[0], row[d-1] = cos*row[0]-sin*row[d-1], sin*row[0]+cos*row[d-1]
			}
		}).FID, r.FID, 1e-7*scale)
	})
}

// TestProportional: where Σ2 = c²Σ1 the trace term is (1-c)² tr Σ1.
func TestProportional(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.IntRange(1, 9).Draw(t, "d")
		s := ofRows(t, drawRows(t, "x", rapid.IntRange(2, 20).Draw(t, "n"), d), d)
		c := rapid.Float64Range(1e-3, 1e3).Draw(t, "c")
		cov := append([]float64(nil), s.Cov().RawSymmetric().Data...)
		for i := range cov {
			cov[i] *= c * c
		}
		got := distance(t, stats(t, s.Mean, s.Cov().RawSymmetric().Data), stats(t, s.Mean, cov))
		within(t, "trace term", got.TraceTerm, (1-c)*(1-c)*s.trace(), 1e-13*(1+c*c)*s.trace())
	})
}

// TestReference: statistics and samples, both solvers, n above and below d, all
// give what Distance gives; the memory of one batch does not leak into the next.
func TestReference(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	batch := func(n, d int) ([]float32, []float64) {
		x32, x := make([]float32, n*d), make([]float64, n*d)
		for i := range x {
			x32[i] = float32(rng.NormFloat64() + 0.3*float64(i%d))
			x[i] = float64(x32[i])
		}
		return x32, x
	}
	const d = 12
	for _, n := range []int{7, 40} {
		_, real := batch(n, d)
		s := ofRows(t, real, d)
		for _, eigen := range []Eigen{nil, GonumEigen} {
			ref, err := NewReference(s, eigen)
			if err != nil {
				t.Fatal(err)
			}
			for _, n := range []int{30, 5, 12, 5, 11, 30, 2} {
				x32, x := batch(n, d)
				want := distance(t, s, ofRows(t, x, d))
				got, err := ref.DistanceSamples(x32, n)
				if err != nil {
					t.Fatal(err)
				}
				of, err := ref.Distance(ofRows(t, x, d))
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range []Result{got, of} {
					tol := 1e-12
					if eigen != nil {
						tol = 1e-6
					}
					within(t, fmt.Sprintf("n = %d", n), r.FID, want.FID, tol)
					within(t, "mean term", r.MeanTerm, want.MeanTerm, 1e-13)
				}
				if got.FID != of.FID {
					t.Errorf("n = %d: %.17g of samples, %.17g of their statistics", n, got.FID, of.FID)
				}
			}
		}
	}
}

// TestDistanceSamplesMemory: an evaluation after the first leaves no garbage of the size of
// its samples or its covariance, which between two collections would double a worker's memory.
func TestDistanceSamplesMemory(t *testing.T) {
	const d = 64
	lazy := func(_ []float64, d int, _ bool) ([]float64, error) { return make([]float64, d), nil }
	for _, n := range []int{60, 200} {
		x := normal32(n, d)
		real, err := OfRows(normal32(1000, d), 1000, d)
		if err != nil {
			t.Fatal(err)
		}
		ref, err := NewReference(real, lazy)
		if err != nil {
			t.Fatal(err)
		}
		var before, after runtime.MemStats
		const evaluations = 20
		for i := range 1 + evaluations {
			if i == 1 {
				runtime.ReadMemStats(&before)
			}
			if _, err := ref.DistanceSamples(x, n); err != nil {
				t.Fatal(err)
			}
		}
		runtime.ReadMemStats(&after)
		if got, most := (after.TotalAlloc-before.TotalAlloc)/evaluations, uint64(8*d*min(n, d)/4); got > most {
			t.Errorf("%d samples: %d bytes an evaluation, want at most %d", n, got, most)
		}
	}
}

// TestEchelon: in many dimensions the zeros of a pivoted root are left out of the
// product, whatever features are dead and however far the rank is below d.
func TestEchelon(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	sample := func(n, d, rank int) Stats {
		x := make([]float64, n*d)
		for i := range n {
			row := x[i*d : (i+1)*d]
			for j := range d {
				switch {
				case j%7 == 3: // dead
				case j < rank:
					row[j] = rng.NormFloat64() * math.Pow(10, float64(j%5-2))
				default:
					row[j] = row[j-rank] - 2*row[(j*j)%rank]
				}
			}
		}
		m := NewMoments(d)
		m.AddRows(x)
		s, err := m.Stats()
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for _, c := range []struct{ d, rank int }{{310, 310}, {400, 305}, {20, 20}} {
		a, b := sample(c.d+20, c.d, c.rank), sample(c.d+20, c.d, c.d)
		for _, s := range [][2]Stats{{a, b}, {b, a}} {
			ref, err := NewReference(s[0], GonumEigen)
			if err != nil {
				t.Fatal(err)
			}
			if ref.steps = newEchelon(ref.root); ref.steps == nil {
				t.Fatalf("d = %d, rank %d: not used", c.d, c.rank)
			}
			got, size := ref.product(s[1], 2)
			got = append([]float64(nil), got[:size*size]...)
			ref.steps = nil
			want, _ := ref.product(s[1], 2)
			largest := 0.0
			for _, v := range want {
				largest = max(largest, math.Abs(v))
			}
			for i, v := range got {
				if !(math.Abs(v-want[i]) <= 1e-14*largest) {
					t.Fatalf("d = %d, rank %d: [%d,%d] is %.17g, want %.17g", c.d, c.rank, i/size, i%size, v, want[i])
				}
			}
		}
	}
	full := mat.NewDense(40, 40, nil) // as a spectral root is
	full.Apply(func(i, j int, _ float64) float64 { return float64(1 + i*j) }, full)
	if newEchelon(full) != nil {
		t.Error("a root without zeros is used")
	}
}

// TestExtremes: variances at the ends of the exponent's range neither vanish nor
// become NaN.
func TestExtremes(t *testing.T) {
	for _, eigen := range []Eigen{nil, GonumEigen} {
		for _, v := range []float64{1e-310, 1e-300, 1e-200, 1e-100, 1e100, 1e200, 1e300} {
			a, b := stats(t, []float64{0, 0}, []float64{v, v / 2, v / 2, v}), stats(t, []float64{0, 0}, []float64{4 * v, 2 * v, 2 * v, 4 * v})
			ref, err := NewReference(a, eigen)
			if err != nil {
				t.Fatal(err)
			}
			r, err := ref.Distance(b)
			if err != nil {
				t.Fatalf("%g: %v", v, err)
			}
			within(t, "trace term", r.FID/v, 2, 1e-13)
		}
	}
	const v = math.MaxFloat64
	if _, err := Distance(stats(t, []float64{v}, []float64{0}), stats(t, []float64{-v}, []float64{1})); err == nil || err.Error() != "second: the distance overflows a float64; bring the samples to another unit" {
		t.Error(err)
	}
	if _, err := Distance(stats(t, []float64{0, 0}, []float64{v, 0, 0, v}), stats(t, []float64{0, 0}, []float64{v, 0, 0, v})); err == nil {
		t.Error("a trace overflowed unseen")
	}
}

// TestFloat32Covariance: a singular covariance computed in float32 has negative
// eigenvalues; they are clipped with a warning and the distance is right to what
// float32 leaves.
func TestFloat32Covariance(t *testing.T) {
	const n, d = 20, 48
	rng := rand.New(rand.NewPCG(3, 4))
	var exact, rounded [2]Stats
	for i := range exact {
		x := make([]float64, n*d)
		for j := range x {
			x[j] = rng.NormFloat64() * float64(1+i)
		}
		exact[i] = ofRows(t, x, d)
		cov := append([]float64(nil), exact[i].Cov().RawSymmetric().Data...)
		for j := range cov {
			cov[j] = float64(float32(cov[j]))
		}
		rounded[i] = stats(t, exact[i].Mean, cov)
	}
	want := distance(t, exact[0], exact[1])
	for _, eigen := range []Eigen{nil, GonumEigen} {
		ref, err := NewReference(rounded[0], eigen)
		if err != nil {
			t.Fatal(err)
		}
		got, err := ref.Distance(rounded[1])
		if err != nil {
			t.Fatal(err)
		}
		within(t, "distance", got.FID, want.FID, 1e-3*want.FID)
		if len(ref.Warnings) != 1 || !strings.HasPrefix(ref.Warnings[0], "the covariance has negative eigenvalues: ") {
			t.Errorf("warnings %q", ref.Warnings)
		}
		if eigen == nil && len(got.Warnings) != 1 {
			t.Errorf("warnings %q", got.Warnings)
		}
	}
}

func TestRefused(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(-1)
	for _, c := range []struct {
		mean, cov []float64
		n         int
		want      string
	}{
		{nil, nil, 0, "mu: has no elements"},
		{make([]float64, MaxDim+1), nil, 0, "mu: 16385 features; a covariance is held for at most 16384"},
		{[]float64{1, 2}, []float64{1, 0, 1}, 0, "sigma: 3 elements for 2 features, want 4"},
		{[]float64{1}, []float64{1}, 1, "1 sample; a covariance needs at least two"},
		{[]float64{1}, []float64{1}, -3, "-3 samples; a covariance needs at least two"},
		{[]float64{1, nan}, []float64{1, 0, 0, 1}, 0, "mu: [1] is NaN"},
		{[]float64{1, 2}, []float64{1, 0, inf, 1}, 0, "sigma: [1,0] is -Inf"},
		{[]float64{1, 2}, []float64{1, 0, 0, -1e-30}, 0, "sigma: [1,1] = -1e-30 is a negative variance"},
		{[]float64{1, 2}, []float64{1, 0.5, 0.25, 1}, 0, "sigma: is not symmetric: [0,1] = 0.5, [1,0] = 0.25"},
		{[]float64{1, 2}, []float64{1, 0.5, 0.5 + 1e-9, 1}, 0, "sigma: is not symmetric: [0,1] = 0.5, [1,0] = 0.500000001"},
	} {
		if _, err := NewStats(c.mean, c.cov, c.n); err == nil || err.Error() != c.want {
			t.Errorf("got %v\nwant %s", err, c.want)
		}
	}
	if _, err := NewStats([]float64{1, 2}, []float64{1, 0.5, 0.5 + 1e-13, 1}, 0); err != nil {
		t.Errorf("asymmetry of rounding: %v", err)
	}

	good := stats(t, []float64{0, 0}, []float64{1, 0, 0, 1})
	for _, c := range []struct {
		cov  []float64
		want string
	}{
		{[]float64{1, 2, 2, 1}, "sigma: is not a covariance: its negative eigenvalues sum to -1, its trace is 2"},
		{[]float64{0, 2, 2, 1}, "sigma: is not a covariance: [0,1] = 2, but the variance [0,0] is 0"},
	} {
		bad := stats(t, []float64{0, 0}, c.cov)
		if _, err := Distance(bad, good); err == nil || err.Error() != "first: "+c.want {
			t.Errorf("got %v\nwant %s", err, c.want)
		}
		if _, err := Distance(good, bad); err == nil || err.Error() != "second: "+c.want {
			t.Errorf("got %v\nwant %s", err, c.want)
		}
		ref, err := NewReference(good, GonumEigen)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ref.Distance(bad); err == nil {
			t.Error("an indefinite covariance passed the eigensolver")
		}
	}
	if _, err := Distance(good, stats(t, []float64{0}, []float64{1})); err == nil || err.Error() != "second: 1 features, but the reference has 2" {
		t.Error(err)
	}
	if _, err := Distance(good, Stats{Mean: []float64{1, 2}}); err == nil || err.Error() != "second: no statistics; they are made by NewStats, OfRows, ReadStats or Moments" {
		t.Error(err)
	}
	if _, err := Distance(Stats{}, good); err == nil || err.Error() != "first: no statistics; they are made by NewStats, OfRows, ReadStats or Moments" {
		t.Error(err)
	}

	ref, err := NewReference(good, func([]float64, int, bool) ([]float64, error) { return nil, errors.New("no convergence") })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ref.Distance(good); err == nil || err.Error() != "no convergence" {
		t.Error(err)
	}
	for _, c := range []struct {
		x    []float32
		n    int
		want string
	}{
		{[]float32{1, 2, 3}, 2, "3 numbers are not 2 samples of 2 features"},
		{[]float32{1, 2}, 1, "1 sample; a covariance needs at least two"},
		{[]float32{1, 2, 3, float32(nan)}, 2, "sample 1, feature 1 is NaN"},
	} {
		if _, err := ref.DistanceSamples(c.x, c.n); err == nil || err.Error() != c.want {
			t.Errorf("got %v\nwant %s", err, c.want)
		}
	}
}

// TestEigen: GonumEigen keeps the contract of Eigen.
func TestEigen(t *testing.T) {
	a := []float64{4, 1, 0.5, 1, 3, -0.25, 0.5, -0.25, 1}
	v := append([]float64(nil), a...)
	w, err := GonumEigen(v, 3, true)
	if err != nil {
		t.Fatal(err)
	}
	var av, vw mat.Dense
	av.Mul(mat.NewDense(3, 3, a), mat.NewDense(3, 3, v))
	vw.Mul(mat.NewDense(3, 3, v), mat.NewDiagDense(3, w))
	if !mat.EqualApprox(&av, &vw, 1e-13) {
		t.Errorf("A V = %v, V W = %v", av, vw)
	}
}
