package main

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fig5/bench/config"
	"fig5/bench/record"
)

// call runs a command that must end with code 0 and returns what it wrote.
func call(t *testing.T, args ...string) string {
	t.Helper()
	var out, errOut bytes.Buffer
	if code := run(context.Background(), args, strings.NewReader(""), &out, &errOut); code != 0 {
		t.Fatalf("fig5 %s: exit code %d: %s", strings.Join(args, " "), code, &errOut)
	}
	return out.String()
}

// The plan knows what is done, and then takes its time from it.
func TestPlanOfRuns(t *testing.T) {
	runs := t.TempDir()
	t.Setenv("FIG5_TORCH", "none") // the time of a common machine
	const path = "../../configs/smoke.yaml"
	c, err := config.Load(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	get := func() (p plan) {
		if err := json.Unmarshal([]byte(call(t, "plan", path, "--runs", runs, "--jobs", "1", "--json")), &p); err != nil {
			t.Fatal(err)
		}
		return p
	}
	// common is the time of a cell on the common machine, of 64e9 operations a second:
	// 42,713,088 an iteration and 2·17,152 for each of the 200 samples of an evaluation, of
	// which there are 20 after the end.
	common := func(iterations int) float64 {
		return (float64(iterations)*42_713_088 + (float64(iterations)/5+20)*200*2*17_152) / 64e9
	}
	before := get()
	save := func(d record.Dir, r *record.Run, state record.State) {
		t.Helper()
		r.State, r.Machine = state, record.ThisMachine()
		r.Seconds = 7 * common(r.Cell.Iterations)
		if err := os.MkdirAll(string(d), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := d.Save(r); err != nil {
			t.Fatal(err)
		}
	}
	folder, cells := record.OpenSweep(runs, c.Name), c.Cells()
	left := 0.0
	for i, cell := range cells {
		switch i {
		case 0:
			save(folder.Cell(cell.ID), record.NewRun(c, cell), record.Done)
		case 1:
			save(folder.Cell(cell.ID), record.NewRun(c, cell), record.Diverged)
		default:
			left += 0.7 + 7*common(cell.Iterations) // and the start of a worker
		}
	}
	for _, seed := range c.Seeds {
		d, r := folder.Pretrain(seed), record.NewPretraining(c, seed)
		r.Step = int64(r.Cell.Iterations)
		save(d, r, record.Done)
		if err := os.WriteFile(d.Checkpoint(), nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	after := get()
	if got := []record.State{after.Cells[0].State, after.Cells[1].State, after.Cells[2].State}; got[0] != record.Done || got[1] != record.Diverged || got[2] != "missing" {
		t.Errorf("states %v", got)
	}
	if math.Abs(after.Seconds-left) > 0.051 {
		t.Errorf("%g seconds, want %g", after.Seconds, left)
	}
	if after.Iterations != before.Iterations || after.Disk != before.Disk {
		t.Errorf("%d iterations and %d bytes became %d and %d", before.Iterations, before.Disk, after.Iterations, after.Disk)
	}
	for _, cell := range cells {
		save(folder.Cell(cell.ID), record.NewRun(c, cell), record.Done)
	}
	if text := call(t, "plan", path, "--runs", runs); !strings.HasSuffix(text, "\nnothing is missing\n") {
		t.Errorf("a sweep that is done is planned as\n%s", text)
	}
}

// A cell that is there but was trained in another way is the user's to settle.
func TestPlanOfOtherRuns(t *testing.T) {
	runs := t.TempDir()
	c, err := config.Load("../../configs/smoke.yaml", []string{"train.optimizer.lr=0.5"})
	if err != nil {
		t.Fatal(err)
	}
	cell := c.Cells()[0]
	d := record.OpenSweep(runs, c.Name).Cell(cell.ID)
	if err := os.MkdirAll(string(d), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := d.Save(record.NewRun(c, cell)); err != nil {
		t.Fatal(err)
	}
	var out, errOut bytes.Buffer
	code := run(context.Background(), []string{"plan", "../../configs/smoke.yaml", "--runs", runs}, nil, &out, &errOut)
	if want := "was trained with train.optimizer.lr = 0.5, the config now says 0.001"; code != 2 || !strings.Contains(errOut.String(), want) || out.Len() > 0 {
		t.Errorf("exit code %d: %s", code, &errOut)
	}
}

// The committed digits are whole, and one that is changed is found out.
func TestDataCheckFiles(t *testing.T) {
	const fixture = "../data/testdata/idx"
	out := call(t, "data", "check", "mnist", "--path", fixture)
	if !strings.Contains(out, "200 x 28 x 28") || strings.Count(out, "SHA256SUMS") != 2 {
		t.Error(out)
	}
	dir := t.TempDir()
	for _, name := range []string{"train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "SHA256SUMS"} {
		b, err := os.ReadFile(filepath.Join(fixture, name))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(name, "images") {
			b[len(b)/2] ^= 1
		}
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	var stdout, stderr bytes.Buffer
	code := run(context.Background(), []string{"data", "check", "mnist", "--path", dir}, nil, &stdout, &stderr)
	if want := "fig5: " + filepath.Join(dir, "train-images-idx3-ubyte.gz") + ": "; code != 2 || !strings.HasPrefix(stderr.String(), want) || strings.Count(stderr.String(), "\n") != 1 {
		t.Errorf("exit code %d: %s", code, &stderr)
	}
}
