package record

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// drawCurve is any curve that may be written.
func drawCurve(t *rapid.T) []Point {
	n := rapid.IntRange(0, 30).Draw(t, "rows")
	finite := rapid.Float64().Filter(func(x float64) bool { return !math.IsInf(x, 0) })
	points := make([]Point, n)
	next := 0
	for i := range points {
		p := Point{
			Iteration: next,
			Beta:      rapid.OneOf(rapid.Float64Range(0, 100), rapid.Just(math.Inf(1))).Draw(t, "beta"),
			FID:       finite.Draw(t, "fid"),
			DLoss:     finite.Draw(t, "d"),
			GLoss:     finite.Draw(t, "g"),
			Modes:     rapid.IntRange(-1, 10).Draw(t, "modes"),
		}
		next += rapid.IntRange(1, 1000).Draw(t, "gap")
		points[i] = p
	}
	return points
}

// Every float64 comes back to the last bit.
func TestCurveRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "curve.csv")
	rapid.Check(t, func(t *rapid.T) {
		want := drawCurve(t)
		if err := WriteCurve(path, want); err != nil {
			t.Fatal(err)
		}
		have, err := ReadCurve(path)
		if err != nil {
			t.Fatal(err)
		}
		if len(have) != len(want) || len(want) > 0 && !reflect.DeepEqual(have, want) {
			t.Fatalf("have %v\nwant %v", have, want)
		}
	})
}

// Whatever a killed writer leaves behind the rows that its checkpoint knows, the
// next one ends with the same file.
func TestCurveResume(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		points := drawCurve(t)
		whole, path := filepath.Join(dir, "whole.csv"), filepath.Join(dir, "curve.csv")
		if err := WriteCurve(whole, points); err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(whole)
		if err != nil {
			t.Fatal(err)
		}
		known := rapid.IntRange(0, len(points)).Draw(t, "known")
		begin := len(strings.Join(strings.SplitAfter(string(want), "\n")[:known+1], ""))
		end := rapid.IntRange(begin, len(want)).Draw(t, "end")
		left := append(bytes.Clone(want[:end]), rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(t, "garbage")...)
		if err := os.WriteFile(path, left, 0o644); err != nil {
			t.Fatal(err)
		}
		w, err := OpenCurve(path, known)
		if err != nil {
			t.Fatal(err)
		}
		defer w.Close()
		for _, p := range points[known:] {
			if err := w.Append(p); err != nil {
				t.Fatal(err)
			}
		}
		have, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if w.Rows() != len(points) || !bytes.Equal(have, want) {
			t.Fatalf("%d rows:\n%s\nwant %d:\n%s", w.Rows(), have, len(points), want)
		}
	})
}

func TestCurveText(t *testing.T) {
	path := filepath.Join(t.TempDir(), "curve.csv")
	w, err := OpenCurve(path, 0)
	if err != nil {
		t.Fatal(err)
	}
	nan := math.NaN()
	for _, p := range []Point{
		{0, 0.1, 0.1, 1.0 / 3, 0.5, 5},
		{100, math.Inf(1), 12, nan, math.Inf(-1), -1},
	} {
		if err := w.Append(p); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	want := "iteration,beta,fid,d_loss,g_loss,modes\n" +
		"0,0.1,0.10000000000000001,0.33333333333333331,0.5,5\n" +
		"100,inf,12,,,\n"
	if have := mustRead(t, path); have != want {
		t.Errorf("have\n%s\nwant\n%s", have, want)
	}
}

// A FID that is not finite never reaches the file.
func TestCurveAppendRefuses(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "curve.csv")
	w, err := OpenCurve(path, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	before := mustRead(t, path)
	wantError(t, w.Append(Point{Iteration: 300, FID: math.NaN()}), dir, "DIR/curve.csv: iteration 300: fid is NaN; a curve ends before its first non-finite value")
	wantError(t, w.Append(Point{Iteration: 300, Beta: -1}), dir, "DIR/curve.csv: iteration 300: beta is -1, not in [0, ∞]")
	if mustRead(t, path) != before || w.Rows() != 0 {
		t.Error("a refused row was written")
	}
}

func TestReadCurveRefuses(t *testing.T) {
	const header = curveHeader + "\n"
	dir := t.TempDir()
	path := filepath.Join(dir, "curve.csv")
	for text, want := range map[string]string{
		"":                                       ":1: the file ends within a line",
		curveHeader:                              ":1: the file ends within a line",
		"iteration,fid\n0,1\n":                   `:1: not a curve: the header is not "iteration,beta,fid,d_loss,g_loss,modes"`,
		header + "0,inf,1,,,\n100,inf,2,,,":      ":3: the file ends within a line",
		header + "0,inf,1,,\n":                   ":2: 5 fields, want the 6 of iteration,beta,fid,d_loss,g_loss,modes",
		header + "0,inf,1,,,,\n":                 ":2: 7 fields, want the 6 of iteration,beta,fid,d_loss,g_loss,modes",
		header + "\n":                            ":2: 1 fields, want the 6 of iteration,beta,fid,d_loss,g_loss,modes",
		header + "x,inf,1,,,\n":                  `:2: iteration: "x" is not an iteration (0 or more)`,
		header + "-1,inf,1,,,\n":                 `:2: iteration: "-1" is not an iteration (0 or more)`,
		header + "0,NaN,1,,,\n":                  `:2: beta: "NaN" is not a finite number`,
		header + "0,-0.5,1,,,\n":                 ":2: beta: -0.5 is negative",
		header + "0,inf,,,,\n":                   `:2: fid: "" is not a finite number`,
		header + "0,inf,Inf,,,\n":                `:2: fid: "Inf" is not a finite number`,
		header + "0,inf,1e999,,,\n":              `:2: fid: "1e999" is not a finite number`,
		header + "0,inf,1,nan,,\n":               `:2: d_loss: "nan" is not a finite number`,
		header + "0,inf,1,,x,\n":                 `:2: g_loss: "x" is not a finite number`,
		header + "0,inf,1,,,-1\n":                `:2: modes: "-1" is not a count (0 or more)`,
		header + "5,inf,1,,,\n5,inf,1,,,\n":      ":3: iteration 5 does not come after 5",
		header + strings.Repeat("1", 300) + "\n": ":2: not a row of a curve: longer than 256 characters",
	} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := ReadCurve(path)
		wantError(t, err, dir, "DIR/curve.csv"+want)
	}
	_, err := ReadCurve(filepath.Join(dir, "none.csv"))
	wantError(t, err, dir, "DIR/none.csv: no such file or directory")
	_, err = ReadCurve(dir)
	wantError(t, err, dir, "DIR: is a folder, not a file")
}

// git (core.autocrlf) and editors change the line ends; the rows are the same.
func TestReadCurveCRLF(t *testing.T) {
	path := filepath.Join(t.TempDir(), "curve.csv")
	if err := os.WriteFile(path, []byte(curveHeader+"\r\n0,0.1,0.25,1.38,0.69,5\r\n100,inf,3,,,\r\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	points, err := ReadCurve(path)
	if err != nil || len(points) != 2 || points[0].Modes != 5 || points[1].FID != 3 {
		t.Errorf("%+v, %v", points, err)
	}
}

func TestOpenCurveRefuses(t *testing.T) {
	const header = curveHeader + "\n"
	dir := t.TempDir()
	path := filepath.Join(dir, "curve.csv")
	for text, want := range map[string]string{
		"":                                 ": ends after 0 rows, its checkpoint knows 2",
		header + "0,inf,1,,,\n100,inf,1,,": ": ends after 1 rows, its checkpoint knows 2",
		"a,b\n1,2\n3,4\n":                  `:1: not a curve: the header is not "iteration,beta,fid,d_loss,g_loss,modes"`,
		header + strings.Repeat("1", 300):  ":2: not a row of a curve: bufio: buffer full",
	} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := OpenCurve(path, 2)
		wantError(t, err, dir, "DIR/curve.csv"+want)
		if mustRead(t, path) != text {
			t.Errorf("%q: the file was changed", text)
		}
	}
}

func FuzzReadCurve(f *testing.F) {
	f.Add([]byte(curveHeader + "\n0,0.1,0.25,1.38,0.69,5\n100,inf,1e-300,,,\n"))
	f.Add([]byte(curveHeader + "\n"))
	f.Add([]byte("iteration,fid\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		points, err := readCurve(bytes.NewReader(data))
		if err != nil {
			return
		}
		var b []byte
		for _, p := range points {
			if b, err = p.append(b); err != nil {
				t.Fatalf("read what may not be written: %v", err)
			}
		}
		again, err := readCurve(bytes.NewReader(append([]byte(curveHeader+"\n"), b...)))
		if err != nil || len(again) != len(points) {
			t.Fatalf("read %d rows, again %d: %v", len(points), len(again), err)
		}
	})
}
