package bundle

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// Names of the files in a bundle. docs/bundle.md describes each.
const (
	indexFile     = "bundle.json"
	sumsFile      = "SHA256SUMS"
	numbersFile   = "numbers.tex"
	citationFile  = "CITATION.cff"
	reproduceFile = "REPRODUCE.md"
	readmeFile    = "README.md"
)

// RunsFolder is where the run folders are, RunsFolder/<sweep>/<cell>.
const RunsFolder = "runs"

func runsOf(sweep string) string   { return path.Join(RunsFolder, sweep) }
func reportOf(sweep string) string { return path.Join("report", sweep) }
func configOf(sweep string) string { return path.Join("configs", sweep+".yaml") }
func givenOf(sweep string) string  { return path.Join("configs", "given", sweep) }

// File is one file of a bundle, its name with slashes.
type File struct {
	Name string
	Data []byte
}

// schema is the version of the layout that this program writes and reads.
const schema = 1

// Index is bundle.json: what the bundle was made of.
type Index struct {
	Schema  int       `json:"schema"`
	Program Program   `json:"program"` // that made the bundle
	Measure string    `json:"measure"` // the amplitude of the figures and tables
	Sweeps  []Content `json:"sweeps"`
}

// Program is what decides the bytes of the files that are made.
type Program struct {
	Fig5 string `json:"fig5"` // the commit
	Go   string `json:"go"`
	Arch string `json:"arch"`
}

// Content is one sweep of a bundle.
type Content struct {
	Name       string   `json:"name"`
	Given      string   `json:"given"` // the config as it was given, inside the bundle; empty: that of the runs
	Sets       []string `json:"sets"`  // laid over it
	Runs       int      `json:"runs"`  // of the sweep
	Unfinished []string `json:"unfinished"`
}

// absolute is a path from the root or from a home, with what stands before it.
var absolute = regexp.MustCompile("(^|[\\s\"'=,:(\\[{`])(~?/[\\w.][^\\s\"'`,;:)\\]}]*)")

// cleaner takes absolute paths out of texts: their last element stays.
type cleaner []string // those known, which may hold spaces

func newCleaner(paths ...string) cleaner {
	var c cleaner
	for _, p := range paths {
		if path.IsAbs(p) {
			c = append(c, p)
		}
	}
	// A file before the folder that it lies in.
	slices.SortFunc(c, func(a, b string) int { return len(b) - len(a) })
	return c
}

func (c cleaner) text(s string) string {
	for _, p := range c {
		s = strings.ReplaceAll(s, p, path.Base(p))
	}
	return absolute.ReplaceAllStringFunc(s, func(m string) string {
		parts := absolute.FindStringSubmatch(m)
		return parts[1] + path.Base(parts[2])
	})
}
