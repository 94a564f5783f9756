//go:build cgo

package features

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"fig5/fid"
	"fig5/fid/npy"
	"fig5/fid/samples"
)

// TestInception holds modules of scripts/export_inception.py to pytorch-fid, with
// random weights: features of images in colour and in grey, which may be as far from
// those in float64 as pytorch-fid's own are, three times over; the pixels of other
// formats than PNG; and distances of whole folders. It needs FIG5_PYTHON, a Python with
// torch, torchvision, scipy and pytorch-fid.
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

	for _, folder := range []string{"jpeg", "mixed"} {
		set, err := samples.Open(in(folder))
		if err != nil {
			t.Fatal(err)
		}
		defer set.Close()
		want := array(t, z, folder) // n×h×w×3
		got := make([]float64, len(want))
		if n, err := set.Read(got); err != nil || n != set.N || n*set.D != len(want) {
			t.Fatal(n, set.N, set.D, err)
		}
		plane, most := set.D/3, 0.0
		for i, v := range want {
			image, p, c := i/set.D, i%set.D/3, i%3
			most = max(most, math.Abs((got[image*set.D+c*plane+p]+1)*127.5-v))
		}
		t.Logf("%s: pixels at most %.3g of 255 levels from pytorch-fid's", folder, most)
		if most > 3.001 || folder == "mixed" && most > 1e-9 {
			t.Errorf("%s: a pixel differs by %g levels", folder, most)
		}
	}

	var reference map[string]float64
	b, err := os.ReadFile(in("reference.json"))
	if err == nil {
		err = json.Unmarshal(b, &reference)
	}
	if err != nil || len(reference) != 2 {
		t.Fatal(err, reference)
	}
	for pair, want := range reference {
		var stats [2]fid.Stats
		for i, folder := range strings.Fields(pair) {
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
		t.Logf("%s: distance %.10g, of pytorch-fid %.10g: differ by %.2g", pair, d.FID, want, math.Abs(d.FID/want-1))
		if tol := map[string]float64{"a b": 1e-5, "jpeg mixed": 1e-4}[pair]; !(math.Abs(d.FID-want) <= tol*want) {
			t.Errorf("%s: distance %v, of pytorch-fid %v", pair, d.FID, want)
		}
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
	wide, x := make([]float64, n*set.D), make([]float32, n*set.D)
	rows, err := set.Read(wide)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range wide {
		x[i] = float32(v)
	}
	f, err := e.Extract(x[:rows*set.D], rows)
	if err != nil {
		t.Fatal(err)
	}
	return f
}
