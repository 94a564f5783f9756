package compare

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"fig5/bench/report"
)

// What most rows share, how the tests take unsettled runs and ties, is said once; each
// comparison keeps its own warnings.
func TestSharedNotes(t *testing.T) {
	d := schedules()
	d.Groups[0].Runs[0].Status, d.Groups[0].Runs[3].Status = report.Unsettled, report.Unsettled
	r := mustCompare(t, "baseline", d)
	for name, write := range map[string]func(io.Writer) error{"text": r.Text, "latex": r.LaTeX} {
		var b strings.Builder
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		for _, once := range []string{"nsettled runs rank last", "ties among the differences in "} {
			if n := strings.Count(b.String(), once); n != 1 {
				t.Errorf("%s: %q is there %d times in\n%s", name, once, n, b.String())
			}
		}
		if strings.Contains(b.String(), "placed last") {
			t.Errorf("%s: a footnote tells what the line below the table does:\n%s", name, b.String())
		}
	}
	rows := 0
	for _, c := range r.Comparisons {
		if slices.ContainsFunc(c.Warnings, func(w string) bool { return strings.HasPrefix(w, "ties") }) {
			rows++
		}
	}
	if want := fmt.Sprintf("in %d of %d rows", rows, len(r.Comparisons)); rows == 0 || !strings.Contains(r.ranking(), want) {
		t.Errorf("%q has not %q", r.ranking(), want)
	}
	if s := mustCompare(t, "schedule", &report.Data{Name: "one", Groups: []report.Group{group(grid("geometric", "budget 10000"), 1, "", high...), group(grid("linear", "budget 10000"), 1, "", low...)}}).ranking(); s != "" {
		t.Errorf("%q where all runs settled and none are equal", s)
	}
}
