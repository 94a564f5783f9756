package bundle

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"maps"
	"path"
	"runtime"
	"slices"
	"strings"

	"fig5/bench/record"
)

// Names of the files in a bundle. docs/bundle.md describes each.
const (
	indexFile   = "bundle.json"
	sumsFile    = "SHA256SUMS"
	numbersFile = "numbers.tex"
)

// RunsFolder is where the run folders are, RunsFolder/<sweep>/<cell>.
const RunsFolder = "runs"

func reportOf(sweep string) string { return path.Join("report", sweep) }
func configOf(sweep string) string { return path.Join("configs", sweep+".yaml") }
func givenOf(sweep string) string  { return path.Join("configs", "given", sweep) }

// isNumbers says whether a file holds numbers to be computed again.
func isNumbers(name string) bool {
	switch path.Ext(name) {
	case ".json", ".csv":
		return strings.HasPrefix(name, "report/") || name == indexFile
	}
	return path.Ext(name) == ".tex"
}

// Files is the files of a bundle by name, with slashes.
type Files map[string][]byte

// Names is the names, sorted.
func (f Files) Names() []string { return slices.Sorted(maps.Keys(f)) }

// sum makes SHA256SUMS over the other files, as sha256sum -c reads it.
func (f Files) sum() {
	delete(f, sumsFile)
	var b bytes.Buffer
	for _, name := range f.Names() {
		fmt.Fprintf(&b, "%x  %s\n", sha256.Sum256(f[name]), name)
	}
	f[sumsFile] = b.Bytes()
}

// schema is the version of the layout that this program writes and reads.
const schema = 2

// Index is bundle.json: what the bundle was made of.
type Index struct {
	Schema  int       `json:"schema"`
	Program Program   `json:"program"` // that made the bundle
	Measure string    `json:"measure"` // the amplitude of the figures and tables
	Sweeps  []Content `json:"sweeps"`
}

// Content is one sweep of a bundle.
type Content struct {
	Name       string   `json:"name"`
	Given      string   `json:"given"` // the config as it was given, inside the bundle; empty: that of the runs
	Sets       []string `json:"sets"`  // laid over it
	Runs       int      `json:"runs"`  // of the sweep
	Unfinished []string `json:"unfinished"`
}

// Program is what decides the bytes of the files that are made.
type Program struct {
	Fig5 string `json:"fig5"` // the commit
	Go   string `json:"go"`
	Arch string `json:"arch"`
}

// thisProgram is the running program.
var thisProgram = func() Program {
	v := record.ThisProgram()
	return Program{v.Fig5, v.Go, runtime.GOARCH}
}

// same says whether two programs are known to write the same bytes. One that was built
// from a tree with changes, or from no known commit, is not known to be any other.
func (p Program) same(o Program) bool {
	return p == o && p.Fig5 != "" && !strings.HasSuffix(p.Fig5, "+changes")
}
