package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
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

// A folder of every format, linked to, is read whole; what else is there is counted, and
// what was assumed is said, in text and in JSON.
func TestFIDOfPictures(t *testing.T) {
	dir := t.TempDir()
	paths, err := filepath.Glob("../../fid/samples/testdata/pillow/*-19x13.*")
	if err != nil || len(paths) < 20 {
		t.Fatal(paths, err)
	}
	for _, path := range paths {
		from, err := filepath.Abs(path)
		if err == nil {
			err = os.Symlink(from, filepath.Join(dir, filepath.Base(path)))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, b := range map[string][]byte{"notes.txt": nil, "one.gif": nil, "two.gif": nil, ".hidden.png": nil} {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	var out, errOut bytes.Buffer
	if code := run(context.Background(), []string{"fid", dir, dir, "--json"}, nil, &out, &errOut); code != 0 {
		t.Fatalf("exit code %d: %s", code, &errOut)
	}
	var r samples.Result
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	source := fmt.Sprintf("%d colour images of 19×13 pixels, bytes, brought to [-1, 1]", len(paths))
	warning := dir + ": 4 of what is in the folder not read: 2 .gif, 1 .txt, 1 hidden; read are .png, .jpg, .jpeg, .webp, .bmp, .tif or .tiff files"
	if math.Abs(r.FID) > 1e-9 || r.Source != [2]string{source, source} || !slices.Contains(r.Warnings, warning) || !strings.Contains(errOut.String(), warning) {
		t.Errorf("%+v\n%s", r, &errOut)
	}
	out.Reset()
	run(context.Background(), []string{"fid", dir, dir}, nil, &out, &errOut)
	if !strings.Contains(out.String(), "\nA           "+source+"\nB           "+source+"\n") {
		t.Error(out.String())
	}
}
