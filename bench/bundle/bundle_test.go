package bundle

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"fig5/bench/claims"
	"fig5/bench/measure"
	"fig5/bench/record"
	"fig5/bench/stats"
	"fig5/bench/table"
)

// A bundle has everything, the same bytes each time, and holds when it is checked.
func TestBundle(t *testing.T) {
	s, files := bundled(t)
	path := written(t, files)
	for _, name := range []string{"README.md", "REPRODUCE.md", "CITATION.cff", "SHA256SUMS", "bundle.json", "numbers.tex",
		"configs/small.yaml", "configs/given/small/small.yaml", "configs/given/small/base.yaml",
		"report/small/answer.pdf", "report/small/fig5-column.pdf", "report/small/fig5.svg", "report/small/fig5.png", "report/small/table.tex", "report/small/table-wide.tex",
		"report/small/answer.tex", "report/small/claims.tex", "report/small/questions.csv",
		"report/small/report.json", "report/small/compare-baseline.json", "report/small/amplitudes.csv", "report/small/index.html",
		"runs/small/cold-s00/run.json", "runs/small/cold-s00/curve.csv", "runs/small/cold-s00/floor.csv", "runs/small/pretrain/2/run.json", "runs/small/real-floor.csv"} {
		if files[name] == nil {
			t.Errorf("%s is not there", name)
		}
	}
	host, _ := os.Hostname()
	for name, data := range files {
		for _, bad := range []string{os.TempDir(), "/home/", "checkpoint.npz", "fig5-bundle-", host} {
			if path := filepath.Ext(name); path != ".png" && path != ".pdf" && len(bad) > 3 && bytes.Contains(data, []byte(bad)) {
				t.Errorf("%s: holds %q", name, bad)
			}
		}
	}
	if !maps.EqualFunc(unzip(t, path), files, bytes.Equal) {
		t.Error("the zip holds other files")
	}
	if !strings.Contains(string(files["README.md"]), "`configs/given/`") {
		t.Error("README.md does not name configs/given")
	}
	if !strings.Contains(string(files["REPRODUCE.md"]), "--set 'analysis.window=4000'") {
		t.Error("REPRODUCE.md does not say what was set")
	}
	left, _ := os.ReadDir(filepath.Dir(path))
	if len(left) != 1 {
		t.Errorf("%v is left in the folder", left)
	}

	// The program that made it makes every file again.
	pretend(t, commit)
	found, err := check(t, path)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(found.Numbers) + len(found.Again); len(found.Unmade) > 0 || len(found.Numbers) != 17 || n != len(files)-1-staged(files) {
		t.Errorf("%d files of numbers, %d others, unmade %v", len(found.Numbers), len(found.Again), found.Unmade)
	}

	// The commands of REPRODUCE.md: a bundle from the unpacked one has the same bytes.
	again := t.TempDir()
	for name, data := range files {
		if err := put(again, name, string(data)); err != nil {
			t.Fatal(err)
		}
	}
	sweeps, err := Find(filepath.Join(again, "configs/given/small/small.yaml"), filepath.Join(again, "runs"), s.Sets)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range plainFiles(t, byMaxToMin, sweeps...) {
		if name != sumsFile && !bytes.Equal(data, files[name]) {
			t.Errorf("%s: differs in the bundle of an unpacked bundle", name)
		}
	}
	if sum, err := exec.LookPath("sha256sum"); err == nil {
		c := exec.Command(sum, "-c", "--quiet", "SHA256SUMS")
		c.Dir = again
		if out, err := c.CombinedOutput(); err != nil {
			t.Errorf("sha256sum: %v: %s", err, out)
		}
	}

	// Another program has the numbers to go by.
	pretend(t, "fedcba9876543210")
	if found, err = check(t, path); err != nil || len(found.Numbers) != 17 || len(found.Unmade) == 0 {
		t.Errorf("%v, %+v", err, found)
	}
}

// staged is how many files were not made but copied.
func staged(files Files) (n int) {
	for name := range files {
		if strings.HasPrefix(name, "runs/") || strings.HasPrefix(name, "configs/") {
			n++
		}
	}
	return n
}

// unzip is the files of a zip by name, read with the standard library alone.
func unzip(t testing.TB, path string) Files {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	files := Files{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
		if day := f.Modified.UTC().Format("2006-01-02 15:04:05"); day != "1980-01-01 00:00:00" || f.Mode() != 0o644 {
			t.Errorf("%s: %s, %v", f.Name, day, f.Mode())
		}
	}
	return files
}

var macro = regexp.MustCompile(`(?m)^\\newcommand\{\\([a-zA-Z]+)\}\{(.*)\}$`)

// macrosOf is the definitions of a bundle.
func macrosOf(files Files) map[string]string {
	out := map[string]string{}
	for _, m := range macro.FindAllStringSubmatch(string(files[numbersFile]), -1) {
		out[m[1]] = m[2]
	}
	return out
}

// The macros are the numbers of bench/claims to three digits.
func TestMacros(t *testing.T) {
	sweep, files := bundled(t)
	have := macrosOf(files)
	is := func(name string, want stats.Number) {
		t.Helper()
		if text, ok := have[name]; !ok || !closeTo(plainNumber(t, text), want) {
			t.Errorf(`\%s is %q, want %v`, name, text, want)
		}
	}
	s, err := measure.Load(sweep.Config, sweep.Dir)
	if err != nil {
		t.Fatal(err)
	}
	prefixes := map[string]string{"max_to_min": "small", "peak_to_trough": "smallPeakToTrough", "sd": "smallSd", "detrended": "smallDetrended", "relative": "smallRelative"}
	for _, amplitude := range measure.Amplitudes {
		prefix := prefixes[amplitude]
		r, err := claims.Summarize(s, amplitude)
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range r.Groups {
			name := map[string]string{"cold": "Cold", "hot": "Hot", "K = 1": "KOne", "K = 2": "KTwo"}[g.Name]
			is(prefix+"N"+name, stats.Number(g.N))
			is(prefix+"Unsettled"+name, stats.Number(g.Unsettled))
			is(prefix+"Geomean"+name, g.GeoMean)
			is(prefix+"GeomeanLo"+name, stats.Number(g.GeoMeanCI95.Lo))
			is(prefix+"GeomeanHi"+name, stats.Number(g.GeoMeanCI95.Hi))
			is(prefix+"Median"+name, g.Median)
			is(prefix+"Mean"+name, g.Mean)
			is(prefix+"MeanLo"+name, stats.Number(g.CI95.Lo))
			is(prefix+"Floor"+name, g.Floor.Median)
			is(prefix+"SDLog"+name, g.SDLog)
		}
		is(prefix+"Slope", r.Trends[0].Slope)
		a, err := claims.Ask(s, amplitude)
		if err != nil || len(a.Questions) != 3 || a.Warm != nil { // a fixed length, cold and hot: 2, 3, 4
			t.Fatalf("%v, %+v", err, a)
		}
		for _, q := range a.Questions {
			group := "Question" + []string{2: "Two", 3: "Three", 4: "Four"}[q.ID]
			is(prefix+"Ratio"+group, q.Ratio)
			is(prefix+"RatioLo"+group, stats.Number(q.RatioCI95.Lo))
			is(prefix+"RatioHi"+group, stats.Number(q.RatioCI95.Hi))
			is(prefix+"Seeds"+group, stats.Number(q.Seeds))
			if p := have[prefix+"P"+group]; p != table.P(q.P) {
				t.Errorf("%sP%s is %s, want %v", prefix, group, p, q.P)
			}
			if p := have[prefix+"HolmP"+group]; p != table.P(q.HolmP) {
				t.Errorf("%sHolmP%s is %s, want %v", prefix, group, p, q.HolmP)
			}
			if v := have[prefix+"Verdict"+group]; v != string(q.Verdict) {
				t.Errorf("%sVerdict%s is %s, want %s", prefix, group, v, q.Verdict)
			}
		}
	}
	c, err := claims.Compare([]*measure.Sweep{s}, "k", "max_to_min")
	if err != nil {
		t.Fatal(err)
	}
	is("smallRatioKTwoVsKOne", c.Comparisons[0].Ratio)
	is("smallChangeKTwoVsKOne", c.Comparisons[0].DeltaPercent)
	for _, name := range []string{"smallPageP", "smallPagePExact", "smallSentenceQuestionFour", "smallChangeKTwoVsCold", "smallWilcoxonPKOneVsHot", "smallImprovementCIKTwoVsKOne", "smallWindow", "smallCommit", "smallFailedCold"} {
		if have[name] == "" {
			t.Errorf(`\%s is not there`, name)
		}
	}
}

// plainNumber reads a number as TeX shows it.
func plainNumber(t *testing.T, s string) stats.Number {
	t.Helper()
	s = strings.NewReplacer(`\ensuremath{`, "", `\times10^{`, "e", "}", "").Replace(s)
	if s == "--" {
		return stats.Number(math.NaN())
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Error(err)
	}
	return stats.Number(v)
}

// closeTo is equality to three digits; what is undefined is equal to nothing else.
func closeTo(a, b stats.Number) bool {
	if !a.Defined() || !b.Defined() {
		return a.Defined() == b.Defined()
	}
	return fmt.Sprintf("%.2e", float64(a)) == fmt.Sprintf("%.2e", float64(b))
}

// A sweep that is not finished is refused, or says so in the bundle.
func TestUnfinished(t *testing.T) {
	s := open(t, small, filepath.Join(t.TempDir(), "runs"))
	train(t, s, map[string]record.State{"cold-s01": record.Running, "hot-s02": record.Failed, "hot-s00": record.Diverged})
	_, err := Build([]Sweep{s}, byMaxToMin)
	want := string(s.Dir) + ": 2 of 12 runs are not finished (cold-s01, hot-s02); `fig5 run` trains them, --partial bundles the others"
	if err == nil || err.Error() != want {
		t.Fatalf("%v\nwant %s", err, want)
	}
	path := written(t, plainFiles(t, Options{Measure: "relative", Partial: true}, s))
	if _, err := check(t, path); err != nil {
		t.Error(err)
	}
	a, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(a.Sweeps[0].Unfinished) != "[cold-s01 hot-s02]" || a.Measure != "relative" {
		t.Errorf("%+v", a.Index)
	}
	if text := string(a.Files["README.md"]); !strings.Contains(text, "12 runs; **2 not finished**, left out of every number: cold-s01, hot-s02") {
		t.Error(text)
	}
	if text := string(a.Files["runs/small/hot-s02/run.json"]); !strings.Contains(text, `"message": "x.npz: no space left"`) {
		t.Error(text)
	}
	if a.Files["runs/small/cold-s01/run.json"] != nil || a.Files["runs/small/hot-s00/curve.csv"] == nil {
		t.Error("the runs of the bundle are not those that ended")
	}
}

// Several sweeps go into one bundle, and are compared.
func TestSeveral(t *testing.T) {
	runs := filepath.Join(t.TempDir(), "runs")
	one, two := open(t, small, runs), open(t, strings.Replace(small, "name: small", "name: small-2", 1), runs, "train.optimizer.lr=1e-3")
	train(t, one, nil)
	train(t, two, nil)
	all := plainFiles(t, byMaxToMin, one, two)
	if _, err := check(t, written(t, all)); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"report/compare-sweep.tex", "report/small-2/table.tex", "runs/small-2/cold-s00/curve.csv", "configs/given/small-2/base.yaml"} {
		if all[name] == nil {
			t.Errorf("%s is not there", name)
		}
	}
	for _, name := range []string{"smallGeomeanKTwo", "smalltwoGeomeanKTwo", "sweepsChangeSmallTwoKTwoVsSmallKTwo"} {
		if !bytes.Contains(all[numbersFile], []byte(`\`+name+"}")) {
			t.Errorf(`\%s is not there`, name)
		}
	}
	if _, err := Build([]Sweep{one, one}, byMaxToMin); err == nil || err.Error() != "small: two sweeps of that name do not go into one bundle" {
		t.Error(err)
	}
}

// What was recorded can be bundled, and holds.
func TestRecorded(t *testing.T) {
	sweeps, err := Find("../../runs/recorded/fig5", "", nil)
	if err != nil || len(sweeps) != 1 {
		t.Fatal(err, sweeps)
	}
	files := plainFiles(t, byMaxToMin, sweeps...)
	if bytes.Contains(files["README.md"], []byte("given")) { // of runs alone: no config was given
		t.Errorf("%s", files["README.md"])
	}
	if _, err := check(t, written(t, files)); err != nil {
		t.Error(err)
	}
}

// A damaged run is not bundled.
func TestDamagedRun(t *testing.T) {
	s := open(t, small, filepath.Join(t.TempDir(), "runs"))
	train(t, s, nil)
	curve := s.Dir.Cell("hot-s01").Curve()
	text, _ := os.ReadFile(curve)
	write(t, curve, string(text[:len(text)-30])+"\n")
	if _, err := Build([]Sweep{s}, byMaxToMin); err == nil || !strings.HasPrefix(err.Error(), curve+": is not the file the run ended with") {
		t.Error(err)
	}
}

func TestCheckPath(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "x.zip"), 0o755); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		filepath.Join(dir, "x.tar"):       "x.tar: a bundle is a .zip; name it NAME.zip",
		filepath.Join(dir, ".zip"):        ".zip: a bundle is a .zip; name it NAME.zip",
		filepath.Join(dir, "x.zip"):       "x.zip: is there and is not a file",
		filepath.Join(dir, "no", "x.zip"): "x.zip: " + filepath.Join(dir, "no") + " is not a folder",
	} {
		if err := CheckPath(path); err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// CITATION.cff has the keys that CFF 1.2.0 requires, and no others than it knows.
func TestCitation(t *testing.T) {
	b := &computed{Index: Index{Program: Program{Fig5: "0123456789abcdef0123456789abcdef01234567+changes"}}}
	var c map[string]any
	if err := yaml.Unmarshal([]byte(say("CITATION.cff", b)), &c); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"cff-version", "message", "title", "authors", "type", "license", "commit", "keywords", "references"} {
		if c[key] == nil {
			t.Errorf("%s is missing", key)
		}
		delete(c, key)
	}
	if len(c) > 0 {
		t.Errorf("%v", c)
	}
}

// Absolute paths leave their last element; what only looks like one stays.
func TestClean(t *testing.T) {
	c := newCleaner("/data/my sets/mnist", "relative/x")
	for in, want := range map[string]string{
		`"path": "/data/my sets/mnist"`:                       `"path": "mnist"`,
		"open /home/u/x.npz: no such file":                    "open x.npz: no such file",
		"path: /data/mnist/ # here":                           "path: mnist # here",
		"base: /home/u/base.yaml":                             "base: base.yaml",
		"--set=data.path=~/mnist":                             "--set=data.path=mnist",
		"linux/amd64, 1/2, configs/x.yaml, https://a.org/b/c": "linux/amd64, 1/2, configs/x.yaml, https://a.org/b/c",
		"(/a/b), [/c/d], `/e/f`":                              "(b), [d], `f`",
	} {
		if got := c.text(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

// Where the data and a module of features lie on this machine stays on it.
func TestAbsolutePaths(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "my files")
	write(t, filepath.Join(dir, "features.pt"), "a module")
	text := strings.Replace(small, "name: small", "name: small\ndata: {name: images, path: '"+dir+"', size: 8}\nmodel: {name: mnist-fc}", 1)
	s := open(t, text, filepath.Join(t.TempDir(), "runs"), "fid.features={name: torchscript, torchscript: '"+filepath.Join(dir, "features.pt")+"'}")
	train(t, s, nil)
	files := plainFiles(t, byMaxToMin, s)
	for name, data := range files {
		if bytes.Contains(data, []byte(filepath.Dir(dir))) {
			t.Errorf("%s names %s", name, dir)
		}
	}
	if _, err := check(t, written(t, files)); err != nil {
		t.Error(err)
	}
	if text := string(files["runs/small/cold-s00/run.json"]); !strings.Contains(text, `"path": "my files"`) || !strings.Contains(text, `"torchscript": "features.pt"`) {
		t.Error(text)
	}
}
