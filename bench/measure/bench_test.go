package measure

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"fig5/bench/curves"
)

// BenchmarkCurves is `fig5 analyze` on many curves, per curve.
func BenchmarkCurves(b *testing.B) {
	dir := b.TempDir()
	text := exampleCurve()
	var inputs []curves.Input
	for i := range 200 {
		path := filepath.Join(dir, string(rune('a'+i%26))+string(rune('a'+i/26))+".csv")
		if err := os.WriteFile(path, text, 0o644); err != nil {
			b.Fatal(err)
		}
		inputs = append(inputs, curves.Input{File: path})
	}
	b.ResetTimer()
	for i := 0; i < b.N; i += len(inputs) {
		if _, err := Curves(context.Background(), inputs, curves.Columns{}, nil, nil); err != nil {
			b.Fatal(err)
		}
	}
}
