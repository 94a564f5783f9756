package report

import (
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/rivo/uniseg"

	"fig5/bench/claims"
	"fig5/bench/measure"
	"fig5/bench/stats"
	"fig5/bench/table"
)

// csvRows reads a table by the names of its columns.
func csvRows(t *testing.T, text string) []map[string]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, r := range rows[1:] {
		m := map[string]string{}
		for i, name := range rows[0] {
			if _, ok := m[name]; ok {
				t.Fatalf("two columns are called %s", name)
			}
			m[name] = r[i]
		}
		out = append(out, m)
	}
	return out
}

// equals says whether text reads back as v; empty text stands for what is undefined.
func equals(text string, v stats.Number) bool {
	if !v.Defined() {
		return text == ""
	}
	got, err := strconv.ParseFloat(text, 64)
	return err == nil && got == float64(v)
}

func file(t *testing.T, files []File, name string) string {
	t.Helper()
	i := slices.IndexFunc(files, func(f File) bool { return f.Name == name })
	if i < 0 {
		t.Fatalf("no %s", name)
	}
	b, err := files[i].Make()
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Every number of groups.csv is that of the summary, by every amplitude; report.json has
// them too.
func TestNumbers(t *testing.T) {
	r := report(t, small(t))
	files := r.Files()
	rows := csvRows(t, file(t, files, "groups.csv"))
	at := 0
	for _, name := range measure.Amplitudes {
		for _, g := range r.All[name].Groups {
			row := rows[at]
			at++
			if row["measure"] != name || row["group"] != g.Name || row["k"] != strconv.Itoa(g.K) || row["n"] != strconv.Itoa(g.N) || row["moving"] != strconv.Itoa(g.Moving) || row["annealing"] != strconv.Itoa(g.Annealing) {
				t.Errorf("%s, %s: %v", name, g.Name, row)
			}
			for key, v := range map[string]stats.Number{
				"geomean": g.GeoMean, "geomean_lo": stats.Number(g.GeoMeanCI95.Lo), "median": g.Median, "mean": g.Mean, "mean_hi": stats.Number(g.CI95.Hi),
				"sd_log": g.SDLog, "iqm": g.IQM, "floor_median": g.Floor.Median, "level_geomean": g.Level.GeoMean, "level_hi": stats.Number(g.Level.GeoMeanCI95.Hi),
			} {
				if !equals(row[key], v) {
					t.Errorf("%s, %s: %s is %q, want %v", name, g.Name, key, row[key], v)
				}
			}
		}
	}
	if at != len(rows) {
		t.Errorf("%d rows, want %d", len(rows), at)
	}
	var printed struct {
		Groups []claims.Group
		Answer claims.Answer
	}
	if err := json.Unmarshal([]byte(file(t, files, "report.json")), &printed); err != nil {
		t.Fatal(err)
	}
	for i, g := range r.Summary().Groups {
		if printed.Groups[i].GeoMean != g.GeoMean {
			t.Errorf("%s: %v", g.Name, printed.Groups[i].GeoMean)
		}
	}
	if len(printed.Answer.Questions) != len(r.Answer.Questions) {
		t.Errorf("%d questions", len(printed.Answer.Questions))
	}
	runs := csvRows(t, file(t, files, "amplitudes.csv"))
	if len(runs) != r.Sweep.Runs() {
		t.Errorf("%d runs, want %d", len(runs), r.Sweep.Runs())
	}
	for _, run := range r.Sweep.Groups[1].Runs {
		i := slices.IndexFunc(runs, func(row map[string]string) bool { return row["id"] == run.ID })
		if i < 0 || run.Measured != nil && !equals(runs[i]["max_to_min"], stats.Number(run.Measured.Amplitude.MaxToMin)) {
			t.Errorf("%s is not what was measured", run.ID)
		}
	}
	trends := csvRows(t, file(t, files, "trends.csv"))
	if x := r.Summary().Trends[0]; !equals(trends[0]["page_p"], x.PageP) || !equals(trends[0]["page_p_exact"], x.PagePExact) || !equals(trends[0]["slope_lo"], stats.Number(x.SlopeCI95.Lo)) {
		t.Errorf("%v", trends[0])
	}
}

// On a terminal the answer stands first, in 15 lines of 100 columns with the two that are
// said beside it; --all shows every column of every group.
func TestText(t *testing.T) {
	sweeps, err := recorded()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sweeps {
		r := report(t, s)
		text := r.Text(false)
		lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
		if len(lines) > 13 {
			t.Errorf("%s: %d lines\n%s", s.Name, len(lines), text)
		}
		for _, line := range lines {
			if w := uniseg.StringWidth(line); w > table.Width {
				t.Errorf("%d columns: %s", w, line)
			}
		}
		words := strings.Join(strings.Fields(text), " ")
		for i, sentence := range r.Sentences() {
			if at := strings.Index(words, plain(sentence)); at < 0 || i == 0 && at > 0 {
				t.Errorf("%q does not stand in\n%s", sentence, text)
			}
		}
		for _, g := range r.Summary().Groups { // no recorded sweep has more than there is room for
			if n := table.Digits(float64(g.GeoMean)); !strings.Contains(text, n) {
				t.Errorf("%s: %s of %s is not in\n%s", s.Name, n, g.Name, text)
			}
			if all := r.Text(true); !strings.Contains(all, table.Ratio(g.GeoMean, g.GeoMeanCI95)) || !strings.Contains(all, "sd of ln") {
				t.Errorf("--all shows\n%s", all)
			}
		}
	}
}

// A hot phase stands under the K whose ladder is as long; where there are more K than
// columns the last stays.
func TestBrief(t *testing.T) {
	s := open(t, "fig5-full")
	r := report(t, s)
	rows := strings.Split(r.Text(false), "\n")
	column := func(head, row string) string {
		for _, l := range rows {
			if strings.HasPrefix(l, row) {
				at := strings.Index(l, head)
				return strings.TrimSpace(l[at:])
			}
		}
		return ""
	}
	hot := table.Digits(float64(r.Summary().Groups[2].GeoMean))
	if got := column("0.00", "no ladder"); !strings.HasSuffix(got, hot) {
		t.Errorf("%q does not end with %s, as the last K has it", got, hot)
	}
	for i := range s.Groups {
		if g := &s.Groups[i]; g.Baseline == "" {
			g.K *= 7
		}
	}
	for _, k := range []int{3, 4, 6, 8, 9} {
		g := s.Groups[3]
		g.K = k
		s.Groups = append(s.Groups, g)
	}
	if text := report(t, s).Text(false); !strings.Contains(text, " 350\n") {
		t.Errorf("K = 350 is not in\n%s", text)
	}
}

// The page is well formed, calls nothing from outside, and its numbers are those of the
// summary.
func TestPage(t *testing.T) {
	r := report(t, small(t))
	page := file(t, r.Files(), "index.html")
	for _, bad := range []string{"<script", "http://fonts", "https://", "@import", "url(http"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page has %q", bad)
		}
	}
	dec := xml.NewDecoder(strings.NewReader(page))
	dec.Entity = xml.HTMLEntity
	ids := map[string]bool{}
	for {
		tok, err := dec.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		e, ok := tok.(xml.StartElement)
		if !ok {
			continue
		}
		for _, a := range e.Attr {
			if a.Name.Local == "id" {
				if ids[a.Value] {
					t.Errorf("two elements have the id %q", a.Value)
				}
				ids[a.Value] = true
			}
		}
	}
	_, groups, _ := strings.Cut(page, `<table id="groups">`)
	groups, _, _ = strings.Cut(groups, "</table>")
	cells := regexp.MustCompile(`data-key="(\w+)" data-value="([^"]*)">([^<]*)`).FindAllStringSubmatch(groups, -1)
	seen := map[string][]string{}
	for _, c := range cells {
		seen[c[1]] = append(seen[c[1]], c[2]+" "+html.UnescapeString(c[3]))
	}
	for i, g := range r.Summary().Groups {
		for key, v := range map[string]stats.Number{"floor_median": g.Floor.Median, "level_geomean": g.Level.GeoMean} {
			if want := table.Full(float64(v)) + " " + table.Digits(float64(v)); seen[key][i] != want {
				t.Errorf("%s: %s is %q, want %q", g.Name, key, seen[key][i], want)
			}
		}
		if !strings.Contains(groups, table.Ratio(g.GeoMean, g.GeoMeanCI95)) {
			t.Errorf("%s: no geometric mean", g.Name)
		}
	}
}

// The page of a sweep of 150 runs stays below a megabyte, with every curve in it.
func TestPageSize(t *testing.T) {
	s := open(t, "fig5-full")
	page := file(t, report(t, s).Files(), "index.html")
	if n := len(page); n > 1e6 {
		t.Errorf("%d bytes for %d runs", n, s.Runs())
	}
	if n := strings.Count(page, "FID curves of"); n < len(s.Groups) {
		t.Errorf("%d figures of curves for %d groups", n, len(s.Groups))
	}
}

// Two reports at once leave a whole file, and nothing beside it.
func TestWriteAtOnce(t *testing.T) {
	dir := t.TempDir()
	want := map[string]bool{}
	var wait sync.WaitGroup
	for i := range 8 {
		text := strings.Repeat(strconv.Itoa(i), 1<<20)
		want[text] = true
		wait.Add(1)
		go func() {
			defer wait.Done()
			if err := Write(dir, []File{{"sub/x", func() ([]byte, error) { return []byte(text), nil }}}); err != nil {
				t.Error(err)
			}
		}()
	}
	wait.Wait()
	if !want[read(t, filepath.Join(dir, "sub", "x"))] {
		t.Error("the file is a mixture of two")
	}
	if left, err := os.ReadDir(filepath.Join(dir, "sub")); err != nil || len(left) != 1 {
		t.Errorf("%d files, %v", len(left), err)
	}
}

// An error names the file, and the others are written.
func TestWriteError(t *testing.T) {
	dir := t.TempDir()
	err := Write(dir, []File{{"a", func() ([]byte, error) { return nil, fmt.Errorf("no ink") }}, {"b", func() ([]byte, error) { return []byte("b"), nil }}})
	if err == nil || err.Error() != filepath.Join(dir, "a")+": no ink" || read(t, filepath.Join(dir, "b")) != "b" {
		t.Error(err)
	}
}

// Equal runs give equal bytes.
func TestSameBytes(t *testing.T) {
	s := small(t)
	one, two := report(t, s).Files(), report(t, s).Files()
	for i, f := range one {
		if strings.HasSuffix(f.Name, ".png") || strings.HasSuffix(f.Name, ".pdf") {
			continue // package figure has a test of them
		}
		if file(t, one, f.Name) != file(t, two, two[i].Name) {
			t.Errorf("%s differs", f.Name)
		}
	}
}

// A sweep beside the recorded one: equal curves are counted, others are set side by side.
func TestBeside(t *testing.T) {
	here, recorded := report(t, small(t)), small(t)
	a, err := here.Beside(recorded)
	if err != nil {
		t.Fatal(err)
	}
	if a.Curves != 50 || a.Equal != 50 || a.Table != nil || a.Text(true) != "50 of 50 curves are byte for byte the recorded ones (../../runs/recorded/fig5).\n" {
		t.Errorf("%+v", a)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(recorded.Dir)); err != nil {
		t.Fatal(err)
	}
	run := recorded.Groups[0].Runs[0]
	path := filepath.Join(dir, filepath.FromSlash(run.File))
	if err := os.WriteFile(path, []byte(strings.Replace(read(t, path), "\n100,", "\n100.0,", 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	recorded.Dir = dir
	recorded.Groups[0].Runs[0].Training = "other"
	if a, err = here.Beside(recorded); err != nil {
		t.Fatal(err)
	}
	text := a.Text(true)
	if brief := a.Text(false); a.Equal != 49 || a.Groups != 5 || a.Overlap != 5 || !strings.Contains(brief, "; the intervals of 5 of 5 groups overlap") || !strings.HasPrefix(text, brief) || !strings.Contains(text, "49 of 50") || !strings.Contains(text, "the same numbers") {
		t.Errorf("%+v\n%s", a, text)
	}
	if w := a.Warnings(); len(w) != 1 || !strings.Contains(w[0], run.ID) {
		t.Errorf("%q", w)
	}
}

// Comparisons fit a terminal, are the numbers of claims in CSV, and say what p is of.
func TestPairs(t *testing.T) {
	c, err := claims.Compare([]*measure.Sweep{small(t)}, "baseline", "max_to_min")
	if err != nil {
		t.Fatal(err)
	}
	text, err := PairsText(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(text, "\n") {
		if w := uniseg.StringWidth(line); w > table.Width {
			t.Errorf("%d columns: %s", w, line)
		}
	}
	for _, want := range []string{"Wilcoxon's signed-rank test", "Holm's correction", "Noise floor: ", "a: cold, b: annealed", "P(b < a)"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	tex, err := PairsLaTeX(c)
	if err != nil || !strings.Contains(tex, `\label{tab:compare-baseline}`) || !strings.Contains(tex, `\begin{table*}`) {
		t.Errorf("%v\n%s", err, tex)
	}
	rows := csvRows(t, Pairs(c).CSV())
	if len(rows) != len(c.Comparisons) {
		t.Fatalf("%d rows", len(rows))
	}
	for i, x := range c.Comparisons {
		for key, v := range map[string]stats.Number{"ratio": x.Ratio, "ratio_lo": stats.Number(x.RatioCI95.Lo), "delta_percent": x.DeltaPercent, "p": x.P, "holm_p": x.HolmP,
			"improvement": x.Improvement, "improvement_hi": stats.Number(x.CI95.Hi), "geomean_a": c.Groups[x.GroupA].GeoMean, "geomean_b_hi": stats.Number(c.Groups[x.GroupB].GeoMeanCI95.Hi)} {
			if !equals(rows[i][key], v) {
				t.Errorf("row %d: %s is %q, want %v", i, key, rows[i][key], v)
			}
		}
	}
}

// A warning that several rows share is one footnote, however many values it counts.
func TestFootnotes(t *testing.T) {
	tab := &table.Table{}
	if a, b := footnotes(tab, []string{"2 unsettled values placed last", "other"}), footnotes(tab, []string{"1 unsettled value placed last"}); a != "¹ ²" || b != "¹" {
		t.Errorf("%q %q %q", a, b, tab.Notes)
	}
	if !slices.Equal(tab.Notes, []string{"¹ unsettled values placed last", "² other"}) {
		t.Errorf("%q", tab.Notes)
	}
}
