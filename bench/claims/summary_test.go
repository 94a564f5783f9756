package claims

import (
	"math"
	"slices"
	"strings"
	"testing"

	"fig5/bench/measure"
	"fig5/filters"
)

// Every run is counted once, and unsettled ones are in no average.
func TestSummarize(t *testing.T) {
	s := schedules()
	s.Groups[7].Runs[0].Status = measure.Diverged
	s.Groups[7].Runs[2].Status, s.Groups[7].Runs[2].Measured = measure.Missing, nil
	s.Groups[7].Runs[4].Won = true
	s.Groups[7].Runs[5].Measured.Knee = filters.KneeResult{Limit: true}
	r, err := Summarize(s, "max_to_min")
	if err != nil {
		t.Fatal(err)
	}
	g := r.Groups[7]
	if g.N != 4 || g.Unsettled != 1 || g.Failed != 2 || g.Diverged != 1 || g.Missing != 1 || g.Won != 1 || g.Moving != 1 {
		t.Errorf("%+v", g)
	}
	if g.Name != "linear, K = 20" || r.Groups[1].Name != "hot" || !slices.Equal(g.Seeds, []int{4, 5, 6, 7}) {
		t.Errorf("%q of seeds %v", g.Name, g.Seeds)
	}
	near(t, "geometric mean", float64(g.GeoMean), math.Pow(0.020*0.012*0.013*0.0105, 0.25))
	if g.Floor.Median != 0.0021 || r.RealFloor.Median != 0.0012 || g.Level.Median != 0.1 {
		t.Errorf("floor %v, real floor %v, level %v", g.Floor, r.RealFloor, g.Level)
	}
	if !slices.Contains(r.Warnings, "fewer than 6 settled seeds: linear, K = 20 4") {
		t.Errorf("%q", r.Warnings)
	}
	if trend := r.Trends[1]; trend.Seeds != 6 || trend.Warnings[0] != "2 of 8 seeds have no result at every K and are left out of Page's test" {
		t.Errorf("%+v", trend)
	}
	// An amplitude that is not defined counts as unsettled.
	if r, err = Summarize(s, "peak_to_trough"); err != nil || r.Groups[0].N != 0 || r.Groups[0].Unsettled != 8 || r.Groups[0].GeoMean.Defined() {
		t.Errorf("%+v, %v", r.Groups[0], err)
	}
	if _, err := Summarize(s, "loudness"); err == nil {
		t.Error("by loudness")
	}
}

// Where anneal.steps names K = 0, a trend begins at the warm baseline; its slope does not.
func TestTrendFromWarm(t *testing.T) {
	s := schedules()
	s.Config = loaded(t, "zero", "")
	s.Config.Anneal.Steps = []int{0, 1, 5, 20}
	r, err := Summarize(s, "max_to_min")
	if err != nil {
		t.Fatal(err)
	}
	s.Config = nil
	without, err := Summarize(s, "max_to_min")
	if err != nil {
		t.Fatal(err)
	}
	if a, b := r.Trends[0], without.Trends[0]; !slices.Equal(a.K, []int{0, 1, 5, 20}) || !slices.Equal(b.K, []int{1, 5, 20}) || a.Slope != b.Slope || a.PageL == b.PageL {
		t.Errorf("%+v and %+v", a, b)
	}
}

// Warnings of many curves are one note a kind, with the settings that mend them all.
func TestNotes(t *testing.T) {
	s := &measure.Sweep{Analysis: filters.DefaultAnalysis()}
	for k := 1; k <= 20; k++ {
		g := measure.Group{By: map[string]string{"schedule": "geometric"}, K: k}
		for seed := range 10 {
			r := &measure.Run{Seed: seed, Status: measure.Settled, Measured: &filters.Measurement{}, X: []float64{0, 70000, 140000}}
			if seed != 3 && seed < 8 {
				r.Measured.Warnings = []filters.Warning{{Kind: filters.Shift, Remedy: filters.Remedy{Least: 1000 * float64(k)}}}
			}
			g.Runs = append(g.Runs, r)
		}
		s.Groups = append(s.Groups, g)
	}
	n := notes(s)
	if len(n) != 1 || len(n[0].Places) != 20 || !strings.HasSuffix(n[0].Text(), ": 140 of 200 runs (K = 1: seeds 0 to 2 and 4 to 7; K = 2: seeds 0 to 2 and 4 to 7; K = 3: seeds 0 to 2 and 4 to 7; "+
		"K = 4: seeds 0 to 2 and 4 to 7; K = 5: seeds 0 to 2 and 4 to 7; K = 6: seeds 0 to 2 and 4 to 7; K = 7: seeds 0 to 2 and 4 to 7; K = 8: seeds 0 to 2 and 4 to 7; and 12 more groups); "+
		"to begin behind it: --set analysis.knee.least=20000") {
		t.Errorf("%+v", n)
	}
	if got := n[0].at(n[0].Places[3], 10); !strings.HasSuffix(got.Text(), ": 7 of 10 runs (seeds 0 to 2 and 4 to 7); to begin behind it: --set analysis.knee.least=20000") {
		t.Errorf("%+v", got)
	}
	// Runs that stand in two groups count once.
	s.Groups[19].Runs = s.Groups[18].Runs
	if n := notes(s); !strings.Contains(n[0].Text(), ": 133 of 190 runs (") || len(n[0].Places) != 20 {
		t.Errorf("%+v", n)
	}
	// An unsettled run has the notes of its length alone.
	for _, g := range s.Groups {
		for _, r := range g.Runs {
			r.Status = measure.Unsettled
			r.Measured.Warnings = append(r.Measured.Warnings, filters.Warning{Kind: filters.Incomplete, Remedy: filters.Remedy{Window: 30000 + float64(r.Seed)}})
		}
	}
	if n := notes(s); len(n) != 1 || !strings.HasPrefix(n[0].Text(), "the curve is too short for the window: no amplitude: 190 of 190 runs (") || !strings.HasSuffix(n[0].Text(), "; a window that fits: --set analysis.window=30000") {
		t.Errorf("%+v", n)
	}
	s.Groups[0].Runs[0].Status = measure.Settled // where one settles, the others are unsettled and no more
	if n := notes(s); len(n) != 1 || !strings.HasPrefix(n[0].Text(), "the level shifts") {
		t.Errorf("%+v", n)
	}
	for _, kind := range []filters.Kind{filters.NoKnee, filters.Incomplete, filters.FewPoints, filters.Moving, filters.Shift, filters.Dense, filters.Sparse} {
		r := s.Groups[0].Runs[0]
		r.Measured.Warnings = []filters.Warning{{Kind: kind}}
		if kind == filters.Incomplete {
			continue // it has settled
		}
		if n := notes(&measure.Sweep{Groups: s.Groups[:1]}); len(n) != 1 || !strings.HasSuffix(n[0].Text(), ": 1 of 10 runs (seed 0)") {
			t.Errorf("%s: %+v", kind, n)
		}
	}
}

// Groups beside recorded ones.
func TestAgainst(t *testing.T) {
	of := func(f float64) *Summary {
		s := &measure.Sweep{Groups: []measure.Group{baseline("hot", high...), group(grid("g", "b"), 1, "", times(high, f)...), group(grid("g", "b"), 5, "", high[0]*f), group(grid("g", "b"), int(7*f), "", high...)}}
		r, err := Summarize(s, "max_to_min")
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	for f, want := range map[float64]Beside{1.02: Overlap, 4: Apart} {
		rows := Against(of(f), of(1))
		var got []Beside
		for _, r := range rows {
			got = append(got, r.Verdict)
		}
		if f == 1.02 { // K = 7 there, too
			got = got[:3]
		}
		if !slices.Equal(got, []Beside{Same, want, NoInterval}) {
			t.Errorf("times %v: %q", f, got)
		}
	}
	here, recorded := steady().sweep(), steady().sweep()
	for i := range here.Groups {
		for j, r := range here.Groups[i].Runs {
			r.ID, r.Training = here.Names()[i], "a"
			recorded.Groups[i].Runs[j].ID, recorded.Groups[i].Runs[j].Training = r.ID, "a"
		}
	}
	if ids := TrainedOtherwise(here, recorded); ids != nil {
		t.Errorf("%q", ids)
	}
	here.Groups[1].Runs[0].Training = "b"
	if ids := TrainedOtherwise(here, recorded); !slices.Equal(ids, []string{"warm"}) {
		t.Errorf("%q", ids)
	}
}
