//go:build cgo

package gan

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fig5/bench/data"
	"fig5/bench/record"
	"fig5/bench/rng"
	"fig5/fid"
	"fig5/fid/features"
)

const (
	module = "../../fid/features/testdata/tiny.pt"
	cellID = "geometric-budget30-k01-s00"
)

func curve(t *testing.T, dir record.Dir) []record.Point {
	t.Helper()
	rows, err := record.ReadCurve(dir.Curve())
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// With features lenet a run's distance is that of the features, and its modes are the
// digits that the generator makes.
func TestLeNetFeatures(t *testing.T) {
	c := load(t, "model.name=mnist-fc", "fid.features=lenet")
	dir := cell(t, c, cellID)
	if err := Run(context.Background(), dir, nil); err != nil {
		t.Fatal(err)
	}
	for _, p := range curve(t, dir) {
		if p.Modes < 0 || p.Modes > 10 {
			t.Errorf("iteration %d: %d modes", p.Iteration, p.Modes)
		}
	}
	real, err := record.ReadCurve(dir.Sweep().RealFloor())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range real { // drawn digits, of which every kind is there
		if p.Modes < 8 {
			t.Errorf("real samples hold %d modes", p.Modes)
		}
	}

	set, err := data.Open(c.Data)
	if err != nil {
		t.Fatal(err)
	}
	e, err := features.Open(features.Spec{Name: features.Lenet}, features.Shape{Channels: 1, Height: 28, Width: 28})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	stats := func(x []float32) fid.Stats {
		n := len(x) / set.Dim
		f, err := e.Extract(x, n)
		if err != nil {
			t.Fatal(err)
		}
		m := fid.NewMoments(e.Dim())
		m.AddRows32(f)
		s, err := m.Stats()
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	draw := rng.New(0, "real floor")
	x := make([]float32, c.FID.Samples*set.Dim)
	index := make([]int32, c.FID.Samples)
	for i := range index {
		index[i] = int32(draw.Uint32N(uint32(set.Len())))
	}
	set.Gather(x, index)
	want, err := fid.Distance(stats(set.X), stats(x))
	if err != nil {
		t.Fatal(err)
	}
	// The run takes eigenvalues, which lose √eps of the traces where features are dead.
	if got := real[0].FID; math.Abs(got-want.FID) > 1e-5*math.Abs(want.FID) {
		t.Errorf("the first row of the real floor is %v, want %v", got, want.FID)
	}
}

// Drawn faces have features of their own, by which the kinds of hair are counted.
func TestFaceFeatures(t *testing.T) {
	c := load(t, "model.name=mnist-fc", "data={name: faces, count: 300}", "fid.features=faces")
	dir := cell(t, c, cellID)
	if err := Run(context.Background(), dir, nil); err != nil {
		t.Fatal(err)
	}
	real, err := record.ReadCurve(dir.Sweep().RealFloor())
	if err != nil {
		t.Fatal(err)
	}
	generated := curve(t, dir)
	for i, p := range real {
		if p.Modes < 9 || p.Modes > 10 || !(p.FID < generated[i].FID/5) {
			t.Errorf("real faces hold %d modes at a distance of %g, generated ones are at %g", p.Modes, p.FID, generated[i].FID)
		}
	}
	for _, p := range generated {
		if p.Modes < 0 || p.Modes > 10 {
			t.Errorf("iteration %d: %d modes", p.Iteration, p.Modes)
		}
	}
}

// Images of CelebA, which are held as bytes, are trained on as others are: as those of a
// folder that they are equal to.
func TestPackedImages(t *testing.T) {
	pictures := t.TempDir()
	random := rand.New(rand.NewPCG(1, 1))
	for i := range 30 {
		img := image.NewRGBA(image.Rect(0, 0, 4, 4))
		for j := range img.Pix {
			img.Pix[j] = byte(random.Uint32() | uint32(j%4/3*255)) // opaque
		}
		var b bytes.Buffer
		if err := png.Encode(&b, img); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(pictures, fmt.Sprintf("%02d.png", i)), b.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	var ran []map[string]string
	for _, source := range []string{"images", "celeba"} {
		crop := map[string]string{"celeba": ", crop: 4"}[source]
		dir := cell(t, load(t, "model.name=mnist-fc", "data={name: "+source+", path: "+pictures+", size: 4"+crop+"}"), cellID)
		if err := Run(context.Background(), dir, nil); err != nil {
			t.Fatal(err)
		}
		made := files(t, dir)
		delete(made, "checkpoint.npz") // which holds the fingerprint of the cell
		ran = append(ran, made)
	}
	same(t, ran[0], ran[1])
}

// The statistics of the real data are stored in the sweep once and used by the other
// cells, which come out the same.
func TestStoredStats(t *testing.T) {
	for _, f := range []string{"lenet", "{torchscript: " + module + ", size: 20}"} {
		t.Run(f, func(t *testing.T) { testStored(t, f) })
	}
}

func testStored(t *testing.T, f string) {
	c := load(t, "model.name=mnist-fc", "fid.features="+f)
	first := cell(t, c, cellID)
	if err := Run(context.Background(), first, nil); err != nil {
		t.Fatal(err)
	}
	stored, err := filepath.Glob(filepath.Join(string(first.Sweep()), "real-stats-*.npz"))
	if err != nil || len(stored) != 1 {
		t.Fatal(stored, err)
	}
	again := cell(t, c, cellID)
	b, err := os.ReadFile(stored[0])
	if err == nil {
		err = os.WriteFile(filepath.Join(string(again.Sweep()), filepath.Base(stored[0])), b, 0o666)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := Run(context.Background(), again, nil); err != nil {
		t.Fatal(err)
	}
	same(t, files(t, again), files(t, first))
	for _, p := range curve(t, first) {
		if (p.Modes == -1) != (f != "lenet") {
			t.Errorf("iteration %d: %d modes", p.Iteration, p.Modes)
		}
	}

	// A damaged file is told, and how to go on.
	damaged := cell(t, c, cellID)
	if err := os.WriteFile(filepath.Join(string(damaged.Sweep()), filepath.Base(stored[0])), b[:100], 0o666); err != nil {
		t.Fatal(err)
	}
	if err := Run(context.Background(), damaged, nil); err == nil || !strings.Contains(err.Error(), "delete the file, and it is made again") {
		t.Error(err)
	}

	// A stop while they are computed leaves nothing.
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	stopped := cell(t, c, cellID)
	if err := Run(ctx, stopped, nil); !errors.Is(err, ErrStopped) {
		t.Errorf("stopped: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(string(stopped.Sweep()), "real-stats-*")); len(left) > 0 {
		t.Error(left)
	}
}

// A module that changed after the sweep was read is refused.
func TestChangedModule(t *testing.T) {
	path := filepath.Join(t.TempDir(), "m.pt")
	b, err := os.ReadFile(module)
	if err == nil {
		err = os.WriteFile(path, b, 0o666)
	}
	if err != nil {
		t.Fatal(err)
	}
	dir := cell(t, load(t, "model.name=mnist-fc", "fid.features.torchscript="+path), cellID)
	if err := os.WriteFile(path, append(b, 0), 0o666); err != nil {
		t.Fatal(err)
	}
	err = Run(context.Background(), dir, nil)
	if err == nil || !strings.Contains(err.Error(), "fid.features: "+path+": sha256 ") {
		t.Error(err)
	}
}
