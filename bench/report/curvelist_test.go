package report

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"fig5/filters"
)

// A list of curves gives the numbers that the same runs give as a sweep.
func TestLoadCurves(t *testing.T) {
	c, sweep := fixture(t)
	d, err := Load(c, sweep)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	abs, err := filepath.Abs(string(sweep))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("seed, path, k, schedule\n")
	for _, g := range d.Groups {
		schedule := g.Baseline
		if schedule == "" {
			schedule = "geometric"
		}
		for _, r := range g.Runs {
			if r.Status == Diverged {
				continue
			}
			path := filepath.Join(abs, r.ID)
			if r.Seed%2 == 0 {
				path = filepath.Join(path, "curve.csv")
			}
			fmt.Fprintf(&b, "%d, %s, %d, %s\n", r.Seed, path, g.K, schedule)
		}
	}
	list := filepath.Join(dir, "mine.csv")
	if err := os.WriteFile(list, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	l, err := LoadCurves(list, c.Analysis)
	if err != nil {
		t.Fatal(err)
	}
	want, err := d.Report("max_to_min")
	if err != nil {
		t.Fatal(err)
	}
	got, err := l.Report("max_to_min")
	if err != nil {
		t.Fatal(err)
	}
	if l.Name != "mine" || len(got.Groups) != len(want.Groups) {
		t.Fatalf("%s: %d groups, want %d", l.Name, len(got.Groups), len(want.Groups))
	}
	for i, g := range got.Groups {
		w := want.Groups[i]
		if !same(g.Values, w.Values) || g.K != w.K || g.Baseline != w.Baseline || g.Unsettled != w.Unsettled {
			t.Errorf("group %d: %+v, want %+v", i, g, w)
		}
	}
	if got.Trends[0].PageP != want.Trends[0].PageP {
		t.Errorf("Page p %v, want %v", got.Trends[0].PageP, want.Trends[0].PageP)
	}
	if _, err := l.Page("max_to_min"); err != nil { // draws everything
		t.Error(err)
	}
	text, err := Results([]*Data{l}, "max_to_min", "", func(*Data) []string { return nil })
	if err != nil || !strings.Contains(string(text), "curves listed in `"+list+"`") {
		t.Error(err)
	}
	checkWording(t, string(text))
	if strings.Contains(string(text), "Deviations") || strings.Contains(string(text), "Where the numbers come from") {
		t.Errorf("given curves are told how this project trains:\n%s", text)
	}
}

// checkWording finds phrases that go wrong where a number is 0 or 1 or a range is none.
func checkWording(t *testing.T, text string) {
	t.Helper()
	for _, bad := range []string{"these are 0", "of which 0 ", " 0 gave", " 0 of 0", "– –"} {
		if strings.Contains(text, bad) {
			t.Errorf("%q in\n%s", bad, text)
		}
	}
	if m := regexp.MustCompile(`\b1 (rows|pairs|tests|seeds|runs|versions|kinds)\b`).FindString(text); m != "" {
		t.Errorf("%q in\n%s", m, text)
	}
	for _, m := range regexp.MustCompile(`([0-9.,]+) to ([0-9.,]+)`).FindAllStringSubmatch(text, -1) {
		if strings.TrimRight(m[1], ".,") == strings.TrimRight(m[2], ".,") {
			t.Errorf("a range %q in\n%s", m[0], text)
		}
	}
}

// Curves in few groups: one alone, two schedules at one K, one K against a baseline.
func TestFewCurves(t *testing.T) {
	dir := t.TempDir()
	for seed := range 6 {
		var b strings.Builder
		b.WriteString("iteration,fid\n")
		for i := range 40 {
			fmt.Fprintf(&b, "%d,%v\n", 100*i, 1+0.1*float64(seed+1)*math.Sin(float64(i)))
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d.csv", seed)), []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	a := filters.Analysis{Lowpass: filters.Lowpass{Name: "none"}, Knee: filters.Knee{Method: "none"}, Window: 3000}
	for name, c := range map[string]struct {
		rows       []string // k, schedule
		has, hasNo string
	}{
		"one":      {[]string{"5,mine"}, "No claim about Figure 5 can be held against these runs", "## Questions"},
		"two":      {[]string{"5,mine", "5,theirs"}, "1 pair, ratio 1.00; its interval excludes a factor of 1.5 either way", "What the paper claims"},
		"baseline": {[]string{"0,cold", "5,mine"}, "*Holm* is p corrected", "Many comparisons"},
	} {
		var b strings.Builder
		b.WriteString("k,schedule,seed,path\n")
		for _, r := range c.rows {
			for seed := range 6 {
				fmt.Fprintf(&b, "%s,%d,%d.csv\n", r, seed, seed)
			}
		}
		list := filepath.Join(dir, name+"-list.csv")
		if err := os.WriteFile(list, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		d, err := LoadCurves(list, a)
		if err != nil {
			t.Fatal(err)
		}
		text, err := Results([]*Data{d}, "max_to_min", "How.", func(*Data) []string { return nil })
		if err != nil {
			t.Fatal(err)
		}
		checkWording(t, string(text))
		if !strings.Contains(string(text), c.has) || strings.Contains(string(text), c.hasNo) {
			t.Errorf("%s: want %q and not %q in\n%s", name, c.has, c.hasNo, text)
		}
		page, err := d.Page("max_to_min")
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(string(page), "the baselines without a ladder"); got != (name == "baseline") {
			t.Errorf("%s: a caption speaks of baselines: %v", name, got)
		}
	}
}

func TestBadLists(t *testing.T) {
	dir := t.TempDir()
	curve := "iteration,fid\n0,1\n100,1.5\n200,1\n"
	if err := os.WriteFile(filepath.Join(dir, "a.csv"), []byte(curve), 0o644); err != nil {
		t.Fatal(err)
	}
	a := filters.Analysis{Lowpass: filters.Lowpass{Name: "none"}, Knee: filters.Knee{Method: "none"}, Window: 200}
	for text, want := range map[string]string{
		"":                                               "LIST: empty; a list of curves has the columns k,seed,schedule,path",
		"k,seed,path\n":                                  "LIST:1: no column schedule; a list of curves has the columns k,seed,schedule,path",
		"k,k,seed,schedule,path\n":                       "LIST:1: two columns are named k",
		"k,seed,schedule,path\n":                         "LIST: no curves below the header",
		"k,seed,schedule,path\n1,0,g\n":                  "LIST:2: 3 fields, the header has 4",
		"k,seed,schedule,path\n-1,0,g,a.csv":             `LIST:2: k: "-1" is not a number of steps (0 or more)`,
		"k,seed,schedule,path\n1,x,g,a.csv":              `LIST:2: seed: "x" is not a whole number`,
		"k,seed,schedule,path\n1,0,,a.csv":               "LIST:2: schedule: missing",
		"k,seed,schedule,path\n1,0,g,-":                  `LIST:2: path: "-" is not a file`,
		"k,seed,schedule,path\n\n1,0,g,b.csv":            "LIST:3: DIR/b.csv: no such file or directory",
		"k,seed,schedule,path\n1,0,g,a.csv\n1,0,g,a.csv": "LIST:3: k 1, seed 0, schedule g is there twice",
		"k,seed,schedule,path\n1,0,g,list.csv":           "LIST:2: DIR/list.csv:1: no column iteration",
		"k,seed,schedule,path\n1,0,\"g,a.csv":            `LIST:2: extraneous or missing " in quoted-field`,
	} {
		list := filepath.Join(dir, "list.csv")
		if err := os.WriteFile(list, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := LoadCurves(list, a)
		if err == nil {
			t.Errorf("%q is accepted", text)
			continue
		}
		got := strings.ReplaceAll(strings.ReplaceAll(err.Error(), list, "LIST"), dir, "DIR")
		if strings.Contains(want, "no column iteration") {
			want = strings.ReplaceAll(want, "DIR/list.csv", "LIST")
		}
		if !strings.HasPrefix(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if _, err := LoadCurves(dir, a); err == nil || !strings.HasSuffix(err.Error(), ": is a directory") {
		t.Error(err)
	}
}

func FuzzParseList(f *testing.F) {
	f.Add("k,seed,schedule,path\n1,0,geometric,a.csv\n")
	f.Add("path;k\n")
	f.Add("k,seed,schedule,path\n\"1\",,\n")
	f.Fuzz(func(t *testing.T, text string) {
		lines, err := parseList(strings.NewReader(text), "list.csv")
		if err == nil && len(lines) == 0 {
			t.Error("no lines and no error")
		}
		if err != nil && !strings.HasPrefix(err.Error(), "list.csv:") {
			t.Error(err)
		}
	})
}
