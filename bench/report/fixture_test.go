package report

import (
	"os"
	"sync"
	"testing"

	"fig5/bench/measure"
	"fig5/bench/record"
)

const root = "../../runs/recorded"

// recorded is the committed sweeps, measured as their configs say.
var recorded = sync.OnceValues(func() ([]*measure.Sweep, error) { return measure.Recorded(root, "../../configs") })

// small is the smallest of them with seeds enough for a test.
func small(t testing.TB) *measure.Sweep {
	t.Helper()
	s, err := measure.LoadFolder(record.Sweep(root+"/fig5"), nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func report(t testing.TB, s *measure.Sweep) *Report {
	t.Helper()
	r, err := New(s, "max_to_min")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func read(t testing.TB, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
