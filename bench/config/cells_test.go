package config

import (
	"encoding/json"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"

	"fig5/bench/anneal"
)

const grid = `
name: grid
data: {name: mixture}
model: {name: toy}
anneal:
  steps: [0, 1, 3]
  baselines: [hot, cold]
  schedule: [geometric, {name: exponential, tau: 2}, {name: mine, levels: [0.5, 4]}]
  protocol: [{name: budget, iterations: 100}, {name: per-level, iterations: 50}]
train: {pretrain: 30, final: 200}
seeds: [2, 11]
`

func ids(cells []Cell) []string {
	var out []string
	for _, c := range cells {
		out = append(out, c.ID)
	}
	return out
}

func find(t *testing.T, cells []Cell, id string) Cell {
	t.Helper()
	for _, c := range cells {
		if c.ID == id {
			return c
		}
	}
	t.Fatalf("no cell %s among %v", id, ids(cells))
	return Cell{}
}

func TestCells(t *testing.T) {
	inf := math.Inf(1)
	cells := load(t, grid).Cells()
	want := []string{
		"cold-s02", "cold-s11", "warm-s02", "warm-s11", "hot-s02", "hot-s11", // warm is there as K = 0
		"geometric-budget100-k01-s02", "geometric-budget100-k01-s11", "geometric-budget100-k03-s02", "geometric-budget100-k03-s11",
		"geometric-per-level50-k01-s02", "geometric-per-level50-k01-s11", "geometric-per-level50-k03-s02", "geometric-per-level50-k03-s11",
		"exponential-tau2-budget100-k01-s02", "exponential-tau2-budget100-k01-s11", "exponential-tau2-budget100-k03-s02", "exponential-tau2-budget100-k03-s11",
		"exponential-tau2-per-level50-k01-s02", "exponential-tau2-per-level50-k01-s11", "exponential-tau2-per-level50-k03-s02", "exponential-tau2-per-level50-k03-s11",
		"mine-budget100-k02-s02", "mine-budget100-k02-s11",
	}
	if got := ids(cells); !slices.Equal(got, want) {
		t.Errorf("cells %v\nwant  %v", got, want)
	}
	for _, want := range []Cell{
		{ID: "cold-s11", Baseline: "cold", Seed: 11, Levels: []anneal.Level{{Beta: inf, Iterations: 200}}, Iterations: 200, By: map[string]string{"baseline": "cold"}},
		{ID: "warm-s02", Baseline: "warm", Seed: 2, Levels: []anneal.Level{{Beta: inf, Iterations: 200}}, Pretrain: 30, Iterations: 200, By: map[string]string{"baseline": "warm"}},
		// The longest annealing is 50 iterations at each of 3 levels.
		{ID: "hot-s02", Baseline: "hot", Seed: 2, Levels: []anneal.Level{{Beta: 0, Iterations: 150}, {Beta: inf, Iterations: 200}}, Pretrain: 30, Iterations: 350, By: map[string]string{"baseline": "hot"}},
		{ID: "geometric-budget100-k03-s02", K: 3, Seed: 2, Schedule: "geometric", Protocol: "budget 100",
			Levels:   []anneal.Level{{Beta: .1, Iterations: 34}, {Beta: 1, Iterations: 33}, {Beta: 10, Iterations: 33}, {Beta: inf, Iterations: 200}},
			Pretrain: 30, Iterations: 300, By: map[string]string{"schedule": "geometric", "anneal.protocol": "budget 100"}},
		// 50 at each of its two levels are the budget of 100: trained once, under the first name.
		{ID: "mine-budget100-k02-s11", K: 2, Seed: 11, Schedule: "mine", Protocol: "budget 100",
			Levels:   []anneal.Level{{Beta: .5, Iterations: 50}, {Beta: 4, Iterations: 50}, {Beta: inf, Iterations: 200}},
			Pretrain: 30, Iterations: 300, By: map[string]string{"schedule": "mine", "anneal.protocol": "budget 100"}},
	} {
		if got := find(t, cells, want.ID); !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
		b, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var back Cell
		if err := json.Unmarshal(b, &back); err != nil || !reflect.DeepEqual(back, want) {
			t.Errorf("%s reads back as %+v, %v", b, back, err)
		}
	}
	if got := find(t, cells, "geometric-budget100-k01-s02").Betas(); !reflect.DeepEqual(got, []float64{.1}) {
		t.Errorf("K = 1 has levels %v, want beta_1", got)
	}
	if got := find(t, cells, "hot-s02").Betas(); len(got) != 0 {
		t.Errorf("hot has levels %v", got)
	}
}

// A ladder that two protocols give alike is one training in two groups.
func TestGroupsShareTwins(t *testing.T) {
	c := load(t, minimal, "seeds=[3, 4]", "anneal.steps=[1, 4]", "train.final=200", "anneal.baselines=[cold, {name: hot, iterations: [50, 200]}]",
		"anneal.protocol=[{name: per-level, iterations: 50}, {name: budget, iterations: 200}]")
	want := []string{"cold-s03", "cold-s04", "hot50-s03", "hot50-s04", "hot200-s03", "hot200-s04",
		"geometric-per-level50-k01-s03", "geometric-per-level50-k01-s04", "geometric-per-level50-k04-s03", "geometric-per-level50-k04-s04",
		"geometric-budget200-k01-s03", "geometric-budget200-k01-s04"}
	if got := ids(c.Cells()); !slices.Equal(got, want) {
		t.Errorf("cells %v\nwant  %v", got, want)
	}
	groups := c.Groups()
	if len(groups) != 7 {
		t.Fatalf("%d groups, want 7", len(groups))
	}
	last := groups[6]
	if got := ids(last.Cells); last.K != 4 || last.By["anneal.protocol"] != "budget 200" || !slices.Equal(got, want[8:10]) {
		t.Errorf("group %+v has %v", last.By, got)
	}
	hot := groups[1]
	if hot.Baseline != "hot" || hot.By["iterations"] != "50" || hot.Cells[0].Levels[0] != (anneal.Level{Beta: 0, Iterations: 50}) || hot.Cells[0].Iterations != 250 {
		t.Errorf("hot of 50: %+v", hot)
	}
}

// K = 0 and the warm baseline are one cell a seed, whichever of them is asked for.
func TestZeroStepsIsWarm(t *testing.T) {
	for _, c := range []struct{ steps, baselines string }{{"[0, 1]", "[]"}, {"[1]", "[warm]"}, {"[0, 1]", "[warm]"}} {
		cells := load(t, minimal, "anneal.steps="+c.steps, "anneal.baselines="+c.baselines, "seeds=2").Cells()
		if got, want := strings.Join(ids(cells)[:2], " "), "warm-s00 warm-s01"; got != want || len(cells) != 4 {
			t.Errorf("steps %s, baselines %s: %v", c.steps, c.baselines, ids(cells))
		}
	}
}

// Ends and half widths are a grid too; what does not depend on them is there once, and
// a single one leaves no trace in names, coordinates and JSON.
func TestCellsOfEndsAndWidths(t *testing.T) {
	one := load(t, minimal, "seeds=[1]", "anneal.steps=[3]")
	many := load(t, minimal, "seeds=[1]", "anneal.steps=[3]", "anneal.end=[inclusive, printed]", "anneal.box.half_width=[0.5, 2, 1.0e+12]",
		"anneal.schedule=[geometric, {name: mine, levels: [0.5, 4]}]")
	want := []string{
		"cold-s01", "warm-s01", "hot-s01",
		"geometric-inclusive-w0.5-budget10000-k03-s01", "geometric-inclusive-w2-budget10000-k03-s01", "geometric-inclusive-w1e12-budget10000-k03-s01",
		"geometric-printed-w0.5-budget10000-k03-s01", "geometric-printed-w2-budget10000-k03-s01", "geometric-printed-w1e12-budget10000-k03-s01",
		"mine-w0.5-budget10000-k02-s01", "mine-w2-budget10000-k02-s01", "mine-w1e12-budget10000-k02-s01",
	}
	cells := many.Cells()
	if got := ids(cells); !slices.Equal(got, want) {
		t.Errorf("cells %v\nwant  %v", got, want)
	}
	cell := find(t, cells, "geometric-printed-w0.5-budget10000-k03-s01")
	if want := map[string]string{"schedule": "geometric", "anneal.end": "printed", "anneal.box.half_width": "0.5", "anneal.protocol": "budget 10000"}; !reflect.DeepEqual(cell.By, want) {
		t.Errorf("by %v", cell.By)
	}
	if got, want := many.BoxOf(cell), (anneal.Box{Kind: "reflect", HalfWidth: 0.5}); got != want {
		t.Errorf("box %v", got)
	}
	if got := cell.Betas()[2]; math.Abs(got-0.1*math.Pow(100, 2./3)) > 1e-12 { // Algorithm 1: b (B/b)^(k/K)
		t.Errorf("the last level is %v", got)
	}
	if by := find(t, cells, "mine-w2-budget10000-k02-s01").By; by["anneal.end"] != "" {
		t.Errorf("a list of levels has an end: %v", by)
	}
	// The same training has the same fingerprint whatever grid it is in.
	for _, p := range [][2]string{
		{"geometric-budget10000-k03-s01", "geometric-inclusive-w2-budget10000-k03-s01"}, {"hot-s01", "hot-s01"}, {"cold-s01", "cold-s01"},
	} {
		if one.Fingerprint(find(t, one.Cells(), p[0])) != many.Fingerprint(find(t, cells, p[1])) {
			t.Errorf("%s and %s have two fingerprints", p[0], p[1])
		}
	}
	seen := map[string]string{}
	for _, c := range cells {
		f := many.Fingerprint(c)
		if other := seen[f]; other != "" {
			t.Errorf("%s and %s have one fingerprint", c.ID, other)
		}
		seen[f] = c.ID
	}
	b, err := json.Marshal([]any{one.Cells(), one})
	if err != nil {
		t.Fatal(err)
	}
	if s := string(b); strings.Count(s, "half_width") != 1 || !strings.Contains(s, `"end":"inclusive","box":{"kind":"reflect","half_width":2}`) {
		t.Errorf("a single end and half width are written as %s", s)
	}
	roundTrip(t, many)
	if _, err := Load("c.yaml", []string{"anneal.box.half_width=[0.5, 2]", "anneal.end=printed"}); err != nil {
		t.Error(err)
	}
}

// A cell keeps its ID and its fingerprint when the grid around it grows, except that
// hot is as long as the longest annealing.
func TestCellsAreStable(t *testing.T) {
	small := load(t, minimal, "seeds=[1]")
	large := load(t, minimal, "seeds=12", "anneal.steps=[0, 1, 2, 50, 100]", "anneal.schedule=[linear, geometric, {name: mine, levels: [1]}]",
		"anneal.protocol=[{name: budget, iterations: 500}, {name: budget, iterations: 10000}]", "analysis.window=5", "name=other", "train.checkpoint=7", "slurm.nice=1")
	all := large.Cells()
	for _, c := range small.Cells() {
		grown := find(t, all, c.ID)
		if !reflect.DeepEqual(c, grown) {
			t.Errorf("%+v became %+v", c, grown)
		}
		if small.Fingerprint(c) != large.Fingerprint(grown) {
			t.Errorf("%s has another fingerprint", c.ID)
		}
	}
	if small.PretrainFingerprint(1) != large.PretrainFingerprint(1) {
		t.Error("the pretraining has another fingerprint")
	}
}

// Changes is true of the keys that a fingerprint changes with, and of no other.
func TestChanges(t *testing.T) {
	const module = "fid={features: {torchscript: m.pt, sha256: 9a129038d9a00aed0cf6a7ea059ca50a813449061ab87848cf1a13eafdf33b2c}}"
	fingerprints := func(sets ...string) map[string]bool {
		c := load(t, minimal, append([]string{"data={name: images, path: a}", "model=mnist-fc", module}, sets...)...)
		f := map[string]bool{}
		for _, cell := range c.Cells() {
			f[c.Fingerprint(cell)] = true
		}
		return f
	}
	base := fingerprints()
	values := map[string]string{
		"name": "other", "data.name": "mnist", "data.path": "b", "data.size": "32", "data.crop": "data={name: celeba, crop: 100}", "data.count": "data={name: faces, count: 700}", "model.name": "", "model.width": "model={name: dcgan, width: 7}", "model.discriminator_norm": "none",
		"anneal.steps": "[2]", "anneal.baselines.name": "anneal.baselines=[cold]", "anneal.baselines.iterations": "",
		"anneal.schedule.name": "", "anneal.schedule.tau": "", "anneal.schedule.levels": "",
		"anneal.protocol.name": "", "anneal.protocol.iterations": "",
		"anneal.beta": "[0.2, 9]", "anneal.end": "printed", "anneal.box.kind": "clip", "anneal.box.half_width": "3",
		"train.pretrain": "7", "train.final": "70000", "train.batch": "7", "train.loss": "nonsaturating", "train.checkpoint": "7", "train.snapshots": "[7]",
		"train.optimizer.name": "train.optimizer={name: sgd, lr: 1}", "train.optimizer.lr": "1", "train.optimizer.beta1": "0.7",
		"train.optimizer.beta2": "0.7", "train.optimizer.eps": "1", "train.optimizer.momentum": "train.optimizer={name: sgd, lr: 1, momentum: 0.7}",
		"train.device": "cuda:0", "train.engine": "torch", "fid.every": "7", "fid.samples": "7",
		"fid.features.name": "fid.features=raw", "fid.features.torchscript": "n.pt", "fid.features.size": "7", "fid.features.sha256": strings.Repeat("0a", 32),
		"seeds": "5", "slurm.time": "5", "analysis.window": "7", "analysis.lowpass.cutoff": "0.7", "analysis.lowpass.period": "777",
	}
	for _, k := range Keys {
		if _, ok := values[k.Path]; !ok && !strings.HasPrefix(k.Path, "analysis.") {
			t.Errorf("%s is not tried", k.Path)
		}
	}
	for key, value := range values {
		if value == "" { // tells one grid from another, or has no second value here
			if strings.HasPrefix(key, "anneal.") && Changes(key) {
				t.Errorf("%s: is a part of the grid", key)
			}
			continue
		}
		set := key + "=" + value
		if strings.Contains(value, "=") {
			set = value
		}
		other := fingerprints(set)
		old := 0
		for f := range other {
			if base[f] {
				old++
			}
		}
		if same := old == len(other); same == Changes(key) {
			t.Errorf("%s: %d of %d fingerprints stay, Changes is %v", set, old, len(other), Changes(key))
		}
	}
	for key, want := range map[string]bool{"anneal.beta.0": true, "anneal.steps.3": false, "names": true, "analysis": false} {
		if Changes(key) != want {
			t.Errorf("%s: Changes is %v", key, Changes(key))
		}
	}
}

// A config that cannot be encoded has a fingerprint of its own.
func TestFingerprintOfNaN(t *testing.T) {
	a, b := load(t, minimal), load(t, minimal)
	a.Train.Optimizer.LR, b.Train.Optimizer.LR = math.NaN(), math.Inf(1)
	if fa, fb := a.PretrainFingerprint(0), b.PretrainFingerprint(0); fa == fb || len(fa) != 16 || fa != a.PretrainFingerprint(0) {
		t.Errorf("fingerprints %s and %s", fa, fb)
	}
}

func TestFingerprint(t *testing.T) {
	base := load(t, minimal)
	cell := func(c *Config, id string) Cell { return find(t, c.Cells(), id) }
	const id, pre = "geometric-budget10000-k02-s03", "pretraining"
	// A hash that changes makes every recorded run one of other settings.
	if got, want := base.Fingerprint(cell(base, id)), "b4a3356fb0537497"; got != want {
		t.Errorf("fingerprint %s, want %s", got, want)
	}
	if got, want := base.PretrainFingerprint(3), "8384155f52629b9d"; got != want {
		t.Errorf("fingerprint of the pretraining %s, want %s", got, want)
	}
	if base.PretrainFingerprint(3) == base.PretrainFingerprint(4) || base.Fingerprint(cell(base, id)) == base.Fingerprint(cell(base, "geometric-budget10000-k02-s04")) {
		t.Error("two seeds have one fingerprint")
	}
	for _, c := range []struct {
		set             string
		curve, pretrain bool // what changes
	}{
		{"name=x", false, false},
		{"analysis.window=70", false, false},
		{"train.checkpoint=9", false, false},
		{"seeds=20", false, false},
		{"slurm.nice=1", false, false},
		{"anneal.steps=[2, 3]", false, false},
		{"anneal.box.half_width=4", true, false},
		{"anneal.box.kind=clip", true, false},
		{"anneal.end=printed", true, false},
		{"anneal.beta=[0.1, 11]", true, false},
		{"train.final=90000", true, false},
		{"fid.every=50", true, false},
		{"fid.samples=1000", true, false},
		{"train.pretrain=2000", true, true},
		{"train.batch=32", true, true},
		{"train.loss=nonsaturating", true, true},
		{"train.optimizer.lr=0.1", true, true},
		{"train.engine=torch", true, true},
		{"train.device=cuda:0", true, true},
		{"data.name=cubes", true, true},
	} {
		other := load(t, minimal, c.set)
		if got := other.Fingerprint(cell(other, id)) != base.Fingerprint(cell(base, id)); got != c.curve {
			t.Errorf("%s: the cell's fingerprint changes: %v, want %v", c.set, got, c.curve)
		}
		if got := other.PretrainFingerprint(3) != base.PretrainFingerprint(3); got != c.pretrain {
			t.Errorf("%s: the %s's fingerprint changes: %v, want %v", c.set, pre, got, c.pretrain)
		}
	}
	wide := load(t, minimal, "anneal.box.half_width=4")
	for _, name := range []string{"cold-s00", "warm-s00", "hot-s00"} {
		if base.Fingerprint(cell(base, name)) != wide.Fingerprint(cell(wide, name)) {
			t.Errorf("%s depends on a box in which it is never heated", name)
		}
	}
	warm := load(t, minimal, "train.pretrain=2000")
	if base.Fingerprint(cell(base, "cold-s00")) != warm.Fingerprint(cell(warm, "cold-s00")) {
		t.Error("cold depends on a pretraining that it has not")
	}
}

// read is the sweep in a text with sets applied.
func read(file, text string, sets ...string) (*Config, error) {
	r := newReader()
	return r.finish(r.parse(file, []byte(text)), sets)
}

// Groups does not hide what is wrong with a config that was changed by hand.
func TestGroupsOfChangedConfig(t *testing.T) {
	c := load(t, minimal)
	c.Anneal.Protocol[0].Iterations = 1
	defer func() {
		if got, want := recover(), "config: changed after it was checked: anneal.protocol.0: a budget of 1 iterations is too small for 2 levels"; got != want {
			t.Errorf("panics with %v, want %s", got, want)
		}
	}()
	c.Cells()
}

// roundTrip checks that a config reads back equal from its YAML and its JSON.
func roundTrip(t testing.TB, c *Config) {
	t.Helper()
	b, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var fromJSON Config
	if err := json.Unmarshal(b, &fromJSON); err != nil {
		t.Fatalf("%v in %s", err, b)
	}
	if !reflect.DeepEqual(&fromJSON, c) {
		t.Fatalf("from JSON %+v\nwas       %+v", &fromJSON, c)
	}
	y, err := yaml.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	fromYAML, err := read("resolved.yaml", string(y))
	if err != nil {
		t.Fatalf("%v in\n%s", err, y)
	}
	if !reflect.DeepEqual(fromYAML, c) {
		t.Fatalf("from YAML %+v\nwas       %+v\n%s", fromYAML, c, y)
	}
}

func TestRoundTrip(t *testing.T) {
	for _, sets := range [][]string{
		nil,
		{"data={name: mnist, path: 'a: \"b\" # c'}", "model=mnist-fc"},
		{"data={name: images, path: '1', size: 28}", "model=mnist-fc"},
		{"anneal.baselines=[]", "anneal.schedule=[exponential, {name: '5', levels: [0, 1.0e-300, 1.0e+12]}]"},
		{"train.optimizer={name: sgd, lr: 1.0e-320}", "anneal.protocol=[{name: per-level, iterations: 1}, budget]"},
		{"analysis={lowpass: {name: savgol, window: 5, polyorder: 0}, knee: {name: kneedle, sensitivity: 0, online: false}}"},
		{"analysis.lowpass.period=2.5e+6", "fid.every=1000"},
		{"analysis={lowpass: none, knee: none}", "slurm={mem: '07', nice: 5, exclusive: true, comment: 'a: #b'}"},
	} {
		roundTrip(t, load(t, minimal, sets...))
	}
	rapid.Check(t, func(r *rapid.T) {
		c := load(t, minimal)
		c.Anneal.Steps = rapid.SliceOfNDistinct(rapid.IntRange(0, 400), 1, 5, rapid.ID[int]).Draw(r, "steps")
		c.Anneal.Steps[0] = 1 + len(c.Anneal.Steps)*400 // at least one that is not 0
		c.Anneal.Beta[0] = rapid.Float64Range(1e-9, 1).Draw(r, "beta_1")
		c.Train.Optimizer.LR = rapid.Float64Range(1e-12, 1).Draw(r, "lr")
		c.Analysis.Window = rapid.Float64Range(1e-3, 1e9).Draw(r, "window")
		c.Name = rapid.StringMatching(`[A-Za-z0-9][A-Za-z0-9._-]{0,20}`).Draw(r, "name")
		c.Seeds = rapid.SliceOfNDistinct(rapid.IntRange(0, 1e9), 1, 5, rapid.ID[int]).Draw(r, "seeds")
		roundTrip(t, c)
	})
}

func TestWarnings(t *testing.T) {
	if w := load(t, minimal).Warnings(); len(w) != 0 {
		t.Errorf("the defaults warn: %q", w)
	}
	got := load(t, minimal, "analysis.window=80000", "analysis.knee.least=1", "seeds=5").Warnings()
	want := []string{
		"analysis.window: 80000 iterations after the knee do not fit in the 80000 of train.final; every cell will be unsettled",
		"seeds: 5; fewer than 6 decide no test at the 5 % level",
	}
	if !slices.Equal(got, want) {
		t.Errorf("warnings %q", got)
	}
}

// Nothing that is read brings the reader down, every refusal is one line, and what is
// accepted has distinct cells and reads back equal.
func FuzzConfig(f *testing.F) {
	f.Add(minimal)
	f.Add(grid)
	f.Add("name: x\ndata: *a\n")
	f.Add("{name: 1, data: {name: mixture}, model: toy, anneal: {steps: 1e2}, seeds: 0x3}")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := read("c.yaml", text)
		if err != nil {
			if strings.Contains(err.Error(), "\n") || !strings.HasPrefix(err.Error(), "c.yaml:") {
				t.Errorf("%q gives %q", text, err)
			}
			return
		}
		seen := map[string]bool{}
		for _, cell := range c.Cells() {
			if seen[cell.ID] {
				t.Errorf("two cells are %s", cell.ID)
			}
			seen[cell.ID] = true
		}
		roundTrip(t, c)
	})
}

// --set never brings the program down either.
func FuzzSet(f *testing.F) {
	f.Add("anneal.protocol.0.iterations=5")
	f.Add("train.optimizer={name: sgd, lr: 1}")
	f.Add("slurm.a.b=[1, {c: 2}]")
	f.Fuzz(func(t *testing.T, set string) {
		_, err := read("c.yaml", grid, set)
		if err != nil && !strings.HasPrefix(err.Error(), "--set") && !strings.HasPrefix(err.Error(), "c.yaml:") {
			t.Errorf("--set %q gives %q", set, err)
		}
	})
}

// A report reads the config of every run: it takes well under a millisecond.
func BenchmarkJSON(b *testing.B) {
	c, err := Load("../../configs/fig5-full.yaml", nil)
	if err != nil {
		b.Fatal(err)
	}
	text, err := json.Marshal(c)
	if err != nil {
		b.Fatal(err)
	}
	for range b.N {
		if err := json.Unmarshal(text, &Config{}); err != nil {
			b.Fatal(err)
		}
	}
}
