package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fig5/bench/config"
	"fig5/bench/record"
)

const compareConfig = `name: %s
data: {name: mixture}
model: {name: toy}
anneal:
  steps: [1, 5]
  baselines: [warm]
  schedule: [geometric, linear]
  protocol: [{name: budget, iterations: 1000}]
train: {pretrain: 100, final: 8000, optimizer: {name: adam, lr: %s}}
analysis: {knee: {name: none}, window: 6000}
seeds: 6
`

// trained writes a config and the runs of its sweep as if they had been trained: an
// oscillation about a plateau, smaller on the linear schedule.
func trained(t *testing.T, dir, name, lr string) (path string) {
	t.Helper()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	path = filepath.Join(dir, name+".yaml")
	check(os.WriteFile(path, fmt.Appendf(nil, compareConfig, name, lr), 0o644))
	c, err := config.Load(path, nil)
	check(err)
	sweep := record.OpenSweep(filepath.Join(dir, "runs"), name)
	for i, cell := range c.Cells() {
		rng := rand.New(rand.NewPCG(3, uint64(i)))
		d := sweep.Cell(cell.ID)
		check(os.MkdirAll(string(d), 0o755))
		r := record.NewRun(c, cell)
		r.Started = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
		if cell.ID == "warm-s05" {
			r.State, r.Message = record.Failed, "the worker was killed"
			check(d.Save(r))
			continue
		}
		size := math.Exp(0.2 * rng.NormFloat64())
		if cell.Schedule == "linear" {
			size *= 0.4
		}
		var points, floor []record.Point
		for it := 0; it < cell.Iterations; it += c.FID.Every {
			beta, left := math.Inf(1), it
			for _, l := range cell.Levels {
				if left < l.Iterations {
					beta = l.Beta
					break
				}
				left -= l.Iterations
			}
			points = append(points, record.Point{Iteration: it, Beta: beta, FID: 2 + size*math.Sin(float64(it)/700), DLoss: 1.3, GLoss: 0.7, Modes: 5})
			floor = append(floor, record.Point{Iteration: it, Beta: math.Inf(1), FID: 2 + 0.01*rng.NormFloat64(), DLoss: math.NaN(), GLoss: math.NaN(), Modes: -1})
		}
		check(record.WriteCurve(d.Curve(), points))
		check(record.WriteCurve(d.Floor(), floor[:60]))
		check(d.Finish(r, record.Done, "", r.Started.Add(time.Minute)))
	}
	return path
}

// fig5 runs the command as typed.
func fig5(args ...string) (code int, out, errOut string) {
	var o, e bytes.Buffer
	code = run(context.Background(), args, strings.NewReader(""), &o, &e)
	return code, o.String(), e.String()
}

func TestCompare(t *testing.T) {
	dir := t.TempDir()
	runs := filepath.Join(dir, "runs")
	a, b := trained(t, dir, "quick", "2e-4"), trained(t, dir, "slow", "1e-5")

	code, text, errOut := fig5("compare", a, "--runs", runs)
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, errOut)
	}
	for _, want := range []string{"compared by schedule", "a: geometric, b: linear", "0.031", "Noise floor: "} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if !strings.Contains(errOut, "fig5: warning: warm-s05: failed: the worker was killed") {
		t.Errorf("the failed run is not told: %s", errOut)
	}

	// A folder of runs answers as the config does.
	if _, same, _ := fig5("compare", filepath.Join(runs, "quick")); same != text {
		t.Errorf("from the folder:\n%s\nfrom the config:\n%s", same, text)
	}

	// All sweeps of a folder, by the key in which they differ.
	code, out, errOut := fig5("compare", runs, "--by", "train.optimizer.lr", "--json")
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, errOut)
	}
	var r struct {
		Comparisons []struct {
			A, B, By  string
			K         int
			Within    map[string]string
			WilcoxonP *float64 `json:"wilcoxon_p"`
		}
		Groups []struct {
			N, Failed, Unsettled int
			Baseline             string
		}
	}
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatal(err)
	}
	if len(r.Groups) != 10 || len(r.Comparisons) != 5 || r.Comparisons[0].A != "0.0002" || r.Comparisons[1].Within["schedule"] != "geometric" {
		t.Errorf("%+v", r)
	}
	for _, g := range r.Groups {
		if g.N+g.Failed+g.Unsettled != 6 || (g.Baseline == "warm") != (g.Failed == 1) {
			t.Errorf("%+v", g)
		}
	}

	// --set reaches both kinds of argument: a window longer than the curves leaves none settled.
	for _, arg := range []string{a, filepath.Join(runs, "quick")} {
		code, out, _ := fig5("compare", arg, "--runs", runs, "--set", "analysis.window=60000", "--csv")
		if code != 0 || !strings.Contains(out, "6 unsettled of 6") {
			t.Errorf("%s: exit code %d\n%s", arg, code, out)
		}
	}

	// The same bytes into a file.
	table := filepath.Join(dir, "table.tex")
	_, out, _ = fig5("compare", a, b, "--runs", runs, "--latex")
	if code, stdout, errOut := fig5("compare", a, b, "--runs", runs, "--latex", "-o", table); code != 0 || stdout != "" {
		t.Errorf("exit code %d, stdout %q: %s", code, stdout, errOut)
	}
	if got, err := os.ReadFile(table); err != nil || string(got) != out || !strings.Contains(out, `\toprule`) {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestCompareRefuses(t *testing.T) {
	dir := t.TempDir()
	a := trained(t, dir, "quick", "2e-4")
	runs := filepath.Join(dir, "runs")
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, "nothing to compare: name configs, folders of runs or --curves LIST"},
		{[]string{a, "--measure", "loudness"}, `--measure: "loudness" is not an amplitude (max_to_min, peak_to_trough, sd, detrended, relative)`},
		{[]string{a, "--by", "train.optimiser.lr"}, `--by: "train.optimiser.lr" is not a key of the sweeps (schedule, anneal.protocol, baseline, sweep, k, or a key of their configs such as train.optimizer.lr)`},
		{[]string{a, "--by", "train.batch"}, "nothing to compare by train.batch: there is only 64"},
		{[]string{a, a}, runs + "/quick: given twice"},
		{[]string{filepath.Join(dir, "nowhere")}, filepath.Join(dir, "nowhere") + ": no such file or directory"},
		{[]string{a, "--json", "--csv"}, "--json, --csv and --latex exclude each other"},
	} {
		code, out, errOut := fig5(append([]string{"compare", "--runs", runs}, c.args...)...)
		if code != 2 || out != "" || strings.TrimPrefix(strings.TrimSpace(errOut), "fig5: ") != c.want {
			t.Errorf("%v: exit code %d, %q\nwant %q", c.args, code, errOut, c.want)
		}
	}
}

// The reference values of bench/stats, from curve files to the comparison of the
// first K with the last: a curve 0, v, 0 has the amplitude v.
func TestCompareCurves(t *testing.T) {
	b, err := os.ReadFile("../stats/testdata/blocks.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Cases []struct {
			Values   [][]float64
			Wilcoxon struct{ P float64 } `json:"wilcoxon_first_last"`
			First    struct {
				GeoMean float64
				CI95    [2]float64 `json:"geomean_ci95"`
				Median  float64
			}
			Page struct {
				P     float64  `json:"p_decrease"`
				Exact *float64 `json:"p_decrease_exact"`
			}
			Improvement float64 `json:"improvement_last_over_first"`
		}
	}
	if err := json.Unmarshal(b, &file); err != nil {
		t.Fatal(err)
	}
	near := func(a, b float64) bool { return math.Abs(a-b) <= 1e-9*math.Max(1, math.Abs(b)) }
	for i, c := range file.Cases {
		dir := t.TempDir()
		list := "k,seed,schedule,path\n"
		for seed, row := range c.Values {
			for j, v := range row {
				name := fmt.Sprintf("%d-%d.csv", seed, j)
				curve := fmt.Sprintf("iteration,fid\n0,0\n100,%.17g\n200,0\n", v)
				if err := os.WriteFile(filepath.Join(dir, name), []byte(curve), 0o644); err != nil {
					t.Fatal(err)
				}
				list += fmt.Sprintf("%d,%d,mine,%s\n", j+1, seed, name)
			}
		}
		path := filepath.Join(dir, "list.csv")
		if err := os.WriteFile(path, []byte(list), 0o644); err != nil {
			t.Fatal(err)
		}
		code, out, errOut := fig5("compare", "--curves", path, "--json", "--set", "analysis.lowpass={name: none}", "--set", "analysis.knee={name: none}", "--set", "analysis.window=300")
		if code != 0 {
			t.Fatalf("case %d: exit code %d: %s", i, code, errOut)
		}
		var r struct {
			Groups []struct {
				N           int
				GeoMean     float64
				GeoMeanCI95 [2]float64 `json:"geomean_ci95"`
				Median      float64
			}
			Trends []struct {
				PageP      float64  `json:"page_p"`
				PagePExact *float64 `json:"page_p_exact"`
			}
			Comparisons []struct {
				K            int
				WilcoxonP    float64 `json:"wilcoxon_p"`
				DeltaPercent float64 `json:"delta_percent"`
				Improvement  float64
			}
		}
		if err := json.Unmarshal([]byte(out), &r); err != nil {
			t.Fatal(err)
		}
		if want, got := c.Page.Exact, r.Trends[0].PagePExact; want != nil && (got == nil || !near(*got, *want)) {
			t.Errorf("case %d: exact p of Page's test %v, want %v", i, got, *want)
		}
		last, g := r.Comparisons[len(r.Comparisons)-1], r.Groups
		if last.K != len(c.Values[0]) || g[0].N != len(c.Values) {
			t.Fatalf("case %d: %s", i, out)
		}
		for _, p := range [][2]float64{
			{last.WilcoxonP, c.Wilcoxon.P}, {last.Improvement, c.Improvement}, {r.Trends[0].PageP, c.Page.P}, {g[0].GeoMean, c.First.GeoMean},
			{g[0].GeoMeanCI95[0], c.First.CI95[0]}, {g[0].GeoMeanCI95[1], c.First.CI95[1]}, {g[0].Median, c.First.Median},
			{last.DeltaPercent, 100 * (g[len(g)-1].GeoMean/g[0].GeoMean - 1)},
		} {
			if !near(p[0], p[1]) {
				t.Errorf("case %d: %v, want %v", i, p[0], p[1])
			}
		}
	}
}

// What inflates the amplitudes of a user's curves stands under the table as a footnote,
// with the flags that mend it, in every form; with those flags the change is the right one.
func TestCompareCurvesWarns(t *testing.T) {
	dir := t.TempDir()
	lines := []byte("k,seed,schedule,path\n")
	for i, schedule := range []string{"mine", "theirs"} {
		for seed := range 8 {
			rng := rand.New(rand.NewPCG(uint64(seed), uint64(i)))
			size := math.Exp(0.1*rng.NormFloat64()) / float64(i+1)
			curve := []byte("step,fid\n")
			for p := range 1000 {
				x := float64(100 * p)
				level := 20.0
				if p < 250 {
					level += 6
				}
				curve = fmt.Appendf(curve, "%v,%.6g\n", x, level+size*math.Sin(x/700+rng.Float64()/10))
			}
			name := fmt.Sprintf("%s%d.csv", schedule, seed)
			if err := os.WriteFile(filepath.Join(dir, name), curve, 0o644); err != nil {
				t.Fatal(err)
			}
			lines = fmt.Appendf(lines, "1,%d,%s,%s\n", seed, schedule, name)
		}
	}
	list := filepath.Join(dir, "mine.csv")
	if err := os.WriteFile(list, lines, 0o644); err != nil {
		t.Fatal(err)
	}
	const what = "the level shifts inside the window: a mode transition"
	delta := func(args ...string) (float64, []string) {
		t.Helper()
		code, out, errOut := fig5(append([]string{"compare", "--curves", list, "--set", "analysis.knee={name: none}", "--json"}, args...)...)
		var r struct {
			Comparisons []struct {
				Delta    float64 `json:"delta_percent"`
				Warnings []string
			}
		}
		if err := json.Unmarshal([]byte(out), &r); code != 0 || err != nil || len(r.Comparisons) != 1 {
			t.Fatalf("exit code %d, %v: %s", code, err, errOut)
		}
		return r.Comparisons[0].Delta, r.Comparisons[0].Warnings
	}
	before, warnings := delta()
	if before < -20 || len(warnings) != 1 || !strings.HasPrefix(warnings[0], what) {
		t.Fatalf("%.1f %%, %q", before, warnings)
	}
	_, settings, ok := strings.Cut(warnings[0], "; it inflates the amplitude: 16 of 16 runs (mine, K = 1: seeds 0 to 7; theirs, K = 1: seeds 0 to 7); to begin behind it: ")
	if !ok {
		t.Fatalf("%q", warnings[0])
	}
	after, warnings := delta(strings.Fields(settings)...)
	if math.Abs(after+50) > 8 || len(warnings) != 0 {
		t.Errorf("with %s: %.1f %%, want about -50; %q", settings, after, warnings)
	}
	for flag, want := range map[string]string{
		"":        "\n¹ " + what,
		"--csv":   what,
		"--latex": `$^1$ the level shifts inside the window`,
	} {
		args := []string{"compare", "--curves", list, "--set", "analysis.knee={name: none}"}
		if flag != "" {
			args = append(args, flag)
		}
		_, out, errOut := fig5(args...)
		if strings.Count(out, "level shifts inside") != 1 || !strings.Contains(out, want) {
			t.Errorf("%s: no %q in\n%s", flag, want, out)
		}
		if (flag == "--csv") != strings.Contains(errOut, what) {
			t.Errorf("%s: on standard error %q", flag, errOut)
		}
	}
	if _, out, _ := fig5("compare", "--curves", list, "--set", "analysis.knee={name: none}", "--latex"); !strings.Contains(out, `-{}-set analysis.knee.least=`) {
		t.Errorf("the flags are set as dashes:\n%s", out)
	}
}
