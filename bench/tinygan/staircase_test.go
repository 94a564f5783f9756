package tinygan

import (
	"math"
	"math/cmplx"
	"testing"

	"pgregory.net/rapid"
)

// The amplitude is the sum of the kicks, written out; what a system of these
// levels settles to; and what its integration shows. The steady β' has a
// frequency of its own, so that the same levels give |Σ Δα_k e^(i√2kτ)|/√2.
func TestStaircaseAmplitude(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.Float64Range(-5, 5)
		start, target := number.Draw(t, "start"), number.Draw(t, "target")
		levels := rapid.SliceOfN(number, 0, 10).Draw(t, "levels")
		tau := rapid.Float64Range(0.01, 10).Draw(t, "tau")
		var sum, sumPrime complex128
		before := start
		for k, v := range append(append([]float64(nil), levels...), target) {
			sum += complex(v-before, 0) * cmplx.Rect(1, float64(k)*tau)
			sumPrime += complex(v-before, 0) * cmplx.Rect(1, math.Sqrt2*float64(k)*tau)
			before = v
		}
		if got := staircaseAmplitude(start, levels, target, tau); math.Abs(got-cmplx.Abs(sum)) > 1e-12 {
			t.Errorf("amplitude %v, the sum is %v", got, cmplx.Abs(sum))
		}
		for kind, want := range map[Kind]float64{Beta: cmplx.Abs(sum), BetaPrime: cmplx.Abs(sumPrime) / math.Sqrt2} {
			s := System{Kind: kind, Start: State{start, 0, start}, Target: target, Levels: levels, Tau: tau}
			if s.Levels == nil {
				s.Levels = []float64{}
			}
			steady, _ := s.Steady()
			centre := target
			if kind == BetaPrime {
				centre = (start + target) / 2
			}
			if math.Abs(steady.AmplitudePsi-want) > 1e-12 || math.Abs(steady.CentreTheta-centre) > 1e-12 {
				t.Errorf("%v: %+v, want amplitude %v about %v", kind, steady, want, centre)
			}
			end := float64(len(levels)+1) * tau
			tr, err := s.Integrate(end, end)
			if err != nil {
				t.Fatal(err)
			}
			x := tr.Path[1]
			if got := math.Hypot(x.Psi, steady.Frequency*(x.Theta-centre)); math.Abs(got-want) > 1e-11 {
				t.Errorf("%v: integrated amplitude %v, want %v", kind, got, want)
			}
		}
	})
}

// α is held between the jumps and right-continuous at them, also where a row's
// time and a jump's are products that differ in the last digit.
func TestStaircaseHolds(t *testing.T) {
	s := System{Kind: Beta, Start: State{1, 0, 1}, Target: 4, Levels: []float64{2, 3}, Tau: 0.3}
	tr, err := s.Integrate(1, 0.1)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{2, 2, 2, 3, 3, 3, 4, 4, 4, 4, 4} {
		if tr.Path[i].Alpha != want || tr.Exact[i].Alpha != want {
			t.Errorf("t = %v: α = %v and %v, want %v", tr.Times[i], tr.Path[i].Alpha, tr.Exact[i].Alpha, want)
		}
	}
}

// Equal jumps: the closed form, its bound, and the swept phase. At τ = 2πm no K
// helps; the mean square over all phases is 1/(K+1).
func TestEqualJumps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k, tau := rapid.IntRange(0, 200).Draw(t, "k"), rapid.Float64Range(0, 50).Draw(t, "tau")
		got := EqualJumps(k, tau)
		if want := staircaseAmplitude(1, LinearLevels(1, 3, k), 3, tau) / 2; math.Abs(got-want) > 1e-11 {
			t.Errorf("K = %d, τ = %v: %v, the sum is %v", k, tau, got, want)
		}
		if bound := 1 / (float64(k+1) * math.Abs(math.Sin(tau/2))); got > bound+1e-12 || got > 1+1e-12 {
			t.Errorf("K = %d, τ = %v: %v is above 1 or %v", k, tau, got, bound)
		}
	})
	for _, k := range []int{0, 1, 5, 50, 500} {
		for m := range 4 {
			if got := EqualJumps(k, 2*math.Pi*float64(m)); math.Abs(got-1) > 1e-9 {
				t.Errorf("K = %d, τ = 2π·%d: %v, want 1", k, m, got)
			}
		}
		const phases = 4096 // more than K+1, so that the mean over them is exact
		mean := 0.0
		for i := range phases {
			a := EqualJumps(k, 2*math.Pi*float64(i)/phases)
			mean += a * a / phases
		}
		rms := StaircaseRMS(0, LinearLevels(0, 1, k), 1)
		if want := 1 / math.Sqrt(float64(k+1)); math.Abs(math.Sqrt(mean)-want) > 1e-9 || math.Abs(rms-want) > 1e-12 {
			t.Errorf("K = %d: root mean square %v over the phase, %v by formula, want %v", k, math.Sqrt(mean), rms, want)
		}
	}
}

// At a fixed total time a finer staircase tends to the ramp, not to 0.
func TestFixedTotalTime(t *testing.T) {
	for _, total := range []float64{0, 1, 3, 30, 300} {
		limit := EqualJumpsLimit(total)
		for _, k := range []int{3000, 30000} {
			if got := EqualJumps(k, total/float64(k)); math.Abs(got-limit) > 2/float64(k)+total*total/float64(k*k) {
				t.Errorf("total %v, K = %d: %v, limit %v", total, k, got, limit)
			}
		}
	}
}

// Where the staircase's limit differs from the smooth exponential's.
func TestExponentialLimit(t *testing.T) {
	for _, T := range []float64{0.1, 1, 3, 30, 300} {
		for _, span := range []float64{0.5, 2, 5} {
			// Infinitely fine at a finite length: a jump of e^-span is left.
			k := 200_000
			levels := ExponentialLevels(1, 3, T, span*T/float64(k), k)
			got := staircaseAmplitude(1, levels, 3, span*T/float64(k)) / 2
			if want := exponentialLimit(T, span); math.Abs(got-want) > 1e-3*want {
				t.Errorf("T = %v, span %v: %v at K = %d, limit %v", T, span, got, k, want)
			}
		}
		// Infinitely long as well: Eq. 16.
		if got, want := exponentialLimit(T, 40), 1/math.Hypot(1, T); math.Abs(got-want) > 1e-12 {
			t.Errorf("T = %v: %v without an end, Eq. 16 says %v", T, got, want)
		}
	}
	// However slow: not below the jump.
	if got := exponentialLimit(1e6, 3); math.Abs(got-math.Exp(-3)) > 1e-5 {
		t.Errorf("T = 1e6, span 3: %v, want e^-3", got)
	}
	// Infinitely long at a fixed time per level: (1-q)/|1-q e^(iτ)| with q = e^(-τ/T),
	// above Eq. 16 by (τ/2)/|sin(τ/2)| when T is large.
	const tau, T = 4.0, 500.0
	got := staircaseAmplitude(0, ExponentialLevels(0, 1, T, tau, 5000), 1, tau)
	q := math.Exp(-tau / T)
	if want := (1 - q) / cmplx.Abs(1-complex(q, 0)*cmplx.Rect(1, tau)); math.Abs(got-want) > 1e-12 {
		t.Errorf("%v, want %v", got, want)
	}
	if ratio, want := got*math.Hypot(1, T), tau/2/math.Sin(tau/2); math.Abs(ratio-want) > 0.01*want {
		t.Errorf("the staircase is %v times Eq. 16, want %v", ratio, want)
	}
}

// staircaseAmplitude is the amplitude whose root mean square over tau is StaircaseRMS.
func staircaseAmplitude(start float64, levels []float64, target, tau float64) float64 {
	sin, cos := math.Sincos(tau)
	turn := complex(cos, sin)
	// Horner's rule from the last jump to the first.
	sum, next := complex(0, 0), target
	for k := len(levels); k >= 0; k-- {
		before := start
		if k > 0 {
			before = levels[k-1]
		}
		sum = sum*turn + complex(next-before, 0)
		next = before
	}
	return cmplx.Abs(sum)
}

// exponentialLimit is its limit over ExponentialLevels of total time span·T, for a distance of 1.
func exponentialLimit(T, span float64) float64 {
	rest := complex(0, -T) * cmplx.Rect(math.Exp(-span), math.Mod(span*T, 2*math.Pi))
	return cmplx.Abs(1+rest) / math.Hypot(1, T)
}
