//go:build cgo

package features

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"fig5/fid"
	"fig5/fid/npy"
	"fig5/fid/samples"
)

// TestInception holds modules of scripts/export_inception.py to pytorch-fid, with
// random weights: features of images in colour and in grey, which may be as far from
// those in float64 as pytorch-fid's own are, three times over, and a distance. It needs FIG5_PYTHON, a Python with torch, torchvision,
// scipy and pytorch-fid.
func TestInception(t *testing.T) {
	python := os.Getenv("FIG5_PYTHON")
	if python == "" {
		t.Skip("FIG5_PYTHON names no Python with torch, torchvision, scipy and pytorch-fid")
	}
	dir := t.TempDir()
	call := func(args ...string) {
		t.Helper()
		if out, err := exec.Command(python, args...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
	}
	in := func(name string) string { return filepath.Join(dir, name) }
	export := func(dims, out string) {
		call("../../scripts/export_inception.py", "--weights", in("weights.pth"), "--dims", dims, "-o", in(out))
	}
	call("testdata/inception.py", dir)
	export("2048", "2048.pt")
	export("64", "64.pt")

	z, err := npy.OpenArchive(in("reference.npz"))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	for folder, key := range map[string]string{"a": "colour", "grey": "grey"} {
		peer, exact := array(t, z, key), array(t, z, key+"64")
		got := moduleFeatures(t, in("2048.pt"), in(folder), len(exact)/2048)
		if len(got) != len(exact) {
			t.Fatalf("%s: %d features, want %d", key, len(got), len(exact))
		}
		var largest, ours, theirs float64
		for i, v := range exact {
			largest = max(largest, math.Abs(v))
			ours, theirs = max(ours, math.Abs(v-float64(got[i]))), max(theirs, math.Abs(v-peer[i]))
		}
		t.Logf("%s: %.2g of the largest from float64, pytorch-fid %.2g", key, ours/largest, theirs/largest)
		if ours > 3*theirs {
			t.Errorf("%s: differ from float64 by %.2g, pytorch-fid by %.2g", key, ours, theirs)
		}
	}

	var reference struct{ FID64 float64 }
	b, err := os.ReadFile(in("reference.json"))
	if err == nil {
		err = json.Unmarshal(b, &reference)
	}
	if err != nil {
		t.Fatal(err)
	}
	var stats [2]fid.Stats
	for i, folder := range []string{"a", "b"} {
		m, err := Stats(context.Background(), in(folder), Spec{Name: TorchScript, Path: in("64.pt"), Size: 299}, nil)
		if err != nil || len(m.Warnings) > 0 {
			t.Fatal(err, m.Warnings)
		}
		stats[i] = m.Stats
	}
	d, err := fid.Distance(stats[0], stats[1])
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("distance %.10g, of pytorch-fid %.10g: differ by %.2g", d.FID, reference.FID64, math.Abs(d.FID/reference.FID64-1))
	if math.Abs(d.FID-reference.FID64) > 1e-5*reference.FID64 {
		t.Errorf("distance %v, of pytorch-fid %v", d.FID, reference.FID64)
	}
}

func array(t *testing.T, z *npy.Archive, key string) []float64 {
	t.Helper()
	a, err := z.Array(key)
	if err != nil {
		t.Fatal(err)
	}
	v, err := a.All()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// moduleFeatures are those of the first n images of a folder.
func moduleFeatures(t *testing.T, module, folder string, n int) []float32 {
	t.Helper()
	set, err := samples.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	layout, err := set.AsImages()
	if err != nil {
		t.Fatal(err)
	}
	e, err := Open(Spec{Name: TorchScript, Path: module, Size: 299}, Shape(layout))
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	x, rows, err := (&reader{path: folder, set: set, rows: n}).next()
	if err != nil {
		t.Fatal(err)
	}
	f, err := e.Extract(x, rows)
	if err != nil {
		t.Fatal(err)
	}
	return f
}
