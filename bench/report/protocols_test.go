package report

import (
	"os"
	"strings"
	"testing"

	"fig5/bench/anneal"
	"fig5/bench/report/canvas"
)

// budget gives a group the levels of a fixed budget in place of 500 iterations a level.
func budget(t *testing.T, g Group, protocol string) Group {
	t.Helper()
	betas := make([]float64, g.K)
	for i := range betas {
		betas[i] = float64(i + 1)
	}
	p := anneal.Protocol{Name: anneal.PerLevel, Iterations: 500}
	if strings.HasPrefix(protocol, "budget") {
		p = anneal.Protocol{Name: anneal.Budget, Iterations: 10000}
	}
	levels, err := anneal.Ladder(betas, p, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for i := range g.Runs {
		g.Runs[i].Levels = levels
	}
	g.By = map[string]string{"schedule": "geometric", "anneal.protocol": protocol}
	return g
}

// The slope of the tiny-GAN is a prediction for a fixed time a level: it is held
// against a per-level series alone, and its line is that series'.
func TestTheoryByProtocol(t *testing.T) {
	series := func(protocol string) []Group {
		var out []Group
		for k, f := range map[int]float64{1: 1, 4: 0.5, 100: 0.1} {
			out = append(out, budget(t, flat(k, "", times(base, f), ones), protocol))
		}
		return out
	}
	const per, fixed = "per-level 500", "budget 10000"
	for name, c := range map[string]struct {
		protocols []string
		want      map[string]Verdict // of F, by the series' label
		says      map[string]string
		line      int // the series that the theory's line is of; -1: there is none
	}{
		"budget":        {[]string{fixed}, map[string]Verdict{"": NotApplicable}, map[string]string{"": "here 10,000 in all are dealt out to the K levels"}, -1},
		"per-level":     {[]string{per}, map[string]Verdict{"": Yes}, map[string]string{"": "does not exclude −1/2"}, 0},
		"both":          {[]string{fixed, per}, map[string]Verdict{fixed: NotApplicable, per: Yes}, map[string]string{fixed: "not held against −1/2", per: "below 0"}, 1},
		"the other way": {[]string{per, fixed}, map[string]Verdict{fixed: NotApplicable, per: Yes}, nil, 0},
	} {
		d := &Data{Name: name}
		for _, p := range c.protocols {
			d.Groups = append(d.Groups, series(p)...)
		}
		fs, err := d.Findings("max_to_min")
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]Finding{}
		for _, f := range fs {
			if f.ID == "F" {
				got[f.Series] = f
			}
			if longer := f.Note == "a larger K is trained longer"; f.ID == "2" && longer != (f.Series == per || name == "per-level") {
				t.Errorf("%s, %s: claim 2 carries the note %q", name, f.Series, f.Note)
			}
		}
		if len(got) != len(c.want) {
			t.Errorf("%s: question F is asked of %d series, not of %d", name, len(got), len(c.want))
		}
		for label, want := range c.want {
			if f := got[label]; f.Verdict != want || !strings.Contains(f.Text, c.says[label]) {
				t.Errorf("%s: F of %q is %q (%s), want %q (%s)", name, label, f.Verdict, f.Text, want, c.says[label])
			}
		}
		of, line := theory(d.Series(), "max_to_min")
		if of != c.line || (len(line) > 1) != (of >= 0) {
			t.Errorf("%s: a line of %d points of series %d, want of %d", name, len(line), of, c.line)
		}
		b, err := d.wideFigures("fig5", "max_to_min")[0].SVG()
		if err != nil {
			t.Fatal(err)
		}
		want := "scaled to the first K"
		if len(c.protocols) > 1 {
			want += " of per-level 500"
		}
		if strings.Contains(string(b), "tiny-GAN") != (c.line >= 0) || c.line >= 0 && !strings.Contains(string(b), want) {
			t.Errorf("%s: the figure's legend has not %q or is of no series", name, want)
		}
	}
	// Given curves do not tell how long their levels were: the question is not asked.
	d := &Data{Groups: []Group{flat(1, "", base, ones), flat(5, "", base, ones)}}
	for i := range d.Groups {
		for j := range d.Groups[i].Runs {
			d.Groups[i].Runs[j].Levels = nil
		}
	}
	if _, ok := slope(Trend{}, d.Series()[0]); ok {
		t.Error("question F is asked where the levels are not known")
	}
}

// The sweep with both protocols, as it will be recorded: each comparison says how long
// its two sides were trained, from the cells, and hot stands beside the ladders.
func TestFullSweep(t *testing.T) {
	c := loadConfig(t, "../../configs/fig5-full.yaml", "seeds=6", "anneal.steps=[1,5,50]", "fid.every=200", "train.final=6000", "analysis.window=3000", "analysis.lowpass.cutoff=0.2")
	d, err := Load(c, writeSweep(t, t.TempDir(), c, nil))
	if err != nil {
		t.Fatal(err)
	}
	b, err := Results([]*Data{d}, "max_to_min", "How.", func(*Data) []string { return nil })
	if err != nil {
		t.Fatal(err)
	}
	text := string(b)
	for _, want := range []string{
		"| K = 50 / cold | 19,000 / 6000 |", // 3000 + 10,000 + 6000, the budget
		"| K = 50 / cold | 34,000 / 6000 |", // 3000 + 50·500 + 6000
		"| K = 50 / warm | 34,000 / 9000 |",
		"| K = 50 / K = 1 | 19,000 / 19,000 |",
		"; a larger K is trained longer;", "| K = 50 / K = 1 | 34,000 / 9500 |",
		"; hot is trained longer;", "| K = 50 / hot | 19,000 / 34,000 |",
		"| K = 50 / hot | 34,000 / 34,000 |",
		"| K = 1 … 50 / hot | 9500 to 34,000 / 34,000 |",
		"| [fig5-full](#sweep-fig5-full): budget 10000 | **not applicable to a fixed budget** | Slope",
		"**budget 10000: trend over K.**",
		"### J. Does it matter whether n iterations",
		"K = 50 (34,000 iterations) against cold (6000 iterations)", "Without a ladder, hot (34,000 iterations) against cold: ratio",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if n := strings.Count(text, " / hot | "); n != 2*(1+1+3) { // B1, B2 and each K, of two series
		t.Errorf("%d comparisons with hot", n)
	}
	if dir := os.Getenv("FIGURES"); dir != "" {
		look(t, "full-", d.Figures("max_to_min"))
		f, _ := d.StaircaseFigure()
		look(t, "full-", []canvas.Figure{f})
		if err := os.WriteFile(dir+"/full.md", b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// The figure of the levels is as wide as its panels need: a column for one, and series
// with one K each stand beside each other.
func TestStaircaseWidth(t *testing.T) {
	for name, c := range map[string]struct {
		sets  []string
		wide  bool
		rows  int // of panels
		title string
	}{
		"one":  {[]string{"anneal.steps=[5]"}, false, 1, "K = 5"},
		"two":  {[]string{"anneal.steps=[2,5]"}, true, 1, "K = 2"},
		"mine": {[]string{"anneal.steps=[5]", "anneal.baselines=[]", "anneal.schedule=[geometric, {name: mine, levels: [0.1, 0.15, 0.3, 1, 10]}]"}, true, 1, "mine, K = 5"},
		"both": {[]string{"anneal.steps=[2,5]", "anneal.schedule=[geometric, linear]"}, true, 2, "K = 2"},
	} {
		conf := loadConfig(t, "testdata/small.yaml", append(c.sets, "seeds=1")...)
		d, err := Load(conf, writeSweep(t, t.TempDir(), conf, nil))
		if err != nil {
			t.Fatal(err)
		}
		f, ok := d.StaircaseFigure()
		if !ok {
			t.Fatalf("%s: no figure", name)
		}
		if wide := f.Width == canvas.Page; wide != c.wide {
			t.Errorf("%s: %v points wide", name, f.Width)
		}
		if rows := int(f.Height / 110); rows != c.rows {
			t.Errorf("%s: %v points high, %d rows, want %d", name, f.Height, rows, c.rows)
		}
		b, err := f.SVG()
		if err != nil || !strings.Contains(string(b), c.title) {
			t.Errorf("%s: no panel %q (%v)", name, c.title, err)
		}
		look(t, name+"-", []canvas.Figure{f})
	}
}
