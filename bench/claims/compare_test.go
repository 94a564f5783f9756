package claims

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fig5/bench/config"
	"fig5/bench/measure"
	"fig5/filters"
)

func schedules() *measure.Sweep {
	return &measure.Sweep{Name: "fig5", Dir: "runs/fig5", RealFloor: []filters.Amplitude{{MaxToMin: 0.0012}}, Groups: []measure.Group{
		baseline("warm", high...),
		baseline("hot", low...),
		group(grid("geometric", "budget 10000"), 1, "", high...),
		group(grid("geometric", "budget 10000"), 5, "", high...),
		group(grid("geometric", "budget 10000"), 20, "", mixed...),
		group(grid("linear", "budget 10000"), 1, "", mixed...),
		group(grid("linear", "budget 10000"), 5, "", low...),
		group(grid("linear", "budget 10000"), 20, "", 0.011, inf, 0.017, nan, 0.020, 0.012, 0.013, 0.0105),
	}}
}

func mustCompare(t *testing.T, by string, sweeps ...*measure.Sweep) *Comparisons {
	t.Helper()
	r, err := Compare(sweeps, by, "max_to_min")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestBySchedule(t *testing.T) {
	r := mustCompare(t, "", schedules())
	if r.By != "schedule" || len(r.Comparisons) != 3 {
		t.Fatalf("by %s: %d comparisons", r.By, len(r.Comparisons))
	}
	c := r.Comparisons[1]
	if c.A != "geometric" || c.B != "linear" || c.K != 5 || c.Test != "wilcoxon" || c.SharedSeeds != 8 || c.N != 8 || c.Pairs != 8 {
		t.Errorf("%+v", c)
	}
	// All eight differences have one sign: p = 2/2⁸; all 64 pairs but one, 0.019 < 0.020.
	if c.WilcoxonP != 2.0/256 || c.Improvement != 63.0/64 || !(c.P < Alpha) {
		t.Errorf("p %v, improvement %v", c.WilcoxonP, c.Improvement)
	}
	want := 0.0
	for i := range low {
		want += math.Log(low[i]/high[i]) / 8
	}
	near(t, "change", float64(c.DeltaPercent), 100*(math.Exp(want)-1))
	near(t, "ratio", float64(c.Ratio), math.Exp(want))
	// scipy.stats.ttest_rel(np.log(low), np.log(high)).confidence_interval(0.95), np.exp of it
	near(t, "lo", c.RatioCI95.Lo, 0.4385502790710495)
	near(t, "hi", c.RatioCI95.Hi, 0.5338265973126887)
	// The failed run takes its seed out; the unsettled one ranks last, is not averaged,
	// and has no ratio.
	last := r.Comparisons[2]
	if last.SharedSeeds != 7 || last.N != 7 || last.Pairs != 6 || last.LeftOut != 1 || r.Groups[last.GroupB].N != 6 {
		t.Errorf("%+v", last)
	}
	for _, w := range []string{"linear: 1 unsettled, 1 failed of 8", "1 unsettled value placed last", "Wilcoxon over the 7 seeds with a result in both"} {
		if !slices.Contains(last.Warnings, w) {
			t.Errorf("%q is not in %q", w, last.Warnings)
		}
	}
	want = 0
	for i := range 8 {
		if v := []float64{0.011, inf, 0.017, nan, 0.020, 0.012, 0.013, 0.0105}[i]; v < 1 {
			want += math.Log(v/mixed[i]) / 6
		}
	}
	near(t, "ratio without the unsettled seed", float64(last.Ratio), math.Exp(want))
}

// Several half widths and ends in one sweep are coordinates, which baselines and lists
// of levels have not.
func TestByEndAndWidth(t *testing.T) {
	at := func(end, width string) map[string]string {
		m := grid("geometric", "budget 10000")
		m["anneal.end"], m["anneal.box.half_width"] = end, width
		return m
	}
	mine := grid("mine", "budget 10000")
	mine["anneal.box.half_width"] = "1"
	s := schedules()
	s.Config = loaded(t, "wide", "")
	s.Config.Anneal.End, s.Config.Anneal.Box.HalfWidth = []string{"inclusive", "printed"}, []float64{1, 4}
	s.Groups = []measure.Group{
		baseline("hot", mixed...),
		group(at("inclusive", "1"), 1, "", high...), group(at("inclusive", "4"), 1, "", low...),
		group(at("printed", "1"), 1, "", mixed...), group(at("printed", "4"), 1, "", low...),
		group(mine, 1, "", low...),
	}
	for by, want := range map[string][][3]string{
		"half_width": {{"1", "4", "inclusive"}, {"1", "4", "printed"}},
		"anneal.end": {{"inclusive", "printed", "1"}, {"inclusive", "printed", "4"}},
	} {
		var got [][3]string
		for _, c := range mustCompare(t, by, s).Comparisons {
			other := c.Within["anneal.end"]
			if by == "anneal.end" {
				other = c.Within["anneal.box.half_width"]
			}
			got = append(got, [3]string{c.A, c.B, other})
		}
		if !slices.Equal(got, want) {
			t.Errorf("by %s: %v, want %v", by, got, want)
		}
	}
}

func TestByBaselineAndK(t *testing.T) {
	r := mustCompare(t, "baseline", schedules())
	if len(r.Comparisons) != 12 { // 2 baselines, 6 ladders
		t.Fatalf("%d comparisons", len(r.Comparisons))
	}
	c := r.Comparisons[6]
	if c.A != "hot" || c.B != "K = 1" || c.K != 1 || c.Within["schedule"] != "geometric" || c.WilcoxonP != 2.0/256 || c.DeltaPercent < 0 {
		t.Errorf("%+v", c)
	}
	r = mustCompare(t, "anneal.steps", schedules())
	if len(r.Comparisons) != 4 || r.Comparisons[2].A != "K = 1" || r.Comparisons[2].B != "K = 5" || r.Comparisons[2].Within["schedule"] != "linear" {
		t.Errorf("%+v", r.Comparisons)
	}
}

// Hot phases of several lengths are baselines of their own, and each is held against
// itself in another sweep.
func TestHotOfSeveralLengths(t *testing.T) {
	s := steady().sweep()
	var a []string
	for _, c := range mustCompare(t, "baseline", s).Comparisons {
		if !slices.Contains(a, c.A) {
			a = append(a, c.A)
		}
	}
	if want := []string{"cold", "warm", "hot, 500 iterations", "hot, 2500 iterations", "hot, 10000 iterations", "hot, 25000 iterations"}; !slices.Equal(a, want) {
		t.Errorf("%q", a)
	}
	other := *s
	other.Name = "again"
	n := 0
	for _, c := range mustCompare(t, "sweep", s, &other).Comparisons {
		if c.Baseline == "hot" {
			n++
			if c.Within["iterations"] == "" || c.Ratio != 1 {
				t.Errorf("%+v", c)
			}
		}
	}
	if n != 4 {
		t.Errorf("%d hot phases", n)
	}
}

// Holm counts a pair of trainings once, whatever it is called, and not a group with itself.
func TestHolmOverTrainings(t *testing.T) {
	s := steady().sweep()
	s.Groups = append(s.Groups[:1], s.Groups[6:]...) // cold and the ladders
	for i := range s.Groups {
		for _, r := range s.Groups[i].Runs {
			r.Training = string(rune('a'+i)) + string(rune('0'+r.Seed)) // K = 50 is written twice
		}
	}
	r := mustCompare(t, "baseline", s)
	if len(r.Comparisons) != 8 {
		t.Fatalf("%d comparisons", len(r.Comparisons))
	}
	// All differences from cold have one sign: p = 2/2⁸ eight times, of seven trainings.
	for _, c := range r.Comparisons {
		if c.P != 2./256 || c.HolmP != 7*2./256 {
			t.Errorf("K = %d: p %v, Holm %v", c.K, c.P, c.HolmP)
		}
	}
	r = mustCompare(t, "anneal.protocol", s)
	for _, c := range r.Comparisons {
		if same := slices.Contains(c.Warnings, "both are the same runs: no comparison, and not counted in Holm's correction"); same != (c.K == 50) || c.HolmP.Defined() == same {
			t.Errorf("%+v", c)
		}
	}
	// Where trainings are not known, every row counts.
	for i := range s.Groups {
		for _, r := range s.Groups[i].Runs {
			r.Training = ""
		}
	}
	if c := mustCompare(t, "baseline", s).Comparisons[0]; c.HolmP != 8*2./256 {
		t.Errorf("%+v", c)
	}
}

// The reference values of bench/stats, through a comparison of the first K with the last.
func TestGolden(t *testing.T) {
	b, err := os.ReadFile("../stats/testdata/blocks.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Cases []struct {
			Values   [][]float64
			Wilcoxon struct{ P float64 } `json:"wilcoxon_first_last"`
			Page     struct {
				P     float64  `json:"p_decrease"`
				Exact *float64 `json:"p_decrease_exact"`
			}
			Improvement float64 `json:"improvement_last_over_first"`
		}
	}
	if err := json.Unmarshal(b, &file); err != nil {
		t.Fatal(err)
	}
	for _, c := range file.Cases {
		s := &measure.Sweep{Name: "golden"}
		for j := range c.Values[0] {
			var v []float64
			for _, row := range c.Values {
				v = append(v, row[j])
			}
			s.Groups = append(s.Groups, group(map[string]string{"schedule": "mine"}, j+1, "", v...))
		}
		r := mustCompare(t, "k", s)
		last, trend := r.Comparisons[len(r.Comparisons)-1], r.Trends[0]
		near(t, "Wilcoxon p", float64(last.WilcoxonP), c.Wilcoxon.P)
		near(t, "improvement", float64(last.Improvement), c.Improvement)
		near(t, "Page p", float64(trend.PageP), c.Page.P)
		if c.Page.Exact != nil {
			near(t, "exact Page p", float64(trend.PagePExact), *c.Page.Exact)
		}
		if trend.P() != trend.PagePExact {
			t.Errorf("verdicts go by %v, the exact p is %v", trend.P(), trend.PagePExact)
		}
	}
}

func loaded(t *testing.T, name, yaml string) *config.Config {
	t.Helper()
	path := filepath.Join(t.TempDir(), name+".yaml")
	yaml = "name: " + name + "\ndata: {name: mixture}\nmodel: {name: toy}\nanneal: {steps: [1, 5]}\n" + yaml
	if err := os.WriteFile(path, []byte(yaml), 0o644); err != nil {
		t.Fatal(err)
	}
	c, err := config.Load(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func twoSweeps(t *testing.T) (a, b *measure.Sweep) {
	a = &measure.Sweep{Name: "fig5", Config: loaded(t, "fig5", ""), Groups: []measure.Group{
		baseline("warm", high...),
		group(grid("geometric", "budget 10000"), 1, "", high...), group(grid("geometric", "budget 10000"), 5, "", high...)}}
	b = &measure.Sweep{Name: "slow", Config: loaded(t, "slow", "train: {optimizer: {lr: 1e-5}, batch: 32}\n"), Groups: []measure.Group{
		baseline("warm", low...),
		group(grid("linear", "budget 10000"), 1, "", mixed...), group(grid("linear", "budget 10000"), 5, "", low...)}}
	return a, b
}

func TestTwoSweeps(t *testing.T) {
	a, b := twoSweeps(t)
	r := mustCompare(t, "", a, b)
	if r.By != "sweep" || len(r.Comparisons) != 3 || r.Comparisons[0].Baseline != "warm" || r.Comparisons[2].B != "slow" {
		t.Fatalf("by %s: %+v", r.By, r.Comparisons)
	}
	if r.Groups[4].By["sweep"] != "slow" || len(r.Groups) != 6 || r.Comparisons[2].GroupB != 5 {
		t.Errorf("%+v", r.Groups)
	}
	for _, w := range []string{
		"fig5 and slow differ in train.batch (64, 32), train.optimizer.lr (0.0002, 0.00001)",
		"fig5 and slow differ in schedule (geometric, linear), train.batch (64, 32), train.optimizer.lr (0.0002, 0.00001)",
	} {
		if !slices.Contains(r.Warnings, w) {
			t.Errorf("%q is not in %q", w, r.Warnings)
		}
	}
	r = mustCompare(t, "train.optimizer.lr", a, b)
	if c := r.Comparisons[2]; c.A != "0.0002" || c.B != "0.00001" || c.K != 5 || c.WilcoxonP != 2.0/256 {
		t.Errorf("%+v", c)
	}
	if _, ok := a.Groups[0].By["sweep"]; ok {
		t.Error("the sweep was changed")
	}
	// Where the data lie makes no run another one; by what analysis it is measured does.
	b.Config = loaded(t, "slow", "analysis: {window: 5000}\ntrain: {checkpoint: 100}\n")
	b.Config.Data.Path = "elsewhere"
	if got := mustCompare(t, "", a, b).Warnings; !slices.Contains(got, "fig5 and slow differ in analysis.window (50000, 5000)") {
		t.Errorf("%q", got)
	}
}

// Without shared seeds: Mann-Whitney, and the ratio of the groups with Welch's interval.
func TestSeedsNotShared(t *testing.T) {
	s := schedules()
	for _, r := range s.Groups[6].Runs {
		r.Seed += 100
	}
	c := mustCompare(t, "schedule", s).Comparisons[1]
	if c.Test != "mann-whitney" || c.P != c.MannWhitneyP || c.WilcoxonP.Defined() || c.SharedSeeds != 0 || c.N != 16 || c.Pairs != 0 {
		t.Errorf("%+v", c)
	}
	near(t, "ratio", float64(c.Ratio), 1+float64(c.DeltaPercent)/100)
	// scipy.stats.ttest_ind(np.log(low), np.log(high), equal_var=False).confidence_interval(0.95), np.exp of it
	near(t, "lo", c.RatioCI95.Lo, 0.36585454511531523)
	near(t, "hi", c.RatioCI95.Hi, 0.639898578144596)
}

func TestErrors(t *testing.T) {
	a, b := twoSweeps(t)
	twice := *a
	alone := &measure.Sweep{Name: "one", Groups: []measure.Group{group(grid("geometric", "budget 10000"), 1, "", high...)}}
	apart := schedules()
	apart.Groups = []measure.Group{apart.Groups[2], apart.Groups[6]}
	for _, c := range []struct {
		sweeps        []*measure.Sweep
		by, amplitude string
		want          string
	}{
		{nil, "", "max_to_min", "no sweep to compare"},
		{[]*measure.Sweep{a, &twice}, "", "max_to_min", "given twice"},
		{[]*measure.Sweep{a}, "", "loudness", `--measure: "loudness" is not an amplitude`},
		{[]*measure.Sweep{a}, "train.optimiser.lr", "max_to_min", `--by: "train.optimiser.lr" is not a key of the sweeps`},
		{[]*measure.Sweep{a}, "train.batch", "max_to_min", "nothing to compare by train.batch: there is only 64"},
		{[]*measure.Sweep{a}, "schedule", "max_to_min", "nothing to compare by schedule: there is only geometric"},
		{[]*measure.Sweep{alone}, "", "max_to_min", "nothing to compare by k: there is only K = 1"},
		{[]*measure.Sweep{apart}, "schedule", "max_to_min", "nothing to compare by schedule: no K is there for two of geometric, linear"},
		{[]*measure.Sweep{a, b, {Name: "third", Config: b.Config, Groups: b.Groups}}, "train.batch", "max_to_min", "--by train.batch: slow and third both have 32; give one sweep for each value"},
	} {
		_, err := Compare(c.sweeps, c.by, c.amplitude)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("by %q: %v, want %s", c.by, err, c.want)
		}
	}
}

// The keys that other programs rely on.
func TestJSON(t *testing.T) {
	b, err := json.Marshal(mustCompare(t, "", schedules()))
	if err != nil {
		t.Fatal(err)
	}
	var top map[string]json.RawMessage
	if err := json.Unmarshal(b, &top); err != nil {
		t.Fatal(err)
	}
	keys := func(of string, want ...string) {
		t.Helper()
		var rows []map[string]any
		if err := json.Unmarshal(top[of], &rows); err != nil {
			t.Fatal(err)
		}
		for _, key := range want {
			if _, ok := rows[0][key]; !ok {
				t.Errorf("no %s in %s", key, of)
			}
		}
	}
	for _, key := range []string{"measure", "real_floor", "warnings", "by"} {
		if _, ok := top[key]; !ok {
			t.Errorf("no %s", key)
		}
	}
	keys("comparisons", "a", "b", "by", "k", "n", "ratio", "ratio_ci95", "delta_percent", "wilcoxon_p", "mann_whitney_p", "improvement", "ci95")
	keys("groups", "by", "k", "baseline", "n", "failed", "unsettled", "moving", "won", "name", "annealing", "mean", "sd", "ci95", "geomean", "geomean_ci95", "median", "iqm", "values", "floor")
	keys("trends", "by", "page_p", "page_p_exact", "jonckheere_p", "spearman", "spearman_p", "slope", "slope_ci95")

	// Lists are lists, also where they are empty.
	cold, other := &measure.Sweep{Name: "a", Groups: []measure.Group{baseline("cold", high...)}}, &measure.Sweep{Name: "b", Groups: []measure.Group{baseline("cold", low...)}}
	if b, err = json.Marshal(mustCompare(t, "", cold, other)); err != nil || strings.Contains(string(b), `"trends":null`) || strings.Contains(string(b), `"warnings":null`) {
		t.Errorf("%s, %v", b, err)
	}
}
