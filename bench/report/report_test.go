package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"fig5/bench/record"
)

// docs/paper.md gives a reason for every deviation and assumption, under its number.
func TestPaperPage(t *testing.T) {
	page, err := os.ReadFile("../../docs/paper.md")
	if err != nil {
		t.Fatal(err)
	}
	for heading, list := range map[string][]string{"## Deviations": Deviations, "## Assumed values": Assumed} {
		_, section, ok := strings.Cut(string(page), heading+"\n")
		if !ok {
			t.Fatalf("docs/paper.md has no %q", heading)
		}
		section, _, _ = strings.Cut(section, "\n## ")
		items := regexp.MustCompile(`(?m)^(\d+)\. \*\*(.*?)\*\*`).FindAllStringSubmatch(section, -1)
		if len(items) != len(list) {
			t.Errorf("%s: %d in docs/paper.md, %d in deviations.go", heading, len(items), len(list))
		}
		for i, m := range items {
			if i < len(list) && (m[1] != strconv.Itoa(i+1) || m[2] != list[i]) {
				t.Errorf("%s: docs/paper.md has %s. %s\nwant %d. %s", heading, m[1], m[2], i+1, list[i])
			}
		}
	}
}

// The JSON form has the keys other programs rely on, and every run is counted once.
func TestJSON(t *testing.T) {
	c, sweep := fixture(t)
	d, err := Load(c, sweep)
	if err != nil {
		t.Fatal(err)
	}
	for _, measure := range Measures {
		r, err := d.Report(measure)
		if err != nil {
			t.Fatal(err)
		}
		b, err := JSON(r)
		if err != nil {
			t.Fatal(err)
		}
		var v struct {
			Groups    []map[string]any
			Trends    []map[string]any
			RealFloor map[string]any `json:"real_floor"`
		}
		if err := json.Unmarshal(b, &v); err != nil {
			t.Fatal(err)
		}
		for _, g := range v.Groups {
			for _, key := range strings.Fields("by k baseline n failed unsettled mean sd ci95 geomean geomean_ci95 median iqm values floor") {
				if _, ok := g[key]; !ok {
					t.Errorf("%s: a group has no %q", measure, key)
				}
			}
			if n := g["n"].(float64) + g["failed"].(float64) + g["unsettled"].(float64); n != 6 {
				t.Errorf("%s: %v: n + failed + unsettled = %v, want 6", measure, g["by"], n)
			}
			if g["baseline"] != "" && g["k"] != 0. {
				t.Errorf("a baseline has k = %v", g["k"])
			}
		}
		for _, tr := range v.Trends {
			for _, key := range strings.Fields("by page_p page_p_exact jonckheere_p spearman spearman_p slope slope_ci95") {
				if _, ok := tr[key]; !ok {
					t.Errorf("%s: a trend has no %q", measure, key)
				}
			}
		}
		if len(v.RealFloor["values"].([]any)) != 1 {
			t.Errorf("real floor: %v", v.RealFloor)
		}
	}
	if _, err := d.Report("loudness"); err == nil || err.Error() != `--measure: "loudness" is not an amplitude (max_to_min, peak_to_trough, sd, detrended, relative)` {
		t.Error(err)
	}
}

// The groups' values are those that filters measures on the curves themselves.
func TestValuesFromCurves(t *testing.T) {
	c, sweep := fixture(t)
	d, err := Load(c, sweep)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range d.Groups {
		values, seeds := g.Values("max_to_min")
		for i, seed := range seeds {
			at := slices.IndexFunc(g.Runs, func(r Run) bool { return r.Seed == seed })
			points, err := record.ReadCurve(sweep.Cell(g.Runs[at].ID).Curve())
			if err != nil {
				t.Fatal(err)
			}
			var x, y []float64
			for _, p := range points {
				if math.IsInf(p.Beta, 1) {
					x, y = append(x, float64(p.Iteration)), append(y, p.FID)
				}
			}
			m, err := c.Analysis.Measure(x, y)
			if err != nil {
				t.Fatal(err)
			}
			if m.Amplitude.MaxToMin != values[i] {
				t.Errorf("%s seed %d: %v, want %v", g.Name(), seed, values[i], m.Amplitude.MaxToMin)
			}
		}
	}
}

// Runs that are missing, running, failed, diverged or unsettled are counted as such.
func TestStates(t *testing.T) {
	c := loadConfig(t, "testdata/small.yaml")
	spoil := map[string]string{"warm-s00": "missing", "warm-s01": "running", "warm-s02": "failed", "warm-s03": "diverged", "warm-s04": "unsettled", "geometric-budget500-k05-s05": "failed"}
	d, err := Load(c, writeSweep(t, t.TempDir(), c, spoil))
	if err != nil {
		t.Fatal(err)
	}
	r, err := d.Report("max_to_min")
	if err != nil {
		t.Fatal(err)
	}
	g := r.Groups[0]
	if g.Baseline != "warm" || g.N != 1 || g.Missing != 2 || g.Failed != 2 || g.Diverged != 1 || g.Unsettled != 1 {
		t.Errorf("%+v", g)
	}
	if tr := r.Trends[0]; tr.Seeds != 5 { // the failed seed is no block
		t.Errorf("%d blocks, want 5", tr.Seeds)
	}
	for _, want := range []string{"2 of 24 runs are not finished", "warm-s02: failed: the worker was killed", "warm-s03: diverged: the FID was not finite at iteration 3300"} {
		if !slices.Contains(r.Warnings, want) {
			t.Errorf("no warning %q in %q", want, r.Warnings)
		}
	}
}

func TestLoadRefuses(t *testing.T) {
	c := loadConfig(t, "testdata/small.yaml")
	root := t.TempDir()
	sweep := writeSweep(t, root, c, nil)
	other := loadConfig(t, "testdata/small.yaml", "train.batch=32")
	if _, err := Load(other, sweep); err == nil || !strings.Contains(err.Error(), "warm-s00/run.json: was trained with train.batch = 64, the config now says 32") {
		t.Error(err)
	}
	if _, err := Load(c, record.OpenSweep(root, "nowhere")); err == nil || !strings.HasSuffix(err.Error(), "nowhere: no run of the sweep is finished there; `fig5 run` trains them") {
		t.Error(err)
	}
	short := loadConfig(t, "testdata/small.yaml", "analysis.lowpass={name: savgol, window: 99, polyorder: 2}")
	if _, err := Load(short, sweep); err == nil || !strings.Contains(err.Error(), "curve.csv: ") {
		t.Error(err)
	}
	if err := os.WriteFile(sweep.Cell("hot-s01").Curve(), []byte("iteration,beta,fid,d_loss,g_loss,modes\n0,inf,x,,,\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(c, sweep); err == nil || !strings.Contains(err.Error(), "hot-s01/curve.csv:2: ") {
		t.Error(err)
	}
}

// A folder is read by the config that has most of its runs, not by the last one used.
func TestSweepConfig(t *testing.T) {
	root := t.TempDir()
	whole := loadConfig(t, "testdata/small.yaml")
	sweep := writeSweep(t, root, whole, nil)
	part := loadConfig(t, "testdata/small.yaml", "seeds=[1]")
	cell := part.Cells()[0]
	r := record.NewRun(part, cell)
	r.Started = time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	if err := sweep.Cell(cell.ID).Finish(r, record.Done, "", r.Started); err != nil {
		t.Fatal(err)
	}
	d, err := LoadFolder(sweep)
	if err != nil {
		t.Fatal(err)
	}
	if n := d.Runs(); n != len(whole.Cells()) {
		t.Errorf("%d runs, want %d", n, len(whole.Cells()))
	}
}

// Analysis keys may change after the runs.
func TestOtherAnalysis(t *testing.T) {
	c, sweep := fixture(t)
	longer := loadConfig(t, "testdata/small.yaml", "analysis.window=100000")
	d, err := Load(longer, sweep)
	if err != nil {
		t.Fatal(err)
	}
	r, err := d.Report("max_to_min")
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range r.Groups {
		if g.N != 0 || g.GeoMean.Defined() {
			t.Errorf("%d runs settled in a window longer than any curve", g.N)
		}
	}
	if _, err := d.Page("max_to_min"); err != nil { // draws everything
		t.Error(err)
	}
	same, err := Load(c, sweep)
	if err != nil {
		t.Fatal(err)
	}
	if w := Differences(d, same); len(w) != 1 {
		t.Errorf("%q", w)
	}
	if w := Differences(same, same); len(w) != 0 {
		t.Errorf("%q", w)
	}
}

// Equal data give equal bytes in every file.
func TestSameBytes(t *testing.T) {
	c, sweep := fixture(t)
	var dirs [2]string
	for i := range dirs {
		d, err := Load(c, sweep)
		if err != nil {
			t.Fatal(err)
		}
		dirs[i] = t.TempDir()
		if err := d.Write(dirs[i], "max_to_min"); err != nil {
			t.Fatal(err)
		}
	}
	names, err := os.ReadDir(dirs[0])
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range names {
		got = append(got, e.Name())
		a, _ := os.ReadFile(filepath.Join(dirs[0], e.Name()))
		b, err := os.ReadFile(filepath.Join(dirs[1], e.Name()))
		if err != nil || !bytes.Equal(a, b) {
			t.Errorf("%s differs (%v)", e.Name(), err)
		}
	}
	for _, want := range strings.Fields("fig5.svg fig5.pdf fig5.png fig5-column.pdf fig5-linear.svg staircase.svg curves-k05.png curves.pdf amplitudes.csv groups.csv trends.csv report.json index.html RESULTS.md") {
		if !slices.Contains(got, want) {
			t.Errorf("no %s", want)
		}
	}
}

// Every run has a row in amplitudes.csv, with the numbers to the last bit.
func TestAmplitudesCSV(t *testing.T) {
	c, sweep := fixture(t)
	d, err := Load(c, sweep)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(d.AmplitudesCSV())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 1+d.Runs() {
		t.Fatalf("%d rows for %d runs", len(rows)-1, d.Runs())
	}
	col := func(name string) int { return slices.Index(rows[0], name) }
	i := 1
	for _, g := range d.Groups {
		for _, r := range g.Runs {
			row := rows[i]
			i++
			if row[col("id")] != r.ID || row[col("status")] != string(r.Status) {
				t.Errorf("row %d is of %s", i, row[0])
			}
			if r.Measured == nil {
				continue
			}
			for _, m := range Measures {
				want := amplitude(r.Measured.Amplitude, m)
				got, err := strconv.ParseFloat(row[col(m)], 64)
				if math.IsNaN(want) != (row[col(m)] == "") || err == nil && got != want {
					t.Errorf("%s: %s %q, want %v", r.ID, m, row[col(m)], want)
				}
			}
		}
	}
}

func TestDigits(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 1: "1.00", 0.0123456: "0.0123", 0.00999999: "0.0100", 0.000123: "0.000123", 12.34: "12.3", 1234: "1230",
		-0.229: "-0.229", 3.2e-7: "3.20e-07", math.Inf(1): "∞", 0.0999999: "0.100", 99.99: "100",
	} {
		if got := digits(v); got != want {
			t.Errorf("digits(%v) = %q, want %q", v, got, want)
		}
	}
	if got := digits(math.NaN()); got != "–" {
		t.Errorf("digits(NaN) = %q", got)
	}
}

func TestFileName(t *testing.T) {
	for in, want := range map[string]string{"K = 5": "k05", "K = 20": "k20", "warm": "warm", "linear, budget 10000, K = 2": "linear-budget10000-k02", "exponential tau 5, K = 1": "exponential-tau5-k01", "a/b": "a-b"} {
		if got := fileName(in); got != want {
			t.Errorf("fileName(%q) = %q, want %q", in, got, want)
		}
	}
}
