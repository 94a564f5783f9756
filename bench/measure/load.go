package measure

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"fig5/bench/config"
	"fig5/bench/record"
	"fig5/filters"
)

// Load measures every run of the sweep that c describes, in the folder dir. Runs that are
// not there, or not trained to their end, are Missing; a run that was trained with other
// settings is an error, and so is a sweep without any run.
func Load(c *config.Config, dir record.Sweep) (*Sweep, error) { return load(c, dir, nil) }

// load is Load with the manifests that were read already.
func load(c *config.Config, dir record.Sweep, manifests map[record.Dir]*record.Run) (*Sweep, error) {
	s := &Sweep{Name: c.Name, Dir: string(dir), Config: c, Analysis: c.Analysis}
	cells := c.Cells()
	if len(cells) == 0 {
		return nil, fmt.Errorf("%s: the sweep has no cells", c.Name)
	}
	runs := make([]loaded, len(cells))
	each(len(cells), func(i int) {
		d := dir.Cell(cells[i].ID)
		runs[i] = loadRun(c, d, cells[i], manifests[d])
	})
	byID := map[string]*Run{}
	missing := 0
	for i, cell := range cells {
		l := runs[i]
		if l.err != nil {
			return nil, l.err
		}
		byID[cell.ID] = l.run
		s.Warnings = append(s.Warnings, l.warnings...)
		if l.run.Status == Missing {
			missing++
			continue
		}
		if v := l.manifest.Versions; !slices.Contains(s.Versions, v) {
			s.Versions = append(s.Versions, v)
		}
		if m := l.manifest.Machine; !slices.Contains(s.Machines, m) {
			s.Machines = append(s.Machines, m)
		}
	}
	for _, g := range c.Groups() {
		group := Group{By: g.By, K: g.K, Baseline: g.Baseline}
		for _, cell := range g.Cells {
			group.Runs = append(group.Runs, byID[cell.ID])
		}
		s.Groups = append(s.Groups, group)
	}
	s.sortRuns()
	switch {
	case missing == len(cells):
		return nil, fmt.Errorf("%s: no run of the sweep is finished there; `fig5 run` trains them", dir)
	case missing > 0:
		s.Warnings = slices.Insert(s.Warnings, 0, fmt.Sprintf("%d of %d runs are not finished", missing, len(cells)))
	}
	if v, m := len(s.Versions), len(s.Machines); v > 1 || m > 1 {
		s.Warnings = append(s.Warnings, fmt.Sprintf("the runs were made with %s of the programs on %s of machine", plural(v, "version"), plural(m, "kind")))
	}
	s.warnFloors()
	var err error
	if s.real, err = record.ReadCurve(dir.RealFloor()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	s.RealFloor, err = measureReal(dir.RealFloor(), s.real, c.Analysis)
	return s, err
}

const shortFloor = " shorter than the window: such a floor is left out"

// warnFloors warns of noise floors that are shorter than the window.
func (s *Sweep) warnFloors() {
	s.Warnings = slices.DeleteFunc(slices.Clone(s.Warnings), func(w string) bool { return strings.HasSuffix(w, shortFloor) })
	n := 0
	for _, r := range s.Distinct() {
		if r.Measured != nil && r.rows.floor != nil && r.Floor == nil {
			n++
		}
	}
	if n > 0 {
		s.Warnings = append(s.Warnings, "the noise floors of "+plural(n, "run")+" are"+shortFloor)
	}
}

func plural(n int, word string) string {
	if n != 1 {
		word += "s"
	}
	return fmt.Sprintf("%d %s", n, word)
}

// sortRuns puts the runs in the order of their seeds.
func (s *Sweep) sortRuns() {
	for i := range s.Groups {
		slices.SortFunc(s.Groups[i].Runs, func(a, b *Run) int { return a.Seed - b.Seed })
	}
}

// LoadFolder is Load with the config that the runs themselves carry (ConfigOf).
func LoadFolder(dir record.Sweep, sets []string) (*Sweep, error) {
	dir = record.Sweep(filepath.Clean(string(dir)))
	manifests, err := find(string(dir))
	if err != nil {
		return nil, err
	}
	return loadFolder(dir, manifests, sets)
}

func loadFolder(dir record.Sweep, manifests map[record.Dir]*record.Run, sets []string) (*Sweep, error) {
	c, err := configOf(dir, manifests, sets)
	if err != nil {
		return nil, err
	}
	return load(c, dir, manifests)
}

// ConfigOf is the config that the runs in the folder dir were made with, with sets
// ("path=value") over it. Where a sweep grew or was cut between runs, it is the one that
// has most of them, of equals the last.
func ConfigOf(dir record.Sweep, sets []string) (*config.Config, error) {
	dir = record.Sweep(filepath.Clean(string(dir)))
	manifests, err := find(string(dir))
	if err != nil {
		return nil, err
	}
	return configOf(dir, manifests, sets)
}

func configOf(dir record.Sweep, manifests map[record.Dir]*record.Run, sets []string) (*config.Config, error) {
	var runs []*record.Run
	there := map[string]bool{}
	for d, r := range manifests {
		if d.Sweep() == dir && !r.Pretraining {
			runs = append(runs, r)
			there[r.Cell.ID] = true
		}
	}
	slices.SortFunc(runs, func(a, b *record.Run) int {
		return cmp.Or(b.Started.Compare(a.Started), cmp.Compare(b.Cell.ID, a.Cell.ID)) // the last first
	})
	var best *config.Config
	most := 0
	var seen []*config.Config
	for _, r := range runs {
		if slices.ContainsFunc(seen, func(c *config.Config) bool { return reflect.DeepEqual(c, r.Config) }) {
			continue
		}
		seen = append(seen, r.Config)
		n := 0
		for _, cell := range r.Config.Cells() {
			if there[cell.ID] {
				n++
			}
		}
		if n > most {
			best, most = r.Config, n
		}
	}
	if best == nil {
		return nil, fmt.Errorf("%s: no run of a sweep here", dir)
	}
	return best.With(sets)
}

// find is the manifests of the runs in a folder and below.
func find(folder string) (map[record.Dir]*record.Run, error) {
	dirs, err := record.Find(filepath.Clean(folder))
	if err != nil {
		return nil, err
	}
	runs := make([]*record.Run, len(dirs))
	errs := make([]error, len(dirs))
	each(len(dirs), func(i int) { runs[i], errs[i] = dirs[i].Load() })
	out := map[record.Dir]*record.Run{}
	for i, d := range dirs {
		if errs[i] != nil {
			return nil, errs[i]
		}
		out[d] = runs[i]
	}
	return out, nil
}

// sweepsIn is the folders that hold a cell's run, sorted: those of pretrainings alone are
// no sweeps, whatever they are called.
func sweepsIn(manifests map[record.Dir]*record.Run) []record.Sweep {
	var out []record.Sweep
	for d, r := range manifests {
		if !r.Pretraining && !slices.Contains(out, d.Sweep()) {
			out = append(out, d.Sweep())
		}
	}
	slices.Sort(out)
	return out
}

// Open measures what a user names: the sweep of a config file, whose runs are below the
// folder runs, or the sweeps in a folder by the configs that their runs carry. sets
// ("path=value") lie over either.
func Open(arg, runs string, sets []string) ([]*Sweep, error) {
	if info, err := os.Stat(arg); err != nil || !info.IsDir() {
		c, err := config.Load(arg, sets)
		if err != nil {
			return nil, err
		}
		s, err := Load(c, record.OpenSweep(runs, c.Name))
		if err != nil {
			return nil, err
		}
		return []*Sweep{s}, nil
	}
	manifests, err := find(arg)
	if err != nil {
		return nil, err
	}
	var out []*Sweep
	for _, dir := range sweepsIn(manifests) {
		s, err := loadFolder(dir, manifests, sets)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: no run of a sweep here or below", arg)
	}
	return out, nil
}

// inOrder is the order in which recorded sweeps are told; others follow by name.
var inOrder = []string{"fig5-confirm", "fig5-full", "fig5", "fig5-lr2e-4", "fig5-halfwidth", "fig5-schedules"}

// Recorded measures the sweeps in the folder root of recorded ones: each by the analysis
// of its config in the folder configs, by that of its runs where there is none.
func Recorded(root, configs string) ([]*Sweep, error) {
	manifests, err := find(root)
	if err != nil {
		return nil, err
	}
	var out []*Sweep
	for _, dir := range sweepsIn(manifests) {
		c, err := configOf(dir, manifests, nil)
		if err != nil {
			return nil, err
		}
		path := filepath.Join(configs, c.Name+".yaml")
		if _, err := os.Stat(path); err == nil {
			now, err := config.Load(path, nil)
			if err != nil {
				return nil, err
			}
			copied := *c
			copied.Analysis = now.Analysis
			c = &copied
		}
		s, err := load(c, dir, manifests)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	place := func(s *Sweep) int {
		if i := slices.Index(inOrder, s.Name); i >= 0 {
			return i
		}
		return len(inOrder)
	}
	slices.SortFunc(out, func(a, b *Sweep) int {
		return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a.Name, b.Name))
	})
	return out, nil
}

// Remeasure measures the same curves, floors among them, by another analysis. Its errors
// begin with the curve.
func (s *Sweep) Remeasure(a filters.Analysis) (*Sweep, error) {
	out := *s
	out.Analysis = a
	runs := s.Distinct()
	again := make([]*Run, len(runs))
	errs := make([]error, len(runs))
	each(len(runs), func(i int) {
		r := *runs[i]
		again[i], errs[i] = &r, r.measure(a)
	})
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	now := map[*Run]*Run{}
	for i, r := range runs {
		now[r] = again[i]
	}
	out.Groups = slices.Clone(s.Groups)
	for i := range out.Groups {
		out.Groups[i].Runs = make([]*Run, len(s.Groups[i].Runs))
		for j, r := range s.Groups[i].Runs {
			out.Groups[i].Runs[j] = now[r]
		}
	}
	out.warnFloors()
	var err error
	out.RealFloor, err = measureReal(record.Sweep(s.Dir).RealFloor(), s.real, a)
	return &out, err
}
