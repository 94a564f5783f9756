package verify

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"fig5/bench/bundle"
	"fig5/bench/measure"
	"fig5/bench/record"
)

// Bundle is one bundle as it was found.
type Bundle struct {
	Path     string         `json:"path"`
	Verdict  string         `json:"verdict"` // Whole or Damaged
	Problems []string       `json:"problems"`
	Files    int            `json:"files"`   // with SHA256SUMS
	Bytes    int64          `json:"bytes"`   // unpacked
	Program  bundle.Program `json:"program"` // that made it
	Measure  string         `json:"measure"`
	Sweeps   []Sweep        `json:"sweeps"`
	Rows     int            `json:"rows"` // of all curves
	bundle.Recomputed
}

// Sweep is a sweep of a bundle.
type Sweep struct {
	Name       string   `json:"name"`
	Runs       int      `json:"runs"`
	Unfinished []string `json:"unfinished"`
}

// CheckBundle reads the bundle at path and checks every run in it. The error of a file that
// is no bundle wraps bundle.ErrNotBundle.
func CheckBundle(path string) (v Bundle, runs []Run, err error) {
	v = Bundle{Path: path, Verdict: Damaged, Problems: []string{}, Sweeps: []Sweep{},
		Recomputed: bundle.Recomputed{Numbers: []string{}, Again: []string{}, Unmade: []string{}}}
	damaged := func(problem string) (Bundle, []Run, error) {
		v.Problems = append(v.Problems, problem)
		return v, runs, nil
	}
	a, err := bundle.Open(path)
	if errors.Is(err, bundle.ErrNotBundle) || errors.Is(err, os.ErrPermission) {
		return v, nil, err
	}
	if err != nil {
		return damaged(oneLine(err))
	}
	v.Files, v.Bytes, v.Program, v.Measure = len(a.Names()), a.Bytes(), a.Program, a.Measure
	for _, s := range a.Sweeps {
		v.Sweeps = append(v.Sweeps, Sweep{s.Name, s.Runs, s.Unfinished})
	}
	dir, err := os.MkdirTemp("", "fig5-verify-")
	if err != nil {
		return v, nil, err
	}
	defer os.RemoveAll(dir)
	if err := a.Unpack(dir); err != nil {
		return v, nil, err
	}
	dirs, err := record.Find(filepath.Join(dir, bundle.RunsFolder))
	if err != nil {
		return damaged(path + ": holds no run")
	}
	v.Rows = a.Rows()
	broken := false
	for _, d := range dirs {
		run := CheckRun(d).moved(dir, path)
		broken = broken || run.Verdict == Damaged
		runs = append(runs, run)
	}
	if broken {
		return v, runs, nil // each said what is wrong with it
	}
	again, err := a.Recompute(dir)
	if err != nil {
		return damaged(oneLine(err))
	}
	v.Recomputed = *again
	for _, p := range again.Problems {
		v.Problems = append(v.Problems, path+": "+p)
	}
	if len(v.Problems) == 0 {
		v.Verdict = Whole
	}
	return v, runs, nil
}

// moved is a run that was found below dir with paths as if that were to.
func (v Run) moved(dir, to string) Run {
	r := strings.NewReplacer(dir+string(filepath.Separator), to+string(filepath.Separator))
	v.Path = r.Replace(v.Path)
	for i := range v.Problems {
		v.Problems[i] = r.Replace(v.Problems[i])
	}
	for _, m := range []*measure.Result{v.Measured.Curve, v.Measured.Floor} {
		if m != nil {
			m.File = r.Replace(m.File)
		}
	}
	return v
}
