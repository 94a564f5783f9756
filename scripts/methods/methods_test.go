package main

import (
	"bytes"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"fig5/fid"
)

// The pages and figures are what comes out of the recorded runs and the drawn curves.
func TestPages(t *testing.T) {
	const root = "../.."
	files, err := outcome(root)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 4 {
		t.Fatalf("%d files", len(files))
	}
	for name, want := range files {
		have, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(have, want) {
			t.Errorf("%s is not what comes out: go run ./scripts/methods", strings.TrimPrefix(name, root+"/"))
		}
	}
}

// FID of N samples of a Gaussian in d dimensions, of variance v in each, against its true
// moments is v d (d + 5) / 4N to the first order, as docs/measurement.md has it: the
// mean's term is v d/N, and that of the covariance Σ E²ij / (4 v) with the variances
// v² (1 + [i = j]) / N of its errors E.
func TestBiasOfGaussian(t *testing.T) {
	const d, n, reps, v = 6, 3000, 200, 4.0
	r := rand.New(rand.NewPCG(1, 2))
	cov := make([]float64, d*d)
	for i := range d {
		cov[i*d+i] = v
	}
	truth, err := fid.NewStats(make([]float64, d), cov, 0)
	if err != nil {
		t.Fatal(err)
	}
	got, row := 0.0, make([]float64, d)
	for range reps {
		m := fid.NewMoments(d)
		for range n {
			for i := range row {
				row[i] = math.Sqrt(v) * r.NormFloat64()
			}
			m.AddRows(row)
		}
		s, err := m.Stats()
		if err != nil {
			t.Fatal(err)
		}
		one, err := fid.Distance(s, truth)
		if err != nil {
			t.Fatal(err)
		}
		got += one.FID / reps
	}
	if want := v * d * (d + 5) / 4 / n; math.Abs(got/want-1) > 0.1 {
		t.Errorf("%g, want %g", got, want)
	}
}
