package fid

import (
	"archive/zip"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"gonum.org/v1/gonum/mat"

	"fig5/fid/npy"
)

// TestPyTorchFID reads what pytorch-fid's np.savez_compressed wrote.
func TestPyTorchFID(t *testing.T) {
	const n, d = 50, 3
	x := make([]float64, 0, n*d)
	for i := range n {
		a, b := float64(i%7), float64(i%5)
		x = append(x, a, b-a/2, float64(i)/8)
	}
	mean, cov := twoPass(x, d)
	s, err := ReadStats("testdata/pytorch_fid.npz")
	if err != nil {
		t.Fatal(err)
	}
	for i := range d {
		within(t, "mu", s.Mean[i], mean[i], 1e-13)
		for j := range d {
			within(t, "sigma", s.Cov().At(i, j), cov[i*d+j], 1e-13)
		}
	}
	if s, err = ReadStats("testdata/pytorch_fid_d1.npz"); err != nil {
		t.Fatal(err)
	}
	within(t, "mu", s.Mean[0], mean[0], 1e-13)
	within(t, "sigma", s.Cov().At(0, 0), cov[0], 1e-13)
	if s.N != 0 {
		t.Errorf("%d samples known", s.N)
	}
}

func TestWriteStats(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.npz")
	known, err := NewStats([]float64{1, -2}, []float64{2, 0.5, 0.5, 3}, 17)
	if err != nil {
		t.Fatal(err)
	}
	few := ofRows(t, []float64{1, 2, 3, 4, 5, 7}, 3) // kept as rows
	for _, s := range []Stats{known, few, stats(t, []float64{1}, []float64{2})} {
		if err := WriteStats(path, s); err != nil {
			t.Fatal(err)
		}
		got, err := ReadStats(path)
		if err != nil {
			t.Fatal(err)
		}
		if got.N != s.N || !reflect.DeepEqual(got.Mean, s.Mean) || !mat.Equal(got.Cov(), s.Cov()) {
			t.Errorf("wrote %v, read %v", s, got)
		}
	}
	if err := WriteStats(filepath.Join(path, "no"), known); err == nil {
		t.Error("wrote below a file")
	}
}

// array is an array of an .npz file.
type array func(w *npy.Writer, key string) error

func of[T npy.Element](shape []int, x ...T) array {
	return func(w *npy.Writer, key string) error { return npy.Add(w, key, x, shape...) }
}

func vector(x ...float64) array           { return of([]int{len(x)}, x...) }
func matrix(r, c int, x ...float64) array { return of([]int{r, c}, x...) }
func archive(path string, a map[string]array) error {
	return npy.Save(path, func(w *npy.Writer) error {
		for key, add := range a {
			if err := add(w, key); err != nil {
				return err
			}
		}
		return nil
	})
}

func TestReadStatsRefused(t *testing.T) {
	type arrays = map[string]array
	path := filepath.Join(t.TempDir(), "s.npz")
	for _, c := range []struct {
		a    arrays
		want string
	}{
		{arrays{"mu": vector(1)}, "holds no sigma; statistics have mu and sigma"},
		{arrays{"sigma": vector(1)}, "holds no mu; statistics have mu and sigma"},
		{arrays{"mu": matrix(1, 2, 1, 2), "sigma": matrix(2, 2, 1, 0, 0, 1)}, "mu: has shape (1, 2), want (d,)"},
		{arrays{"mu": vector(1, 2), "sigma": matrix(3, 3, 1, 0, 0, 0, 1, 0, 0, 0, 1)}, "sigma: has shape (3, 3), want (2, 2) for the 2 elements of mu"},
		{arrays{"mu": vector(1, 2), "sigma": vector(1, 2)}, "sigma: has shape (2,), want (2, 2) for the 2 elements of mu"},
		{arrays{"mu": vector(1), "sigma": vector(1, 2)}, "sigma: has shape (2,), want (1, 1) for the 1 elements of mu"},
		{arrays{"mu": vector(math.NaN()), "sigma": vector(1)}, "mu: [0] is NaN"},
		{arrays{"mu": vector(1, 2), "sigma": matrix(2, 2, 1, 0, math.Inf(1), 1)}, "sigma: [1,0] is +Inf"},
		{arrays{"mu": vector(1, 2), "sigma": matrix(2, 2, 1, 0, 0, -1)}, "sigma: [1,1] = -1 is a negative variance"},
		{arrays{"mu": vector(1, 2), "sigma": matrix(2, 2, 1, 0.5, 0.4, 1)}, "sigma: is not symmetric: [0,1] = 0.5, [1,0] = 0.4"},
		{arrays{"mu": vector(1), "sigma": vector(1), "n": of(nil, int64(1))}, "n: 1 sample; a covariance needs at least two"},
		{arrays{"mu": of([]int{MaxDim + 1}, make([]float32, MaxDim+1)...), "sigma": vector(1)}, "mu: 16385 features; a covariance is held for at most 16384"},
	} {
		if err := archive(path, c.a); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadStats(path); err == nil || err.Error() != path+": "+c.want {
			t.Errorf("got %v\nwant %s", err, c.want)
		}
	}
	if _, err := ReadStats("testdata/none.npz"); err == nil || err.Error() != "testdata/none.npz: no such file or directory" {
		t.Error(err)
	}
	// A covariance stored in float32 may be asymmetric by float32's rounding; a float
	// called n is another program's.
	err := archive(path, arrays{"mu": of([]int{2}, float32(1), 2), "sigma": of([]int{2, 2}, float32(1), 0.5, 0.5000001, 1), "n": of(nil, 1.)})
	if err != nil {
		t.Fatal(err)
	}
	if s, err := ReadStats(path); err != nil || s.N != 0 {
		t.Error(s, err)
	}
}

// FuzzReadStats: statistics that are read have a finite distance of 0 from
// themselves, or are refused for negative eigenvalues.
func FuzzReadStats(f *testing.F) {
	f.Add([]byte{1, 2}, []byte{3, 1, 1, 4}, "<f8", false)
	f.Add([]byte{9}, []byte{0}, "<f4", true)
	f.Fuzz(func(t *testing.T, mu, sigma []byte, descr string, fortran bool) {
		path := filepath.Join(t.TempDir(), "s.npz")
		file, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		w := zip.NewWriter(file)
		size := 8
		if descr == "<f4" {
			size = 4
		}
		d := len(mu) / size
		for _, m := range []struct {
			key, shape string
			data       []byte
		}{{"mu.npy", fmt.Sprintf("(%d,)", d), mu}, {"sigma.npy", fmt.Sprintf("(%d, %d)", d, d), sigma}} {
			e, err := w.Create(m.key)
			if err != nil {
				t.Fatal(err)
			}
			order := "False"
			if fortran {
				order = "True"
			}
			dict := fmt.Sprintf("{'descr': '%s', 'fortran_order': %s, 'shape': %s}", descr, order, m.shape)
			fmt.Fprintf(e, "\x93NUMPY\x01\x00%c%c%s%s", len(dict)&255, len(dict)>>8&255, dict, m.data)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		s, err := ReadStats(path)
		if err != nil {
			return
		}
		r, err := Distance(s, s)
		if err != nil {
			return
		}
		if !(math.Abs(r.FID) <= 1e-9*s.trace()) {
			t.Fatalf("%g from itself, of trace %g", r.FID, s.trace())
		}
	})
}
