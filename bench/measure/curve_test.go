package measure

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"fig5/bench/config"
	"fig5/bench/curves"
	"fig5/bench/record"
	"fig5/filters"
)

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
		in, err := curves.Paths([]string{path})
		if err != nil {
			t.Fatal(err)
		}
		o, err := Curves(context.Background(), in, curves.Columns{}, sets, nil)
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

func TestCurves(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "good.csv", string(exampleCurve()))
	write(t, "short.csv", "iteration,fid\n0,1\n1,2\n")
	write(t, "bad.csv", "iteration,fid\n0,1\n100,2\n0,3\n")
	in := []curves.Input{{File: "short.csv"}, {File: "good.csv"}, {File: "bad.csv"}, {File: "-"}}
	o, err := Curves(context.Background(), in, curves.Columns{}, nil, bytes.NewReader(exampleCurve()))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"short.csv: 2 points are too few for butterworth of order 3, which needs 13; to measure the curve itself: --set analysis.lowpass.name=none", "", "bad.csv:4: iteration begins again at 0; a curve is one run: each of them wants its own file", ""} {
		if got := o[i].Err; want == "" && got != nil || want != "" && (got == nil || got.Error() != want) {
			t.Errorf("%s: %v, want %q", in[i].File, got, want)
		}
	}
	if a, b := o[1].Result, o[3].Result; a.Knee != b.Knee || a.Level != b.Level || b.File != "-" {
		t.Errorf("%+v and %+v", a, b)
	}
	if _, err := Curves(context.Background(), in, curves.Columns{}, []string{"analysis.windw=1"}, nil); err == nil || !strings.HasPrefix(err.Error(), "--set analysis.windw: ") {
		t.Errorf("mistyped setting: %v", err)
	}
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Curves(cancelled, in, curves.Columns{}, nil, nil); err == nil {
		t.Error("goes on after an interrupt")
	}
}

func example(t *testing.T, a filters.Analysis) (*curves.Curve, *Result) {
	t.Helper()
	c, err := curves.Read(bytes.NewReader(exampleCurve()), "log/fid.csv", curves.Columns{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := Curve(c, a)
	if err != nil {
		t.Fatal(err)
	}
	return c, r
}

func TestJSON(t *testing.T) {
	a := filters.DefaultAnalysis()
	a.Lowpass, a.Knee = filters.Lowpass{Name: "savgol", Window: 21}, filters.Knee{Method: "none"}
	_, r := example(t, a)
	r.Level, r.Amplitude = 17, filters.Amplitude{MaxToMin: 2, SD: math.NaN()}
	b, err := json.Marshal(r)
	want := `{"file":"log/fid.csv","points":750,"interval":100,"lowpass":{"name":"savgol","window":21,"polyorder":0},` +
		`"knee":{"method":"none","iteration":0,"fallback":false,"limit":false},"window":{"from":0,"to":50000,"complete":true},"level":17,` +
		`"amplitude":{"max_to_min":2,"peak_to_trough":null,"sd":null,"detrended":0,"relative":null},` +
		`"source":{"x":"iteration","y":"fid","interval":100,"rows":750,"skipped":0,"filled":0,"repeated":0},"warnings":[]}`
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
	back, err := curves.Read(&b, "filtered.csv", curves.Columns{Y: "filtered"})
	if err != nil || !slices.Equal(back.Y, r.Filtered) || !slices.Equal(back.X, c.X) {
		t.Errorf("came back otherwise: %v", err)
	}
}
