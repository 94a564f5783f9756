package compare

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"fig5/bench/config"
	"fig5/bench/report"
	"fig5/filters"
)

// group makes a group of runs, a value a seed: +Inf is unsettled, NaN failed.
func group(by map[string]string, k int, baseline string, values ...float64) report.Group {
	g := report.Group{By: by, K: k, Baseline: baseline}
	floor := filters.Amplitude{MaxToMin: 0.0021}
	for seed, v := range values {
		r := report.Run{Seed: seed, Status: report.Settled, Floor: &floor}
		switch {
		case math.IsInf(v, 1):
			r.Status = report.Unsettled
			fallthrough
		default:
			r.Measured = &filters.Measurement{Amplitude: filters.Amplitude{MaxToMin: v}}
		case math.IsNaN(v):
			r.Status = report.Failed
		}
		g.Runs = append(g.Runs, r)
	}
	return g
}

func grid(schedule, protocol string) map[string]string {
	return map[string]string{"schedule": schedule, "anneal.protocol": protocol}
}

var (
	inf, nan = math.Inf(1), math.NaN()
	high     = []float64{0.021, 0.034, 0.028, 0.019, 0.041, 0.025, 0.030, 0.022}
	low      = []float64{0.011, 0.014, 0.017, 0.009, 0.020, 0.012, 0.013, 0.0105}
	mixed    = []float64{0.023, 0.030, 0.029, 0.017, 0.044, 0.024, 0.033, 0.020}
)

func schedules() *report.Data {
	return &report.Data{Name: "fig5", Dir: "runs/fig5", RealFloor: []filters.Amplitude{{MaxToMin: 0.0012}}, Groups: []report.Group{
		group(map[string]string{"baseline": "warm"}, 0, "warm", high...),
		group(map[string]string{"baseline": "hot"}, 0, "hot", low...),
		group(grid("geometric", "budget 10000"), 1, "", high...),
		group(grid("geometric", "budget 10000"), 5, "", high...),
		group(grid("geometric", "budget 10000"), 20, "", mixed...),
		group(grid("linear", "budget 10000"), 1, "", mixed...),
		group(grid("linear", "budget 10000"), 5, "", low...),
		group(grid("linear", "budget 10000"), 20, "", 0.011, inf, 0.017, nan, 0.020, 0.012, 0.013, 0.0105),
	}}
}

func mustCompare(t *testing.T, by string, sweeps ...*report.Data) *Result {
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
	if c.A != "geometric" || c.B != "linear" || c.K != 5 || c.Test != "wilcoxon" || c.SharedSeeds != 8 {
		t.Errorf("%+v", c)
	}
	// All eight differences have one sign: p = 2/2⁸; all 64 pairs but one, 0.019 < 0.020.
	if c.WilcoxonP != 2.0/256 || c.Improvement != 63.0/64 || !c.Significant() {
		t.Errorf("p %v, improvement %v", c.WilcoxonP, c.Improvement)
	}
	want := 0.0
	for i := range low {
		want += math.Log(low[i]/high[i]) / 8
	}
	if got := float64(c.DeltaPercent); math.Abs(got-100*(math.Exp(want)-1)) > 1e-9 {
		t.Errorf("change %v", got)
	}
	// The failed run takes its seed out; the unsettled one ranks last and is not averaged.
	last := r.Comparisons[2]
	if last.SharedSeeds != 7 || last.groupB.N != 6 {
		t.Errorf("%+v", last)
	}
	for _, w := range []string{"linear: 1 unsettled, 1 failed of 8", "1 unsettled value placed last", "Wilcoxon over the 7 seeds with a result in both"} {
		if !slices.Contains(last.Warnings, w) {
			t.Errorf("%q is not in %q", w, last.Warnings)
		}
	}
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
	d := schedules()
	d.Config = loaded(t, "wide", "")
	d.Config.Anneal.End, d.Config.Anneal.Box.HalfWidth = []string{"inclusive", "printed"}, []float64{1, 4}
	d.Groups = []report.Group{
		group(map[string]string{"baseline": "hot"}, 0, "hot", mixed...),
		group(at("inclusive", "1"), 1, "", high...), group(at("inclusive", "4"), 1, "", low...),
		group(at("printed", "1"), 1, "", mixed...), group(at("printed", "4"), 1, "", low...),
		group(mine, 1, "", low...),
	}
	for by, want := range map[string][][3]string{
		"half_width": {{"1", "4", "inclusive"}, {"1", "4", "printed"}},
		"anneal.end": {{"inclusive", "printed", "1"}, {"inclusive", "printed", "4"}},
	} {
		var got [][3]string
		for _, c := range mustCompare(t, by, d).Comparisons {
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
	for i, c := range file.Cases {
		d := &report.Data{Name: "golden"}
		for j := range c.Values[0] {
			var v []float64
			for _, row := range c.Values {
				v = append(v, row[j])
			}
			d.Groups = append(d.Groups, group(map[string]string{"schedule": "mine"}, j+1, "", v...))
		}
		r := mustCompare(t, "k", d)
		last := r.Comparisons[len(r.Comparisons)-1]
		if !close(float64(last.WilcoxonP), c.Wilcoxon.P) || !close(float64(last.Improvement), c.Improvement) {
			t.Errorf("case %d: %+v", i, last)
		}
		want := c.Page.P
		if c.Page.Exact != nil {
			want = *c.Page.Exact
		}
		if !close(float64(r.Trends[0].PageP), want) {
			t.Errorf("case %d: Page p %v, want %v", i, r.Trends[0].PageP, want)
		}
	}
}

func close(a, b float64) bool { return math.Abs(a-b) <= 1e-9*math.Max(1, math.Abs(b)) }

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

func sweeps(t *testing.T) (a, b *report.Data) {
	a = &report.Data{Name: "fig5", Config: loaded(t, "fig5", ""), Groups: []report.Group{
		group(map[string]string{"baseline": "warm"}, 0, "warm", high...),
		group(grid("geometric", "budget 10000"), 1, "", high...), group(grid("geometric", "budget 10000"), 5, "", high...)}}
	b = &report.Data{Name: "slow", Config: loaded(t, "slow", "train: {optimizer: {lr: 1e-5}, batch: 32}\n"), Groups: []report.Group{
		group(map[string]string{"baseline": "warm"}, 0, "warm", low...),
		group(grid("linear", "budget 10000"), 1, "", mixed...), group(grid("linear", "budget 10000"), 5, "", low...)}}
	return a, b
}

func TestTwoSweeps(t *testing.T) {
	a, b := sweeps(t)
	r := mustCompare(t, "", a, b)
	if r.By != "sweep" || len(r.Comparisons) != 3 || r.Comparisons[0].Baseline != "warm" || r.Comparisons[2].B != "slow" {
		t.Fatalf("by %s: %+v", r.By, r.Comparisons)
	}
	if r.Groups[4].By["sweep"] != "slow" || len(r.Groups) != 6 {
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
		t.Error("the data was changed")
	}
}

func TestSeedsNotShared(t *testing.T) {
	d := schedules()
	for i := range d.Groups[6].Runs {
		d.Groups[6].Runs[i].Seed += 100
	}
	c := mustCompare(t, "schedule", d).Comparisons[1]
	if c.Test != "mann-whitney" || c.P != c.MannWhitneyP || c.WilcoxonP.Defined() || c.SharedSeeds != 0 {
		t.Errorf("%+v", c)
	}
}

func TestErrors(t *testing.T) {
	a, b := sweeps(t)
	twice := *a
	alone := &report.Data{Name: "one", Groups: []report.Group{group(grid("geometric", "budget 10000"), 1, "", high...)}}
	apart := schedules()
	apart.Groups = []report.Group{apart.Groups[2], apart.Groups[6]}
	for _, c := range []struct {
		sweeps      []*report.Data
		by, measure string
		want        string
	}{
		{nil, "", "max_to_min", "no sweep to compare"},
		{[]*report.Data{a, &twice}, "", "max_to_min", "given twice"},
		{[]*report.Data{a}, "", "loudness", `--measure: "loudness" is not an amplitude`},
		{[]*report.Data{a}, "train.optimiser.lr", "max_to_min", `--by: "train.optimiser.lr" is not a key of the sweeps`},
		{[]*report.Data{a}, "train.batch", "max_to_min", "nothing to compare by train.batch: there is only 64"},
		{[]*report.Data{a}, "schedule", "max_to_min", "nothing to compare by schedule: there is only geometric"},
		{[]*report.Data{alone}, "", "max_to_min", "nothing to compare by k: there is only K = 1"},
		{[]*report.Data{apart}, "schedule", "max_to_min", "nothing to compare by schedule: no K is there for two of geometric, linear"},
		{[]*report.Data{a, b, {Name: "third", Config: b.Config, Groups: b.Groups}}, "train.batch", "max_to_min", "--by train.batch: slow and third both have 32; give one sweep for each value"},
	} {
		_, err := Compare(c.sweeps, c.by, c.measure)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("by %q: %v, want %s", c.by, err, c.want)
		}
	}
}

func golden(t *testing.T, name string, write func(*bytes.Buffer) error) {
	t.Helper()
	var got bytes.Buffer
	if err := write(&got); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", name)
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), want) {
		t.Errorf("%s (UPDATE_GOLDEN=1 writes it anew):\n%s", path, got.String())
	}
}

// The tables as they are printed; look at testdata when they change.
func TestTables(t *testing.T) {
	schedule, baseline, k := mustCompare(t, "schedule", schedules()), mustCompare(t, "baseline", schedules()), mustCompare(t, "k", schedules())
	golden(t, "k.txt", func(b *bytes.Buffer) error { return k.Text(b) })
	golden(t, "schedule.txt", func(b *bytes.Buffer) error { return schedule.Text(b) })
	golden(t, "baseline.txt", func(b *bytes.Buffer) error { return baseline.Text(b) })
	golden(t, "schedule.csv", func(b *bytes.Buffer) error { return schedule.CSV(b) })
	golden(t, "schedule.tex", func(b *bytes.Buffer) error { return schedule.LaTeX(b) })
	golden(t, "baseline.tex", func(b *bytes.Buffer) error { return baseline.LaTeX(b) })
}

func TestJSON(t *testing.T) {
	b, err := json.Marshal(mustCompare(t, "", schedules()))
	if err != nil {
		t.Fatal(err)
	}
	var top map[string]json.RawMessage
	var rows []map[string]any
	if err := json.Unmarshal(b, &top); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"measure", "groups", "trends", "real_floor", "warnings", "comparisons"} {
		if _, ok := top[key]; !ok {
			t.Errorf("no %s", key)
		}
	}
	if err := json.Unmarshal(top["comparisons"], &rows); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"a", "b", "by", "k", "delta_percent", "wilcoxon_p", "mann_whitney_p", "improvement", "ci95"} {
		if _, ok := rows[0][key]; !ok {
			t.Errorf("no %s in a comparison", key)
		}
	}
}

func TestCSVReadsBack(t *testing.T) {
	var b bytes.Buffer
	r := mustCompare(t, "schedule", schedules())
	if err := r.CSV(&b); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := slices.Index(rows[0], "delta_percent")
	for i, c := range r.Comparisons {
		if v, err := strconv.ParseFloat(rows[i+1][at], 64); err != nil || v != float64(c.DeltaPercent) {
			t.Errorf("row %d: %q is not %v", i, rows[i+1][at], c.DeltaPercent)
		}
	}
}

func TestDigits(t *testing.T) {
	for x, want := range map[float64]string{0: "0", 0.09996: "0.100", 0.0123: "0.0123", 0.5: "0.500", 12.345: "12.3", 99.96: "100", 1234: "1234", 1.234e-5: "1.23e-05", -0.25: "-0.250", 2.5e7: "2.5e+07"} {
		if got := Digits(x); got != want {
			t.Errorf("%v is written %s, want %s", x, got, want)
		}
	}
}

func TestTexNumbers(t *testing.T) {
	for s, want := range map[string]string{
		"1.2e-05 [-, 3e+07]": `$1.2\times10^{-5}$ [-,\,$3\times10^{7}$]`, "0.5 [0.1, 0.9]": `0.5 [0.1,\,0.9]`, "-": "--",
	} {
		if got := TeXNumbers(s); got != want {
			t.Errorf("%s: %s, want %s", s, got, want)
		}
	}
}

// The table compiles, where TeX and booktabs are installed (Debian:
// texlive-latex-base, texlive-latex-recommended).
func TestLaTeXCompiles(t *testing.T) {
	tex, err := exec.LookPath("pdflatex")
	if err != nil {
		t.Skip("pdflatex is not installed")
	}
	if err := exec.Command("kpsewhich", "booktabs.sty").Run(); err != nil {
		t.Skip("booktabs is not installed")
	}
	d := schedules()
	d.Groups[5].By = grid(`odd_name & 50% of #1 {β}`, "budget 10000")
	d.Groups[6].By, d.Groups[7].By = d.Groups[5].By, d.Groups[5].By
	dir := t.TempDir()
	var b bytes.Buffer
	b.WriteString("\\documentclass{article}\n\\usepackage{booktabs}\n\\begin{document}\n")
	if err := mustCompare(t, "schedule", d).LaTeX(&b); err != nil {
		t.Fatal(err)
	}
	b.WriteString("\\end{document}\n")
	if err := os.WriteFile(filepath.Join(dir, "table.tex"), b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(tex, "-interaction=nonstopmode", "-halt-on-error", "table.tex")
	c.Dir = dir
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
