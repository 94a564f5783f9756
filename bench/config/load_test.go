package config

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"fig5/bench/anneal"
	"fig5/filters"
)

// minimal has the required keys and no other.
const minimal = `name: least
data: {name: mixture}
model: {name: toy}
anneal:
  steps: [1, 2]
`

// write puts files, named with slashes, into a new folder and makes it the working one.
func write(t testing.TB, files map[string]string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
}

func load(t testing.TB, text string, sets ...string) *Config {
	t.Helper()
	write(t, map[string]string{"c.yaml": text})
	c, err := Load("c.yaml", sets)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The defaults are those of docs/config.md, written down here a second time.
func TestDefaults(t *testing.T) {
	want := &Config{
		Name:  "least",
		Data:  Data{Name: "mixture"},
		Model: Model{Name: "toy"},
		Anneal: Anneal{
			Steps:     []int{1, 2},
			Baselines: []anneal.Baseline{{Name: "cold"}, {Name: "warm"}, {Name: "hot"}},
			Schedule:  []anneal.Schedule{{Name: "geometric"}},
			Protocol:  []anneal.Protocol{{Name: "budget", Iterations: 10000}},
			Beta:      []float64{.1, 10},
			End:       []string{"inclusive"},
			Box:       Box{Kind: "reflect", HalfWidth: []float64{2}},
		},
		Train: Train{
			Pretrain: 3000, Final: 80000, Batch: 64, Loss: "minimax",
			Optimizer:  Optimizer{Name: "adam", LR: 2e-4, Beta1: .5, Beta2: .999, Eps: 1e-8},
			Checkpoint: 5000, Device: "cpu", Engine: "auto",
		},
		FID:      FID{Every: 100, Samples: 2000, Features: Features{Name: "raw"}},
		Analysis: filters.DefaultAnalysis(),
		Seeds:    []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
	}
	if got := load(t, minimal); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// Every form a key may take besides the one of the defaults.
func TestForms(t *testing.T) {
	c := load(t, `
name: forms
data: mnist
model: mnist-fc
anneal:
  steps: 5
  baselines: warm
  schedule: [linear, {name: exponential, tau: 2.5}, {name: mine, levels: [0, 0.7, 10]}]
  protocol: {name: per-level, iterations: 5e2}
  beta: [1, 2]
train:
  optimizer: {name: sgd, lr: 1, momentum: 0.9}
analysis:
  lowpass: none
  knee: kneedle
seeds: [7, 3]
slurm: {partition: gpu, begin: 2026-11-22, nodes: 2, exclusive: true}
`)
	for _, x := range []struct{ got, want any }{
		{c.Data, Data{Name: "mnist", Path: "data/mnist"}},
		{c.Anneal.Steps, []int{5}},
		{c.Anneal.Baselines, []anneal.Baseline{{Name: "warm"}}},
		{c.Anneal.Schedule, []anneal.Schedule{{Name: "linear"}, {Name: "exponential", Tau: 2.5}, {Name: "mine", Levels: []float64{0, .7, 10}}}},
		{c.Anneal.Protocol, []anneal.Protocol{{Name: "per-level", Iterations: 500}}},
		{c.Anneal.Beta, []float64{1, 2}},
		{c.Train.Optimizer, Optimizer{Name: "sgd", LR: 1, Momentum: .9}},
		{c.Analysis.Lowpass, filters.Lowpass{Name: "none"}},
		{c.Analysis.Knee, filters.Knee{Method: "kneedle", Sensitivity: 1}},
		{c.Seeds, []int{7, 3}},
		{c.Slurm, map[string]any{"partition": "gpu", "begin": "2026-11-22", "nodes": 2, "exclusive": true}},
	} {
		if !reflect.DeepEqual(x.got, x.want) {
			t.Errorf("got %#v, want %#v", x.got, x.want)
		}
	}
	if c := load(t, minimal+"  baselines: []\n"); c.Anneal.Baselines == nil || len(c.Anneal.Baselines) != 0 {
		t.Errorf("baselines: [] gives %#v", c.Anneal.Baselines)
	}
}

func TestBase(t *testing.T) {
	write(t, map[string]string{
		"base/least.yaml": minimal,
		"base/mid.yaml":   "base: least.yaml\ntrain: {final: 500, optimizer: {beta1: 0.9}}\nanalysis: {knee: {least: 30}, window: 200}\n",
		"top.yaml": "base: base/mid.yaml\nname: top\nanneal: {steps: [7], protocol: {name: per-level, iterations: 20}}\n" +
			"train: {optimizer: {lr: 0.1}}\nanalysis: {knee: {name: kneedle, online: true}}\n",
		"over.yaml": "base: top.yaml\nanneal: {protocol: {iterations: 30}}\ntrain: {optimizer: sgd}\n",
	})
	c, err := Load("top.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct{ got, want any }{
		{c.Name, "top"},
		{c.Anneal.Steps, []int{7}}, // lists replace
		{c.Train.Final, 500},       // maps merge
		{c.Train.Optimizer, Optimizer{Name: "adam", LR: .1, Beta1: .9, Beta2: .999, Eps: 1e-8}},
		{c.Analysis.Window, 200.},
		{c.Analysis.Knee, filters.Knee{Method: "kneedle", Sensitivity: 1, Online: true}}, // another name: least: 30 is gone
	} {
		if !reflect.DeepEqual(x.got, x.want) {
			t.Errorf("got %#v, want %#v", x.got, x.want)
		}
	}
	if _, err := Load("over.yaml", nil); err == nil || err.Error() != "over.yaml:3: train.optimizer.lr: missing; it is a learning rate (above 0)" {
		t.Errorf("the learning rate of adam lingers: %v", err)
	}
	c, err = Load("over.yaml", []string{"train.optimizer.lr=0.5", "anneal.protocol.iterations=40"})
	if err != nil {
		t.Fatal(err)
	}
	if want := (anneal.Protocol{Name: "per-level", Iterations: 40}); c.Anneal.Protocol[0] != want {
		t.Errorf("protocol %v, want %v", c.Anneal.Protocol[0], want)
	}
	if want := (Optimizer{Name: "sgd", LR: .5}); c.Train.Optimizer != want {
		t.Errorf("optimizer %v, want %v", c.Train.Optimizer, want)
	}
}

func TestBadBase(t *testing.T) {
	write(t, map[string]string{
		"self.yaml":    "name: x\nbase: self.yaml\n",
		"a.yaml":       "base: sub/b.yaml\n",
		"sub/b.yaml":   "\nbase: ../a.yaml\n",
		"missing.yaml": "\n\nbase: nosuch.yaml\n",
		"folder.yaml":  "base: sub\n",
		"list.yaml":    "base: [a.yaml]\n",
		"typo.yaml":    "name: x\ntrian: {final: 5}\n",
		"over.yaml":    "base: typo.yaml\n",
		"value.yaml":   minimal + "train:\n  final: -5\n",
		"below.yaml":   "base: value.yaml\nname: y\n",
	})
	for path, want := range map[string]string{
		"self.yaml":    "self.yaml:2: base: self.yaml leads back to itself",
		"a.yaml":       "sub/b.yaml:2: base: a.yaml leads back to itself",
		"missing.yaml": "missing.yaml:3: base: nosuch.yaml: no such file or directory",
		"folder.yaml":  "folder.yaml:1: base: sub: not a file",
		"list.yaml":    "list.yaml:1: base: a list is not a file name",
		"over.yaml":    "typo.yaml:2: trian: unknown key; did you mean train?",
		"below.yaml":   "value.yaml:7: train.final: -5 is not a number of iterations (1 or more)",
		"nosuch.yaml":  "nosuch.yaml: no such file or directory",
		"sub":          "sub: not a file",
	} {
		if _, err := Load(path, nil); err == nil || err.Error() != want {
			t.Errorf("%s: %v\nwant %s", path, err, want)
		}
	}
}

func TestSets(t *testing.T) {
	grid := minimal + "  protocol: [{name: budget, iterations: 100}, {name: per-level, iterations: 10}]\n"
	for _, c := range []struct {
		sets []string
		get  func(*Config) any
		want any
	}{
		{[]string{"name=other"}, func(c *Config) any { return c.Name }, "other"},
		{[]string{"anneal.steps=[3, 4]"}, func(c *Config) any { return c.Anneal.Steps }, []int{3, 4}},
		{[]string{" train.final = 7 ", "train.final=200"}, func(c *Config) any { return c.Train.Final }, 200},
		{[]string{"train={final: 300}"}, func(c *Config) any { return c.Train.Final }, 300},
		{[]string{"anneal.protocol.1.iterations=20"}, func(c *Config) any { return c.Anneal.Protocol[1].Iterations }, 20},
		{[]string{"anneal.protocol.0=per-level", "anneal.protocol.0.iterations=3"}, func(c *Config) any { return c.Anneal.Protocol[0] }, anneal.Protocol{Name: "per-level", Iterations: 3}},
		{[]string{"anneal.steps.1=9"}, func(c *Config) any { return c.Anneal.Steps }, []int{1, 9}},
		{[]string{"analysis.lowpass.name=moving-average", "analysis.lowpass.window=5"}, func(c *Config) any { return c.Analysis.Lowpass }, filters.Lowpass{Name: "moving-average", Window: 5}},
		{[]string{"analysis.lowpass.name=butterworth", "analysis.lowpass.order=4"}, func(c *Config) any { return c.Analysis.Lowpass }, filters.Lowpass{Name: "butterworth", Order: 4, Cutoff: .1}},
		{[]string{"slurm.time=10:00"}, func(c *Config) any { return c.Slurm["time"] }, "10:00"},
		{[]string{"analysis.lowpass.period=1e3"}, func(c *Config) any { return c.Analysis.Lowpass }, filters.Lowpass{Name: "butterworth", Order: 3, Period: 1000}},
		{[]string{"analysis.lowpass.period=1000", "analysis.lowpass.cutoff=0.3"}, func(c *Config) any { return c.Analysis.Lowpass }, filters.Lowpass{Name: "butterworth", Order: 3, Cutoff: .3}},
		{[]string{"analysis.lowpass={order: 2, period: 1000}", "analysis.lowpass.order=5"}, func(c *Config) any { return c.Analysis.Lowpass }, filters.Lowpass{Name: "butterworth", Order: 5, Period: 1000}},
		{[]string{"train.final=0x100", "fid.every=1_0"}, func(c *Config) any { return []int{c.Train.Final, c.FID.Every} }, []int{256, 10}},
		{[]string{`name="2024"`}, func(c *Config) any { return c.Name }, "2024"},
		{[]string{"seeds=3"}, func(c *Config) any { return c.Seeds }, []int{0, 1, 2}},
	} {
		if got := c.get(load(t, grid, c.sets...)); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%q: got %#v, want %#v", c.sets, got, c.want)
		}
	}
}

func TestBadSets(t *testing.T) {
	write(t, map[string]string{"c.yaml": minimal + "  protocol: [budget]\n"})
	for _, c := range []struct{ set, want string }{
		{"anneal.stpes=3", "--set anneal.stpes: unknown key; did you mean anneal.steps?"},
		{"lr=3", "--set lr: unknown key; did you mean train.optimizer.lr?"},
		{"train.zzz=1", "--set train.zzz: unknown key; train has pretrain, final, snapshots, batch, loss, optimizer, checkpoint, device, engine"},
		{"train.final=abc", `--set train.final: "abc" is not a number of iterations (1 or more)`},
		{"train={final: 2.5}", "--set train.final: 2.5 is not a number of iterations (1 or more)"},
		{"train=5", "--set train: 5 is not a map (pretrain, final, snapshots, batch, loss, optimizer, checkpoint, device, engine)"},
		{"train.final", "--set train.final: not path=value, as in train.final=20000"},
		{"train..final=3", "--set train..final=3: not path=value, as in train.final=20000"},
		{"=3", "--set =3: not path=value, as in train.final=20000"},
		{"train.final=", "--set train.final: the value is missing: --set path=value"},
		{"train.final=[1", "--set train.final: did not find expected ',' or ']'"},
		{"train.final=~", "--set train.final: an empty value is not a number of iterations (1 or more)"},
		{"base=other.yaml", "--set base: a base is named in the file"},
		{"anneal.protocol.iterations=5", "--set anneal.protocol.iterations: anneal.protocol is a list: its first item is anneal.protocol.0, or give a whole list"},
		{"anneal.protocol.1=budget", "--set anneal.protocol.1: anneal.protocol has 1 items, 0 to 0"},
		{"seeds=0", "--set seeds: 0 is not a number of seeds (1 to 10000)"},
		{"train.optimizer.momentum=0.5", "--set train.optimizer.momentum: not a key of adam, which has name, lr, beta1, beta2, eps"},
	} {
		if _, err := Load("c.yaml", []string{c.set}); err == nil || err.Error() != c.want {
			t.Errorf("%s: %v\nwant %s", c.set, err, c.want)
		}
	}
}

// A file with one thing wrong gives one line: file, line, key, what, what else.
func TestBadFiles(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "c.yaml: is empty: a sweep has at least name, data.name, model.name and anneal.steps"},
		{"# nothing\n", "c.yaml: is empty: a sweep has at least name, data.name, model.name and anneal.steps"},
		{"---\n", "c.yaml:2: an empty value is not a sweep, which is a map of keys"},
		{"- a\n", "c.yaml:1: a list is not a sweep, which is a map of keys"},
		{"name: x\n---\nname: y\n", "c.yaml:2: a second YAML document; a sweep is one"},
		{"name: [x\n", "c.yaml:1: did not find expected ',' or ']'"},
		{"name: x\n\tdata: y\n", "c.yaml:2: found a tab character that violates indentation"},
		{"name: x\n", "c.yaml:1: data.name: missing; it is a data set (mixture, cubes, mnist, images, celeba or faces)"},
		{strings.Replace(minimal, "name: least\n", "", 1), "c.yaml:1: name: missing; it is a sweep name (letters, digits, - _ and ., beginning with a letter or digit, at most 100)"},
		{strings.Replace(minimal, "least", "../up", 1), `c.yaml:1: name: "../up" is not a sweep name (letters, digits, - _ and ., beginning with a letter or digit, at most 100)`},
		{strings.Replace(minimal, "steps: [1, 2]", "beta: [1, 2]", 1), "c.yaml:4: anneal.steps: missing; it is a step count (0 or more)"},
		{minimal + "  stpes: 3\n", "c.yaml:6: anneal.stpes: unknown key; did you mean anneal.steps?"},
		{minimal + "Seeds: 3\n", "c.yaml:6: Seeds: unknown key; did you mean seeds?"},
		{minimal + "momentum: 3\n", "c.yaml:6: momentum: unknown key; did you mean train.optimizer.momentum?"},
		{minimal + "qqq: 3\n", "c.yaml:6: qqq: unknown key; a sweep has name, data, model, anneal, train, fid, analysis, seeds, slurm"},
		{minimal + "1: 3\n", "c.yaml:6: 1: unknown key; a sweep has name, data, model, anneal, train, fid, analysis, seeds, slurm"},
		{minimal + "  steps: [3]\n", "c.yaml:6: anneal.steps: the key is there twice (first at c.yaml:5)"},
		{minimal + "train: &t {final: 5}\n", "c.yaml:6: train: anchors and aliases (& and *) are not read; base: and lists do their work"},
		{minimal + "[a]: 3\n", "c.yaml:6: a key is a word, not a list or a map"},
		{strings.Replace(minimal, "[1, 2]", "[1,\n    -1]", 1), "c.yaml:6: anneal.steps: -1 is not a step count (0 or more)"},
		{strings.Replace(minimal, "[1, 2]", "[1, 1]", 1), "c.yaml:5: anneal.steps: 1 is there twice"},
		{strings.Replace(minimal, "[1, 2]", "[100001]", 1), "c.yaml:5: anneal.steps: 100001 is above 100000, the most that is taken"},
		{strings.Replace(minimal, "[1, 2]", "[[1]]", 1), "c.yaml:5: anneal.steps: a list is not a step count (0 or more)"},
		{strings.Replace(minimal, "[1, 2]", "{a: 1}", 1), "c.yaml:5: anneal.steps: a map is not a step count (0 or more)"},
		{strings.Replace(minimal, "[1, 2]", "yes", 1), `c.yaml:5: anneal.steps: "yes" is not a step count (0 or more)`},
		{strings.Replace(minimal, "[1, 2]", "[]\n  baselines: []", 1), "c.yaml:5: anneal.steps: no steps and no baselines: nothing to run"},
		{strings.Replace(minimal, "[1, 2]", "[0]", 1), "c.yaml:4: anneal.baselines: hot lasts as long as the longest annealing, and there is none"},
		{minimal + "  baselines: [warm, cold, warm]\n", "c.yaml:6: anneal.baselines: warm is there twice"},
		{minimal + "  baselines: [tepid]\n", `c.yaml:6: anneal.baselines: "tepid" is not a baseline (cold, warm or hot)`},
		{minimal + "  schedule: geometrc\n", `c.yaml:6: anneal.schedule: "geometrc" is not a schedule (geometric, linear, exponential, or a name of your own with levels)`},
		{minimal + "  schedule: a b\n", `c.yaml:6: anneal.schedule.name: "a b" is not a schedule (geometric, linear, exponential, or a name of your own with levels)`},
		{minimal + "  schedule: {name: geometric, tau: 3}\n", "c.yaml:6: anneal.schedule.tau: not a key of geometric, which has name"},
		{minimal + "  schedule: {name: linear, levels: [3]}\n", "c.yaml:6: anneal.schedule.levels: not a key of linear, which has name"},
		{minimal + "  schedule: [linear, linear]\n", "c.yaml:6: anneal.schedule: linear is there twice"},
		{minimal + "  schedule: [{name: a, levels: [1]}, {name: A, levels: [2]}]\n", "c.yaml:6: anneal.schedule: A is there twice"},
		{minimal + "  schedule: {name: mine, levels: []}\n", "c.yaml:6: anneal.schedule: mine has no levels"},
		{minimal + "  schedule: {name: mine, levels: [1, 5, 2]}\n", "c.yaml:6: anneal.schedule.levels: 2 after 5: levels ascend, from hot to cold"},
		{minimal + "  schedule: {name: mine, levels: [1, .inf]}\n", "c.yaml:6: anneal.schedule.levels: +Inf is not a β (0 or more)"},
		{minimal + "  schedule: []\n", "c.yaml:6: anneal.schedule: no schedule; anneal.steps: [] is the way to anneal nothing"},
		{minimal + "  protocol: []\n", "c.yaml:6: anneal.protocol: no protocol; anneal.steps: [] is the way to anneal nothing"},
		{minimal + "  protocol: per-level\n", "c.yaml:6: anneal.protocol.iterations: missing; it is a number of iterations (1 or more)"},
		{minimal + "  protocol: {iterations: 1}\n", "c.yaml:6: anneal.protocol: a budget of 1 iterations is too small for 2 levels"},
		{minimal + "  protocol:\n    - budget\n    - budget\n", "c.yaml:8: anneal.protocol: budget 10000 is there twice"},
		{minimal + "  beta: [10, 0.1]\n", "c.yaml:6: anneal.beta: [10, 0.1] is not two β, the smaller (hotter) first"},
		{minimal + "  beta: 3\n", "c.yaml:6: anneal.beta: [3] is not two β, the smaller (hotter) first"},
		{minimal + "  beta: [0, 1]\n", "c.yaml:6: anneal.beta: 0 is not a β (above 0)"},
		{minimal + "  beta: [.nan, 1]\n", "c.yaml:6: anneal.beta: NaN is not a β (above 0)"},
		{minimal + "  end: open\n", `c.yaml:6: anneal.end: "open" is not an end (inclusive or printed)`},
		{minimal + "  box: reflect\n", `c.yaml:6: anneal.box: "reflect" is not a map (kind, half_width)`},
		{minimal + "  end: [printed, printed]\n", "c.yaml:6: anneal.end: printed is there twice"},
		{minimal + "  end: []\n", "c.yaml:6: anneal.end: no end; without the key it is inclusive"},
		{minimal + "  box: {half_width: [1, 2, 1.0]}\n", "c.yaml:6: anneal.box.half_width: 1 is there twice"},
		{minimal + "  box:\n    half_width: []\n", "c.yaml:7: anneal.box.half_width: no half width; without the key it is 2"},
		{minimal + "  box: {half_width: [1, -2]}\n", "c.yaml:6: anneal.box.half_width: -2 is not a half width (above 0)"},
		{minimal + "  schedule: [linear, {name: linear-printed, levels: [1, 2]}]\n  end: [inclusive, printed]\n",
			"c.yaml:6: anneal.schedule: linear-printed-budget10000-k02 would be the name of two cells; rename a schedule"},
		{minimal + "  box: {half_width: 0}\n", "c.yaml:6: anneal.box.half_width: 0 is not a half width (above 0)"},
		{minimal + "train: {final: 0}\n", "c.yaml:6: train.final: 0 is not a number of iterations (1 or more)"},
		{minimal + "train: {final: 2000000000}\n", "c.yaml:6: train.final: 2000000000 is above 1000000000, the most that is taken"},
		{minimal + "train: {final: 9223372036854775808}\n", "c.yaml:6: train.final: 9223372036854775808 is not a number of iterations (1 or more)"},
		{minimal + "train: {final: '5'}\n", `c.yaml:6: train.final: "5" is not a number of iterations (1 or more)`},
		{minimal + "train: {batch: 1}\n", "c.yaml:6: train.batch: 1 is not a batch size (2 or more)"},
		{minimal + "train: {loss: wgan}\n", `c.yaml:6: train.loss: "wgan" is not a loss (minimax or nonsaturating)`},
		{minimal + "train: {device: gpu}\n", `c.yaml:6: train.device: "gpu" is not a device (cpu or cuda:N)`},
		{minimal + "train: {optimizer: {beta1: 1}}\n", "c.yaml:6: train.optimizer.beta1: 1 is not a decay rate (from 0 up to but not 1)"},
		{minimal + "fid: {every: 100000}\n", "c.yaml:6: fid.every: 100000 is longer than the 80000 iterations of train.final"},
		{minimal + "analysis: {lowpass: {cutoff: 1.5}}\n", "c.yaml:6: analysis.lowpass.cutoff: 1.5 is not a cutoff (between 0 and 1)"},
		{minimal + "analysis: {lowpass: {name: savgol, window: 6, polyorder: 2}}\n", "c.yaml:6: analysis.lowpass.window: 6 is not a window in points (odd, 1 or more)"},
		{minimal + "analysis: {lowpass: {name: savgol, window: 5, polyorder: 5}}\n", "c.yaml:6: analysis.lowpass.polyorder: 5 is outside 0 to 4 for a window of 5"},
		{minimal + "analysis: {knee: {online: true}}\n", "c.yaml:6: analysis.knee.online: not a key of mser, which has name, least"},
		{minimal + "analysis: {window: 0}\n", "c.yaml:6: analysis.window: 0 is not a number of iterations (above 0)"},
		{minimal + "seeds: [1, 2, 1]\n", "c.yaml:6: seeds: 1 is there twice"},
		{minimal + "seeds: []\n", "c.yaml:6: seeds: 0 seeds (1 to 10000)"},
		{minimal + "seeds: 1000000\n", "c.yaml:6: seeds: 1000000 is not a number of seeds (1 to 10000)"},
		{minimal + "slurm: 3\n", "c.yaml:6: slurm: 3 is not a map"},
		{minimal + "slurm: {partiton: x}\n", "c.yaml:6: slurm.partiton: not an option of sbatch that a sweep sets; did you mean slurm.partition?"},
		{minimal + "slurm:\n  mem: 4G\n  array: 1-5\n", "c.yaml:8: slurm.array: not an option of sbatch that a sweep sets; docs/cluster.md tells which"},
		{minimal + "slurm: {time: 1h}\n", "c.yaml:6: slurm.time: 1h is not a time limit: minutes, minutes:seconds, hours:minutes:seconds or days-hours[:minutes[:seconds]]"},
		{minimal + "slurm: {signal: KILL}\n", "c.yaml:6: slurm.signal: KILL is not B:TERM@SECONDS, the seconds before the time limit at which a task is told to stop"},
		{minimal + "slurm: {mem: [1]}\n", "c.yaml:6: slurm.mem: not a value of an option of sbatch: a number, a line of text, or true for an option that has none"},
		{minimal + "slurm: {comment: \"a\\nb\"}\n", "c.yaml:6: slurm.comment: not a value of an option of sbatch: a number, a line of text, or true for an option that has none"},
		{strings.Replace(minimal, "name: toy", "name: mnist-fc", 1), "c.yaml:3: model.name: mnist-fc is for data.name mnist, images, celeba or faces, not mixture"},
		{strings.Replace(minimal, "{name: mixture}", "{name: mixture, path: x}", 1), "c.yaml:2: data.path: not a key of mixture, which has name"},
		{strings.Replace(minimal, "{name: mixture}", "images", 1), "c.yaml:2: data.path: missing; it is a folder (not empty)"},
		{strings.Replace(minimal, "{name: mixture}", "{path: x}", 1), "c.yaml:2: data.name: missing; it is a data set (mixture, cubes, mnist, images, celeba or faces)"},
		{strings.Replace(minimal, "{name: mixture}", "5", 1), "c.yaml:2: data.name: 5 is not a data set (mixture, cubes, mnist, images, celeba or faces)"},
		{strings.Replace(minimal, "least", "pretrain", 1), "c.yaml:1: name: pretrain is the folder of each sweep's pretraining; choose another name"},
		{strings.Replace(minimal, "least", "Recorded", 1), "c.yaml:1: name: Recorded is the folder of the recorded sweeps; choose another name"},
		{strings.Replace(minimal, "least", "2024", 1), `c.yaml:1: name: YAML reads 2024 as a number; write "2024", in quotes`},
		{strings.Replace(minimal, "least", "1e3", 1), `c.yaml:1: name: YAML reads 1e3 as a number; write "1e3", in quotes`},
		{strings.Replace(minimal, "least", "true", 1), `c.yaml:1: name: YAML reads true as true or false; write "true", in quotes`},
		{strings.Replace(minimal, "least", "null", 1), `c.yaml:1: name: YAML reads null as nothing; write "null", in quotes`},
		{strings.Replace(minimal, "least", "2024-05-06", 1), `c.yaml:1: name: YAML reads 2024-05-06 as a date; write "2024-05-06", in quotes`},
		{strings.Replace(minimal, "least", "", 1), `c.yaml:1: name: an empty value is not a sweep name (letters, digits, - _ and ., beginning with a letter or digit, at most 100)`},
		{minimal + "train: {final: 010000}\n", "c.yaml:6: train.final: 010000 begins with a zero; write 10000"},
		{minimal + "train: {optimizer: {lr: -00.5}}\n", "c.yaml:6: train.optimizer.lr: -00.5 begins with a zero; write -0.5"},
		{minimal + "seeds: 010\n", "c.yaml:6: seeds: 010 begins with a zero; write 10"},
		{minimal + "seeds:\n  - 8\n  - 08\n", "c.yaml:8: seeds: 08 begins with a zero; write 8"},
		{minimal + "slurm: {nodes: 010}\n", "c.yaml:6: slurm: 010 begins with a zero; write 10, or put it in quotes"},
		{minimal + "slurm: {nodes: .inf}\n", "c.yaml:6: slurm: .inf is not a finite number"},
		{minimal + "analysis:\n  lowpass:\n    cutoff: 0.1\n    period: 2000\n", "c.yaml:9: analysis.lowpass.period: 2000 is given beside cutoff 0.1; give one of the two"},
		{minimal + "analysis: {lowpass: {period: 0}}\n", "c.yaml:6: analysis.lowpass.period: 0 is not a period (above 0)"},
		{minimal + "analysis: {lowpass: {period: 200}}\n", "c.yaml:6: analysis.lowpass.period: 200 is not above 200, two steps of 100"},
		{minimal + "analysis: {lowpass: {name: none, period: 200}}\n", "c.yaml:6: analysis.lowpass.period: not a key of none, which has name"},
	} {
		write(t, map[string]string{"c.yaml": c.text})
		if _, err := Load("c.yaml", nil); err == nil || err.Error() != c.want {
			t.Errorf("%q\ngot  %v\nwant %s", c.text, err, c.want)
		}
	}
}

func TestAnalysisWith(t *testing.T) {
	a, err := AnalysisWith(filters.DefaultAnalysis(), nil)
	if err != nil || a != filters.DefaultAnalysis() {
		t.Errorf("%+v %v", a, err)
	}
	a, err = AnalysisWith(filters.DefaultAnalysis(), []string{"analysis.lowpass.order=4", "analysis.knee={name: none}", "analysis.window=300"})
	want := filters.Analysis{Lowpass: filters.Lowpass{Name: "butterworth", Order: 4, Cutoff: .1}, Knee: filters.Knee{Method: "none"}, Window: 300}
	if err != nil || a != want {
		t.Errorf("%+v %v, want %+v", a, err, want)
	}
	for set, want := range map[string]string{
		"train.final=3":              "--set train.final: only analysis.* has a meaning here",
		"analysis.lowpas.order=3":    "--set analysis.lowpas: unknown key; did you mean analysis.lowpass?",
		"analysis.lowpass.oder=3":    "--set analysis.lowpass.oder: unknown key; did you mean analysis.lowpass.order?",
		"analysis.lowpass.order=13":  "--set analysis.lowpass.order: 13 is not an order (1 to 12)",
		"analysis.lowpass.window=13": "--set analysis.lowpass.window: not a key of butterworth, which has name, order, cutoff, period",
		"analysis=3":                 "--set analysis: 3 is not a map (lowpass, knee, window)",
		"analysis.window":            "--set analysis.window: not path=value, as in train.final=20000",
	} {
		if _, err := AnalysisWith(filters.DefaultAnalysis(), []string{set}); err == nil || err.Error() != want {
			t.Errorf("%s: %v\nwant %s", set, err, want)
		}
	}
}

// An analysis that is not the default keeps what the sets do not name.
func TestAnalysisWithOther(t *testing.T) {
	base := filters.Analysis{Lowpass: filters.Lowpass{Name: "savgol", Window: 21, PolyOrder: 3}, Knee: filters.Knee{Method: "mser", Least: 7}, Window: 300}
	for set, change := range map[string]func(*filters.Analysis){
		"analysis.window=400":               func(a *filters.Analysis) { a.Window = 400 },
		"analysis.lowpass.window=31":        func(a *filters.Analysis) { a.Lowpass.Window = 31 },
		"analysis.lowpass.name=butterworth": func(a *filters.Analysis) { a.Lowpass = filters.Lowpass{Name: "butterworth", Order: 3, Cutoff: .1} },
		"analysis.knee.least=0":             func(a *filters.Analysis) { a.Knee.Least = 0 },
	} {
		want := base
		change(&want)
		if got, err := AnalysisWith(base, []string{set}); err != nil || got != want {
			t.Errorf("%s: %+v %v, want %+v", set, got, err, want)
		}
	}
	base.Lowpass = filters.Lowpass{Name: "butterworth", Order: 3, Cutoff: .2}
	want := base
	want.Lowpass.Cutoff, want.Lowpass.Period = 0, 700
	if got, err := AnalysisWith(base, []string{"analysis.lowpass.period=700"}); err != nil || got != want {
		t.Errorf("a period in place of the cutoff: %+v %v, want %+v", got, err, want)
	}
}

// With does to a config what Load does to its file, and leaves the config as it is.
func TestWith(t *testing.T) {
	text := grid + "slurm: {time: '010'}\n"
	for _, sets := range [][]string{
		nil,
		{"name=other", "train.optimizer.lr=0.1"},
		{"anneal.protocol.1.iterations=70", "anneal.steps=[2]", "anneal.baselines=[]"},
		{"train.optimizer={name: sgd, lr: 1}", "analysis.knee=kneedle", "slurm.nodes=2"},
		{"analysis.lowpass.period=3000", "seeds=4", "anneal.end=[inclusive, printed]"},
	} {
		want := load(t, text, sets...)
		base := load(t, text)
		got, err := base.With(sets)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %v\ngot  %+v\nwant %+v", sets, err, got, want)
		}
		if !reflect.DeepEqual(base, load(t, text)) {
			t.Errorf("%q changed the config", sets)
		}
	}
	c := load(t, text)
	for set, want := range map[string]string{
		"anneal.stpes=3":    "--set anneal.stpes: unknown key; did you mean anneal.steps?",
		"train.final=0":     "--set train.final: 0 is not a number of iterations (1 or more)",
		"train.final=50":    "fid.every: 100 is longer than the 50 iterations of train.final",
		"anneal.steps=1000": "anneal.protocol: a budget of 100 iterations is too small for 1000 levels",
		"name=recorded":     "--set name: recorded is the folder of the recorded sweeps; choose another name",
	} {
		if got, err := c.With([]string{set}); err == nil || err.Error() != want || got != nil {
			t.Errorf("%s: %v\nwant %s", set, err, want)
		}
	}
}

// A manifest is read as strictly as a file; keys that its writer did not know yet have
// their defaults.
func TestJSON(t *testing.T) {
	b, err := json.Marshal(load(t, minimal))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(b), "period") {
		t.Errorf("a period that is not given is written: %s", b)
	}
	var c Config
	old := strings.NewReplacer(`"engine":"auto"`, `"device":"cpu"`, `"device":"cpu",`, "", `"kind":"reflect",`, "", `,"analysis":{`, `,"analysis":{`).Replace(string(b))
	if err := json.Unmarshal([]byte(old), &c); err != nil || !reflect.DeepEqual(&c, load(t, minimal)) {
		t.Errorf("%s\n%v %+v", old, err, c)
	}
	for _, x := range []struct{ old, new, want string }{
		{`"engine":"auto"`, `"engin":"auto"`, "train.engin: unknown key; did you mean train.engine?"},
		{`"engine":"auto"`, `"device":"cpu"`, "train.device: the key is there twice"},
		{`"batch":64`, `"batch":"64"`, `train.batch: "64" is not a batch size (2 or more)`},
		{`"batch":64`, `"batch":null`, `train.batch: an empty value is not a batch size (2 or more)`},
		{`"batch":64`, `"batch":true`, `train.batch: true is not a batch size (2 or more)`},
		{`"final":80000`, `"final":50`, `fid.every: 100 is longer than the 50 iterations of train.final`},
		{`"name":"least"`, `"base":"x.yaml"`, "base: unknown key; a sweep has name, data, model, anneal, train, fid, analysis, seeds, slurm"},
	} {
		text := strings.Replace(string(b), x.old, x.new, 1)
		c := Config{Name: "untouched"}
		if err := json.Unmarshal([]byte(text), &c); err == nil || err.Error() != x.want || c.Name != "untouched" {
			t.Errorf("%s: %v\nwant %s", x.new, err, x.want)
		}
	}
}

// Whatever characters a path has, a manifest gives them back.
func TestJSONCharacters(t *testing.T) {
	want := load(t, minimal, `data={name: mnist, path: "\x7f\u0080\u0085\u2028\uFEFF <ä>&\"\\\t\uFFFF\U0001F600"}`, "model=mnist-fc")
	b, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got Config
	if err := json.Unmarshal(b, &got); err != nil || !reflect.DeepEqual(&got, want) {
		t.Errorf("%s\n%v %q, want %q", b, err, got.Data.Path, want.Data.Path)
	}
}

func TestNearest(t *testing.T) {
	for _, c := range []struct {
		word    string
		words   []string
		nearest string
		letters int
	}{
		{"stpes", []string{"name", "steps", "stops"}, "steps", 1}, // a swap is one
		{"kitten", []string{"sitting"}, "sitting", 3},             // Levenshtein's example
		{"ca", []string{"abc"}, "abc", 3},                         // optimal string alignment; 2 where a swap may be edited again
		{"", []string{"ab", "c", "d"}, "c", 1},
		{"same", []string{"sane", "same"}, "same", 0},
		{"x", nil, "", math.MaxInt},
	} {
		if nearest, letters := Nearest(c.word, c.words); nearest != c.nearest || letters != c.letters {
			t.Errorf("%q: %q at %d, want %q at %d", c.word, nearest, letters, c.nearest, c.letters)
		}
	}
}

// A file too large for a sweep is not read.
func TestLargeFile(t *testing.T) {
	write(t, map[string]string{"c.yaml": minimal + strings.Repeat("#\n", maxFile/2)})
	if _, err := Load("c.yaml", nil); err == nil || !strings.HasSuffix(err.Error(), "bytes is too large for a sweep") {
		t.Errorf("%v", err)
	}
}
