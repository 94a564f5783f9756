package claims

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"testing"

	"fig5/bench/config"
	"fig5/bench/measure"
	"fig5/bench/stats"
	"fig5/filters"
)

func ask(t *testing.T, s *measure.Sweep) *Answer {
	t.Helper()
	a, err := Ask(s, "max_to_min")
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// steady is a sweep where nothing does anything: along the groups half of the seeds rise
// and half fall, by a little. Cold alone is twice as large.
func steady() amplitudes {
	a := amplitudes{cold: times(high, 2), warm: alternate(high, 1.01)}
	for i := range 4 {
		a.hot[i] = alternate(high, math.Pow(1.02, -float64(i)))
		a.perLevel[i] = alternate(high, math.Pow(1.02, float64(i)))
		a.budget[i] = a.perLevel[i]
	}
	return a
}

// alternate is v times f and divided by it in turn: a spread with which nothing is shown.
func alternate(v []float64, f float64) []float64 {
	out := slices.Clone(v)
	for i := range out {
		out[i] *= math.Pow(f, float64(1-2*(i%2)))
	}
	return out
}

// Every verdict of every question, by rules of docs/experiment.md.
func TestVerdicts(t *testing.T) {
	falling := func(a *amplitudes, groups *[4][]float64) {
		for i := range groups {
			groups[i] = times(high, 1/float64(i+1))
		}
	}
	for name, c := range map[string]struct {
		change func(*amplitudes)
		after  func(*measure.Sweep)
		want   [4]Verdict // of questions 1 to 4
	}{
		"only cold differs":     {func(a *amplitudes) {}, nil, [4]Verdict{Undecided, HotAsWell, LevelsNot, Damps}},
		"it falls per level":    {func(a *amplitudes) { falling(a, &a.perLevel); falling(a, &a.hot); falling(a, &a.budget) }, nil, [4]Verdict{Falls, HotAsWell, LevelsMore, Damps}},
		"cold is the smallest":  {func(a *amplitudes) { a.cold = times(high, 0.1) }, nil, [4]Verdict{Undecided, HotAsWell, LevelsNot, Adds}},
		"cold differs by noise": {func(a *amplitudes) { a.cold = alternate(high, 3) }, nil, [4]Verdict{Undecided, HotAsWell, LevelsNot, Undecided}},
		"ladders damp more": {func(a *amplitudes) {
			for i := range 4 {
				a.hot[i] = times(high, 3)
			}
		}, nil, [4]Verdict{Undecided, LadderMore, LevelsNot, Damps}},
		"hot phases damp more": {func(a *amplitudes) {
			for i := range 4 {
				a.hot[i] = times(high, 0.3)
			}
		}, nil, [4]Verdict{Undecided, HotMore, LevelsNot, Damps}},
		"hot differs by noise": {func(a *amplitudes) {
			for i := range 4 {
				a.hot[i] = alternate(high, 3)
			}
		}, nil, [4]Verdict{Undecided, Undecided, LevelsNot, Damps}},
		// A difference within 1/1.5 and 1.5 that is significant is one.
		"ladders damp a little more": {func(a *amplitudes) {
			for i := range 4 {
				a.hot[i] = times(high, 1.2)
			}
		}, nil, [4]Verdict{Undecided, LadderMore, LevelsNot, Damps}},
		"more levels damp more": {func(a *amplitudes) {
			falling(a, &a.budget)
			for i := range 4 {
				a.perLevel[i], a.hot[i] = times(a.perLevel[i], 0.25), times(a.hot[i], 0.25)
			}
		}, nil, [4]Verdict{Undecided, HotAsWell, LevelsMore, Damps}},
		"levels differ by noise":  {func(a *amplitudes) { a.budget[0] = alternate(high, 3) }, nil, [4]Verdict{Undecided, HotAsWell, Undecided, Damps}},
		"five seeds":              {func(a *amplitudes) { falling(a, &a.perLevel); a.cut(5) }, nil, [4]Verdict{Undecided, Undecided, Undecided, Undecided}},
		"cold is still moving":    {nil, func(s *measure.Sweep) { move(s, 0, 3) }, [4]Verdict{Undecided, HotAsWell, LevelsNot, NoPlateau}},
		"two of eight are moving": {nil, func(s *measure.Sweep) { move(s, 0, 2) }, [4]Verdict{Undecided, HotAsWell, LevelsNot, Damps}},
		"warm is still moving":    {nil, func(s *measure.Sweep) { move(s, 1, 8) }, [4]Verdict{Undecided, HotAsWell, LevelsNot, Damps}},
		"hot 2500 is moving":      {nil, func(s *measure.Sweep) { move(s, 3, 3) }, [4]Verdict{Undecided, NoPlateau, LevelsNot, Damps}},
		"K = 5 per level moves":   {nil, func(s *measure.Sweep) { move(s, 7, 3) }, [4]Verdict{NoPlateau, NoPlateau, LevelsNot, Damps}},
		"K = 5 of 25000 moves":    {nil, func(s *measure.Sweep) { move(s, 11, 3) }, [4]Verdict{Undecided, HotAsWell, NoPlateau, Damps}},
		"K = 50 moves":            {nil, func(s *measure.Sweep) { move(s, 9, 3) }, [4]Verdict{NoPlateau, NoPlateau, NoPlateau, NoPlateau}},
		// More than a third of those that settled, not of all: 2 of 5.
		"few settled, of them two move": {func(a *amplitudes) { a.cold[7], a.cold[6], a.cold[5] = inf, inf, inf }, func(s *measure.Sweep) { move(s, 0, 2) }, [4]Verdict{Undecided, HotAsWell, LevelsNot, NoPlateau}},
		// Cold never settles: ranked last at every seed, and the ratio, which the rule asks for, is not known.
		"cold never settles": {func(a *amplitudes) { a.cold = []float64{inf, inf, inf, inf, inf, inf, inf, inf} }, nil, [4]Verdict{Undecided, HotAsWell, LevelsNot, Undecided}},
	} {
		a := steady()
		if c.change != nil {
			c.change(&a)
		}
		s := a.sweep()
		if c.after != nil {
			c.after(s)
		}
		var got [4]Verdict
		for _, q := range ask(t, s).Questions {
			got[q.ID-1] = q.Verdict
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// cut leaves n seeds.
func (a *amplitudes) cut(n int) {
	a.cold, a.warm = a.cold[:n], a.warm[:n]
	for i := range 4 {
		a.hot[i], a.perLevel[i], a.budget[i] = a.hot[i][:n], a.perLevel[i][:n], a.budget[i][:n]
	}
}

// move makes the first n runs of a group still moving.
func move(s *measure.Sweep, group, n int) {
	for _, r := range s.Groups[group].Runs[:n] {
		r.Measured.Knee = filters.KneeResult{Method: "mser", Limit: true}
	}
}

// The edges of the rules: Holm's p and not p, a third that is not more than a third, the
// ends of the intervals.
func TestVerdictEdges(t *testing.T) {
	within := func(lo, hi float64) stats.Interval { return stats.Interval{Lo: lo, Hi: hi} }
	for want, qs := range map[Verdict][]Question{
		Damps:     {{ID: 4, Seeds: 10, P: 0.0156, HolmP: 0.0468, Ratio: 0.5}, {ID: 4, Seeds: 6, HolmP: 0.01, Ratio: 0.5, Moving: []int{3}, Runs: []int{9}}},
		Undecided: {{ID: 4, Seeds: 10, P: 0.0156, HolmP: 0.05, Ratio: 0.5}, {ID: 4, Seeds: 5, HolmP: 0.01, Ratio: 0.5}, {ID: 1, Seeds: 10, HolmP: stats.Number(nan)}, {ID: 3, Seeds: 10, HolmP: 0.5, RatioCI95: within(1/1.5, 1)}, {ID: 2, Seeds: 10, HolmP: 0.5, RatioCI95: within(0.9, 1.51)}, {ID: 2, Seeds: 10, HolmP: 0.5, RatioCI95: within(nan, nan)}},
		NoPlateau: {{ID: 1, Seeds: 10, HolmP: 0.01, Moving: []int{0, 4}, Runs: []int{9, 9}}, {ID: 1, Seeds: 3, HolmP: 0.9, Moving: []int{1}, Runs: []int{2}}},
		HotAsWell: {{ID: 2, Seeds: 10, HolmP: 0.05, Ratio: 1, RatioCI95: within(1/1.5, 1.5)}},
		LevelsNot: {{ID: 3, Seeds: 10, HolmP: 0.05, Ratio: 3, RatioCI95: within(0.67, 9)}},
		Falls:     {{ID: 1, Seeds: 10, HolmP: 0.049, Ratio: stats.Number(nan)}},
		Adds:      {{ID: 4, Seeds: 10, HolmP: 0.01, Ratio: 1.01}},
	} {
		for _, q := range qs {
			if got := q.verdict(); got != want {
				t.Errorf("%+v: %q, want %q", q, got, want)
			}
		}
	}
}

// p, ratio, interval and Holm's p against SciPy and statsmodels, with unsettled runs
// where the second case has them.
func TestAskAgainstSciPy(t *testing.T) {
	b, err := os.ReadFile("testdata/ask.json")
	if err != nil {
		t.Fatal(err)
	}
	type want struct {
		ID      int
		P       float64
		HolmP   float64 `json:"holm_p"`
		Ratio   float64
		CI95    [2]float64
		Seeds   int
		Pairs   int
		LeftOut int `json:"left_out"`
	}
	var file struct {
		Cases []struct {
			Cold, Warm []*float64
			Hot        [4][]*float64
			PerLevel   [4][]*float64 `json:"per_level"`
			Budget     [4][]*float64
			Want       []want
			WantWarm   want `json:"want_warm"`
			Fit        struct {
				Slopes [2]float64
				CI95   [][2]float64
				Runs   int
			}
		}
	}
	if err := json.Unmarshal(b, &file); err != nil {
		t.Fatal(err)
	}
	values := func(v []*float64) []float64 {
		out := make([]float64, len(v))
		for i, x := range v {
			out[i] = inf
			if x != nil {
				out[i] = *x
			}
		}
		return out
	}
	for i, c := range file.Cases {
		a := amplitudes{cold: values(c.Cold), warm: values(c.Warm)}
		for j := range 4 {
			a.hot[j], a.perLevel[j], a.budget[j] = values(c.Hot[j]), values(c.PerLevel[j]), values(c.Budget[j])
		}
		s := a.sweep()
		got := ask(t, s)
		if len(got.Questions) != 4 {
			t.Fatalf("case %d: %d questions", i, len(got.Questions))
		}
		check := func(q Question, w want) {
			what := fmt.Sprintf("case %d, question %d: ", i, w.ID)
			near(t, what+"p", float64(q.P), w.P)
			near(t, what+"ratio", float64(q.Ratio), w.Ratio)
			near(t, what+"lo", q.RatioCI95.Lo, w.CI95[0])
			near(t, what+"hi", q.RatioCI95.Hi, w.CI95[1])
			if q.ID != w.ID || q.Seeds != w.Seeds || q.Pairs != w.Pairs || q.LeftOut != w.LeftOut || !q.Exact {
				t.Errorf("%s%+v, want %+v", what, q, w)
			}
		}
		for j, q := range got.Questions {
			check(q, c.Want[j])
			near(t, "Holm's p", float64(q.HolmP), c.Want[j].HolmP)
		}
		check(*got.Warm, c.WantWarm)
		if got.Warm.HolmP.Defined() || got.Warm.Verdict != "" {
			t.Errorf("%+v", got.Warm)
		}
		f, err := FitLadders(s, "max_to_min")
		if err != nil || f.Runs != c.Fit.Runs {
			t.Fatalf("%+v, %v", f, err)
		}
		near(t, "exponent of the length", float64(f.Length), c.Fit.Slopes[0])
		near(t, "exponent of K", float64(f.K), c.Fit.Slopes[1])
		if c.Fit.CI95 != nil {
			near(t, "its lo", f.LengthCI95.Lo, c.Fit.CI95[0][0])
			near(t, "its hi", f.KCI95.Hi, c.Fit.CI95[1][1])
		}
	}
}

// What a question says that it compares.
func TestQuestions(t *testing.T) {
	a := ask(t, steady().sweep())
	b, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct {
		series, compared string
		groups           []string
		k, annealing     []int
		test             string
	}{
		{"per-level 500", "K = 50 / K = 1", []string{"per-level 500, K = 1", "per-level 500, K = 5", "per-level 500, K = 20", "per-level 500, K = 50"}, confirmK, []int{25000, 500}, "page"},
		{"per-level 500", "ladder / hot of the same length", []string{"per-level 500, K = 1", "per-level 500, K = 5", "per-level 500, K = 20", "per-level 500, K = 50",
			"hot, 500 iterations", "hot, 2500 iterations", "hot, 10000 iterations", "hot, 25000 iterations"}, confirmK, confirmLengths, "wilcoxon"},
		{"budget 25000", "K = 50 / K = 1", []string{"budget 25000, K = 1", "budget 25000, K = 5", "budget 25000, K = 20", "budget 25000, K = 50"}, confirmK, []int{25000, 25000}, "page"},
		{"per-level 500", "K = 50 / cold", []string{"per-level 500, K = 50", "cold"}, []int{50}, []int{25000, 0}, "wilcoxon"},
	} {
		q := a.Questions[i]
		if q.Series != want.series || q.Compared != want.compared || !slices.Equal(q.Groups, want.groups) || !slices.Equal(q.K, want.k) || !slices.Equal(q.Annealing, want.annealing) || q.Test != want.test {
			t.Errorf("question %d: %+v", i+1, q)
		}
		if len(q.Runs) != len(q.Groups) || q.Runs[0] != 8 || len(q.Moving) != len(q.Groups) {
			t.Errorf("question %d: %v of %v runs are moving", i+1, q.Moving, q.Runs)
		}
	}
	if a.Warm == nil || a.Warm.Compared != "K = 50 / warm" || a.Warm.Series != "per-level 500" {
		t.Errorf("%+v in %s", a.Warm, b)
	}
}

// The groups of configs/fig5-confirm.yaml: exactly the four questions of
// docs/experiment.md, each to one series of 16 seeds.
func TestFig5Confirm(t *testing.T) {
	c, err := config.Load("../../configs/fig5-confirm.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	s := &measure.Sweep{Name: c.Name, Config: c, Analysis: c.Analysis}
	runs := map[string]*measure.Run{}
	for _, g := range c.Groups() {
		out := measure.Group{By: g.By, K: g.K, Baseline: g.Baseline}
		for i, cell := range g.Cells {
			if runs[cell.ID] == nil {
				runs[cell.ID] = &measure.Run{ID: cell.ID, Seed: cell.Seed, Status: measure.Settled, Levels: cell.Levels, Training: c.Fingerprint(cell),
					Measured: &filters.Measurement{Amplitude: filters.Amplitude{MaxToMin: high[i%8] / float64(1+len(runs)%7)}}}
			}
			out.Runs = append(out.Runs, runs[cell.ID])
		}
		s.Groups = append(s.Groups, out)
	}
	if len(runs) != 13*16 || len(s.Groups) != 14 {
		t.Errorf("%d runs in %d groups", len(runs), len(s.Groups))
	}
	a := ask(t, s)
	want := []Question{
		{ID: 1, Series: "per-level 500", K: confirmK, Annealing: []int{25000, 500}},
		{ID: 2, Series: "per-level 500", K: confirmK, Annealing: confirmLengths},
		{ID: 3, Series: "budget 25000", K: confirmK, Annealing: []int{25000, 25000}},
		{ID: 4, Series: "per-level 500", K: []int{50}, Annealing: []int{25000, 0}},
	}
	if len(a.Questions) != len(want) || a.Warm == nil || a.Warm.Series != "per-level 500" {
		t.Fatalf("%+v", a)
	}
	for i, q := range a.Questions {
		if w := want[i]; q.ID != w.ID || q.Series != w.Series || !slices.Equal(q.K, w.K) || !slices.Equal(q.Annealing, w.Annealing) || q.Seeds != 16 || !q.Exact {
			t.Errorf("%+v, want %+v", q, w)
		}
	}
	if f, err := FitLadders(s, "max_to_min"); err != nil || f.Runs != 7*16 || f.Seeds != 16 {
		t.Errorf("%+v, %v", f, err)
	}
}

// Which questions a sweep is asked.
func TestWhichQuestions(t *testing.T) {
	ladder := func(by map[string]string, k, n int) measure.Group { return annealed(group(by, k, "", high...), n) }
	budget, wide := grid("geometric", "budget 10000"), grid("geometric", "budget 10000")
	wide["anneal.box.half_width"] = "4"
	budget["anneal.box.half_width"] = "2"
	list := map[string]string{"schedule": "geometric"}
	hot := annealed(baseline("hot", low...), 10000)
	for name, c := range map[string]struct {
		groups []measure.Group
		want   []string
		warm   bool
	}{
		"fixed length, half-widths": {[]measure.Group{baseline("cold", high...), hot, ladder(budget, 1, 10000), ladder(budget, 20, 10000), ladder(wide, 1, 10000), ladder(wide, 20, 10000)},
			[]string{"2 half-width 2 [1 20] 3", "2 half-width 4 [1 20] 3", "3 half-width 2 [1 20] 2", "3 half-width 4 [1 20] 2", "4 half-width 2 [20] 2", "4 half-width 4 [20] 2"}, false},
		"hot as long as the largest K, which stands in both": {[]measure.Group{hot, ladder(grid("geometric", "per-level 500"), 5, 2500), ladder(grid("geometric", "per-level 500"), 20, 10000), ladder(grid("geometric", "budget 10000"), 5, 10000)},
			[]string{"1 per-level 500 [5 20] 2", "2 per-level 500 [20] 2"}, false},
		"hot of another length": {[]measure.Group{annealed(baseline("hot", low...), 999), ladder(grid("geometric", "per-level 500"), 5, 2500)}, nil, false},
		"a list of curves":      {[]measure.Group{baseline("cold", high...), baseline("warm", high...), baseline("hot", low...), group(list, 0, "", high...), group(list, 1, "", high...), group(list, 5, "", low...)}, []string{"1  [1 5] 2", "4  [5] 2"}, true},
		"one K":                 {[]measure.Group{ladder(grid("geometric", "per-level 500"), 5, 2500)}, nil, false},
		"no ladders":            {[]measure.Group{baseline("cold", high...), baseline("warm", high...)}, nil, false},
	} {
		a := ask(t, &measure.Sweep{Groups: c.groups})
		var got []string
		for _, q := range a.Questions {
			got = append(got, fmt.Sprintf("%d %s %v %d", q.ID, q.Series, q.K, len(q.Groups)))
		}
		if !slices.Equal(got, c.want) || (a.Warm != nil) != c.warm {
			t.Errorf("%s: %q, want %q (warm %v)", name, got, c.want, a.Warm)
		}
	}
	if _, err := Ask(&measure.Sweep{}, "loudness"); err == nil {
		t.Error("by loudness")
	}
}
