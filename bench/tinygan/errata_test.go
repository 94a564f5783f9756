package tinygan

import (
	"fmt"
	"math"
	"os"
	"regexp"
	"strings"
	"testing"

	"fig5/bench/anneal"
	"fig5/bench/rng"
)

// The checks behind docs/paper.md, Errata: each takes the printed formula and
// shows that it fails where the corrected one holds.

// paper is Figure 1's β-GAN: from the equilibrium 1 towards 3.
func paper(T float64) System { return System{Kind: Beta, Start: State{1, 0, 1}, Target: 3, T: T} }

// Erratum 1, Eq. 8: with the printed sign of the λ term ψ runs away as
// -(α_r-α_0) t; with α descending the objective the orbit closes about (2, 0, 2)
// with the angular frequency √2, as Figure 1b shows.
func TestErratumEq8Sign(t *testing.T) {
	printed := System{Kind: BetaPrime, Start: State{1, 0, 1}, Target: 3, T: 3, AsPrinted: true}
	tr, err := printed.Integrate(300, 100)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 2 { // slope between rows, the transient being over at t = 100
		if slope := (tr.Path[i+2].Psi - tr.Path[i+1].Psi) / 100; math.Abs(slope+2) > 1e-9 {
			t.Errorf("printed: ψ moves at %v, want -(α_r-α_0) = -2", slope)
		}
	}
	right := printed
	right.AsPrinted = false
	const every = 0.01
	tr, err = right.Integrate(120, every)
	if err != nil {
		t.Fatal(err)
	}
	var crossings []float64
	low, high := math.Inf(1), math.Inf(-1)
	for i, x := range tr.Path {
		want := 2 + 2*(1-math.Exp(-tr.Times[i]/3)) // θ+α only moves with Eq. 7, and ends at 4
		if math.Abs(x.Theta+x.Alpha-want) > 1e-11 {
			t.Fatalf("t = %v: θ+α = %v, want %v", tr.Times[i], x.Theta+x.Alpha, want)
		}
		if tr.Times[i] < 90 {
			continue
		}
		low, high = min(low, x.Theta), max(high, x.Theta)
		if before := tr.Path[i-1].Psi; before < 0 && x.Psi >= 0 {
			crossings = append(crossings, tr.Times[i-1]+every*before/(before-x.Psi))
		}
	}
	if centre := (low + high) / 2; math.Abs(centre-2) > 1e-4 {
		t.Errorf("θ turns about %v, want 2", centre)
	}
	n := len(crossings) - 1
	if w := 2 * math.Pi * float64(n) / (crossings[n] - crossings[0]); math.Abs(w-math.Sqrt2) > 1e-5 {
		t.Errorf("angular frequency %v, want √2", w)
	}
}

// Erratum 2, Eq. 13: the printed expansion of Eq. 12 has the sign of every term
// flipped. ψ starts as -K t²/2; the printed one goes the other way. The amplitude
// of Eq. 16 is that of both.
func TestErratumEq13Sign(t *testing.T) {
	for _, T := range []float64{1, 3, 30} {
		s, a, K := paper(T), 1/T, 2/T
		tr, err := s.Integrate(30*T, T/10)
		if err != nil {
			t.Fatal(err)
		}
		printed := func(t float64) float64 { return K / (1 + a*a) * (a*math.Sin(t) - math.Cos(t) + math.Exp(-a*t)) }
		worst, worstPrinted := 0.0, 0.0
		for i, x := range tr.Path {
			worst = max(worst, math.Abs(x.Psi+printed(tr.Times[i])))
			worstPrinted = max(worstPrinted, math.Abs(x.Psi-printed(tr.Times[i])))
		}
		amplitude := K / math.Sqrt(1+a*a)
		if worst > 1e-11 || worstPrinted < amplitude {
			t.Errorf("T = %v: ψ is %.2g from the flipped Eq. 13 and %.2g from the printed one (amplitude %.2g)", T, worst, worstPrinted, amplitude)
		}
		const h = 1e-3
		x, _ := s.At(h)
		if second := 2 * x.Psi / (h * h); math.Abs(second+K) > 1e-3*K {
			t.Errorf("T = %v: ψ''(0) = %v, want -K = %v", T, second, -K)
		}
		if steady, _ := s.Steady(); math.Abs(steady.AmplitudePsi-amplitude) > 1e-15 {
			t.Errorf("T = %v: amplitude %v, Eq. 16 says %v", T, steady.AmplitudePsi, amplitude)
		}
	}
}

// Erratum 3, Eq. 18: without the constant of the sinusoid's integral θ(0) is off
// by a K/(1+a²) and the centre is α_r only for T -> ∞. With it the centre is α_r
// for every T, and the amplitude is that of ψ.
func TestErratumEq18Constant(t *testing.T) {
	for _, T := range []float64{0.5, 1, 3, 30} {
		s, a, K := paper(T), 1/T, 2/T
		dropped := func(t float64) float64 {
			return 1 - K/(1+a*a)*(math.Sin(t)+a*math.Cos(t)+math.Expm1(-a*t)/a)
		}
		constant := a * K / (1 + a*a)
		tr, err := s.Integrate(60*T, T/7)
		if err != nil {
			t.Fatal(err)
		}
		for i, x := range tr.Path {
			if diff := x.Theta - dropped(tr.Times[i]); math.Abs(diff-constant) > 1e-11 {
				t.Fatalf("T = %v, t = %v: θ is %v from the integral without its constant, want %v", T, tr.Times[i], diff, constant)
			}
		}
		// The mean over one period, long after the annealing: the trapezoidal rule is exact.
		mean, n := 0.0, 64
		for i := range n {
			x, _ := s.At(50*T + 2*math.Pi*float64(i)/float64(n))
			mean += x.Theta / float64(n)
		}
		steady, _ := s.Steady()
		if math.Abs(mean-3) > 1e-12 || math.Abs(steady.CentreTheta-3) > 1e-15 || steady.AmplitudeTheta != steady.AmplitudePsi {
			t.Errorf("T = %v: θ turns about %v (%+v), want 3", T, mean, steady)
		}
		if off := mean - constant - 3; math.Abs(off+2/(1+T*T)) > 1e-12 {
			t.Errorf("T = %v: the printed centre is off by %v, want -2/(1+T²)", T, off)
		}
	}
}

// Erratum 4, Algorithm 1: K levels cooled by (β_K/β_1)^(1/K) end one factor short
// of β_K; 1/(K-1) reaches it.
func TestErratumAlgorithm1Factor(t *testing.T) {
	for _, K := range []int{2, 5, 20} {
		for end, want := range map[string]float64{"printed": 10 / math.Pow(100, 1/float64(K)), "inclusive": 10} {
			levels, err := anneal.Levels(anneal.Schedule{Name: "geometric"}, K, 0.1, 10, end)
			if err != nil {
				t.Fatal(err)
			}
			if last := levels[K-1]; len(levels) != K || math.Abs(last-want) > 1e-12*want {
				t.Errorf("K = %d, %s: the last level is %v, want %v", K, end, last, want)
			}
		}
	}
}

// Erratum 5, "rescaled to the same interval": however hot, a rescaled point never
// becomes uniform on [-1, 1]: divided by 1 + 3σ it tends to a normal of variance
// 1/9. Reflected at the walls it is uniform, of variance 1/3.
func TestErratumRescaledHeat(t *testing.T) {
	for kind, want := range map[string]float64{anneal.Rescale: 1. / 9, anneal.Reflect: 1. / 3} {
		x := make([]float32, 200_000)
		anneal.Box{Kind: kind, HalfWidth: 1}.Heat(x, 1e-6, rng.New(1, "erratum 5"))
		variance := 0.0
		for _, v := range x {
			variance += float64(v) * float64(v) / float64(len(x))
		}
		if math.Abs(variance-want) > 0.005 {
			t.Errorf("%s: variance %v, want %v", kind, variance, want)
		}
	}
}

// Erratum 6, Figure 5: with a fixed time per level a larger K also anneals longer.
// The two protocols differ in kind: the first falls without end (its bound as
// 1/K), the second stops at the ramp of its length.
func TestErratumFigure5Protocols(t *testing.T) {
	const tau, total = 2.0, 20.0
	for _, K := range []int{10, 100, 1000} {
		perLevel, budget := EqualJumps(K, tau), EqualJumps(K, total/float64(K))
		if bound := 1 / (float64(K+1) * math.Sin(tau/2)); perLevel > bound*(1+1e-9) {
			t.Errorf("K = %d: %v at a fixed time per level, bound %v", K, perLevel, bound)
		}
		if limit := EqualJumpsLimit(total); math.Abs(budget-limit) > 1/float64(K) || limit < 0.05 {
			t.Errorf("K = %d: %v at a fixed total time, limit %v", K, budget, limit)
		}
	}
}

// Erratum 7, the noise floor: the paper's amplitude is a maximum less a minimum of
// 500 values. For a perfect generator, whose FID is noise alone, that is 6.07
// standard deviations (expected range of 500 normals), not 0, and it grows with
// the length of the window.
func TestErratumNoiseFloor(t *testing.T) {
	s := rng.New(7, "erratum 7")
	const repeats = 2000
	before := 0.0
	for _, c := range []struct {
		n    int
		want float64
	}{{50, 4.498}, {500, 6.073}} {
		mean := 0.0
		for range repeats {
			low, high := math.Inf(1), math.Inf(-1)
			for range c.n {
				v := s.NormFloat64()
				low, high = min(low, v), max(high, v)
			}
			mean += (high - low) / repeats
		}
		if math.Abs(mean-c.want) > 0.05 || mean < before {
			t.Errorf("range of %d normals %v, want %v", c.n, mean, c.want)
		}
		before = mean
	}
}

// Every check above is named in docs/paper.md, and every one named there exists;
// the steps in its table are those of ExampleSystem_LargestStep.
func TestErrataAreDocumented(t *testing.T) {
	page, err := os.ReadFile("../../docs/paper.md")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("errata_test.go")
	if err != nil {
		t.Fatal(err)
	}
	names := func(pattern string, text []byte) string {
		var found []string
		for _, m := range regexp.MustCompile(pattern).FindAllSubmatch(text, -1) {
			found = append(found, string(m[1]))
		}
		return strings.Join(found, " ")
	}
	checks := names(`func (TestErratum\w+)`, source)
	if named := names("Check: `(\\w+)`", page); named != checks {
		t.Errorf("docs/paper.md names %s, the checks are %s", named, checks)
	}
	s := paper(30)
	for _, until := range []float64{50, 200, 1000, 10000} {
		row := fmt.Sprintf("| %v | %.2g | %.2g |", until, s.LargestStep(Simultaneous, until, 0.05), s.LargestStep(Alternating, until, 0.05))
		if !strings.Contains(string(page), row) {
			t.Errorf("docs/paper.md has no row %s", row)
		}
	}
}
