package main

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"fig5/fid"
	"fig5/fid/samples"
)

// TestFIDGolden holds the command to the reference values of the library.
func TestFIDGolden(t *testing.T) {
	data, err := os.ReadFile("../../fid/testdata/fid.json")
	if err != nil {
		t.Fatal(err)
	}
	var golden struct {
		Cases []struct {
			Name           string
			Mu1, Mu2       []float64
			Sigma1, Sigma2 [][]float64
			FID, Tol       float64
			MeanTerm       float64 `json:"mean_term"`
			TraceTerm      float64 `json:"trace_term"`
		}
	}
	if err := json.Unmarshal(data, &golden); err != nil {
		t.Fatal(err)
	}
	if len(golden.Cases) == 0 {
		t.Fatal("no cases")
	}
	dir := t.TempDir()
	write := func(name string, mu []float64, sigma [][]float64) string {
		var cov []float64
		for _, row := range sigma {
			cov = append(cov, row...)
		}
		s, err := fid.NewStats(mu, cov, 0)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, name)
		if err := fid.WriteStats(path, s); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, c := range golden.Cases {
		a, b := write("a.npz", c.Mu1, c.Sigma1), write("b.npz", c.Mu2, c.Sigma2)
		var out, errOut bytes.Buffer
		if code := run(context.Background(), []string{"fid", a, b, "--json"}, nil, &out, &errOut); code != 0 || errOut.Len() > 0 {
			t.Fatalf("%s: exit code %d: %s", c.Name, code, &errOut)
		}
		var r samples.Result
		if err := json.Unmarshal(out.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		for _, v := range [][2]float64{{r.FID, c.FID}, {r.MeanTerm, c.MeanTerm}, {r.TraceTerm, c.TraceTerm}} {
			if !(math.Abs(v[0]-v[1]) <= c.Tol) {
				t.Errorf("%s: %.17g, want %.17g ± %.2g", c.Name, v[0], v[1], c.Tol)
			}
		}
		if r.Dims != len(c.Mu1) {
			t.Errorf("%s: %d dimensions", c.Name, r.Dims)
		}
	}
}
