package curves

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fig5/filters"
)

// One curve as eleven programs write it, and with a point missing, NaN or measured twice:
// 400 evaluations every 100 iterations, max to min 6.619 over 30,000 behind settle.
func TestCases(t *testing.T) {
	for _, c := range []struct {
		file, x, y string
		window     float64
		tolerance  float64
		source     Source // without names
	}{
		{"base.csv", "iteration", "fid", 30000, 1e-4, Source{Interval: 100, Rows: 400}},
		{"header.txt.gz", "step", "fid", 30000, 1e-4, Source{Interval: 100, Rows: 400}},
		{"wandb_history.csv.gz", "_step", "eval/fid", 30000, 1e-4, Source{Interval: 100, Rows: 400}},
		{"wandb_ui_blank.csv.gz", "Step", "run-a - fid", 30000, 1e-4, Source{Interval: 100, Rows: 800, Skipped: 400}},
		{"stylegan.jsonl.gz", "kimg", "results.fid50k_full", 61440, 1e-4, Source{Interval: 204.8, Rows: 400}},
		{"mlflow_fid", "step", "value", 30000, 1e-4, Source{Interval: 100, Rows: 400}},
		{"tb.json", "step", "value", 30000, 1e-4, Source{Interval: 100, Rows: 400}},
		{"events.out.tfevents.1", "step", "fid", 30000, 1e-4, Source{Interval: 100, Rows: 400}},
		{"fidelity.csv", "step", "frechet_inception_distance", 30000, 1e-4, Source{Interval: 100, Rows: 400}},
		{"gap_odd.csv", "iteration", "fid", 30000, 0.01, Source{Interval: 100, Rows: 399, Filled: 1}},
		{"nan_mid.csv", "iteration", "fid", 30000, 0.01, Source{Interval: 100, Rows: 400, Filled: 1}},
		{"resumed.csv", "iteration", "fid", 30000, 0.01, Source{Interval: 100, Rows: 405, Repeated: 5}},
	} {
		got, err := ReadFile(filepath.Join("testdata", "cases", c.file), Columns{})
		if err != nil {
			t.Error(err)
			continue
		}
		want := c.source
		want.X, want.Y = c.x, c.y
		if got.Source != want {
			t.Errorf("%s: %+v, want %+v", c.file, got.Source, want)
		}
		if warned := got.Source.Filled+got.Source.Repeated > 0; len(got.X) != 400 || warned != (len(got.Warnings) > 0) {
			t.Errorf("%s: %d points, %q", c.file, len(got.X), got.Warnings)
		}
		a := filters.DefaultAnalysis()
		a.Knee, a.Window = filters.Knee{Method: "settle", Tolerance: 0.05}, c.window
		m, err := a.Measure(got.X, got.Y)
		if err != nil || m.Window.End-m.Window.Start != 300 || math.Abs(m.Amplitude.MaxToMin-6.6188) > c.tolerance*6.6188 {
			t.Errorf("%s: %+v in %+v, %v", c.file, m.Amplitude, m.Window, err)
		}
	}
}

// Files that NumPy, tensorboardX (simple values) and TensorBoard (tensors) wrote; the run
// was resumed at 400.
func TestBinary(t *testing.T) {
	y := []float64{9, 8, 3, 2.5, 2, 2.25, 2.5, 2.75}
	for _, c := range []struct {
		file, xn, yn string
		step         float64
	}{
		{"xy.npy", "column 1", "column 2", 100}, {"turned.npy", "column 1", "column 2", 100}, {"y.npy", "row", "column 1", 1},
		{"named.npz", "steps", "fid", 100}, {"xy.npz", "x", "y", 100}, {"run", "step", "eval/fid", 100},
	} {
		got, err := ReadFile(filepath.Join("testdata", c.file), Columns{})
		if err != nil || !slices.Equal(got.Y, y) || got.X[7] != 7*c.step || got.Source.X != c.xn || got.Source.Y != c.yn {
			t.Errorf("%s: %+v, %v", c.file, got, err)
		}
	}
	if _, err := ReadFile("testdata/run", Columns{Y: "kid"}); err == nil || err.Error() != `testdata/run: no kid; there are "eval/fid", "loss/d"` {
		t.Error(err)
	}
}

// A broken event file is refused with its place; one that ends early, as of a run that goes
// on, is read as far as it goes.
func TestBrokenEvents(t *testing.T) {
	b, err := os.ReadFile("testdata/cases/events.out.tfevents.1")
	if err != nil {
		t.Fatal(err)
	}
	got, err := Read(strings.NewReader(string(b[:len(b)-5])), "f", Columns{})
	if err != nil || len(got.X) != 399 || len(got.Warnings) != 1 {
		t.Errorf("%v, %v", got, err)
	}
	bad := slices.Clone(b)
	bad[len(bad)/2] ^= 1
	if _, err := Read(strings.NewReader(string(bad)), "f", Columns{}); err == nil || !strings.HasPrefix(err.Error(), "f: the record at byte ") || !strings.Contains(err.Error(), "checksum") {
		t.Error(err)
	}
	long := slices.Clone(b[:12])
	long[7] = 0x10 // its length
	if _, err := Read(strings.NewReader(string(long)), "f", Columns{}); err == nil {
		t.Error("a length with a wrong checksum is read")
	}
}

// x rounded to whole numbers is even if a straight line passes all of them within half a
// unit, not the one through the first; small whole steps are no rounding.
func TestEven(t *testing.T) {
	kimg := func(n int, step, start float64, how func(float64) float64, without int) (x []float64) {
		for i := range n {
			if i != without {
				x = append(x, how(start+step*float64(i)))
			}
		}
		return x
	}
	for _, c := range []struct {
		name string
		x    []float64
		step float64 // 0: refused
		n    int
	}{
		{"rounded down", kimg(400, 204.8, 0, math.Floor, -1), 204.8, 400},
		{"rounded", kimg(400, 40.32, 0, math.Round, -1), 40.32, 400},
		{"rounded, from elsewhere", kimg(100, 204.8, 1433.6, math.Floor, -1), 204.8, 100},
		{"rounded, one missing", kimg(100, 204.8, 0, math.Floor, 40), 204.8, 100},
		{"hundredths", kimg(100, 1.0/3, 0, func(v float64) float64 { return math.Round(100*v) / 100 }, -1), 0.333, 100},
		{"float32", kimg(100, 0.1, 0, func(v float64) float64 { return float64(float32(v)) }, -1), 0.1, 100},
		{"an epoch missing", kimg(100, 1, 0, math.Floor, 50), 1, 100},
		{"two of a hundred late", append(kimg(98, 100, 0, math.Floor, -1), 9803, 9903), 0, 0},
		{"every one and a half", kimg(100, 1.5, 0, math.Floor, -1), 0, 0},
	} {
		var points []point
		for i, x := range c.x {
			points = append(points, point{x: x, y: 1, row: i})
		}
		curve := &Curve{}
		err := (&table{in: &input{file: "f"}}).even(curve, points)
		if (err != nil) != (c.step == 0) || math.Abs(curve.Source.Interval-c.step) > 1e-3*c.step || len(curve.X) != c.n {
			t.Errorf("%s: %d points every %v, %v", c.name, len(curve.X), curve.Source.Interval, err)
		}
		if err == nil {
			if _, err := filters.Interval(curve.X); err != nil || math.Abs(curve.X[0]-c.x[0]) > 1 {
				t.Errorf("%s: %v", c.name, err)
			}
		}
	}
}

// Up to 5 % and 3 in a row are filled linearly. A log of which points were left out at
// random says how all of them are got.
func TestMissing(t *testing.T) {
	log := func(header string, keep func(i int) bool) string {
		var b strings.Builder
		b.WriteString(header + "\n")
		for i := range 400 {
			if keep(i) {
				b.WriteString(short(float64(100*i)) + "," + short(float64(i)) + "\n")
			}
		}
		return b.String()
	}
	read := func(text string, c Columns) (*Curve, error) { return Read(strings.NewReader(text), "f.csv", c) }
	hole := func(n int) func(i int) bool { return func(i int) bool { return i < 200 || i >= 200+n } }
	c, err := read(log("step,fid", hole(3)), Columns{})
	if err != nil || c.Source.Filled != 3 || c.Y[201] != 201 || c.X[201] != 20100 || len(c.X) != 400 {
		t.Errorf("%+v, %v", c, err)
	}
	if _, err = read(log("step,fid", hole(4)), Columns{}); err == nil || err.Error() != "f.csv:202: step 20400: 4 points before it are missing or NaN; up to 3 in a row are filled; to interpolate: --resample 100" {
		t.Error(err)
	}
	if c, err = read(log("step,fid", hole(4)), Columns{Resample: 100}); err != nil || c.Source.Filled != 4 || c.Y[202] != 202 || len(c.Warnings) != 1 {
		t.Errorf("%+v, %v", c, err)
	}
	if _, err = read(log("step,fid", func(i int) bool { return i%20 != 7 }), Columns{}); err != nil {
		t.Errorf("5 %%: %v", err)
	}
	if _, err = read(log("step,fid", func(i int) bool { return i%19 != 7 }), Columns{}); err == nil || err.Error() != "f.csv: 21 of 400 points are missing or NaN; up to 5 % are filled; to interpolate: --resample 100" {
		t.Error(err)
	}
	random := func(i int) bool { return i*i%7 < 2 || i*i%11 == 3 } // irregular
	for header, want := range map[string]string{"_step,fid": "run.scan_history()", "Wall time,Step,Value": "event file"} {
		text := log(header, random)
		if header[0] == 'W' {
			text = strings.ReplaceAll(text, "\n", "\n1.7e9,")
			text = strings.TrimSuffix(text, "1.7e9,")
		}
		if _, err = read(text, Columns{}); err == nil || !strings.Contains(err.Error(), "drawn at random") || !strings.Contains(err.Error(), want) || !strings.HasSuffix(err.Error(), "to interpolate: --resample 100") {
			t.Errorf("%s: %v", header, err)
		}
	}
	nan := strings.Replace(log("step,fid", hole(0)), ",200\n", ",nan\n", 1)
	if c, err = read(nan, Columns{}); err != nil || c.Source.Filled != 1 || c.Y[200] != 200 {
		t.Errorf("%+v, %v", c, err)
	}
}
