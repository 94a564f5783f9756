package record

import (
	"math"
	"path/filepath"
	"testing"
)

// BenchmarkLoad reads the manifests of a sweep, as a report does before their curves.
func BenchmarkLoad(b *testing.B) {
	dirs, err := Find("../../runs/recorded/fig5-full")
	if err != nil {
		b.Fatal(err)
	}
	for i := range b.N {
		if _, err := dirs[i%len(dirs)].Load(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCurve writes a curve row by row and reads it again, per row.
func BenchmarkCurve(b *testing.B) {
	const rows = 1000
	path := filepath.Join(b.TempDir(), "curve.csv")
	points := make([]Point, rows)
	for i := range points {
		points[i] = Point{Iteration: 100 * i, Beta: math.Inf(1), FID: 1 / (1 + float64(i)), DLoss: 1.3, GLoss: -.7, Modes: 5}
	}
	perRow := func(b *testing.B) {
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rows, "ns/row")
	}
	b.Run("write", func(b *testing.B) {
		for b.Loop() {
			if err := WriteCurve(path, points); err != nil {
				b.Fatal(err)
			}
		}
		perRow(b)
	})
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			if _, err := ReadCurve(path); err != nil {
				b.Fatal(err)
			}
		}
		perRow(b)
	})
}
