package record

import (
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"

	"fig5/fid/files"
	"fig5/fid/npy"
)

// LevelSamples is the file of what the generator made at the end of level i, at
// beta: one row a sample, from the same noise at every level.
func (d Dir) LevelSamples(i int, beta float64) string {
	text := "inf"
	if !math.IsInf(beta, 1) {
		text = fmt.Sprintf("%.4g", beta)
	}
	return filepath.Join(d.Samples(), fmt.Sprintf("level-%02d-beta-%s.npy", i, text))
}

// Snapshot is the file of what it made behind iteration n of curve.csv, of the same noise.
func (d Dir) Snapshot(n int64) string {
	return filepath.Join(d.Samples(), fmt.Sprintf("iteration-%d.npy", n))
}

// Classes is the file beside one of samples that has how many of a measurement's samples,
// made at the same time, are of each class, where a classifier tells: a row of counts.
func Classes(samples string) string { return strings.TrimSuffix(samples, ".npy") + ".classes.npy" }

// WriteSamples replaces path, one of these three, by a float32 .npy matrix of n rows
// of d, and makes its folder.
func WriteSamples(path string, x []float32, n, d int) error {
	if len(x) != n*d {
		return fmt.Errorf("%s: %d values are not %d rows of %d", path, len(x), n, d)
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return files.Error(dir, err)
	}
	return replace(path, func(w io.Writer) error { return npy.Write(w, x, n, d) })
}
