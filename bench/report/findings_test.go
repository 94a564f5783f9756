package report

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"fig5/bench/anneal"
	"fig5/filters"
)

// flat is a group whose runs have the given amplitudes and relative amplitudes.
func flat(k int, baseline string, abs, rel []float64) Group {
	g := Group{By: map[string]string{"schedule": "geometric"}, K: k, Baseline: baseline}
	if baseline != "" {
		g.By = map[string]string{"baseline": baseline}
	}
	var levels []anneal.Level // 500 iterations at each
	for i := range k {
		levels = append(levels, anneal.Level{Beta: float64(i + 1), Iterations: 500})
	}
	levels = append(levels, anneal.Level{Beta: math.Inf(1), Iterations: 1000})
	for i := range abs {
		m := &filters.Measurement{Level: abs[i] / rel[i], Amplitude: filters.Amplitude{MaxToMin: abs[i], Relative: &rel[i]}}
		r := Run{ID: fmt.Sprintf("%s-k%d-s%d", baseline, k, i), Seed: i, Status: Settled, Measured: m, Levels: levels, Floor: &filters.Amplitude{MaxToMin: abs[0] / 20}}
		if math.IsInf(abs[i], 1) {
			r.Status = Unsettled
		}
		g.Runs = append(g.Runs, r)
	}
	return g
}

// times is v, each times f and a little of its own.
func times(v []float64, f float64) []float64 {
	out := slices.Clone(v)
	for i := range out {
		out[i] *= f * (1 + 0.01*math.Sin(float64(7*i)))
	}
	return out
}

var (
	base     = []float64{0.010, 0.013, 0.008, 0.011, 0.017, 0.009, 0.012, 0.014}
	ones     = []float64{1, 1.2, 0.9, 1.1, 1, 0.95, 1.05, 1.15}
	shuffled = []float64{1.1, 1.02, 1.03, 0.97, 1.04, 1.08, 0.93, 1}
	swing    = []float64{0.011, 0.03, 0.002, 0.02, 0.006, 0.03, 0.004, 0.012}
	unsteady = []float64{4, 0.3, 2, 0.2, 5, 0.4, 1, 3}
)

// check compares the verdicts of findings by their ID, and what they say.
func check(t *testing.T, name string, fs []Finding, want map[string]Verdict, says map[string]string) {
	t.Helper()
	seen := map[string]Finding{}
	for _, f := range fs {
		seen[f.ID] = f
	}
	for id, want := range want {
		if got := seen[id].Verdict; got != want {
			t.Errorf("%s: %s is %q, want %q: %s", name, id, got, want, seen[id].Text)
		}
		if settle := seen[id].Settle; (seen[id].Verdict == Undecided) != (settle != "") {
			t.Errorf("%s: %s is %s and would be settled by %q", name, id, seen[id].Verdict, settle)
		}
	}
	for id, want := range says {
		if got := seen[id].Text + " " + seen[id].Settle; !strings.Contains(got, want) {
			t.Errorf("%s: %s says %q, not %q", name, id, got, want)
		}
	}
}

// The wording follows the numbers.
func TestFindings(t *testing.T) {
	for name, c := range map[string]struct {
		groups []Group
		want   map[string]Verdict
		says   map[string]string
	}{
		"the fall rides on the level": {
			[]Group{flat(0, "cold", times(base, 6), ones), flat(0, "hot", times(base, 0.5), ones), flat(1, "", base, ones), flat(2, "", times(base, 0.7), shuffled), flat(5, "", times(base, 0.5), ones)},
			map[string]Verdict{"1a": Reproduced, "2": Reproduced, "A": No, "B1": No, "B2": No, "C": Yes, "F": Yes},
			map[string]string{"1a": "The fall rides on the FID level", "2": "the data support a decrease (reproduced).", "A": "the fall rides on the FID level", "B1": "the hot phase does as well", "B2": "K = 1 … 5 against hot"},
		},
		"a fall, and relative to the level nobody knows": {
			[]Group{flat(0, "warm", times(base, 6), ones), flat(1, "", base, ones), flat(5, "", times(base, 0.5), unsteady)},
			map[string]Verdict{"1b": Reproduced, "2": Reproduced, "A": Undecided},
			map[string]string{"1b": "Whether that is more than a fall of the FID level is open", "A": "is open"},
		},
		"no fall, and enough seeds to say so": {
			[]Group{flat(0, "warm", base, ones), flat(1, "", base, ones), flat(5, "", times(base, 1.05), ones)},
			map[string]Verdict{"1b": NotReproduced, "2": NotReproduced, "A": NoFall, "F": No},
			map[string]string{"2": "the data do not support a decrease and exclude one by a factor of 1.5 (not reproduced).", "A": "neither is shown to fall", "F": "lies above −1/2"},
		},
		"too much spread to say": {
			[]Group{flat(0, "hot", []float64{0.03, 0.002, 0.03, 0.002, 0.03, 0.002, 0.03, 0.002}, ones), flat(1, "", base, ones), flat(5, "", swing, ones)},
			map[string]Verdict{"2": Undecided, "B2": Undecided},
			map[string]string{"2": "the data do not support a decrease nor exclude one by a factor of 1.5 (undecided).", "B2": "no difference is shown, nor excluded"},
		},
		"a ladder beats the hot phase": {
			[]Group{flat(0, "hot", times(base, 3), ones), flat(1, "", base, ones), flat(5, "", times(base, 0.5), times(ones, 0.5))},
			map[string]Verdict{"2": Reproduced, "A": Yes, "B1": Yes, "B2": Yes},
			map[string]string{"A": "it falls relative to the level too", "B1": "the ladder oscillates less. It is smaller relative to the FID level too"},
		},
		"the hot phase beats a ladder": {
			[]Group{flat(0, "hot", times(base, 0.3), ones), flat(1, "", base, ones), flat(5, "", base, ones)},
			map[string]Verdict{"B1": No, "B2": No, "B3": No},
			map[string]string{"B1": "the ladder oscillates more", "B3": "K = 5 against hot"},
		},
		"the steepness of the theory": {
			[]Group{flat(1, "", base, ones), flat(4, "", times(base, 0.5), ones), flat(100, "", times(base, 0.1), ones)},
			map[string]Verdict{"2": Reproduced, "F": Yes},
			map[string]string{"F": "does not exclude −1/2"},
		},
		"a pilot decides nothing, whatever its numbers": {
			[]Group{flat(0, "cold", times(base, 9)[:3], ones), flat(0, "warm", base[:3], ones), flat(0, "hot", times(base, 9)[:3], ones), flat(5, "", times(base, 1.02)[:3], ones)},
			map[string]Verdict{"1a": Undecided, "1b": Undecided, "B1": Undecided, "B2": "", "B3": ""},
			map[string]string{"1a": "about 6 seeds (there are 3;", "1b": "about 6 seeds"},
		},
		"unsettled runs rank last and are in no ratio": {
			[]Group{flat(0, "cold", []float64{0.1, math.Inf(1), 0.2, math.Inf(1), 0.1, 0.3, 0.2, math.Inf(1)}, ones), flat(5, "", base, ones)},
			map[string]Verdict{"1a": Reproduced},
			map[string]string{"1a": "n = 8 seeds (5 settled in both)"},
		},
	} {
		d := &Data{Name: name, Groups: c.groups}
		fs, err := d.Findings("max_to_min")
		if err != nil {
			t.Fatal(err)
		}
		check(t, name, fs, c.want, c.says)
	}
}

// A coordinate of the grid matters where a pair differs after Holm's correction; it
// does not where every interval says so; else that is open.
func TestGridFindings(t *testing.T) {
	at := func(g Group, end, width string) Group {
		g.By = map[string]string{"schedule": "geometric", "anneal.end": end, "anneal.box.half_width": width}
		return g
	}
	sweep := func(printed, wide []float64) *Data {
		var groups []Group
		for _, k := range []int{1, 20} {
			groups = append(groups,
				at(flat(k, "", base, ones), "inclusive", "1"), at(flat(k, "", wide, ones), "inclusive", "4"),
				at(flat(k, "", printed, ones), "printed", "1"), at(flat(k, "", times(wide, 1.01), ones), "printed", "4"))
		}
		return &Data{Groups: append(groups, flat(0, "hot", base, ones))}
	}
	for name, c := range map[string]struct {
		d    *Data
		want map[string]Verdict
		says map[string]string
	}{
		"both matter":    {sweep(times(base, 0.3), times(base, 0.2)), map[string]Verdict{"G": Yes, "I": Yes}, map[string]string{"G": "4 / 1 at K = 20, inclusive (ratio 0.2", "I": "4 pairs, ratios "}},
		"neither does":   {sweep(times(base, 1.02), times(base, 0.98)), map[string]Verdict{"G": No, "I": No}, map[string]string{"G": "every interval excludes a factor of 1.5"}},
		"that is open":   {sweep(swing, base), map[string]Verdict{"G": Undecided, "I": Undecided}, map[string]string{"I": "2 of 4 intervals do not exclude"}},
		"no other asked": {sweep(base, base), map[string]Verdict{"H": "", "J": ""}, nil},
	} {
		fs, err := c.d.Findings("max_to_min")
		if err != nil {
			t.Fatal(err)
		}
		check(t, name, fs, c.want, c.says)
	}
	pairs, err := sweep(times(base, 0.3), base).GridPairs("anneal.end", "max_to_min")
	if err != nil || len(pairs) != 4 {
		t.Fatalf("%d pairs, %v", len(pairs), err)
	}
	// All eight differences have one sign: p = 2/2⁸. Holm: of four p's the two smallest are doubled at least.
	same := sweep(times(base, 0.3), base)
	for i := range same.Groups[0].Runs { // K = 1 at half-width 1, both ends
		same.Groups[0].Runs[i].Training, same.Groups[2].Runs[i].Training = fmt.Sprint(i), fmt.Sprint(i)
	}
	if pairs, err := same.GridPairs("anneal.end", "max_to_min"); err != nil || len(pairs) != 3 {
		t.Errorf("%d pairs where one is a group with itself, %v", len(pairs), err)
	}
	if p := pairs[0]; p.P != 2./256 || p.HolmP != 4*2./256 || p.Within != "half-width 1" || p.Of != "printed / inclusive" {
		t.Errorf("%+v", p)
	}
}

// RESULTS.md of several sweeps corrects over the rows of a table, lists verdicts by
// sweep, and says of a pilot that it is one.
func TestResultsOfSeveral(t *testing.T) {
	pilot := &Data{Name: "pilot", Groups: []Group{flat(0, "cold", times(base, 9)[:3], ones), flat(5, "", base[:3], ones)}}
	two := &Data{Name: "two.series", Groups: []Group{flat(0, "cold", times(base, 4), ones), flat(1, "", base, ones), flat(5, "", base, ones)}}
	for i := range 2 {
		g := flat([]int{1, 5}[i], "", [][]float64{swing, base}[i], ones)
		g.By = map[string]string{"schedule": "linear"}
		two.Groups = append(two.Groups, g)
	}
	two.Groups[0].Runs[1].Training, pilot.Groups[0].Runs[2].Training, pilot.Groups[0].Runs[1].Training = "a", "a", "b"
	b, err := Results([]*Data{two, pilot}, "max_to_min", "How.", func(*Data) []string { return nil })
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"- **1a. Annealed training oscillates less than training from scratch (cold).** Reproduced in `two.series`; undecided in `pilot`.",
		"- **2. The amplitude falls as the number of annealing steps K grows.** Not reproduced in `two.series` (1 of 2 series); undecided in `two.series` (1 of 2 series).",
		"these are 5 tests, of which 0.25 would give p < 0.05 by chance if nothing were different; 2 gave it.",
		"| [two.series](#sweep-twoseries): geometric | **reproduced**; rides on the FID level | K = 5 / cold | 0.2",
		"0.008 (Wilcoxon) | 0.023 |", // 2/2⁸ times three rows
		"**A pilot.** With 3 seeds no test can reach p < 0.05: nothing is decided here.",
		"### H. Does the schedule matter?",
		"**Shared.** 1 of 6 runs are trainings of `two.series` once more",
	} {
		if !strings.Contains(string(b), want) {
			t.Errorf("no %q in\n%s", want, b)
		}
	}
}

func TestAgainst(t *testing.T) {
	ones := slices.Repeat([]float64{1}, 8)
	mk := func(f float64) *Report {
		d := &Data{Groups: []Group{flat(0, "hot", base, ones), flat(1, "", times(base, f), ones), flat(5, "", base[:1], ones)}}
		r, err := d.Report("max_to_min")
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	for f, want := range map[float64]string{1.02: "intervals overlap", 4: "INTERVALS DO NOT OVERLAP"} {
		lines := Against(mk(f), mk(1))
		if len(lines) != 3 || lines[0].Verdict != "the same numbers" || lines[1].Verdict != want {
			t.Errorf("%+v", lines)
		}
	}
}
