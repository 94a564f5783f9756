package filters

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// mser is the default analysis with another window, in points.
func mser(window int) Analysis {
	a := DefaultAnalysis()
	a.Window = float64(window)
	return a
}

// The cut of MSER does not change under any increasing function of the curve, as it is
// made of ranks; the knee not under a shift and a scale by powers of two, which are exact.
func TestMSERInvariance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		_, y := drawCurve(t)
		window, half := rapid.IntRange(10, 600).Draw(t, "window"), rapid.IntRange(0, 20).Draw(t, "half")
		cut, limit := MSER(y, window, half)
		ranked := ranks(y)
		for i := range ranked {
			ranked[i] = math.Exp(ranked[i] / 500)
		}
		if c, l := MSER(ranked, window, half); c != cut || l != limit {
			t.Fatalf("cut %d, %t became %d, %t", cut, limit, c, l)
		}
		x, scale := points(len(y)), math.Ldexp(1, rapid.IntRange(-30, 30).Draw(t, "exponent"))
		m, err := mser(window).Measure(x, y)
		if err != nil {
			t.Fatal(err)
		}
		for i := range y {
			y[i] *= scale
		}
		again, err := mser(window).Measure(x, y)
		if err != nil {
			t.Fatal(err)
		}
		if m.Knee != again.Knee {
			t.Fatalf("%+v became %+v", m.Knee, again.Knee)
		}
	})
}

// Of a constant curve the knee is half a period of the filter behind its first point; of a
// ramp, up or down, the window is the last that fits, and the curve is still moving.
func TestMSERLimits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := mser(0)
		a.Lowpass.Cutoff = rapid.Float64Range(0.02, 0.9).Draw(t, "cutoff")
		h := max(1, int(math.Floor(1/a.Lowpass.Cutoff+0.5)))
		n := rapid.IntRange(100, 800).Draw(t, "n")
		w := rapid.IntRange(10, n-h-1).Draw(t, "window")
		a.Window = float64(w)
		level, slope := rapid.Float64Range(-50, 50).Draw(t, "level"), rapid.SampledFrom([]float64{-1, -0.01, 0.01, 1}).Draw(t, "slope")
		constant, ramp := make([]float64, n), make([]float64, n)
		for i := range n {
			constant[i], ramp[i] = level, level+slope*float64(i)
		}
		m, err := a.Measure(points(n), constant)
		if err != nil || m.Knee.Index != h || m.Knee.Limit || !m.Window.Complete || m.Amplitude.MaxToMin != 0 {
			t.Fatalf("constant: %+v %+v %v, %v", m.Knee, m.Window, m.Amplitude.MaxToMin, err)
		}
		m, err = a.Measure(points(n), ramp)
		if err != nil || m.Knee.Index != n-w || !m.Knee.Limit || !m.Window.Complete {
			t.Fatalf("ramp: %+v %+v, want a knee at %d, %v", m.Knee, m.Window, n-w, err)
		}
		if !slices.ContainsFunc(m.Warnings, func(w Warning) bool { return w.Kind == Moving }) {
			t.Fatalf("ramp: %q", m.Warnings)
		}
	})
}

// Where no window fits, the knee is in the first half and the window stays incomplete.
func TestMSERNoWindow(t *testing.T) {
	x, y := descent(100, 1, 10)
	m, err := mser(95).Measure(x, y)
	if err != nil || m.Window.Complete || m.Knee.Limit || m.Knee.Index > 60 {
		t.Errorf("%+v %+v, %v", m.Knee, m.Window, err)
	}
}

// mserDescents fall from 1 to 0, over n points with the time constant tau, and mserPlateaus
// are what they fall to: of standard deviation 1 about 0.
var (
	mserDescents = []struct {
		name string
		at   func(t, n, tau float64) float64
	}{
		{"exponential", func(t, n, tau float64) float64 { return math.Exp(-t / tau) }},
		{"two exponentials", func(t, n, tau float64) float64 { return 0.9*math.Exp(-4*t/tau) + 0.1*math.Exp(-t/tau) }},
		{"power law", func(t, n, tau float64) float64 { return math.Pow(1+4*t/tau, -1.5) - math.Pow(1+4*n/tau, -1.5) }},
		{"sigmoid", func(t, n, tau float64) float64 { return sigmoid((t - 4*tau) / (tau / 2)) }},
		{"linear", func(t, n, tau float64) float64 { return max(0, 1-t/(3*tau)) }},
		{"none", func(t, n, tau float64) float64 { return 0 }},
	}
	mserPlateaus = []struct {
		name string
		draw func(r *rand.Rand, n int) []float64
	}{
		{"AR(1)", func(r *rand.Rand, n int) []float64 { return noise(r, n, 0.9) }},
		{"sine", func(r *rand.Rand, n int) []float64 { return wave(r, n, 30+20*r.Float64()) }},
		{"bursts", func(r *rand.Rand, n int) []float64 {
			y := noise(r, n, 0.5)
			for range n / 60 {
				at, height := r.IntN(n-6), 2+6*r.Float64()
				for i := at; i < at+6; i++ {
					y[i] += height
				}
			}
			return y
		}},
	}
)

// What a descent adds to the amplitude: that of the whole curve over that of its plateau
// alone in the same window, in three lengths of curve and window, with falls of 5, 50 and
// 300 times the plateau's standard deviation. go test -v -run MSERAmplitude prints them.
func TestMSERAmplitude(t *testing.T) {
	const reps = 8
	for _, c := range []struct{ n, window int }{{700, 500}, {200, 50}, {100, 50}} {
		for _, p := range mserPlateaus {
			var ratios []float64
			moving, stationary, runs := 0, 0, 0
			for k, d := range mserDescents {
				for f, fall := range []float64{5, 50, 300} {
					for i := range reps {
						r := rand.New(rand.NewPCG(uint64(100*k+f), uint64(i)))
						flat, y := p.draw(r, c.n), make([]float64, c.n)
						tau := float64(c.n) * (0.02 + 0.02*r.Float64())
						for i := range y {
							y[i] = flat[i] + fall*d.at(float64(i), float64(c.n), tau)
						}
						m, err := mser(c.window).Measure(points(c.n), y)
						if err != nil {
							t.Fatal(err)
						}
						runs++
						if m.Knee.Limit {
							moving++
							if d.name == "none" {
								stationary++
							}
						}
						if !m.Window.Complete {
							continue
						}
						oracle, err := Lowpass{Name: "butterworth", Order: 3, Cutoff: 0.1}.Apply(flat)
						if err != nil {
							t.Fatal(err)
						}
						lo, hi := extent(oracle[m.Window.Start:m.Window.End])
						ratios = append(ratios, math.Log(m.Amplitude.MaxToMin/(hi-lo)))
					}
				}
			}
			slices.Sort(ratios)
			q := func(share float64) float64 { return math.Exp(ratios[int(share*float64(len(ratios)-1))]) }
			geomean := math.Exp(mean(ratios))
			t.Logf("| %d / %d | %s | %.3f | %.2f | %.2f | %d of %d |", c.n, c.window, p.name, geomean, q(0.95), q(1), moving, runs)
			if geomean > 1.1 || q(0.95) > 1.4 {
				t.Errorf("%d points, %s: the descent makes the amplitude %.3f times as large, in one of twenty %.2f", c.n, p.name, geomean, q(0.95))
			}
			if float64(stationary) > 0.1*3*reps {
				t.Errorf("%d points, %s: %d of %d stationary curves are still moving", c.n, p.name, stationary, 3*reps)
			}
		}
	}
}

// On stationary curves the cut is nowhere in particular: few are taken to be moving, and
// the amplitude is that of a window set without a look at the curve; of short windows a
// quiet one is chosen, where there are bursts or a long memory. go test -v -run
// MSERStationary prints them.
func TestMSERStationary(t *testing.T) {
	const reps = 300
	for _, c := range []struct{ n, window int }{{700, 500}, {200, 50}, {100, 50}} {
		for _, p := range mserPlateaus {
			moving, ratio := 0, 0.0
			for i := range reps {
				y := p.draw(rand.New(rand.NewPCG(uint64(c.n), uint64(i))), c.n)
				m, err := mser(c.window).Measure(points(c.n), y)
				if err != nil {
					t.Fatal(err)
				}
				if m.Knee.Limit {
					moving++
				}
				middle := (c.n - c.window) / 2
				lo, hi := extent(m.Filtered[middle : middle+c.window])
				ratio += math.Log(m.Amplitude.MaxToMin/(hi-lo)) / reps
			}
			share, r := float64(moving)/reps, math.Exp(ratio)
			t.Logf("| %d / %d | %s | %.1f %% | %.2f |", c.n, c.window, p.name, 100*share, r)
			if share > 0.1 || r < 0.75 || r > 1.1 || c.window > 100 && r < 0.95 {
				t.Errorf("%d points, %s: %.1f %% are moving, the amplitude is %.2f times that of any window", c.n, p.name, 100*share, r)
			}
		}
	}
}
