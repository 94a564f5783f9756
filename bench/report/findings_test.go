package report

import (
	"math"
	"slices"
	"strings"
	"testing"

	"fig5/filters"
)

// flat is a group whose runs have the given amplitudes and relative amplitudes.
func flat(k int, baseline string, abs, rel []float64) Group {
	g := Group{By: map[string]string{"schedule": "geometric"}, K: k, Baseline: baseline}
	if baseline != "" {
		g.By = map[string]string{"baseline": baseline}
	}
	for i := range abs {
		m := &filters.Measurement{Level: abs[i] / rel[i], Amplitude: filters.Amplitude{MaxToMin: abs[i], Relative: &rel[i]}}
		r := Run{Seed: i, Status: Settled, Measured: m, Floor: &filters.Amplitude{MaxToMin: abs[0] / 20}}
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

// The wording follows the numbers.
func TestFindings(t *testing.T) {
	base := []float64{0.010, 0.013, 0.008, 0.011, 0.017, 0.009, 0.012, 0.014}
	ones := []float64{1, 1.2, 0.9, 1.1, 1, 0.95, 1.05, 1.15}
	shuffled := []float64{1.1, 1.02, 1.03, 0.97, 1.04, 1.08, 0.93, 1}
	swing := []float64{0.011, 0.03, 0.002, 0.02, 0.006, 0.03, 0.004, 0.012}
	for name, c := range map[string]struct {
		groups []Group
		want   map[string]Verdict
		says   map[string]string
	}{
		"the fall rides on the level": {
			[]Group{flat(0, "cold", times(base, 6), ones), flat(0, "hot", times(base, 0.5), ones), flat(1, "", base, ones), flat(2, "", times(base, 0.7), shuffled), flat(5, "", times(base, 0.5), ones)},
			map[string]Verdict{"1a": Reproduced, "2": Reproduced, "A": No, "B": No, "C": Yes},
			map[string]string{"2": "the data support a decrease", "A": "the fall rides on the FID level", "B": "the hot phase does as well"},
		},
		"no fall, and enough seeds to say so": {
			[]Group{flat(0, "warm", base, ones), flat(1, "", base, ones), flat(5, "", times(base, 1.05), ones)},
			map[string]Verdict{"1b": NotReproduced, "2": NotReproduced, "A": No},
			map[string]string{"2": "the data do not support a decrease", "A": "neither falls"},
		},
		"too much spread to say": {
			[]Group{flat(0, "hot", swing, ones), flat(1, "", base, ones), flat(5, "", swing, ones)},
			map[string]Verdict{"2": Undecided},
			map[string]string{"2": "about"},
		},
		"a ladder beats the hot phase": {
			[]Group{flat(0, "hot", times(base, 3), ones), flat(1, "", base, ones), flat(5, "", times(base, 0.5), times(ones, 0.5))},
			map[string]Verdict{"2": Reproduced, "A": Yes, "B": Yes},
			map[string]string{"A": "it falls relative to the level too", "B": "the ladder oscillates less"},
		},
	} {
		d := &Data{Name: name, Groups: c.groups}
		fs, err := d.Findings("max_to_min")
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]Finding{}
		for _, f := range fs {
			seen[f.ID] = f
		}
		for id, want := range c.want {
			if got := seen[id].Verdict; got != want {
				t.Errorf("%s: %s is %q, want %q: %s", name, id, got, want, seen[id].Text)
			}
		}
		for id, want := range c.says {
			if got := seen[id].Text + " " + seen[id].Settle; !strings.Contains(got, want) {
				t.Errorf("%s: %s says %q, not %q", name, id, got, want)
			}
		}
	}
}

func TestAgainst(t *testing.T) {
	base := []float64{0.010, 0.013, 0.008, 0.011, 0.017, 0.009, 0.012, 0.014}
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
