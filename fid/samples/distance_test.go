package samples

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fig5/fid"
)

// bytesFile writes an .npy file of zero bytes.
func bytesFile(t *testing.T, shape string, n int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.npy")
	head := fmt.Sprintf("{'descr': '|u1', 'fortran_order': False, 'shape': (%s), }", shape)
	head += strings.Repeat(" ", 117-len(head)) + "\n"
	if err := os.WriteFile(path, append([]byte("\x93NUMPY\x01\x00\x76\x00"+head), make([]byte, n)...), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestLayout(t *testing.T) {
	for _, c := range []struct {
		shape string
		n     int
		want  Layout
	}{
		{"2, 784", 2 * 784, Layout{1, 28, 28}},
		{"2, 3072", 2 * 3072, Layout{3, 32, 32}},
		{"2, 3", 6, Layout{3, 1, 1}},
		{"2, 5, 7", 70, Layout{1, 5, 7}},
		{"2, 5, 7, 1", 70, Layout{1, 5, 7}},
		{"2, 5, 7, 3", 210, Layout{3, 5, 7}},
		{"2, 3, 5, 7", 210, Layout{3, 5, 7}},
		{"2, 3, 3, 3", 54, Layout{3, 3, 3}},
		{"2, 5, 7, 4", 280, Layout{3, 5, 7}},
		{"2, 4, 5, 7", 280, Layout{3, 5, 7}},
		{"2, 3, 4, 4", 96, Layout{3, 4, 4}},
		{"2, 4, 4, 3", 96, Layout{3, 4, 4}},
		{"2, 784, 1, 1", 2 * 784, Layout{1, 28, 28}},
		{"2, 1, 5, 7", 70, Layout{1, 5, 7}},
		{"2, 5, 7, 2", 140, Layout{}},
		{"2, 785", 2 * 785, Layout{}},
		{"2,", 2, Layout{}},
		{"2, 1, 3, 5, 7", 210, Layout{}},
	} {
		path := bytesFile(t, c.shape, c.n)
		s, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.AsImages()
		if got != c.want || (err != nil) != (c.want == Layout{}) {
			t.Errorf("(%s): %+v, %v; want %+v", c.shape, got, err, c.want)
		}
		if err != nil && !strings.HasPrefix(err.Error(), path+": samples of shape ") {
			t.Error(err)
		}
		s.Close()
	}
}

func TestDistance(t *testing.T) {
	a, b := bytesFile(t, "4, 2", 8), bytesFile(t, "5, 2", 10)
	stats := map[string]fid.Stats{}
	for path, cov := range map[string][]float64{a: {4, 0, 0, 1}, b: {1, 0, 0, 4}} {
		s, err := fid.NewStats([]float64{0, cov[0]}, cov, 7)
		if err != nil {
			t.Fatal(err)
		}
		stats[path] = s
	}
	of := func(path string) (Measured, error) {
		return Measured{Stats: stats[path], Source: "from " + path, Warnings: []string{"odd"}}, nil
	}
	for _, eigen := range []fid.Eigen{nil, fid.GonumEigen} {
		r, err := Distance(a, b, Method{Features: "some", Stats: of, Eigen: eigen})
		if err != nil {
			t.Fatal(err)
		}
		// (4-1)² and twice (√4-√1)².
		if math.Abs(r.FID-11) > 1e-14*11 || math.Abs(r.MeanTerm-9) > 1e-14 || r.Dims != 2 || *r.N[0] != 7 || r.Features != "some" || r.Source != [2]string{"from " + a, "from " + b} ||
			!slices.Equal(r.Warnings, []string{a + ": odd", b + ": odd"}) {
			t.Errorf("%+v", r)
		}
	}
	bad := errors.New("bad")
	if _, err := Distance(a, b, Method{Stats: func(string) (Measured, error) { return Measured{}, bad }}); err != bad {
		t.Error(err)
	}
	stats[b], _ = fid.NewStats([]float64{1}, []float64{1}, 0)
	if _, err := Distance(a, b, Method{Stats: of}); err == nil || err.Error() != b+": is of dimension 1, but "+a+" of dimension 2" {
		t.Error(err)
	}
}

// Work grows as the cube of what limits it, and is nothing for files that are refused.
func TestWork(t *testing.T) {
	few, many := bytesFile(t, "10, 800", 8000), bytesFile(t, "900, 800", 720_000)
	small := bytesFile(t, "900, 8", 7200)
	if w := Work(few, few); w > 1e8 {
		t.Errorf("%g for 10 samples", w)
	}
	if w := Work(many, many); w < 1e9 || w > 1e10 {
		t.Errorf("%g for 900 samples of 800 features", w)
	}
	if w := Work(small, small); w > 1e6 {
		t.Errorf("%g for 8 features", w)
	}
	for _, path := range []string{"none", small, "."} {
		if w := Work(many, path); w != 0 {
			t.Errorf("%g with %s", w, path)
		}
	}
}
