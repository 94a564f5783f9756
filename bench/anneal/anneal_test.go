package anneal

import (
	"encoding/json"
	"math"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"fig5/bench/rng"
)

func TestLevelsEnds(t *testing.T) {
	// Algorithm 1's linear analogue takes K equal steps and leaves the last out.
	got, err := Levels(Schedule{Name: Linear}, 4, 1, 9, Printed)
	if want := []float64{1, 3, 5, 7}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("linear, printed: %v %v, want %v", got, err, want)
	}
	// Without a tau of its own, exponential has K/3: the last printed gap is e^(-3 (K-1)/K).
	got, err = Levels(Schedule{Name: Exponential}, 10, 0, 1, Printed)
	if want := 1 - math.Exp(-2.7); err != nil || math.Abs(got[9]-want) > 1e-15 {
		t.Errorf("exponential without tau: %v %v, want %v", got[9], err, want)
	}
	own := Schedule{Name: "mine", Levels: []float64{.1, .7, 10}}
	got, err = Levels(own, 3, 5, 6, Printed)
	if err != nil || !reflect.DeepEqual(got, own.Levels) {
		t.Errorf("own levels: %v %v", got, err)
	}
	got[0] = 3
	if own.Levels[0] != .1 {
		t.Error("Levels gave the schedule's own slice away")
	}
}

func TestLevelsErrors(t *testing.T) {
	for _, c := range []struct {
		s           Schedule
		K           int
		beta1, beta float64
		end         string
		want        string
	}{
		{Schedule{Name: Geometric}, 0, .1, 10, Inclusive, "0 levels: a schedule has one or more"},
		{Schedule{Name: Geometric}, 3, 0, 10, Inclusive, "a geometric schedule needs beta above 0"},
		{Schedule{Name: Geometric}, 3, .1, 10, "open", `end "open" is not inclusive or printed`},
		{Schedule{Name: Exponential, Tau: -1}, 3, .1, 10, Printed, "tau -1: an exponential schedule needs one above 0"},
		{Schedule{Name: "cosine"}, 3, .1, 10, Inclusive, `"cosine" is not a schedule (geometric, linear, exponential)`},
		{Schedule{Name: "mine", Levels: []float64{1, 2}}, 3, .1, 10, Inclusive, "schedule mine has 2 levels, not 3"},
	} {
		if _, err := Levels(c.s, c.K, c.beta1, c.beta, c.end); err == nil || err.Error() != c.want {
			t.Errorf("%v K=%d: %v, want %s", c.s, c.K, err, c.want)
		}
	}
}

// Levels ascend from beta1, strictly where there is room, and stay at or below betaK,
// which the inclusive ones reach exactly.
func TestLevelsAscend(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Schedule{Name: rapid.SampledFrom([]string{Geometric, Linear, Exponential}).Draw(t, "name")}
		K := rapid.IntRange(1, 300).Draw(t, "K")
		if s.Name == Exponential {
			s.Tau = rapid.Float64Range(.2, 2).Draw(t, "tau/K") * float64(K)
		}
		end := rapid.SampledFrom([]string{Inclusive, Printed}).Draw(t, "end")
		beta1 := math.Exp(rapid.Float64Range(-7, 3).Draw(t, "log beta1"))
		betaK := beta1 * math.Exp(rapid.Float64Range(.01, 9).Draw(t, "log ratio"))
		levels, err := Levels(s, K, beta1, betaK, end)
		if err != nil {
			t.Fatal(err)
		}
		if len(levels) != K || levels[0] != beta1 {
			t.Fatalf("%d levels from %g", len(levels), levels[0])
		}
		for k := 1; k < K; k++ {
			if !(levels[k] > levels[k-1]) {
				t.Fatalf("level %d is %g after %g", k, levels[k], levels[k-1])
			}
		}
		last := levels[K-1]
		if end == Inclusive && K > 1 && last != betaK || end == Printed && last >= betaK {
			t.Fatalf("the last level is %g of %g", last, betaK)
		}
	})
}

// A budget is spent to the last iteration, the first levels taking the remainder; per
// level, every level has its own.
func TestLengths(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		K := rapid.IntRange(1, 100).Draw(t, "K")
		n := rapid.IntRange(K, 20000).Draw(t, "iterations")
		budget, err := Protocol{Budget, n}.Lengths(K)
		if err != nil {
			t.Fatal(err)
		}
		sum := 0
		for k, m := range budget {
			sum += m
			if k > 0 && m > budget[k-1] || budget[0]-m > 1 {
				t.Fatalf("lengths %v", budget)
			}
		}
		if sum != n {
			t.Fatalf("%d iterations of a budget of %d", sum, n)
		}
		each, err := Protocol{PerLevel, n}.Lengths(K)
		if err != nil || each[0] != n || each[K-1] != n {
			t.Fatalf("per level: %v %v", each, err)
		}
	})
	for p, want := range map[Protocol]string{
		{Budget, 4}:   "a budget of 4 iterations is too small for 5 levels",
		{PerLevel, 0}: "0 iterations a level: at least 1 is needed",
		{"all", 5}:    `"all" is not a protocol (budget or per-level)`,
	} {
		if _, err := p.Lengths(5); err == nil || err.Error() != want {
			t.Errorf("%v: %v, want %s", p, err, want)
		}
	}
}

func TestLadderAndBaselines(t *testing.T) {
	inf := math.Inf(1)
	got, err := Ladder([]float64{.1, 1, 10}, Protocol{Budget, 10}, 7)
	if want := []Level{{.1, 4}, {1, 3}, {10, 3}, {inf, 7}}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("ladder %v %v, want %v", got, err, want)
	}
	for name, want := range map[string][]Level{
		Cold: {{inf, 7}},
		Warm: {{inf, 7}},
		Hot:  {{0, 10}, {inf, 7}},
	} {
		if got, err := BaselineLevels(name, 10, 7); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s %v %v, want %v", name, got, err, want)
		}
	}
	if _, err := BaselineLevels(Hot, 0, 7); err == nil {
		t.Error("hot without any annealing is accepted")
	}
	if _, err := BaselineLevels("tepid", 10, 7); err == nil {
		t.Error("tepid is accepted")
	}
}

func TestLevelJSON(t *testing.T) {
	levels := []Level{{0, 5}, {.1, 3}, {1.0 / 3, 2}, {math.Inf(1), 7}}
	b, err := json.Marshal(levels)
	if want := `[{"beta":0,"iterations":5},{"beta":0.1,"iterations":3},{"beta":0.3333333333333333,"iterations":2},{"beta":"inf","iterations":7}]`; err != nil || string(b) != want {
		t.Fatalf("%s %v, want %s", b, err, want)
	}
	var back []Level
	if err := json.Unmarshal(b, &back); err != nil || !reflect.DeepEqual(back, levels) {
		t.Errorf("%v %v", back, err)
	}
	for _, bad := range []string{`{"beta":"hot"}`, `{"iterations":3}`, `{"beta":[1]}`, `3`} {
		if err := json.Unmarshal([]byte(bad), &Level{}); err == nil {
			t.Errorf("%s is accepted", bad)
		}
	}
}

var kinds = []string{Reflect, Rescale, Clip}

// Whatever the box and beta, points of the box stay in it.
func TestHeatStaysInBox(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		box := Box{rapid.SampledFrom(kinds).Draw(t, "kind"), math.Exp(rapid.Float64Range(-5, 5).Draw(t, "log half width"))}
		beta := math.Exp(rapid.Float64Range(-700, 700).Draw(t, "log beta"))
		x := rapid.SliceOfN(rapid.Float32Range(-1, 1), 1, 200).Draw(t, "x")
		box.Heat(x, beta, rng.New(rapid.Int64().Draw(t, "seed"), "test"))
		for i, v := range x {
			if !(v >= -1 && v <= 1) {
				t.Fatalf("value %d is %g", i, v)
			}
		}
	})
}

// Folding is a reflection: it keeps points of the box, has period 4 and mirrors at
// the walls.
func TestFold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64Range(-1, 1).Draw(t, "x")
		k := 4 * float64(rapid.IntRange(-1000, 1000).Draw(t, "k"))
		for _, from := range []float64{x, x + k, 2 - x + k, -2 - x + k} {
			if got := fold(from); math.Abs(got-x) > 1e-12 || math.Abs(got) > 1 {
				t.Fatalf("fold(%v) = %v, want %v", from, got, x)
			}
		}
	})
}

func TestHeatLimits(t *testing.T) {
	for _, kind := range kinds {
		box := Box{kind, 2}
		x := []float32{-1, -.3, 0, .7, 1}
		s := rng.New(1, "test")
		before, _ := s.MarshalBinary()
		box.Heat(x, math.Inf(1), s)
		after, _ := s.MarshalBinary()
		if !reflect.DeepEqual(x, []float32{-1, -.3, 0, .7, 1}) || !reflect.DeepEqual(before, after) {
			t.Errorf("%s: beta = infinity changed %v or the stream", kind, x)
		}
		// Beta = 0 is the uniform box: its first two moments to 4 standard errors.
		const n = 40_000
		u := make([]float32, n)
		box.Heat(u, 0, s)
		var m1, m2 float64
		for _, v := range u {
			m1 += float64(v) / n
			m2 += float64(v) * float64(v) / n
		}
		if math.Abs(m1) > 4*math.Sqrt(1./3/n) || math.Abs(m2-1./3) > 4*math.Sqrt((1./5-1./9)/n) {
			t.Errorf("%s: beta = 0 has moments %g %g, want 0 1/3", kind, m1, m2)
		}
	}
	if got := (Box{Reflect, 2}).Sigma(.25); got != 1 {
		t.Errorf("sigma %g, want 1/(2 sqrt(0.25))", got)
	}
}

// Rescale divides by 1 + 3 sigma: inside the walls its moments are x0/(1+3s) and
// (x0^2+s^2)/(1+3s)^2, for the walls are 3 sigma away or more.
func TestRescaleMoments(t *testing.T) {
	const n, x0, s = 100_000, .2, .1
	x := make([]float32, n)
	for i := range x {
		x[i] = x0
	}
	Box{Rescale, 1}.Heat(x, 1/(s*s), rng.New(3, "test"))
	var m1, m2 float64
	for _, v := range x {
		m1 += float64(v) / n
		m2 += float64(v) * float64(v) / n
	}
	const mean, sd = x0 / (1 + 3*s), s / (1 + 3*s)
	if math.Abs(m1-mean) > 4*sd/math.Sqrt(n) {
		t.Errorf("mean %g, want %g", m1, mean)
	}
	if v := m2 - m1*m1; math.Abs(v-sd*sd) > 4*sd*sd*math.Sqrt(2./n) {
		t.Errorf("variance %g, want %g", v, sd*sd)
	}
}

func TestHeatDoesNotAllocate(t *testing.T) {
	x := make([]float32, 192)
	s := rng.New(0, "test")
	for _, kind := range kinds {
		for _, beta := range []float64{0, .1, 10, math.Inf(1)} {
			box := Box{kind, 2}
			if n := testing.AllocsPerRun(10, func() { box.Heat(x, beta, s) }); n != 0 {
				t.Errorf("%s at %g: %g allocations", kind, beta, n)
			}
		}
	}
}

// One batch of each model's data: nanoseconds a value are what counts.
func BenchmarkHeat(b *testing.B) {
	for _, c := range []struct {
		name string
		n    int
		beta float64
	}{{"toy/hot", 64 * 3, .1}, {"toy/cold", 64 * 3, 10}, {"mnist/hot", 64 * 784, .1}, {"mnist/cold", 64 * 784, 10}, {"mnist/uniform", 64 * 784, 0}} {
		b.Run(c.name, func(b *testing.B) {
			x := make([]float32, c.n)
			s := rng.New(0, "benchmark")
			box := Box{Reflect, 2}
			b.ReportAllocs()
			for b.Loop() {
				box.Heat(x, c.beta, s)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(c.n), "ns/value")
		})
	}
}
