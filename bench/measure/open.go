package measure

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"

	"fig5/bench/config"
	"fig5/bench/record"
	"fig5/filters"
)

// Source is a sweep that a user names, before its runs are measured.
type Source struct {
	Config *config.Config
	Dir    record.Sweep // where its runs are
	File   string       // the config that was named; empty where the runs carry theirs
	Note   string       // by what it is measured, where that is not what its runs carry

	manifests manifests // read already
}

// Find is the sweeps that arg names: that of a config file, whose runs are below the
// folder runs, or those in a folder by the configs that their runs carry. Where a sweep
// grew or was cut between runs, that is the config that has most of them, of equals the
// last. Recorded sweeps are measured as their config says (AnalysisOf). sets
// ("path=value") lie over either.
func Find(arg, runs string, sets []string) ([]Source, error) {
	if info, err := os.Stat(arg); err != nil || !info.IsDir() {
		c, err := config.Load(arg, sets)
		if err != nil {
			return nil, err
		}
		return []Source{{Config: c, Dir: record.OpenSweep(runs, c.Name), File: arg}}, nil
	}
	sweeps, err := find(arg)
	if err != nil {
		return nil, err
	}
	var out []Source
	for _, dir := range slices.Sorted(maps.Keys(sweeps)) {
		s := Source{Dir: dir, manifests: sweeps[dir]}
		own := *s.manifests.config()
		if own.Analysis, s.Note, err = AnalysisOf(dir, &own); err != nil {
			return nil, err
		}
		if s.Config, err = own.With(sets); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: no run of a sweep here or below", arg)
	}
	return out, nil
}

// Open measures the sweeps that Find finds.
func Open(arg, runs string, sets []string) ([]*Sweep, error) {
	found, err := Find(arg, runs, sets)
	if err != nil {
		return nil, err
	}
	var out []*Sweep
	for _, f := range found {
		s, err := f.Load()
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

// inOrder is the order in which recorded sweeps are told; others follow by name.
var inOrder = []string{"fig5-confirm", "fig5-full", "fig5", "fig5-lr2e-4", "fig5-halfwidth", "fig5-schedules", "fig5-mnist"}

// Recorded measures the sweeps in the folder root of recorded ones. Those with missing
// runs, which are made over several stretches, are no result yet and stand apart.
func Recorded(root string) (whole, partial []*Sweep, err error) {
	all, err := Open(root, "", nil)
	place := func(s *Sweep) uint { return uint(slices.Index(inOrder, s.Name)) } // one that is not there is the last
	slices.SortFunc(all, func(a, b *Sweep) int {
		return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a.Name, b.Name))
	})
	for _, s := range all {
		if s.Missing() > 0 {
			partial = append(partial, s)
		} else {
			whole = append(whole, s)
		}
	}
	return whole, partial, err
}

// AnalysisOf is how the runs in the folder dir are measured, which were made with the
// config made: runs/recorded/<sweep> as configs/<sweep>.yaml beside it says, for the rules
// of measuring may have changed since; where there is none, and anywhere else, as made
// says. Where the two differ, note tells which it is.
func AnalysisOf(dir record.Sweep, made *config.Config) (a filters.Analysis, note string, err error) {
	abs, err := filepath.Abs(string(dir))
	path := filepath.Join(string(dir), "../../../configs", made.Name+".yaml")
	if _, none := os.Stat(path); err != nil || none != nil || filepath.Base(filepath.Dir(abs)) != "recorded" {
		return made.Analysis, "", nil
	}
	c, err := config.Load(path, nil)
	if err != nil || c.Name != made.Name || c.Analysis == made.Analysis {
		return made.Analysis, "", err
	}
	return c.Analysis, fmt.Sprintf("%s: measured as %s says, not as when its runs were made (knee %s, then %s)", dir, path, c.Analysis.Knee.Method, made.Analysis.Knee.Method), nil
}

// Notes is a line for each sweep of the runs in dirs that is measured otherwise than when
// it was made. Runs that cannot be read are passed over.
func Notes(dirs []record.Dir) []string {
	var out []string
	seen := map[record.Sweep]bool{}
	for _, d := range dirs {
		if r, err := d.Load(); err == nil && !r.Pretraining && !seen[d.Sweep()] {
			seen[d.Sweep()] = true
			if _, note, err := AnalysisOf(d.Sweep(), r.Config); err == nil && note != "" {
				out = append(out, note)
			}
		}
	}
	return out
}

// manifests is those of a sweep's runs.
type manifests map[record.Dir]*record.Run

// config is the config that has most of the runs, of equals that of the last run.
func (m manifests) config() *config.Config {
	lastFirst := slices.SortedFunc(maps.Values(m), func(a, b *record.Run) int {
		return cmp.Or(b.Started.Compare(a.Started), cmp.Compare(b.Cell.ID, a.Cell.ID))
	})
	there := map[string]bool{}
	var configs []*config.Config // each once
	for _, r := range lastFirst {
		there[r.Cell.ID] = true
		if !slices.ContainsFunc(configs, func(c *config.Config) bool { return reflect.DeepEqual(c, r.Config) }) {
			configs = append(configs, r.Config)
		}
	}
	has := func(c *config.Config) int {
		return len(slices.DeleteFunc(c.Cells(), func(cell config.Cell) bool { return !there[cell.ID] }))
	}
	return slices.MaxFunc(configs, func(a, b *config.Config) int { return has(a) - has(b) })
}

// find is the manifests of the runs in a folder and below, by sweep. A folder of
// pretrainings alone is no sweep, whatever it is called.
func find(folder string) (map[record.Sweep]manifests, error) {
	dirs, err := record.Find(filepath.Clean(folder))
	if err != nil {
		return nil, err
	}
	runs, err := Each(dirs, record.Dir.Load)
	if err != nil {
		return nil, err
	}
	out := map[record.Sweep]manifests{}
	for i, d := range dirs {
		switch sweep := d.Sweep(); {
		case runs[i].Pretraining:
		case out[sweep] == nil:
			out[sweep] = manifests{d: runs[i]}
		default:
			out[sweep][d] = runs[i]
		}
	}
	return out, nil
}
