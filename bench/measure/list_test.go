package measure

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fig5/filters"
)

// A list of curves gives the numbers that the same runs give as a sweep.
func TestLoadList(t *testing.T) {
	c := loadConfig(t, small, "anneal.protocol=[{name: budget, iterations: 2500}]", "anneal.baselines=[warm, hot]")
	dir := writeSweep(t, t.TempDir(), c, map[string]string{"warm-s00": "diverged", "hot-s01": "unsettled"})
	s := load1(t, c, dir)
	folder := t.TempDir()
	abs, err := filepath.Abs(string(dir))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("seed, path, k, schedule\n")
	for _, g := range s.Groups {
		schedule := g.Baseline
		if schedule == "" {
			schedule = "geometric"
		}
		for _, r := range g.Runs {
			path := filepath.Join(abs, r.ID)
			if r.Seed%2 == 1 {
				path = filepath.Join(path, "curve.csv")
			}
			fmt.Fprintf(&b, "%d, %s, %d, %s\n", r.Seed, path, g.K, schedule)
		}
	}
	list := filepath.Join(folder, "mine.csv")
	write(t, list, b.String())
	l, err := LoadList(list, c.Analysis)
	if err != nil {
		t.Fatal(err)
	}
	if l.Name != "mine" || l.Dir != list || l.Config != nil || len(l.Groups) != len(s.Groups) {
		t.Fatalf("%s: %d groups, want %d", l.Name, len(l.Groups), len(s.Groups))
	}
	for i, g := range l.Groups {
		w := s.Groups[i]
		for j, r := range g.Runs {
			if r.Amplitude("sd") != w.Runs[j].Amplitude("sd") || r.Status != w.Runs[j].Status || r.Floor != nil || g.K != w.K || g.Baseline != w.Baseline {
				t.Errorf("group %d: %s is %s, want %s", i, r.ID, r.Status, w.Runs[j].Status)
			}
		}
	}
	if again, err := l.Remeasure(l.Analysis); err != nil || !sameRuns(again, l) {
		t.Error(err)
	}
}

// A curve that is NaN to its end has diverged; one with a hole is refused.
func TestListDiverged(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a.csv"), "iteration,fid\n0,1\n100,1.5\n200,nan\n300,inf\n")
	write(t, filepath.Join(dir, "b.csv"), "iteration,fid\n0,nan\n100,nan\n")
	write(t, filepath.Join(dir, "c.csv"), "iteration,fid\n0,1\n100,2\n200,1\n")
	list := filepath.Join(dir, "list.csv")
	write(t, list, "k,seed,schedule,path\n1,0,g,a.csv\n1,1,g,b.csv\n1,2,g,c.csv\n")
	a := filters.Analysis{Lowpass: filters.Lowpass{Name: "none"}, Knee: filters.Knee{Method: "none"}, Window: 200}
	s, err := LoadList(list, a)
	if err != nil {
		t.Fatal(err)
	}
	g := s.Groups[0]
	if g.Count(Diverged) != 2 || len(g.Runs[0].X) != 2 || len(g.Runs[1].X) != 0 || !math.IsInf(g.Ranked("sd")[1], 1) || g.Runs[2].Amplitude("max_to_min") != 1 {
		t.Errorf("%+v", g.Runs)
	}
	write(t, filepath.Join(dir, "a.csv"), "iteration,fid\n0,1\n100,nan\n200,1\n")
	if _, err := LoadList(list, a); err == nil || !strings.Contains(err.Error(), "list.csv:2: "+filepath.Join(dir, "a.csv")+": 1 of 3 points are missing or NaN; up to 5 % are filled; to interpolate: in the list's column resample: 100") {
		t.Error(err)
	}
}

// A cutoff is a fraction of Nyquist: curves of two intervals would be filtered apart.
func TestListIntervals(t *testing.T) {
	dir := t.TempDir()
	for name, step := range map[string]int{"a.csv": 100, "b.csv": 200} {
		var b strings.Builder
		b.WriteString("iteration,fid\n")
		for i := range 100 {
			fmt.Fprintf(&b, "%d,%v\n", step*i, math.Sin(float64(i)))
		}
		write(t, filepath.Join(dir, name), b.String())
	}
	list := filepath.Join(dir, "list.csv")
	write(t, list, "k,seed,schedule,path\n1,0,g,a.csv\n2,0,g,b.csv\n")
	a := filters.DefaultAnalysis()
	a.Window = 5000
	_, err := LoadList(list, a)
	want := list + ":3: b.csv has a point every 200 iterations, a.csv on line 2 every 100: a cutoff in fractions of Nyquist is another filter for each; give its period in iterations, --set analysis.lowpass.period=4000"
	if err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	a.Lowpass = filters.Lowpass{Name: "none"}
	if _, err := LoadList(list, a); err != nil {
		t.Error(err)
	}
}

// A list may name columns and a step for each curve; what was mended is told of its curve.
func TestListColumns(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a.csv"), "step,train/fid,val/fid\n0,9,1\n100,9,2\n300,9,4\n")
	write(t, filepath.Join(dir, "b.csv"), "iteration,fid\n0,1\n100,2\n200,1\n100,3\n200,4\n")
	list := filepath.Join(dir, "list.csv")
	write(t, list, "k,seed,schedule,path,x,y,resample\n1,0,g,a.csv,,val/fid,100\n1,1,g,b.csv,,,\n")
	a := filters.Analysis{Lowpass: filters.Lowpass{Name: "none"}, Knee: filters.Knee{Method: "none"}, Window: 200}
	s, err := LoadList(list, a)
	if err != nil {
		t.Fatal(err)
	}
	if r := s.Groups[0].Runs; len(r[0].X) != 4 || r[0].Y[2] != 3 || r[1].Y[2] != 4 {
		t.Errorf("%+v, %+v", r[0], r[1])
	}
	if len(s.Warnings) != 2 || !strings.HasPrefix(s.Warnings[0], "a.csv: resampled every 100") || !strings.HasPrefix(s.Warnings[1], "b.csv: 2 rows repeat") {
		t.Errorf("%q", s.Warnings)
	}
}

func TestBadLists(t *testing.T) {
	dir := t.TempDir()
	curve := "iteration,fid\n0,1\n100,1.5\n200,1\n"
	write(t, filepath.Join(dir, "a.csv"), curve)
	write(t, filepath.Join(dir, "c.csv"), curve)
	if err := os.Symlink(filepath.Join(dir, "a.csv"), filepath.Join(dir, "link.csv")); err != nil {
		t.Fatal(err)
	}
	a := filters.Analysis{Lowpass: filters.Lowpass{Name: "none"}, Knee: filters.Knee{Method: "none"}, Window: 200}
	for text, want := range map[string]string{
		"":                                                  "LIST: empty; a list of curves has the columns k,seed,schedule,path",
		"k,seed,path\n":                                     "LIST:1: no column schedule; a list of curves has the columns k,seed,schedule,path",
		"k,k,seed,schedule,path\n":                          "LIST:1: two columns are named k",
		"k,seed,schedule,path\n":                            "LIST: no curves below the header",
		"k,seed,schedule,path\n1,0,g\n":                     "LIST:2: 3 fields, the header has 4",
		"k,seed,schedule,path\n-1,0,g,a.csv":                `LIST:2: k: "-1" is not a number of steps (0 or more)`,
		"k,seed,schedule,path\n1,x,g,a.csv":                 `LIST:2: seed: "x" is not a whole number`,
		"k,seed,schedule,path\n1,0,,a.csv":                  `LIST:2: schedule: "" is not a name`,
		"k,seed,schedule,path\n1,0,g,-":                     `LIST:2: path: "-" is not a file`,
		"k,seed,schedule,path,resample\n1,0,g,a.csv,-1":     `LIST:2: resample: "-1" is not a step (above 0)`,
		"k,seed,schedule,path\n\n1,0,g,b.csv":               "LIST:3: DIR/b.csv: no such file or directory",
		"k,seed,schedule,path\n1,0,g,a.csv\n1,0,g,c.csv":    "LIST:3: k 1, seed 0, schedule g is there twice",
		"k,seed,schedule,path\n1,0,g,a.csv\n1,1,g,link.csv": "LIST:3: path: link.csv is on line 2, too; a curve is one run",
		"k,seed,schedule,path\n1,0,g,list.csv":              "LIST:2: LIST: no column is FID by its name",
		"k,seed,schedule,path\n1,0,\"g,a.csv":               `LIST:2: extraneous or missing " in quoted-field`,
	} {
		list := filepath.Join(dir, "list.csv")
		write(t, list, text)
		_, err := LoadList(list, a)
		if err == nil {
			t.Errorf("%q is accepted", text)
			continue
		}
		got := strings.ReplaceAll(strings.ReplaceAll(err.Error(), list, "LIST"), dir, "DIR")
		if !strings.HasPrefix(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if _, err := LoadList(dir, a); err == nil || !strings.HasSuffix(err.Error(), ": is a directory") {
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
