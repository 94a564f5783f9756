package main

import (
	"bytes"
	"math"
	"os"
	"strings"
	"testing"

	"fig5/bench/report"
	"fig5/bench/stats"
)

// The page and its figures are what comes out of the recorded runs.
func TestPage(t *testing.T) {
	const root = "../.."
	files, err := outcome(root)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 3 {
		t.Fatalf("%d files", len(files))
	}
	for name, want := range files {
		have, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(have, want) {
			t.Errorf("%s is not what the recorded runs give: go run ./scripts/honesty", strings.TrimPrefix(name, root+"/"))
		}
	}
}

func TestFill(t *testing.T) {
	const page = "a\n<!-- honesty: x -->\nold\n<!-- end -->\nb\n"
	got, err := fill([]byte(page), map[string]string{"x": "new\n"})
	if want := "a\n<!-- honesty: x -->\n\nnew\n\n<!-- end -->\nb\n"; err != nil || string(got) != want {
		t.Errorf("%q, %v", got, err)
	}
	if again, err := fill(got, map[string]string{"x": "new"}); err != nil || !bytes.Equal(again, got) {
		t.Errorf("a second time: %q, %v", again, err)
	}
	for _, c := range []struct{ page, want string }{
		{"nothing", `no marker "<!-- honesty: x -->"`},
		{"<!-- honesty: x -->\nopen", `no <!-- end --> behind "<!-- honesty: x -->"`},
	} {
		if _, err := fill([]byte(c.page), map[string]string{"x": "new"}); err == nil || err.Error() != c.want {
			t.Errorf("%q: %v, want %s", c.page, err, c.want)
		}
	}
}

// A bias of c/N is found as c, whatever the FID, and points before least do not count.
func TestQuarters(t *testing.T) {
	var runs []*one
	for _, n := range []int{2000, 500, 10000} { // the sweep's own first
		o := &one{n: n, cell: "a"}
		for i := range 400 {
			fid := 0.002 * float64(1+i%40)
			if i < 50 {
				fid *= 10 / float64(n) // another bias, on the descent
			}
			o.curve[0], o.curve[1] = append(o.curve[0], float64(1000+10*i)), append(o.curve[1], fid+1.5/float64(n))
		}
		runs = append(runs, o)
	}
	got, from, to := quarters(runs, 2000, 500)
	if len(got) != 5 || from != 500 || to != 10000 {
		t.Fatalf("%v, %d, %d", got, from, to)
	}
	for i, q := range got {
		if math.Abs(q.constant-1.5) > 1e-9 || q.half > 1e-9 || i > 0 && i < 4 && q.level <= got[i-1].level {
			t.Errorf("%d: %+v", i, q)
		}
	}
}

// The page says with how many seeds a table stands, and gives intervals.
func TestTables(t *testing.T) {
	s := samples{ks: []int{1, 20}, seeds: 10, sweep: map[int]string{1: "0.008 [0.006, 0.01]", 20: "0.007 [0.005, 0.01]"}, rows: []atN{{
		n: 500, seeds: 3, amplitude: map[int]float64{1: 0.01, 20: 0.02}, floor: map[int]float64{}, level: map[int]float64{},
		interval: map[int]stats.Interval{1: {Lo: 0.005, Hi: 0.02}, 20: {Lo: 0.01, Hi: 0.04}},
		all:      bias{mean: 0.002, sd: 0.001, draws: 400}, batches: bias{mean: 0.004, sd: 0.002, draws: 100},
	}}}
	for table, want := range map[string]string{
		s.table(): "| 500 | 3 | 0.01 [0.005, 0.02] | 0 | 0 | 0.02 [0.01, 0.04] | 0 | 0 |\n\n" +
			"3 seeds say nothing of K: the geometric mean is 0.01 at K = 1 and 0.02 at K = 20 with these, " +
			"0.008 [0.006, 0.01] at K = 1 and 0.007 [0.005, 0.01] at K = 20 over the 10 seeds of the sweep.",
		s.biasTable(): "| 500 | 0.002 | 1.00 ± 0.05 | 0.001 | 0 | 0.004 | 2.00 ± 0.20 | 0.002 | 0 |",
	} {
		if !strings.Contains(table, want) {
			t.Errorf("%s\nhas no %s", table, want)
		}
	}
	for p, want := range map[float64]string{0.0502: "0.0502", 0.0498: "0.0498", 0.33: "0.33", 0.00074: "0.00074"} {
		if got := pValue(&report.Report{Trends: []report.Trend{{PageP: stats.Number(p)}}}); got != want {
			t.Errorf("p %v: %s", p, got)
		}
	}
}
