package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"fig5/bench/bundle"
	"fig5/bench/measure"
	"fig5/bench/record"
	"fig5/bench/sweep"
)

// verifiedBundle is one bundle as fig5 runs verify found it.
type verifiedBundle struct {
	Path     string         `json:"path"`
	Verdict  string         `json:"verdict"` // whole or damaged
	Problems []string       `json:"problems"`
	Files    int            `json:"files"`   // with SHA256SUMS
	Bytes    int64          `json:"bytes"`   // unpacked
	Program  bundle.Program `json:"program"` // that made it
	Measure  string         `json:"measure"`
	Sweeps   []bundledSweep `json:"sweeps"`
	Rows     int            `json:"rows"`    // of all curves
	Numbers  []string       `json:"numbers"` // files whose numbers were computed again
	Again    []string       `json:"again"`   // files made again, byte for byte
	Unmade   []string       `json:"unmade"`  // files known by their checksum alone
}

// bundledSweep is a sweep of a bundle.
type bundledSweep struct {
	Name       string   `json:"name"`
	Runs       int      `json:"runs"`
	Unfinished []string `json:"unfinished"`
}

// isBundle says whether a path is to be read as a bundle and not as a folder of runs.
func isBundle(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// verifyBundle checks a bundle and every run in it. Its error is that of an argument
// that is no bundle.
func verifyBundle(path string) (v verifiedBundle, runs []verifiedRun, err error) {
	v = verifiedBundle{Path: path, Verdict: damaged, Problems: []string{}, Sweeps: []bundledSweep{}, Numbers: []string{}, Again: []string{}, Unmade: []string{}}
	a, err := bundle.Open(path)
	if errors.Is(err, bundle.ErrNotBundle) || errors.Is(err, os.ErrPermission) {
		return v, nil, badInput(err)
	}
	problem := func(err error) { v.Problems = append(v.Problems, oneLine(err)) }
	if err != nil {
		problem(err)
		return v, nil, nil
	}
	v.Files, v.Bytes, v.Program, v.Measure = len(a.Names()), a.Bytes(), a.Program, a.Measure
	for _, s := range a.Sweeps {
		v.Sweeps = append(v.Sweeps, bundledSweep{s.Name, s.Runs, s.Unfinished})
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
		problem(fmt.Errorf("%s: holds no run", path))
		return v, nil, nil
	}
	v.Rows = a.Rows()
	broken := 0
	for _, d := range dirs {
		run := verifyRun(d).moved(dir, path)
		if run.Verdict == damaged {
			broken++
		}
		runs = append(runs, run)
	}
	if broken > 0 {
		return v, runs, nil // each said what is wrong with it
	}
	again, err := a.Recompute(dir)
	if err != nil {
		problem(err)
		return v, runs, nil
	}
	v.Numbers, v.Again, v.Unmade = append(v.Numbers, again.Numbers...), append(v.Again, again.Bytes...), append(v.Unmade, again.Unmade...)
	for _, p := range again.Problems {
		v.Problems = append(v.Problems, path+": "+p)
	}
	if len(v.Problems) == 0 {
		v.Verdict = whole
	}
	return v, runs, nil
}

// moved is a run that was found below dir with paths as if that were to.
func (v verifiedRun) moved(dir, to string) verifiedRun {
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

// write says what was checked, and what not.
func (v verifiedBundle) write(out io.Writer) error {
	var b strings.Builder
	for _, p := range v.Problems {
		fmt.Fprintln(&b, p)
	}
	if v.Verdict == whole {
		fmt.Fprintf(&b, "%s: whole\n", v.Path)
		fmt.Fprintf(&b, "  %d files of %s: names, sizes and SHA256SUMS hold\n", v.Files, sweep.Bytes(v.Bytes))
		for _, s := range v.Sweeps {
			fmt.Fprintf(&b, "  %s: %d run%s", s.Name, s.Runs, map[bool]string{false: "s"}[s.Runs == 1])
			if n := len(s.Unfinished); n > 0 {
				fmt.Fprintf(&b, ", %d of them not finished when it was bundled: %s", n, strings.Join(s.Unfinished, ", "))
			}
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "  %d rows of curves read; every amplitude computed again\n", v.Rows)
		fmt.Fprintf(&b, "  %d files of numbers (JSON, CSV, LaTeX) agree with them\n", len(v.Numbers))
		if len(v.Again) > 0 {
			fmt.Fprintf(&b, "  %d other files made again: the same bytes\n", len(v.Again))
		}
		if n := len(v.Unmade); n > 0 {
			fmt.Fprintf(&b, "  %d figures and texts known by their checksum alone: made by fig5 %s, which this is not\n", n, known(v.Program.Fig5))
		}
	}
	_, err := io.WriteString(out, b.String())
	return err
}

func known(commit string) string {
	if commit == "" {
		return "of unknown commit"
	}
	return commit
}
