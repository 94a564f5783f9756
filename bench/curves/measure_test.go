package curves

import (
	"bytes"
	"context"
	"encoding/json"
	_ "image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fig5/bench/config"
	"fig5/bench/record"
	"fig5/filters"
)

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestPaths(t *testing.T) {
	t.Chdir(t.TempDir())
	const text = "iteration,fid\n0,1\n"
	write(t, "b.csv", text)
	write(t, "a.csv", text)
	write(t, "[odd].csv", text)
	write(t, "sweep/k01/curve.csv", text)
	write(t, "sweep/k01/run.json", "{}")
	write(t, "sweep/k02/run.json", "{}")
	write(t, "copied/curve.csv", text)
	in, err := Paths([]string{"-", "?.csv", "[odd].csv", "sweep/k01", "copied"})
	want := []Input{{"-", ""}, {"a.csv", ""}, {"b.csv", ""}, {"[odd].csv", ""}, {"sweep/k01/curve.csv", "sweep/k01"}, {"copied/curve.csv", ""}}
	if err != nil || !slices.Equal(in, want) {
		t.Errorf("%v, %v", in, err)
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"no.csv"}, "no.csv: no such file or directory"},
		{[]string{"x*.csv"}, "x*.csv: no file matches"},
		{[]string{"["}, "[: syntax error in pattern"},
		{[]string{"-", "-"}, "-: standard input can be read but once"},
		{[]string{"sweep"}, "sweep: is a folder without a curve; name files, run folders, or a pattern such as 'sweep/*/curve.csv'"},
		{[]string{"sweep/k02"}, "sweep/k02: the run has no curve yet"},
	} {
		if _, err := Paths(c.args); err == nil || err.Error() != c.want {
			t.Errorf("%q: %v, want %s", c.args, err, c.want)
		}
	}
}

// A run folder is measured as its run.json says, unless a set says otherwise; its
// curve.csv by itself with the defaults.
func TestRunSettings(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "s.yaml", "{name: s, data: {name: mixture}, model: {name: toy}, anneal: {steps: 1}, seeds: [0], analysis: {lowpass: {name: none}, knee: {name: kneedle, sensitivity: 0}, window: 1000}}")
	c, err := config.Load("s.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	dir := record.OpenSweep("runs", "s").Cell("k01-s00")
	if err := os.MkdirAll(string(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := dir.Save(record.NewRun(c, c.Cells()[0])); err != nil {
		t.Fatal(err)
	}
	write(t, dir.Curve(), string(exampleCurve()))
	do := func(path string, sets ...string) *Result {
		t.Helper()
		in, err := Paths([]string{path})
		if err != nil {
			t.Fatal(err)
		}
		o, err := Job{Sets: sets}.Do(context.Background(), in)
		if err != nil || o[0].Err != nil {
			t.Fatal(err, o[0].Err)
		}
		return o[0].Result
	}
	if r := do(string(dir)); r.Lowpass.Name != "none" || r.Knee.Method != "kneedle" || r.Window.To-r.Window.From != 1000 {
		t.Errorf("the run's own: %+v %+v %+v", r.Lowpass, r.Knee, r.Window)
	}
	if r := do(string(dir), "analysis.window=2000"); r.Lowpass.Name != "none" || r.Window.To-r.Window.From != 2000 {
		t.Errorf("with a set: %+v %+v", r.Lowpass, r.Window)
	}
	if r := do(dir.Curve()); r.Lowpass.Name != "butterworth" || r.Window.To-r.Window.From != 50000 {
		t.Errorf("the file: %+v %+v", r.Lowpass, r.Window)
	}
}

func TestJob(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "good.csv", string(exampleCurve()))
	write(t, "short.csv", "iteration,fid\n0,1\n1,2\n")
	write(t, "bad.csv", "iteration,fid\n0,1\n0,2\n")
	in := []Input{{File: "short.csv"}, {File: "good.csv"}, {File: "bad.csv"}, {File: "-"}}
	o, err := Job{Stdin: bytes.NewReader(exampleCurve())}.Do(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"short.csv: 2 points are too few for butterworth of order 3, which needs 13; to measure the curve itself: --set analysis.lowpass.name=none", "", "bad.csv:3: iteration 0 repeats 0; they must ascend: one run a file, a row of a resumed run once", ""} {
		if got := o[i].Err; want == "" && got != nil || want != "" && (got == nil || got.Error() != want) {
			t.Errorf("%s: %v, want %q", in[i].File, got, want)
		}
	}
	if a, b := o[1].Result, o[3].Result; a.Knee != b.Knee || a.Level != b.Level || b.File != "-" {
		t.Errorf("%+v and %+v", a, b)
	}
	if _, err := (Job{Sets: []string{"analysis.windw=1"}}).Do(context.Background(), in); err == nil || !strings.HasPrefix(err.Error(), "--set analysis.windw: ") {
		t.Errorf("mistyped setting: %v", err)
	}
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := (Job{}).Do(cancelled, in); err == nil {
		t.Error("goes on after an interrupt")
	}
}

func example(t *testing.T, a filters.Analysis) (*Curve, *Result) {
	t.Helper()
	c, err := Read(bytes.NewReader(exampleCurve()), "log/fid.csv", Columns{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.Measure(a)
	if err != nil {
		t.Fatal(err)
	}
	return c, r
}

func TestJSON(t *testing.T) {
	a := filters.DefaultAnalysis()
	a.Lowpass = filters.Lowpass{Name: "savgol", Window: 21}
	_, r := example(t, a)
	r.Level, r.Amplitude = 17, filters.Amplitude{MaxToMin: 2, SD: math.NaN()}
	b, err := json.Marshal(r)
	want := `{"file":"log/fid.csv","points":750,"interval":100,"lowpass":{"name":"savgol","window":21,"polyorder":0},` +
		`"knee":{"method":"settle","iteration":7800,"fallback":false},"window":{"from":7800,"to":57800,"complete":true},"level":17,` +
		`"amplitude":{"max_to_min":2,"peak_to_trough":null,"sd":null,"detrended":0,"relative":null},"warnings":[]}`
	if err != nil || string(b) != want {
		t.Errorf("%s, %v, want %s", b, err, want)
	}
}

// Every bit comes back from the file.
func TestWriteFiltered(t *testing.T) {
	c, r := example(t, filters.DefaultAnalysis())
	var b bytes.Buffer
	if err := WriteFiltered(&b, c, r); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(b.String(), "iteration,fid,filtered\n0,") {
		t.Errorf("%.60s", b.String())
	}
	back, err := Read(&b, "filtered.csv", Columns{Y: "filtered"})
	if err != nil || !slices.Equal(back.Y, r.Filtered) || !slices.Equal(back.X, c.X) {
		t.Errorf("came back otherwise: %v", err)
	}
}
