package report

import (
	"os"
	"sync"
	"testing"

	"fig5/bench/measure"
)

const root = "../../runs/recorded"

// recorded is the committed sweeps, measured as their configs say.
var recorded = sync.OnceValues(func() ([]*measure.Sweep, error) {
	whole, _, err := measure.Recorded(root)
	return whole, err
})

// small is the smallest of them with seeds enough for a test.
func small(t testing.TB) *measure.Sweep { t.Helper(); return open(t, "fig5") }

func open(t testing.TB, name string) *measure.Sweep {
	t.Helper()
	s, err := measure.Open(root+"/"+name, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	return s[0]
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
