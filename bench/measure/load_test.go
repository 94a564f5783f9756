package measure

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"fig5/bench/config"
	"fig5/bench/curves"
	"fig5/bench/record"
)

func load1(t testing.TB, c *config.Config, dir record.Sweep) *Sweep {
	t.Helper()
	s, err := Load(c, dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// sameRuns tells whether two sweeps have the same groups of runs, measured alike.
func sameRuns(a, b *Sweep) bool {
	return slices.EqualFunc(a.Groups, b.Groups, func(g, h Group) bool {
		return reflect.DeepEqual(g.By, h.By) && slices.EqualFunc(g.Runs, h.Runs, func(r, s *Run) bool {
			return r.ID == s.ID && r.Status == s.Status && r.Won == s.Won && reflect.DeepEqual(r.Measured, s.Measured) && reflect.DeepEqual(r.Floor, s.Floor) && reflect.DeepEqual(r.Lost, s.Lost)
		})
	})
}

func TestLoad(t *testing.T) {
	c := loadConfig(t, small)
	ends := map[string]string{
		"warm-s00": "diverged", "warm-s01": "failed", "warm-s02": "running", "warm-s03": "missing",
		"hot500-s01": "unsettled", "geometric-per-level500-k05-s02": "won",
	}
	s := load1(t, c, writeSweep(t, t.TempDir(), c, ends))

	// K = 5 at 500 a level is K = 5 at 2500 in all: trained once, and in both groups.
	names := []string{"warm", "hot, 500 iterations", "hot, 2500 iterations", "per-level 500, K = 1", "per-level 500, K = 5", "budget 2500, K = 1", "budget 2500, K = 5"}
	if got := s.Names(); !slices.Equal(got, names) {
		t.Fatalf("%q", got)
	}
	if s.Runs() != 24 || s.Groups[4].Runs[0] != s.Groups[6].Runs[0] || !slices.Equal(s.Seeds(), []int{0, 1, 2, 3}) || !slices.Equal(s.Steps(), []int{1, 5}) {
		t.Errorf("%d runs, seeds %v, K %v", s.Runs(), s.Seeds(), s.Steps())
	}
	series := s.Series()
	if len(series) != 2 || series[0].Label != "per-level 500" || series[1].Label != "budget 2500" || len(series[1].Groups) != 2 || series[1].Groups[1] != &s.Groups[6] {
		t.Errorf("%+v", series)
	}
	for i, want := range []int{0, 500, 2500, 500, 2500, 2500, 2500} {
		if g := &s.Groups[i]; g.Annealing() != want || g.Runs[0].Trained() != 300+want+6000 {
			t.Errorf("%s: %d iterations of annealing, %d in all", names[i], g.Annealing(), g.Runs[0].Trained())
		}
	}
	if s.Hot(2500) != &s.Groups[2] || s.Hot(1000) != nil || s.Baseline("hot") != &s.Groups[1] || s.Baseline("cold") != nil || len(s.Baselines()) != 3 {
		t.Error("baselines")
	}

	warm := &s.Groups[0]
	for i, want := range []Status{Diverged, Failed, Missing, Missing} {
		r := warm.Runs[i]
		result := math.NaN()
		if want == Diverged {
			result = math.Inf(1)
		}
		if a := r.Amplitude("max_to_min"); r.Status != want || r.Measured != nil || a != result && !(math.IsNaN(a) && math.IsNaN(result)) {
			t.Errorf("%s: %s, %v", r.ID, r.Status, a)
		}
	}
	if warm.Runs[0].X == nil || warm.Runs[1].Message != "the worker was killed" || warm.Count(Missing, Failed) != 3 {
		t.Errorf("%+v", warm.Runs)
	}
	if ranked := warm.Ranked("sd"); len(ranked) != 1 || !math.IsInf(ranked[0], 1) {
		t.Errorf("ranked %v", ranked)
	}
	hot := &s.Groups[1]
	if values, seeds := hot.Values("max_to_min"); hot.Runs[1].Status != Unsettled || len(values) != 3 || !slices.Equal(seeds, []int{0, 2, 3}) || len(hot.FIDLevels()) != 3 || len(hot.FloorValues("sd")) != 4 {
		t.Errorf("hot: %s, %v of %v", hot.Runs[1].Status, values, seeds)
	}
	// Every oscillation is from -0.3 to 0.3 over K^0.35; the filter leaves nearly all of it.
	for _, g := range series[0].Groups {
		want := 0.6 / math.Pow(float64(g.K), 0.35)
		for _, r := range g.Runs {
			if a := r.Amplitude("max_to_min"); a < 0.8*want || a > 1.3*want {
				t.Errorf("%s: amplitude %v, want about %v", r.ID, a, want)
			}
			if r.Won != (ends[r.ID] == "won") {
				t.Errorf("%s: won %t", r.ID, r.Won)
			}
		}
	}
	if lost, of := s.Groups[3].LostModes(); lost != 1 || of != 4 || *s.Groups[3].Runs[0].Lost != 6 { // 30 rows, one of five
		t.Errorf("%d of %d runs lost a mode", lost, of)
	}
	if len(s.RealFloor) != 2 || len(s.Versions) != 1 || len(s.Machines) != 1 || s.Config != c {
		t.Errorf("%d floors, %v, %v", len(s.RealFloor), s.Versions, s.Machines)
	}
	want := []string{"2 of 24 runs are not finished", "warm-s00: diverged: the FID was not finite", "warm-s01: failed: the worker was killed"}
	if !slices.Equal(s.Warnings, want) {
		t.Errorf("%q", s.Warnings)
	}
}

// The same curves by another analysis are what the sweep is when it is loaded by it.
func TestRemeasure(t *testing.T) {
	c := loadConfig(t, small)
	dir := writeSweep(t, t.TempDir(), c, map[string]string{"warm-s00": "diverged", "hot500-s01": "unsettled"})
	s := load1(t, c, dir)
	for _, sets := range [][]string{
		nil,
		{"analysis.window=2000", "analysis.lowpass.cutoff=0.4"},
		{"analysis.knee={name: none, least: 1500}"},
		{"analysis.window=4000"}, // longer than the floors
	} {
		changed := loadConfig(t, small, sets...)
		want := load1(t, changed, dir)
		got, err := s.Remeasure(changed.Analysis)
		if err != nil {
			t.Fatal(err)
		}
		if !sameRuns(got, want) || !reflect.DeepEqual(got.RealFloor, want.RealFloor) || !slices.Equal(got.Warnings, want.Warnings) || got.Analysis != want.Analysis {
			t.Errorf("%q: %q, want %q", sets, got.Warnings, want.Warnings)
		}
		if got.Runs() != s.Runs() || got.Groups[4].Runs[0] != got.Groups[6].Runs[0] {
			t.Errorf("%q: %d runs", sets, got.Runs())
		}
		if long := changed.Analysis.Window > 3000; long != (got.Groups[1].Runs[0].Floor == nil) || long != strings.HasSuffix(strings.Join(got.Warnings, "\n"), shortFloor) {
			t.Errorf("%q: a floor of 3000 iterations: %+v, %q", sets, got.Groups[1].Runs[0].Floor, got.Warnings)
		}
	}
	if s.Groups[1].Runs[0].Measured.Window.To-s.Groups[1].Runs[0].Measured.Window.From != 3000 {
		t.Error("the sweep itself is changed")
	}
	a := s.Analysis
	a.Lowpass.Order, a.Lowpass.Cutoff = 12, 2
	if _, err := s.Remeasure(a); err == nil || !strings.HasPrefix(err.Error(), string(dir)) {
		t.Error(err)
	}
}

// A run measured as a part of its sweep, by itself and by the file of its curve is the same.
func TestOneWayToMeasure(t *testing.T) {
	c := loadConfig(t, small)
	dir := writeSweep(t, t.TempDir(), c, nil)
	s := load1(t, c, dir)
	for _, g := range s.Groups {
		for _, r := range g.Runs {
			d := dir.Cell(r.ID)
			manifest, err := d.Load()
			if err != nil {
				t.Fatal(err)
			}
			curve, floor, err := MeasureRun(d, manifest)
			if err != nil {
				t.Fatal(err)
			}
			o, err := Curves(context.Background(), []curves.Input{{File: d.Curve(), Run: d}}, curves.Columns{}, nil, nil)
			if err != nil || o[0].Err != nil {
				t.Fatal(err, o[0].Err)
			}
			if !reflect.DeepEqual(&curve.Measurement, r.Measured) || !reflect.DeepEqual(&o[0].Result.Measurement, r.Measured) || !reflect.DeepEqual(&floor.Amplitude, r.Floor) {
				t.Errorf("%s: %+v, %+v and %+v", r.ID, r.Measured.Knee, curve.Knee, o[0].Result.Knee)
			}
		}
	}
}

func TestOpen(t *testing.T) {
	root := t.TempDir()
	c := loadConfig(t, small, "seeds=2")
	one := writeSweep(t, root, c, nil)
	// A sweep in a folder called as that of pretrainings, with one in it, is a sweep; a
	// pretraining is none.
	other := loadConfig(t, small, "seeds=1", "name=other")
	two := record.OpenSweep(root, "pretrain")
	if err := os.Rename(string(writeSweep(t, root, other, nil)), string(two)); err != nil {
		t.Fatal(err)
	}
	writePretraining(t, one, c, 0)
	writePretraining(t, two, other, 0)
	names := func(sweeps []*Sweep) (out []string) {
		for _, s := range sweeps {
			out = append(out, s.Name)
		}
		return out
	}
	sweeps, err := Open(root, "", []string{"analysis.window=2000"})
	if err != nil || !slices.Equal(names(sweeps), []string{"other", "small"}) || sweeps[0].Analysis.Window != 2000 {
		t.Fatalf("%v, %v", names(sweeps), err)
	}
	path := filepath.Join(root, "c.yaml")
	write(t, path, small)
	sweeps, err = Open(path, root, []string{"seeds=2"})
	if err != nil || !sameRuns(sweeps[0], load1(t, c, one)) {
		t.Error(err)
	}
	// A sweep that grew is measured by the config that most of its runs are of.
	grown := loadConfig(t, small, "seeds=3")
	cell := grown.Cells()[2]
	if err := os.RemoveAll(string(one.Cell(cell.ID))); err != nil {
		t.Fatal(err)
	}
	writeSweep(t, root, grown, map[string]string{})
	sweeps, err = Open(string(one)+"/", "", nil) // as a shell completes it
	if err != nil || len(sweeps) != 1 || sweeps[0].Runs() != 3*6 {
		t.Errorf("%v, %v", names(sweeps), err)
	}
	for arg, want := range map[string]string{
		filepath.Join(root, "none.yaml"): "none.yaml: no such file or directory",
		t.TempDir():                      "no run folder",
		string(two.Pretrain(0)):          "no run of a sweep here or below",
		filepath.Join(root, "small", "pretrain") + "/../../": "",
	} {
		_, err := Open(arg, root, nil)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), strings.TrimSuffix(arg, "/../../"))) {
			t.Errorf("%s: %v, want %q", arg, err, want)
		}
	}
}

func TestRecordedOrder(t *testing.T) {
	repository := t.TempDir()
	root, configs := filepath.Join(repository, "runs", "recorded"), filepath.Join(repository, "configs")
	if err := os.Mkdir(configs, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"b", "fig5", "fig5-full", "a", "fig5-confirm"} {
		c := loadConfig(t, small, "seeds=1", "name="+name)
		writeSweep(t, root, c, nil)
		if name == "fig5" {
			write(t, filepath.Join(configs, "fig5.yaml"), strings.Replace(strings.Replace(small, "name: small", "name: fig5", 1), "window: 3000", "window: 2000", 1))
		}
	}
	part := loadConfig(t, small, "seeds=1", "name=part")
	writeSweep(t, root, part, map[string]string{part.Cells()[0].ID: "missing"})
	sweeps, partial, err := Recorded(root)
	if err != nil || len(partial) != 1 || partial[0].Name != "part" || partial[0].Missing() != 1 {
		t.Fatalf("%d sweeps are partial: %v", len(partial), err)
	}
	var names []string
	for _, s := range sweeps {
		names = append(names, s.Name)
		if want := map[bool]float64{true: 2000, false: 3000}[s.Name == "fig5"]; s.Analysis.Window != want || s.Config.Analysis.Window != want {
			t.Errorf("%s: window %v, want %v", s.Name, s.Analysis.Window, want)
		}
	}
	if !slices.Equal(names, []string{"fig5-confirm", "fig5-full", "fig5", "a", "b"}) {
		t.Errorf("%q", names)
	}
	// So is a folder that a user names, and a run in it, and each says so.
	found, err := Find(filepath.Join(root, "fig5"), "", []string{"analysis.knee.least=500"})
	if err != nil || found[0].Config.Analysis.Window != 2000 || found[0].Config.Analysis.Knee.Least != 500 || !strings.Contains(found[0].Note, "measured as "+filepath.Join(configs, "fig5.yaml")+" says") {
		t.Errorf("%+v, %v", found, err)
	}
	dir := found[0].Dir.Cell(found[0].Config.Cells()[0].ID)
	run, err := dir.Load()
	if err != nil {
		t.Fatal(err)
	}
	curve, _, err := MeasureRun(dir, run)
	if err != nil || curve.Window.To-curve.Window.From != 2000 || run.Config.Analysis.Window != 3000 || !slices.Equal(Notes([]record.Dir{dir, dir}), []string{found[0].Note}) {
		t.Errorf("%+v, %v", curve, err)
	}
	if found, err = Find(filepath.Join(root, "a"), "", nil); err != nil || found[0].Note != "" {
		t.Errorf("%+v, %v", found, err)
	}
}

// The committed runs are whole and are those that configs/ asks for.
func TestRecordedRuns(t *testing.T) {
	const root, configs = "../../runs/recorded", "../../configs"
	sweeps, _, err := Recorded(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sweeps {
		c, err := config.Load(filepath.Join(configs, s.Name+".yaml"), nil)
		if err != nil {
			t.Fatal(err)
		}
		if s.Analysis != c.Analysis || s.Runs() != len(c.Cells()) || len(s.RealFloor) == 0 {
			t.Errorf("%s: %d runs by %+v, the config asks for %d by %+v", s.Name, s.Runs(), s.Analysis, len(c.Cells()), c.Analysis)
		}
		for _, r := range s.Distinct() {
			if r.Status == Missing || r.Status == Failed {
				t.Errorf("%s: %s is %s", s.Name, r.ID, r.Status)
			}
			if r.Status == Settled && r.Floor == nil {
				t.Errorf("%s: %s has no noise floor", s.Name, r.ID)
			}
		}
	}
}
