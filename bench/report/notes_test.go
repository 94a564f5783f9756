package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fig5/filters"
)

// writeCurves writes a list of seeds curves of two schedules, each a fall by 280 to a
// plateau with an oscillation from -1 to 1, half of that on the second.
func writeCurves(t *testing.T, seeds, points int) (list string) {
	t.Helper()
	dir := t.TempDir()
	write := func(name string, b []byte) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	lines := []byte("k,seed,schedule,path\n")
	for i, schedule := range []string{"geometric", "linear"} {
		for seed := range seeds {
			rng := rand.New(rand.NewPCG(uint64(seed), uint64(i)))
			tau, size := 8000*math.Exp(0.1*rng.NormFloat64()), math.Exp(0.1*rng.NormFloat64())/float64(i+1)
			curve := []byte("iteration,fid\n")
			for p := range points {
				x := float64(100 * p)
				curve = fmt.Appendf(curve, "%v,%.6g\n", x, 20+280*math.Exp(-x/tau)+size*math.Sin(x/700)+0.05*rng.NormFloat64())
			}
			name := fmt.Sprintf("%s%d.csv", schedule, seed)
			write(name, curve)
			lines = fmt.Appendf(lines, "1,%d,%s,%s\n", seed, schedule, name)
		}
	}
	write("mine.csv", lines)
	return filepath.Join(dir, "mine.csv")
}

// A hundred inflated amplitudes are one note, with the settings that mend them; it goes
// with the text, the page, the JSON and RESULTS.md, and under those settings it is gone
// and the ratio of the schedules right.
func TestNotes(t *testing.T) {
	list := writeCurves(t, 50, 1000)
	a := filters.DefaultAnalysis()
	d, err := LoadCurves(list, a)
	if err != nil {
		t.Fatal(err)
	}
	r, err := d.Report("max_to_min")
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Notes) != 1 || len(r.Warnings) != 1 || !slices.Equal(r.Notes[0].Groups, []int{0, 1}) {
		t.Fatalf("%q", r.Warnings)
	}
	note := r.Warnings[0]
	for _, want := range []string{
		"the end of the descent lies in the window and inflates the amplitude, max_to_min ",
		": 100 of 100 runs (geometric, K = 1: seeds 0 to 49; linear, K = 1: seeds 0 to 49); to begin behind it: --set analysis.knee.least=",
	} {
		if !strings.Contains(note, want) {
			t.Errorf("no %q in %q", want, note)
		}
	}
	if got := r.Groups[1].Warnings; len(got) != 1 || !strings.Contains(got[0], ": 50 of 50 runs (seeds 0 to 49); to begin behind it: --set ") {
		t.Errorf("of the group: %q", got)
	}
	text := func(r *Report) string {
		var b bytes.Buffer
		if err := d.WriteText(&b, r); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	if s := text(r); !strings.Contains(s, "\nlinear, K = 1 ¹ ") || !strings.Contains(s, "\n¹ "+note+"\n") {
		t.Error(s)
	}
	page, err := d.Page("max_to_min")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`>linear, K = 1 <a href="#warnings" aria-label="warnings">¹</a></th>`, `<p class="warning">¹ the end of the descent `} {
		if !bytes.Contains(page, []byte(want)) {
			t.Errorf("the page has no %s", want)
		}
	}
	b, err := JSON(r)
	var back struct{ Warnings []string }
	if err != nil || json.Unmarshal(b, &back) != nil || !slices.Equal(back.Warnings, []string{note}) {
		t.Errorf("JSON: %q, %v", back.Warnings, err)
	}
	results, err := Results([]*Data{d}, "max_to_min", "", func(*Data) []string { return nil })
	if err != nil || !bytes.Contains(results, []byte("\n- ¹ "+note+"\n")) || !bytes.Contains(results, []byte("\n| linear, K = 1 ¹ | 50 |")) {
		t.Errorf("RESULTS.md lacks it: %v", err)
	}

	ratio := func(r *Report) float64 { return float64(r.Groups[1].GeoMean / r.Groups[0].GeoMean) }
	remedy := d.remedy(filters.Descent)
	a.Knee.Least, a.Window = remedy.Least, remedy.Window
	if d, err = LoadCurves(list, a); err != nil {
		t.Fatal(err)
	}
	mended, err := d.Report("max_to_min")
	if err != nil || len(mended.Notes) != 0 || strings.Contains(text(mended), "¹") {
		t.Errorf("%q, %v", mended.Warnings, err)
	}
	if before, after := ratio(r), ratio(mended); before < 0.9 || math.Abs(after-0.5) > 0.06 {
		t.Errorf("linear / geometric: %.3f before, %.3f after, the truth is about 0.5", before, after)
	}
}

// Curves that are all too short say so once, with a window that fits.
func TestNoteShort(t *testing.T) {
	list := writeCurves(t, 6, 400)
	d, err := LoadCurves(list, filters.DefaultAnalysis())
	if err != nil {
		t.Fatal(err)
	}
	r, err := d.Report("sd")
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Notes) != 1 || !strings.HasPrefix(r.Notes[0].Text, "the curve is too short for the window: no amplitude: 12 of 12 runs (") {
		t.Fatalf("%q", r.Warnings)
	}
	a := d.Analysis
	a.Window = d.remedy(filters.Incomplete).Window
	if d, err = LoadCurves(list, a); err != nil {
		t.Fatal(err)
	}
	if n := d.Groups[0].Count(Settled) + d.Groups[1].Count(Settled); n != 12 {
		t.Errorf("window %v: %d of 12 settled", a.Window, n)
	}
}

// Many groups and scattered seeds stay one line.
func TestNoteWords(t *testing.T) {
	d := &Data{Analysis: filters.DefaultAnalysis()}
	for k := 1; k <= 20; k++ {
		g := Group{By: map[string]string{"schedule": "geometric"}, K: k}
		for seed := range 10 {
			r := Run{Seed: seed, Status: Settled, Measured: &filters.Measurement{}}
			if seed != 3 && seed < 8 {
				r.Warnings = []filters.Warning{{Kind: filters.Drift}}
			}
			g.Runs = append(g.Runs, r)
		}
		d.Groups = append(d.Groups, g)
	}
	notes := d.notes()
	if len(notes) != 1 || len(notes[0].Groups) != 20 || !strings.HasSuffix(notes[0].Text, "140 of 200 runs (K = 1: seeds 0 to 2, 4 to 7; K = 2: seeds 0 to 2, 4 to 7; K = 3: seeds 0 to 2, 4 to 7; "+
		"K = 4: seeds 0 to 2, 4 to 7; K = 5: seeds 0 to 2, 4 to 7; K = 6: seeds 0 to 2, 4 to 7; K = 7: seeds 0 to 2, 4 to 7; K = 8: seeds 0 to 2, 4 to 7; and 12 more groups)") {
		t.Errorf("%+v", notes)
	}
	for _, c := range []struct {
		seeds []int
		want  string
	}{{[]int{7}, "seed 7"}, {[]int{1, 2}, "seeds 1, 2"}, {[]int{1, 2, 3, 9}, "seeds 1 to 3, 9"}} {
		if got := seedList(c.seeds); got != c.want {
			t.Errorf("%v: %s", c.seeds, got)
		}
	}
	if got := superscript(120); got != "¹²⁰" {
		t.Error(got)
	}
}
