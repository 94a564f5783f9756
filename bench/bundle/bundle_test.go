package bundle

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"fig5/bench/config"
	"fig5/bench/record"
	"fig5/bench/report"
	"fig5/bench/stats"
)

// A bundle has everything, the same bytes each time, and holds when it is checked.
func TestBundle(t *testing.T) {
	pretend(t, "0123456789abcdef")
	s := trained(t, "analysis.window=4000")
	dir := t.TempDir()
	one := filepath.Join(dir, "one.zip")
	if err := Write(one, build(t, s)); err != nil {
		t.Fatal(err)
	}
	a, err := os.ReadFile(one)
	if err != nil {
		t.Fatal(err)
	}
	found, err := check(t, one)
	if err != nil {
		t.Fatal(err)
	}
	if found.Runs != 12 || len(found.Unmade) > 0 || len(found.Bytes) == 0 || len(found.Numbers) != 13 {
		t.Errorf("%+v", found)
	}
	left, _ := os.ReadDir(dir)
	if len(left) != 1 {
		t.Errorf("%v is left in the folder", left)
	}

	files := unzip(t, one)
	for _, name := range []string{"README.md", "REPRODUCE.md", "CITATION.cff", "SHA256SUMS", "bundle.json", "numbers.tex",
		"configs/small.yaml", "configs/given/small/small.yaml", "configs/given/small/base.yaml",
		"report/small/fig5-column.pdf", "report/small/fig5.svg", "report/small/fig5.png", "report/small/table.tex", "report/small/table-wide.tex",
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
	if !strings.Contains(string(files["README.md"]), "`configs/given/`") {
		t.Error("README.md does not name configs/given")
	}
	if !strings.Contains(string(files["REPRODUCE.md"]), "--set 'analysis.window=4000'") {
		t.Error("REPRODUCE.md does not say what was set")
	}

	// The commands of REPRODUCE.md: a bundle from the unpacked one has the same bytes.
	again := filepath.Join(dir, "again")
	for name, data := range files {
		write(t, filepath.Join(again, filepath.FromSlash(name)), string(data))
	}
	given := filepath.Join(again, "configs/given/small/small.yaml")
	c, err := config.Load(given, s.Sets)
	if err != nil {
		t.Fatal(err)
	}
	sources, err := config.Sources(given)
	if err != nil {
		t.Fatal(err)
	}
	third := filepath.Join(dir, "third.zip")
	if err := Write(third, build(t, Sweep{c, record.OpenSweep(filepath.Join(again, "runs"), "small"), sources, s.Sets})); err != nil {
		t.Fatal(err)
	}
	if c, _ := os.ReadFile(third); !bytes.Equal(a, c) {
		t.Error("the bundle of an unpacked bundle differs")
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
	if found, err = check(t, one); err != nil || len(found.Numbers) != 13 || len(found.Unmade) == 0 {
		t.Errorf("%v, %+v", err, found)
	}
}

// unzip is the files of a zip by name, read with the standard library alone.
func unzip(t testing.TB, path string) map[string][]byte {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	files := map[string][]byte{}
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

// The macros are the report's numbers to three digits.
func TestMacros(t *testing.T) {
	s := trained(t)
	b, err := newBuilder([]Sweep{s}, byMaxToMin)
	if err != nil {
		t.Fatal(err)
	}
	text, err := b.numbers()
	if err != nil {
		t.Fatal(err)
	}
	have := map[string]string{}
	for _, m := range macro.FindAllStringSubmatch(text, -1) {
		have[m[1]] = m[2]
	}
	d, err := report.Load(s.Config, s.Dir)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{"cold": "Cold", "hot": "Hot", "1": "KOne", "2": "KTwo"}
	for _, measure := range report.Measures {
		prefix := map[string]string{"max_to_min": "small", "peak_to_trough": "smallPeakToTrough", "sd": "smallSd", "detrended": "smallDetrended", "relative": "smallRelative"}[measure]
		r, err := d.Report(measure)
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range r.Groups {
			name := names[g.Baseline]
			if name == "" {
				name = names[strconv.Itoa(g.K)]
			}
			for quantity, want := range map[string]stats.Number{
				"N": stats.Number(g.N), "Unsettled": stats.Number(g.Unsettled), "Geomean": g.GeoMean, "GeomeanLo": stats.Number(g.GeoMeanCI95.Lo), "GeomeanHi": stats.Number(g.GeoMeanCI95.Hi),
				"Median": g.Median, "Mean": g.Mean, "MeanLo": stats.Number(g.CI95.Lo), "MeanHi": stats.Number(g.CI95.Hi), "Floor": g.Floor.Median, "SDLog": g.SDLog,
			} {
				if got := plainNumber(t, have[prefix+quantity+name]); !closeTo(got, want) {
					t.Errorf(`\%s is %s, want %v`, prefix+quantity+name, have[prefix+quantity+name], want)
				}
			}
		}
		if got := plainNumber(t, have[prefix+"Slope"]); !closeTo(got, r.Trends[0].Slope) {
			t.Errorf("%sSlope is %v, want %v", prefix, got, r.Trends[0].Slope)
		}
	}
	for _, name := range []string{"smallPageP", "smallTrendText", "smallChangeKTwoVsCold", "smallWilcoxonPKOneVsHot", "smallImprovementCIKTwoVsKOne", "smallWindow", "smallCommit", "smallFailedCold"} {
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
	if !errors.Is(err, ErrUnfinished) || err.Error() != want {
		t.Fatalf("%v\nwant %s", err, want)
	}
	path := filepath.Join(t.TempDir(), "x.zip")
	if err := Write(path, plain(t, Options{Measure: "relative", Partial: true}, s)); err != nil {
		t.Fatal(err)
	}
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
	if text := string(a.files[readmeFile]); !strings.Contains(text, "**of which 2 are not finished** and are left out of every number: cold-s01, hot-s02") {
		t.Error(text)
	}
	if text := string(a.files["runs/small/hot-s02/run.json"]); !strings.Contains(text, `"message": "x.npz: no space left"`) {
		t.Error(text)
	}
	if a.files["runs/small/cold-s01/run.json"] != nil || a.files["runs/small/hot-s00/curve.csv"] == nil {
		t.Error("the runs of the bundle are not those that ended")
	}
}

// Several sweeps go into one bundle, and are compared.
func TestSeveral(t *testing.T) {
	runs := filepath.Join(t.TempDir(), "runs")
	one, two := open(t, small, runs), open(t, strings.Replace(small, "name: small", "name: small-2", 1), runs, "train.optimizer.lr=1e-3")
	train(t, one, nil)
	train(t, two, nil)
	files := plain(t, byMaxToMin, one, two)
	path := filepath.Join(t.TempDir(), "x.zip")
	if err := Write(path, files); err != nil {
		t.Fatal(err)
	}
	if _, err := check(t, path); err != nil {
		t.Error(err)
	}
	all := unzip(t, path)
	for _, name := range []string{"report/compare-sweep.tex", "report/small-2/table.tex", "runs/small-2/cold-s00/curve.csv", "configs/given/small-2/base.yaml"} {
		if all[name] == nil {
			t.Errorf("%s is not there", name)
		}
	}
	for _, name := range []string{"smallGeomeanKTwo", "smalltwoGeomeanKTwo", "sweepsChangeSmallTwoKTwoVsSmall"} {
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
	root := "../../runs/recorded"
	sweeps, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range sweeps {
		s := Sweep{Dir: record.OpenSweep(root, e.Name())}
		if s.Config, err = report.SweepConfig(s.Dir); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "x.zip")
		files := plain(t, byMaxToMin, s)
		for _, f := range files { // of runs alone: no config was given
			if text := string(f.Data); f.Name == "README.md" && strings.Contains(text, "given") || f.Name == "REPRODUCE.md" && !strings.Contains(text, "`fig5 report --against` then prints a line a group") {
				t.Errorf("%s of %s:\n%s", f.Name, e.Name(), text)
			}
		}
		if err := Write(path, files); err != nil {
			t.Fatal(err)
		}
		if _, err := check(t, path); err != nil {
			t.Error(err)
		}
	}
}

// A damaged run is not bundled.
func TestDamagedRun(t *testing.T) {
	s := trained(t)
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
	b := &builder{Index: Index{Program: Program{Fig5: "0123456789abcdef0123456789abcdef01234567+changes"}}}
	var c map[string]any
	if err := yaml.Unmarshal([]byte(b.citation()), &c); err != nil {
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
	files := plain(t, byMaxToMin, s)
	for _, f := range files {
		if bytes.Contains(f.Data, []byte(filepath.Dir(dir))) {
			t.Errorf("%s names %s", f.Name, dir)
		}
	}
	path := filepath.Join(t.TempDir(), "x.zip")
	if err := Write(path, files); err != nil {
		t.Fatal(err)
	}
	if _, err := check(t, path); err != nil {
		t.Error(err)
	}
	if text := string(unzip(t, path)["runs/small/cold-s00/run.json"]); !strings.Contains(text, `"path": "my files"`) || !strings.Contains(text, `"torchscript": "features.pt"`) {
		t.Error(text)
	}
}
