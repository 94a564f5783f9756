package measure

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"fig5/bench/config"
	"fig5/bench/english"
	"fig5/bench/record"
	"fig5/filters"
)

// Load measures every run of the sweep that c describes, in the folder dir. Runs that are
// not there, or not trained to their end, are Missing; a run that was trained with other
// settings is an error, and so is a sweep without any run.
func Load(c *config.Config, dir record.Sweep) (*Sweep, error) {
	return Source{Config: c, Dir: dir}.Load()
}

// Load measures every run of the sweep, as the function does.
func (source Source) Load() (*Sweep, error) {
	c, dir := source.Config, source.Dir
	s := &Sweep{Name: c.Name, Dir: string(dir), Config: c, Analysis: c.Analysis}
	cells := c.Cells()
	if len(cells) == 0 {
		return nil, fmt.Errorf("%s: the sweep has no cells", c.Name)
	}
	runs, err := Each(cells, func(cell config.Cell) (*Run, error) {
		d := dir.Cell(cell.ID)
		return loadRun(c, d, cell, source.manifests[d])
	})
	if err != nil {
		return nil, err
	}
	byID := map[string]*Run{}
	for _, r := range runs {
		byID[r.ID] = r
		s.Warnings = append(s.Warnings, r.warnings...)
		if r.Status == Missing {
			continue
		}
		if v := r.manifest.Versions; !slices.Contains(s.Versions, v) {
			s.Versions = append(s.Versions, v)
		}
		if m := r.manifest.Machine; !slices.Contains(s.Machines, m) {
			s.Machines = append(s.Machines, m)
		}
		if rule := r.manifest.Config.Analysis.Knee.Method; rule != c.Analysis.Knee.Method {
			s.MadeUnder = rule
		}
		r.manifest = nil // which is large
	}
	for _, g := range c.Groups() {
		group := Group{By: g.By, K: g.K, Baseline: g.Baseline}
		for _, cell := range g.Cells {
			group.Runs = append(group.Runs, byID[cell.ID])
		}
		slices.SortFunc(group.Runs, func(a, b *Run) int { return cmp.Compare(a.Seed, b.Seed) })
		s.Groups = append(s.Groups, group)
	}
	switch missing := s.Missing(); {
	case missing == len(cells):
		return nil, fmt.Errorf("%s: no run of the sweep is finished there; %s", dir, elsewhere(dir))
	case missing > 0:
		s.Warnings = slices.Insert(s.Warnings, 0, fmt.Sprintf("%d of %d runs are not finished", missing, len(cells)))
	}
	if v, m := len(s.Versions), len(s.Machines); v > 1 || m > 1 {
		s.Warnings = append(s.Warnings, fmt.Sprintf("the runs were made with %s of the programs on %s of machine", english.Plural(v, "version"), english.Plural(m, "kind")))
	}
	s.warnFloors()
	if s.real, err = readFloor(dir.RealFloor()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	s.RealFloor, err = measureReal(s.real, c.Analysis)
	return s, err
}

// elsewhere says where the runs may be that are not in the folder dir.
func elsewhere(dir record.Sweep) string {
	root, name := filepath.Split(string(dir))
	for _, other := range []string{filepath.Dir(filepath.Clean(root)), "runs/recorded"} {
		if info, err := os.Stat(filepath.Join(other, name)); err == nil && info.IsDir() && filepath.Clean(other) != filepath.Clean(root) {
			return "--runs " + other + " has some"
		}
	}
	return "`fig5 run` trains them"
}

const shortFloor = " shorter than the window: such a floor is left out"

// warnFloors warns of noise floors that are shorter than the window.
func (s *Sweep) warnFloors() {
	s.Warnings = slices.DeleteFunc(slices.Clone(s.Warnings), func(w string) bool { return strings.HasSuffix(w, shortFloor) })
	n := 0
	for _, r := range s.Distinct() {
		if r.Measured != nil && r.floor != nil && r.Floor == nil {
			n++
		}
	}
	if n > 0 {
		s.Warnings = append(s.Warnings, "the noise floors of "+english.Plural(n, "run")+" are"+shortFloor)
	}
}

// Remeasure measures the same curves, floors among them, by another analysis. Its errors
// begin with the curve.
func (s *Sweep) Remeasure(a filters.Analysis) (*Sweep, error) {
	out := *s
	out.Analysis = a
	runs := s.Distinct()
	again, err := Each(runs, func(r *Run) (*Run, error) {
		copied := *r
		return &copied, copied.measure(a)
	})
	if err != nil {
		return nil, err
	}
	now := map[*Run]*Run{}
	for i, r := range runs {
		now[r] = again[i]
	}
	out.Groups = slices.Clone(s.Groups)
	for i := range out.Groups {
		g := &out.Groups[i]
		g.Runs = slices.Clone(g.Runs)
		for j, r := range g.Runs {
			g.Runs[j] = now[r]
		}
	}
	out.warnFloors()
	out.RealFloor, err = measureReal(s.real, a)
	return &out, err
}
