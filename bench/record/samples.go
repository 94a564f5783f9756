package record

import (
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"

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

// WriteSamples replaces path, one of LevelSamples, by a float32 .npy matrix of n rows
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
