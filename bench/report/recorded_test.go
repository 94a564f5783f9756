package report

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"fig5/bench/config"
	"fig5/bench/record"
)

// RESULTS.md is regenerated from the committed runs, to the byte.
func TestResultsFromRecordedRuns(t *testing.T) {
	fixture(t)
	sweeps, err := Recorded("testdata/runs/recorded")
	if err != nil {
		t.Fatal(err)
	}
	if len(sweeps) != 1 || sweeps[0].Name != "small" {
		t.Fatalf("%d sweeps", len(sweeps))
	}
	dir := t.TempDir()
	if err := WriteResults(dir, "testdata/runs/recorded", sweeps); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(dir, "RESULTS.md"))
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "RESULTS.md", got)
	for _, ext := range []string{"svg", "pdf", "png"} {
		if _, err := os.Stat(filepath.Join(dir, "docs/figures/small."+ext)); err != nil {
			t.Error(err)
		}
	}
	var b bytes.Buffer
	d := sweeps[0]
	r, err := d.Report("max_to_min")
	if err != nil {
		t.Fatal(err)
	}
	if err := d.WriteText(&b, r); err != nil {
		t.Fatal(err)
	}
	golden(t, "small.txt", b.Bytes())
}

// RESULTS.md and docs/figures are what the committed runs give: `make results` changes
// nothing. Of a figure its SVG is compared, which has every number that is drawn.
func TestCommittedResults(t *testing.T) {
	sweeps := recorded(t)
	made := resultsFiles("runs/recorded", sweeps)
	made = slices.DeleteFunc(made, func(f File) bool {
		exact := runtime.GOARCH == "amd64" // elsewhere the last bits, and with them a drawing's bytes, may differ
		return f.Name != "RESULTS.md" && !(exact && strings.HasSuffix(f.Name, ".svg"))
	})
	each(len(made), func(i int) {
		got, err := made[i].Make()
		if err != nil {
			t.Error(err)
			return
		}
		if made[i].Name == "RESULTS.md" {
			checkWording(t, string(got))
		}
		want, err := os.ReadFile(filepath.Join("../..", made[i].Name))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not what the runs in runs/recorded give (%v); `make results` writes it", made[i].Name, err)
		}
	})
	figures, err := filepath.Glob("../../docs/figures/*.png")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range figures {
		if filepath.Base(path) == "scale.png" { // `make scale`
			continue
		}
		if !slices.ContainsFunc(made, func(f File) bool {
			return strings.TrimSuffix(filepath.Base(f.Name), ".svg") == strings.TrimSuffix(filepath.Base(path), ".png")
		}) && runtime.GOARCH == "amd64" {
			t.Errorf("%s is of no recorded sweep", path)
		}
	}
}

// Every recorded sweep is whole, and is what configs/ says now: the same cells trained
// and measured in the same way.
func TestRecordedSweeps(t *testing.T) {
	for _, d := range recorded(t) {
		c, err := config.Load("../../configs/"+d.Name+".yaml", nil)
		if err != nil {
			t.Error(err)
			continue
		}
		sweep := record.OpenSweep("../../runs/recorded", d.Name)
		now, err := Load(c, sweep)
		if err != nil {
			t.Error(err)
			continue
		}
		if n := d.Runs(); n != len(c.Cells()) || c.Analysis != d.Analysis {
			t.Errorf("%s: %d runs and analysis %+v, the config asks for %d and %+v", d.Name, n, d.Analysis, len(c.Cells()), c.Analysis)
		}
		for i := range now.Groups {
			if n := now.Groups[i].Count(Missing, Failed); n > 0 {
				t.Errorf("%s: %s: %d runs are not there", d.Name, now.Groups[i].Name(), n)
			}
		}
		if len(now.RealFloor) == 0 {
			t.Errorf("%s has no real-floor.csv", d.Name)
		}
	}
}

// recorded is the committed sweeps.
func recorded(t *testing.T) []*Data {
	t.Helper()
	const root = "../../runs/recorded"
	if _, err := os.Stat(root); os.IsNotExist(err) {
		t.Skip("no runs are recorded")
	}
	sweeps, err := Recorded(root)
	if err != nil {
		t.Fatal(err)
	}
	return sweeps
}
