package report

import (
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
)

var number = regexp.MustCompile(`[0-9][0-9.,]*(e[+-]?[0-9]+)?`)

// The committed RESULTS.md and docs/results are what the recorded runs give, number by
// number: `make results` changes nothing but words. Of a figure its SVG is compared.
func TestCommittedResults(t *testing.T) {
	if testing.Short() {
		t.Skip("measures every recorded curve a dozen times")
	}
	sweeps, err := recorded()
	if err != nil {
		t.Fatal(err)
	}
	made, err := Recorded("runs/recorded", sweeps)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range made {
		figure := strings.HasPrefix(f.Name, "docs/figures/")
		if figure && (runtime.GOARCH != "amd64" || !strings.HasSuffix(f.Name, ".svg")) {
			continue // elsewhere the last bits of a drawing may differ
		}
		got := file(t, made, f.Name)
		b, err := os.ReadFile(filepath.Join("../..", f.Name))
		if err != nil {
			t.Errorf("%v; `make results` writes it", err)
			continue
		}
		a, c := number.FindAllString(got, -1), number.FindAllString(string(b), -1)
		if i := differ(a, c); i >= 0 {
			t.Errorf("%s: number %d is not what the runs give; `make results` writes it\nmade: %q\ncommitted: %q", f.Name, i+1, a[i:min(len(a), i+5)], c[i:min(len(c), i+5)])
		}
	}
	pages, err := filepath.Glob("../../docs/results/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range pages {
		if !slices.ContainsFunc(made, func(f File) bool { return filepath.Base(f.Name) == filepath.Base(path) }) {
			t.Errorf("%s is of no recorded sweep", path)
		}
	}
	checkPages(t, made)
}

// differ is where two lists first differ, -1 where they do not.
func differ(a, b []string) int {
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || a[i] != b[i] {
			return i
		}
	}
	return -1
}

// RESULTS.md is one page, the page of a sweep at most 150 lines, no table wider than 9
// columns; links lead to files that are there.
func checkPages(t *testing.T, made []File) {
	t.Helper()
	for _, f := range made {
		if !strings.HasSuffix(f.Name, ".md") {
			continue
		}
		text := file(t, made, f.Name)
		lines := strings.Split(text, "\n")
		most := 150
		if f.Name == "RESULTS.md" {
			most = 80
			if len(text) > 8192 {
				t.Errorf("%s has %d bytes", f.Name, len(text))
			}
		}
		if len(lines)-1 > most {
			t.Errorf("%s has %d lines", f.Name, len(lines)-1)
		}
		for _, l := range lines {
			if n := strings.Count(strings.ReplaceAll(l, `\|`, ""), "|") - 1; n > 9 {
				t.Errorf("%s: %d columns: %s", f.Name, n, l)
			}
			if strings.Contains(l, "<no value>") || strings.Contains(l, "%!") {
				t.Errorf("%s: %s", f.Name, l)
			}
		}
		for _, m := range regexp.MustCompile(`\]\(([^)#:]+)\)`).FindAllStringSubmatch(text, -1) {
			path := filepath.Join(filepath.Dir(f.Name), m[1])
			if slices.ContainsFunc(made, func(o File) bool { return o.Name == filepath.ToSlash(path) }) {
				continue
			}
			if _, err := os.Stat(filepath.Join("../..", path)); err != nil {
				t.Errorf("%s links to %s: %v", f.Name, m[1], err)
			}
		}
	}
}
