//go:build cgo

package features

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"fig5/fid"
	"fig5/fid/files"
	"fig5/fid/npy"
	"fig5/fid/samples"
)

// labels reads an IDX file of labels.
func labels(t *testing.T, path string) []byte {
	t.Helper()
	f, size, err := files.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	x, err := samples.NewIDX(f, size)
	if err != nil {
		t.Fatal(err)
	}
	b, err := x.All()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestRaw(t *testing.T) {
	e, err := Open(Spec{Name: Raw}, Shape{1, 1, 3})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	x := []float32{1, 2, 3, -4, 5, 6}
	got, err := e.Extract(x, 2)
	if err != nil || !slices.Equal(got, x) || e.Dim() != 3 || e.LeNet() != nil {
		t.Error(got, e.Dim(), err)
	}
}

func TestRefused(t *testing.T) {
	grey := Shape{1, 28, 28}
	const tiny = "testdata/tiny.pt"
	for _, c := range []struct {
		spec  Spec
		shape Shape
		want  string
	}{
		{Spec{Name: "inception"}, grey, `features "inception": want raw, lenet, faces, torchscript`},
		{Spec{Name: Raw}, Shape{}, "images of 0×0×0 pixels"},
		{Spec{Name: Lenet}, Shape{3, 28, 28}, "features lenet are for images of 1×28×28 pixels, not 3×28×28"},
		{Spec{Name: TorchScript, Path: tiny}, Shape{2, 28, 28}, "features of a TorchScript module are for images of 1 or 3 channels, not 2×28×28"},
		{Spec{Name: TorchScript, Path: tiny, Size: 5000}, grey, tiny + ": size 5000 is not 0 to 4096 pixels"},
		{Spec{Name: TorchScript, Path: "none.pt"}, grey, "none.pt: no such file or directory"},
		{Spec{Name: TorchScript, Path: "."}, grey, ".: is a folder, not a file"},
		{Spec{Name: TorchScript, Path: tiny, SHA256: strings.Repeat("0", 64)}, grey, "that the features were chosen by"},
		{Spec{Name: TorchScript, Path: "testdata/make.py"}, grey, "testdata/make.py: is not a TorchScript module ("},
		{Spec{Name: TorchScript, Path: "testdata/list.pt", Size: 9}, grey, "testdata/list.pt: on an image of 3×9×9 pixels: libtorch: forward: forward did not return a tensor"},
		{Spec{Name: TorchScript, Path: "testdata/maps.pt", Size: 9}, grey, "testdata/maps.pt: on an image of 3×9×9 pixels: the module gives an output of shape 1×8×3×3; features are n×d"},
		{Spec{Name: TorchScript, Path: "testdata/double.pt", Size: 9}, grey, "testdata/double.pt: on an image of 3×9×9 pixels: the module gives numbers of another type than float32"},
		{Spec{Name: TorchScript, Path: tiny, Size: 2}, grey, "testdata/tiny.pt: on an image of 3×2×2 pixels: libtorch: "},
	} {
		e, err := Open(c.spec, c.shape)
		if err == nil {
			e.Close()
		}
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%+v: got %v, want %s", c.spec, err, c.want)
		}
	}
	if _, err := lenet(t).Extract(make([]float32, 785), 1); err == nil || err.Error() != "785 numbers are not 1 images of 784" {
		t.Error(err)
	}
}

// A module computes the same bits in its first call and later, whatever was before.
func TestScriptRepeats(t *testing.T) {
	e, err := Open(Spec{Name: TorchScript, Path: "testdata/tiny.pt", Size: 33}, Shape{3, 8, 8})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	const n = largeBatch + 1
	x := noise(n, 3*8*8)
	first, err := e.Extract(x, n)
	if err != nil {
		t.Fatal(err)
	}
	first = slices.Clone(first)
	for range 4 {
		if got, err := e.Extract(x, n); err != nil || !slices.Equal(got, first) {
			t.Fatal("other bits", err)
		}
	}
}

// write writes an .npy file.
func write[T npy.Element](t *testing.T, name string, x []T, shape ...int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	f, err := os.Create(path)
	if err == nil {
		err = npy.Write(f, x, shape...)
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// The statistics of a file are those of the features of its rows, for more samples
// than features and for fewer.
func TestStats(t *testing.T) {
	e := lenet(t)
	for _, n := range []int{50, 600} {
		x := noise(n, pixels)
		seen := 0
		measured, err := Stats(context.Background(), write(t, "x.npy", x, n, pixels), Spec{Name: Lenet},
			func(done, of int) {
				if done <= seen || of != n {
					t.Errorf("%d of %d after %d of %d", done, of, seen, n)
				}
				seen = done
			})
		got := measured.Stats
		if err != nil || len(measured.Warnings) > 0 || seen != n {
			t.Fatal(err, measured.Warnings, seen)
		}
		f, err := e.Extract(x, n)
		if err != nil {
			t.Fatal(err)
		}
		m := fid.NewMoments(e.Dim())
		m.AddRows32(f)
		want, err := m.Stats()
		if err != nil {
			t.Fatal(err)
		}
		if got.N != n {
			t.Errorf("%d samples, want %d", got.N, n)
		}
		if d := mat.Norm(matDiff(got, want), math.Inf(1)); d > 1e-12*mat.Norm(want.Cov(), math.Inf(1)) {
			t.Errorf("n = %d: the covariance differs by %g", n, d)
		}
	}
}

func matDiff(a, b fid.Stats) *mat.Dense {
	var d mat.Dense
	d.Sub(a.Cov(), b.Cov())
	return &d
}

// Bytes are pixels, whatever the order of their channels.
func TestStatsOfBytes(t *testing.T) {
	const n, side = 9, 12
	plane := side * side
	byPixel, byChannel, floats := make([]byte, n*3*plane), make([]byte, n*3*plane), make([]float64, n*3*plane)
	for i := range byPixel {
		image, at, c := i/(3*plane), i%(3*plane)/3, i%3
		byPixel[i] = byte(i * i / 7)
		j := image*3*plane + c*plane + at
		byChannel[j] = byPixel[i]
		floats[j] = float64(byPixel[i])/127.5 - 1
	}
	spec := Spec{Name: TorchScript, Path: "testdata/tiny.pt", Size: 20}
	var means [][]float64
	for _, path := range []string{
		write(t, "floats.npy", floats, n, 3*plane),
		write(t, "pixel.npy", byPixel, n, side, side, 3),
		write(t, "channel.npy", byChannel, n, 3, side, side),
	} {
		m, err := Stats(context.Background(), path, spec, nil)
		if err != nil || len(m.Warnings) > 0 {
			t.Fatal(err, m.Warnings)
		}
		means = append(means, m.Stats.Mean)
	}
	for i := range means[1:] {
		if !slices.Equal(means[i+1], means[0]) {
			t.Errorf("%v, want %v", means[i+1], means[0])
		}
	}
}

func TestStatsOfFiles(t *testing.T) {
	image := func(n int, v float64) []float64 {
		x := make([]float64, n*pixels)
		for i := range x {
			x[i] = v * float64((i/pixels+i%pixels)%7) / 6
		}
		return x
	}
	nan := image(3, 1)
	nan[2*pixels+5] = math.NaN()
	for _, c := range []struct {
		file, want string // an error, or a warning after "warning: "
	}{
		{write(t, "unit.npy", image(4, 1), 4, pixels), "warning: no number is negative; images are in [-1, 1], not [0, 1]"},
		{write(t, "large.npy", image(4, -100), 4, pixels), "warning: 86 % of the numbers are outside [-1, 1], which images are in, and were cut"},
		{write(t, "nan.npy", nan, 3, pixels), "nan.npy: sample 2, number 5 is NaN"},
		{write(t, "one.npy", image(1, -1), 1, pixels), "one.npy: the features: 1 sample; a covariance needs at least two"},
		{write(t, "flat.npy", make([]byte, 4*pixels), 4*pixels), "flat.npy: samples of shape () are no images"},
		{write(t, "wide.npy", make([]float64, 12), 3, 4), "wide.npy: features lenet are for images of 1×28×28 pixels, not 1×2×2"},
	} {
		m, err := Stats(context.Background(), c.file, Spec{Name: Lenet}, nil)
		got := "warning: " + strings.Join(m.Warnings, "; ")
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, c.want) {
			t.Errorf("%s: got %s, want %s", c.file, got, c.want)
		}
	}
	if _, err := Stats(context.Background(), "none.npy", Spec{Name: Lenet}, nil); err == nil || err.Error() != "none.npy: no such file or directory" {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Stats(ctx, write(t, "x.npy", image(4, -1), 4, pixels), Spec{Name: Lenet}, nil); err == nil || err.Error() != "interrupted" {
		t.Error(err)
	}
}
