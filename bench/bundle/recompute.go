package bundle

import (
	"bytes"
	"fmt"
	"math"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"fig5/bench/record"
	"fig5/bench/report"
)

// Recomputed is what Archive.Recompute found.
type Recomputed struct {
	Numbers  []string `json:"numbers"` // files whose numbers were computed again
	Again    []string `json:"again"`   // other files made again
	Unmade   []string `json:"unmade"`  // files known by their checksum alone: drawings and texts of another program
	Problems []string `json:"-"`       // one line each, the file first
}

// Recompute makes the files of the bundle again from the configs and runs that Unpack
// wrote below dir, and compares. Numbers agree to 1e-9 of their value. Where this very
// program made the bundle every other file has to have the same bytes.
func (a *Archive) Recompute(dir string) (*Recomputed, error) {
	out, err := a.recompute(dir)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", a.Path, inside(err, dir))
	}
	return out, nil
}

func (a *Archive) recompute(dir string) (*Recomputed, error) {
	for _, name := range a.Names() {
		if strings.HasPrefix(name, "configs/") {
			if err := checkBase(name, a.Files[name]); err != nil {
				return nil, err
			}
		}
	}
	b, err := compute(dir, a.Index)
	if err != nil {
		return nil, err
	}
	known := map[string]bool{sumsFile: true} // checked as configs and runs
	for _, p := range b.Parts {
		runs, err := held(p.Report.Sweep.Config, record.Sweep(p.Report.Sweep.Dir))
		if err != nil {
			return nil, err
		}
		for _, f := range runs {
			known[f.name] = true
		}
		for _, name := range append(p.given, configOf(p.Name)) {
			known[name] = true
		}
	}
	files, err := b.files()
	if err != nil {
		return nil, err
	}
	same := thisProgram().same(a.Program)
	out := &Recomputed{Numbers: []string{}, Again: []string{}, Unmade: []string{}}
	var mu sync.Mutex
	problem := func(name, what string) {
		mu.Lock()
		defer mu.Unlock()
		out.Problems = append(out.Problems, name+":"+what)
	}
	var made []report.File
	for _, f := range files {
		known[f.Name] = true
		switch _, there := a.Files[f.Name]; {
		case !isNumbers(f.Name) && !same:
			if there {
				out.Unmade = append(out.Unmade, f.Name)
			}
			continue
		case !there:
			problem(f.Name, " is missing")
			continue
		case isNumbers(f.Name):
			out.Numbers = append(out.Numbers, f.Name)
		default:
			out.Again = append(out.Again, f.Name)
		}
		made = append(made, f)
	}
	if err := report.Make("", made, func(path string, want []byte) error {
		name := filepath.ToSlash(path)
		if have := a.Files[name]; isNumbers(name) {
			if at := differ(have, want); at != "" {
				problem(name, at)
			}
		} else if !bytes.Equal(have, want) {
			problem(name, " is not what the curves and configs give")
		}
		return nil
	}); err != nil {
		return nil, err
	}
	for _, name := range a.Names() {
		if !known[name] {
			problem(name, " does not come from these sweeps")
		}
	}
	slices.Sort(out.Problems)
	return out, nil
}

// tolerance is by how much of its value a number computed on another machine may differ.
const tolerance = 1e-9

var numeral = regexp.MustCompile(`-?\d+(\.\d+)?([eE][+-]?\d+)?`)

// differ tells where a file of numbers is not the one that the curves give, in numbers or
// in what stands between them; nothing where it is.
func differ(have, want []byte) string {
	h, w := strings.Split(string(have), "\n"), strings.Split(string(want), "\n")
	if len(h) != len(w) {
		return fmt.Sprintf(" %d lines, the curves give %d", len(h), len(w))
	}
	for i := range h {
		if h[i] != w[i] && !near(h[i], w[i]) {
			at := 0
			for at < min(len(h[i]), len(w[i])) && h[i][at] == w[i][at] {
				at++
			}
			cut := func(s string) string { return s[max(0, at-40):min(len(s), at+40)] }
			return fmt.Sprintf("%d: has %q, the curves give %q", i+1, cut(h[i]), cut(w[i]))
		}
	}
	return ""
}

// near says whether two lines are the same up to the rounding of their numbers.
func near(a, b string) bool {
	x, y := numeral.FindAllString(a, -1), numeral.FindAllString(b, -1)
	if len(x) != len(y) || numeral.ReplaceAllString(a, "0") != numeral.ReplaceAllString(b, "0") {
		return false
	}
	for i := range x {
		v, errV := strconv.ParseFloat(x[i], 64)
		w, errW := strconv.ParseFloat(y[i], 64)
		if x[i] != y[i] && (errV != nil || errW != nil || math.Abs(v-w) > tolerance*math.Max(math.Abs(v), math.Abs(w))) {
			return false
		}
	}
	return true
}
