package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fig5/bench/config"
	"fig5/bench/record"
)

// Images stand beside the real ones, or alone and with a warning where these cannot
// be read.
func TestSamplesOfImages(t *testing.T) {
	idx := filepath.Join(t.TempDir(), "idx")
	if err := os.CopyFS(idx, os.DirFS("../data/testdata/idx")); err != nil {
		t.Fatal(err)
	}
	c, err := config.Load("../../configs/idx-smoke.yaml", []string{"data.path=" + idx})
	if err != nil {
		t.Fatal(err)
	}
	cell := c.Cells()[0]
	dir := record.OpenSweep(t.TempDir(), c.Name).Cell(cell.ID)
	for i, l := range cell.Levels {
		if err := record.WriteSamples(dir.LevelSamples(i, l.Beta), make([]float32, 9*784), 9, 784); err != nil {
			t.Fatal(err)
		}
	}
	if err := dir.Save(record.NewRun(c, cell)); err != nil {
		t.Fatal(err)
	}
	figure := filepath.Join(t.TempDir(), "figure.svg")
	for _, c := range []struct {
		images          int
		words, warnings string
	}{
		{len(cell.Levels) + 1, ">data<", ""},
		{len(cell.Levels), "", "fig5: warning: DIR: drawn without the real data: IDX/train-images-idx3-ubyte.gz: "},
	} {
		var out, errOut bytes.Buffer
		if code := run(context.Background(), []string{"samples", string(dir), "-o", figure}, strings.NewReader(""), &out, &errOut); code != 0 || out.String() != figure+"\n" {
			t.Fatalf("exit code %d, %q, %q", code, out.String(), errOut.String())
		}
		warned := strings.NewReplacer(string(dir), "DIR", idx, "IDX").Replace(errOut.String())
		if !strings.HasPrefix(warned, c.warnings) || (warned == "") != (c.warnings == "") {
			t.Errorf("warnings %q, want %q", warned, c.warnings)
		}
		svg, err := os.ReadFile(figure)
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(svg), "<image "); n != c.images || strings.Contains(string(svg), ">data<") != (c.words != "") {
			t.Errorf("%d images, want %d and %q", n, c.images, c.words)
		}
		if err := os.RemoveAll(idx); err != nil {
			t.Fatal(err)
		}
	}
}
