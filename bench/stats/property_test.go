package stats

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// value draws amplitudes: coarse, so that ties are common, sometimes unsettled.
func value(unsettled bool) *rapid.Generator[float64] {
	return rapid.Custom(func(t *rapid.T) float64 {
		if unsettled && rapid.IntRange(0, 9).Draw(t, "unsettled") == 0 {
			return math.Inf(1)
		}
		return float64(rapid.IntRange(1, 12).Draw(t, "value")) / 4
	})
}

func group(unsettled bool, from, to int) *rapid.Generator[[]float64] {
	return rapid.SliceOfN(value(unsettled), from, to)
}

func blocks(n, k int) *rapid.Generator[[][]float64] {
	return rapid.SliceOfN(group(true, k, k), n, n)
}

func near(a, b Number) bool {
	return !a.Defined() && !b.Defined() || math.Abs(float64(a-b)) <= 1e-9*math.Max(1, math.Abs(float64(a)))
}

func TestSummaryProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := group(true, 0, 12).Draw(t, "x")
		s, err := Summarize(x)
		if err != nil {
			t.Fatal(err)
		}
		// Unsettled values change the counts alone.
		if r := must1(Summarize(settled(x))); r.Mean != s.Mean && s.N > 0 || s.N > 0 && r.Median != s.Median {
			t.Fatalf("unsettled values were averaged: %+v against %+v", s, r)
		}
		if s.N == 0 {
			return
		}
		for _, m := range []Number{s.Mean, s.GeoMean, s.Median, s.IQM} {
			if m < Number(slices.Min(x))-1e-12 || m > s.Max+1e-12 {
				t.Fatalf("%v outside %v", m, x)
			}
		}
		if s.GeoMean > s.Mean+1e-12 {
			t.Fatalf("geometric mean %v above the mean %v", s.GeoMean, s.Mean)
		}
		// Order does not matter, scale carries through.
		scale := rapid.Float64Range(0.01, 100).Draw(t, "scale")
		y := slices.Clone(x)
		slices.Reverse(y)
		for i := range y {
			y[i] *= scale
		}
		r := must1(Summarize(y))
		for _, p := range [][2]Number{
			{s.Mean, r.Mean}, {s.SD, r.SD}, {s.GeoMean, r.GeoMean}, {s.Median, r.Median}, {s.IQM, r.IQM},
			{Number(s.CI95.Lo), Number(r.CI95.Lo)}, {Number(s.GeoMeanCI95.Hi), Number(r.GeoMeanCI95.Hi)}, {Number(s.MedianCI95.Lo), Number(r.MedianCI95.Lo)},
		} {
			if !near(p[0]*Number(scale), p[1]) {
				t.Fatalf("%v times %v is not %v", p[0], scale, p[1])
			}
		}
	})
}

func must1[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// Rank tests see order alone: a monotone transform of the values (by the whole, or
// within blocks for Page) changes nothing, +Inf is the same as any value above all.
func TestRankTestsSeeOrderAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, k := rapid.IntRange(1, 5).Draw(t, "n"), rapid.IntRange(2, 5).Draw(t, "k")
		v := blocks(n, k).Draw(t, "values")
		w := make([][]float64, n)
		for i := range v {
			w[i] = make([]float64, k)
			for j, x := range v[i] {
				w[i][j] = math.Exp(math.Min(x, 50))
			}
		}
		same := func(name string, a, b Test) {
			if a.Statistic != b.Statistic && (a.Statistic.Defined() || b.Statistic.Defined()) || !near(a.P, b.P) || !near(a.PExact, b.PExact) {
				t.Fatalf("%s: %+v against %+v", name, a, b)
			}
		}
		same("Page", must1(Page(v)), must1(Page(w)))
		same("MannWhitney", must1(MannWhitney(v[0], v[n-1])), must1(MannWhitney(w[0], w[n-1])))
		j, p, _ := Jonckheere(v)
		jw, pw, _ := Jonckheere(w)
		rho, q, _ := Spearman(v[0], v[n-1])
		rhoW, qw, _ := Spearman(w[0], w[n-1])
		if !near(j, jw) || !near(p, pw) || !near(rho, rhoW) || !near(q, qw) {
			t.Fatalf("Jonckheere %v %v against %v %v, Spearman %v %v against %v %v", j, p, jw, pw, rho, q, rhoW, qw)
		}
	})
}

// Turning the order round turns each statistic round, and the two exact one-sided
// p values overlap in the probability of the observed value alone.
func TestReversal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, k := rapid.IntRange(1, 6).Draw(t, "n"), rapid.IntRange(2, 5).Draw(t, "k")
		v := blocks(n, k).Draw(t, "values")
		back := make([][]float64, n)
		for i := range v {
			back[i] = slices.Clone(v[i])
			slices.Reverse(back[i])
		}
		p, q := must1(Page(v)), must1(Page(back))
		if !near(p.PApprox, 1-q.PApprox) || p.PExact+q.PExact < 1-1e-9 {
			t.Fatalf("Page %+v against %+v", p, q)
		}
		turned := slices.Clone(v)
		slices.Reverse(turned)
		j, up, _ := Jonckheere(v)
		k2, down, _ := Jonckheere(turned)
		if n > 1 && (!near(j+k2, Number(n*(n-1)/2*k*k)) || !near(up, 1-down)) {
			t.Fatalf("Jonckheere %v, %v against %v, %v", j, up, k2, down)
		}
		a, b := v[0], v[n-1]
		p, q = must1(MannWhitney(a, b)), must1(MannWhitney(b, a))
		if p.Statistic+q.Statistic != Number(k*k) || !near(p.P, q.P) || !near(p.PExact, q.PExact) {
			t.Fatalf("MannWhitney %+v against %+v", p, q)
		}
		p, q = must1(Wilcoxon(a, b)), must1(Wilcoxon(b, a))
		if p.Statistic != q.Statistic && p.P.Defined() || !near(p.P, q.P) {
			t.Fatalf("Wilcoxon %+v against %+v", p, q)
		}
		c, in, _ := Improvement(a, b)
		d, on, _ := Improvement(b, a)
		if !near(c+d, 1) || math.Abs(in.Lo+on.Hi-1) > 1e-9 {
			t.Fatalf("Improvement %v %v against %v %v", c, in, d, on)
		}
		if !in.Contains(float64(c)) || in.Lo < 0 || in.Hi > 1 {
			t.Fatalf("%v is not an interval about %v", in, c)
		}
	})
}

// Of two groups Jonckheere's J is Mann-Whitney's U.
func TestTwoGroupsAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := group(true, 1, 7).Draw(t, "a"), group(true, 1, 7).Draw(t, "b")
		j, _, err := Jonckheere([][]float64{a, b})
		if u := must1(MannWhitney(b, a)); err != nil || j != u.Statistic {
			t.Fatalf("J %v, U %v, %v", j, u.Statistic, err)
		}
	})
}

func TestHolmProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SliceOfN(rapid.Float64Range(0, 1), 0, 8).Draw(t, "p")
		q := must1(Holm(append(slices.Clone(p), math.NaN())))
		if !math.IsNaN(q[len(p)]) {
			t.Fatal("an undefined p became defined")
		}
		for i := range p {
			if q[i] < p[i] || q[i] > math.Min(1, float64(len(p))*p[i]) {
				t.Fatalf("%v adjusted to %v", p, q)
			}
			for j := range p {
				if p[i] < p[j] && q[i] > q[j] {
					t.Fatalf("order lost: %v to %v", p, q)
				}
			}
		}
	})
}

func TestShared(t *testing.T) {
	v, seeds := Shared(map[int]float64{3: 1, 1: 2, 2: 5}, map[int]float64{1: 4, 3: 3})
	if !slices.Equal(seeds, []int{1, 3}) || !slices.Equal(v[0], []float64{2, 4}) || !slices.Equal(v[1], []float64{1, 3}) {
		t.Errorf("%v of seeds %v", v, seeds)
	}
	if v, seeds := Shared(); v != nil || seeds != nil {
		t.Error("seeds shared by no groups")
	}
}

// Under the null hypothesis an exact p is at most α no more often than α, and near
// it as far as its steps allow; an approximate one stays near. Standard error at
// α = 0.05 over 1,500 draws: 0.006.
func TestNullDistribution(t *testing.T) {
	const draws = 1500
	rng := rand.New(rand.NewPCG(1963, 5))
	draw := func(n, k int) [][]float64 { return lognormal(rng, n, k) }
	pair := func(k int) (a, b []float64) { v := draw(2, k); return v[0], v[1] }
	for _, test := range []struct {
		name string
		run  func() Number
	}{
		{"Page", func() Number { return must1(Page(draw(5, 5))).P }},
		{"Page, more seeds", func() Number { return must1(Page(draw(8, 5))).P }},
		{"Jonckheere", func() Number { _, p, _ := Jonckheere(draw(4, 6)); return p }},
		{"Spearman", func() Number { _, p, _ := Spearman(pair(20)); return p }},
		{"Wilcoxon", func() Number { return must1(Wilcoxon(pair(10))).P }},
		{"MannWhitney", func() Number { return must1(MannWhitney(pair(8))).P }},
	} {
		alphas := []float64{0.05, 0.2, 0.5}
		hits := make([]float64, len(alphas))
		for range draws {
			p := float64(test.run())
			for i, alpha := range alphas {
				if p <= alpha {
					hits[i]++
				}
			}
		}
		for i, alpha := range alphas {
			share, se := hits[i]/draws, math.Sqrt(alpha*(1-alpha)/draws)
			if share > alpha+4*se || share < alpha-0.02-4*se {
				t.Errorf("%s: p ≤ %v in a share of %.3f", test.name, alpha, share)
			}
		}
	}
}

// lognormal draws n rows that share nothing, k a row.
func lognormal(rng *rand.Rand, n, k int) [][]float64 {
	v := make([][]float64, n)
	for i := range v {
		v[i] = make([]float64, k)
		for j := range v[i] {
			v[i][j] = math.Exp(rng.NormFloat64())
		}
	}
	return v
}

// Intervals cover what they say: 2,000 draws at n = 10, standard error 0.005.
func TestCoverage(t *testing.T) {
	rng := rand.New(rand.NewPCG(1963, 6))
	const draws, n = 2000, 10
	// Two normal groups a distance apart: P(a > b) = Φ(d/√2).
	for _, d := range []float64{0, 1, 2} {
		theta := 1 - normalUpper(d/math.Sqrt2)
		hit := map[string]int{}
		for range draws {
			a, b := make([]float64, n), make([]float64, n)
			for i := range a {
				a[i], b[i] = math.Exp(rng.NormFloat64()+d), math.Exp(rng.NormFloat64())
			}
			s := must1(Summarize(b))
			_, chance, _ := Improvement(a, b)
			for name, in := range map[string]bool{
				"geometric mean": s.GeoMeanCI95.Contains(1), "median": s.MedianCI95.Contains(1),
				"improvement": chance.Contains(theta),
			} {
				if in {
					hit[name]++
				}
			}
		}
		for name, h := range hit {
			if share := float64(h) / draws; share < 0.93 || share > 0.99 {
				t.Errorf("%s at distance %v: coverage %v", name, d, share)
			}
		}
	}
}

func TestBadInput(t *testing.T) {
	nan, neg := math.NaN(), math.Inf(-1)
	ok := []float64{1, 2, 3}
	for _, c := range []struct {
		name string
		run  func() error
		want string
	}{
		{"Summarize", func() error { _, err := Summarize([]float64{1, nan}); return err }, "values[1]: NaN is not an amplitude (a number, or +Inf for unsettled)"},
		{"Page", func() error { _, err := Page([][]float64{ok, {1, neg, 2}}); return err }, "values[1][1]: -Inf is not an amplitude (a number, or +Inf for unsettled)"},
		{"Page ragged", func() error { _, err := Page([][]float64{ok, {1, 2}}); return err }, "values[1]: 2 groups, but values[0] has 3"},
		{"Jonckheere", func() error { _, _, err := Jonckheere([][]float64{ok, {nan}}); return err }, "groups[1][0]: NaN is not an amplitude (a number, or +Inf for unsettled)"},
		{"Spearman", func() error { _, _, err := Spearman(ok, ok[:2]); return err }, "y has 2 values, but x has 3"},
		{"Spearman y", func() error { _, _, err := Spearman(ok, []float64{1, 2, nan}); return err }, "y[2]: NaN is not an amplitude (a number, or +Inf for unsettled)"},
		{"LogLog", func() error { _, _, err := LogLog(ok[:1], ok); return err }, "y has 3 values, but x has 1"},
		{"LogLog x", func() error { _, _, err := LogLog([]float64{nan}, ok[:1]); return err }, "x[0]: NaN is not an amplitude (a number, or +Inf for unsettled)"},
		{"Wilcoxon", func() error { _, err := Wilcoxon(ok, ok[:1]); return err }, "b has 1 values, but a has 3"},
		{"MannWhitney", func() error { _, err := MannWhitney(ok, []float64{nan}); return err }, "b[0]: NaN is not an amplitude (a number, or +Inf for unsettled)"},
		{"Improvement", func() error { _, _, err := Improvement([]float64{nan}, ok); return err }, "a[0]: NaN is not an amplitude (a number, or +Inf for unsettled)"},
		{"Holm", func() error { _, err := Holm([]float64{0.1, 1.5}); return err }, "p[1]: 1.5 is not a probability"},
	} {
		if err := c.run(); err == nil || err.Error() != c.want {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
}

// Too little data is an answer with a warning, or an undefined one.
func TestLittleData(t *testing.T) {
	inf := math.Inf(1)
	for name, warnings := range map[string][]string{
		"no values":       must1(Summarize(nil)).Warnings,
		"one value":       must1(Summarize([]float64{2})).Warnings,
		"all unsettled":   must1(Summarize([]float64{inf, inf})).Warnings,
		"zero amplitude":  must1(Summarize([]float64{0, 1, 2, 3, 4, 5, 6})).Warnings,
		"constant":        must1(Summarize([]float64{2, 2, 2, 2, 2, 2, 2})).Warnings,
		"no seeds":        must1(Page(nil)).Warnings,
		"one group":       must1(Page([][]float64{{1}, {2}})).Warnings,
		"one seed":        must1(Page([][]float64{{3, 2, 1}})).Warnings,
		"no pairs":        must1(Wilcoxon(nil, nil)).Warnings,
		"no differences":  must1(Wilcoxon([]float64{1, inf}, []float64{1, inf})).Warnings,
		"nothing against": must1(MannWhitney(nil, []float64{1})).Warnings,
	} {
		if len(warnings) == 0 {
			t.Errorf("%s: no warning", name)
		}
	}
	undefined := func(name string, p Number, in Interval, err error) {
		if p.Defined() || in.Defined() || err != nil {
			t.Errorf("%s: %v %v %v", name, p, in, err)
		}
	}
	for name, groups := range map[string][][]float64{"no groups": nil, "empty groups": {{}, {1}, nil}} {
		_, p, err := Jonckheere(groups)
		undefined(name, p, noInterval, err)
	}
	_, equal, err := Jonckheere([][]float64{{1, 1}, {1, 1}})
	undefined("equal", equal, noInterval, err)
	for name, y := range map[string][]float64{"two points": {2, 1}, "constant y": {2, 2, 2}} {
		_, p, err := Spearman([]float64{1, 2, 3}[:len(y)], y)
		undefined(name, p, noInterval, err)
	}
	for name, x := range map[string][]float64{"no points": {0, 0, -1}, "one K": {2, 2, 2}} {
		slope, ci, err := LogLog(x, []float64{1, 3, inf})
		undefined(name, slope, ci, err)
	}
	if slope, ci, _ := LogLog([]float64{1, 2, 5}, []float64{2, 2, 2}); slope != 0 || ci != (Interval{}) {
		t.Errorf("flat: %v %v", slope, ci)
	}
	p, in, err := Improvement([]float64{1}, nil)
	undefined("nobody", p, in, err)
}

// JSON shows null, never NaN.
func TestJSON(t *testing.T) {
	if b := must1(json.Marshal([]Number{2, undefined, Number(math.Inf(1))})); string(b) != "[2,null,null]" {
		t.Errorf("%s", b)
	}
	var i Interval
	for _, s := range []string{"null", "[1,2]"} {
		if err := json.Unmarshal([]byte(s), &i); err != nil {
			t.Fatal(err)
		}
		if b := must1(json.Marshal(i)); string(b) != s {
			t.Errorf("%s became %s", s, b)
		}
	}
	if err := json.Unmarshal([]byte("[1]"), &i); err == nil {
		t.Error("an interval with one end was read")
	}
}
