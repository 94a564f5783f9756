package bundle

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"strings"

	"gopkg.in/yaml.v3"

	"fig5/bench/config"
	"fig5/bench/record"
)

// Recomputed is what Archive.Recompute found.
type Recomputed struct {
	Runs     int      // measured anew from their curves
	Numbers  []string // files whose numbers were computed again
	Bytes    []string // files that were made again and have the same bytes
	Unmade   []string // files known by their checksum alone: drawings and texts of another program
	Problems []string // one line each, the file first
}

// Recompute builds the bundle again from the configs and curves that Unpack wrote below
// dir, and compares. Numbers agree to 1e-9 of their value in JSON and CSV, and to the
// last digit in LaTeX. Where the bundle was made by this very program every other file
// has to have the same bytes.
func (a *Archive) Recompute(dir string) (*Recomputed, error) {
	out := &Recomputed{}
	var sweeps []Sweep
	for _, c := range a.Sweeps {
		s, err := a.unpacked(dir, c)
		if err != nil {
			return nil, a.inside(err, dir)
		}
		sweeps = append(sweeps, s)
		out.Runs += c.Runs - len(c.Unfinished)
	}
	b, err := newBuilder(sweeps, Options{Measure: a.Measure, Partial: true})
	if err != nil {
		return nil, a.inside(err, dir)
	}
	same := b.Program.same(a.Program)
	made, copied := map[string][]byte{}, map[string]bool{}
	for _, f := range b.files {
		made[f.Name], copied[f.Name] = f.Data, true
	}
	makers, err := b.makers()
	if err != nil {
		return nil, a.inside(err, dir)
	}
	data := make([][]byte, len(makers))
	errs := make([]error, len(makers))
	each(len(makers), func(i int) {
		if _, there := a.files[makers[i].Name]; there && (same || isNumbers(makers[i].Name) || makers[i].Name == indexFile) {
			data[i], errs[i] = makers[i].Make()
		}
	})
	for i, m := range makers {
		if errs[i] != nil {
			return nil, a.inside(fmt.Errorf("%s: %w", m.Name, errs[i]), dir)
		}
		made[m.Name] = data[i]
	}
	for _, name := range a.Names() {
		want, ok := made[name]
		switch {
		case name == sumsFile:
		case !ok:
			out.Problems = append(out.Problems, fmt.Sprintf("%s: does not come from these sweeps", name))
		case name == indexFile:
			if err := a.checkIndex(b.Index); err != nil {
				out.Problems = append(out.Problems, fmt.Sprintf("%s: %v", name, err))
			}
		case isNumbers(name):
			out.Numbers = append(out.Numbers, name)
			if err := compareNumbers(name, a.files[name], want); err != nil {
				out.Problems = append(out.Problems, fmt.Sprintf("%s: %v", name, err))
			}
		case want == nil:
			out.Unmade = append(out.Unmade, name)
		case bytes.Equal(a.files[name], want):
			if copied[name] {
				continue // by its name and place it belongs here; it was checked as a run or config
			}
			out.Bytes = append(out.Bytes, name)
		default:
			out.Problems = append(out.Problems, fmt.Sprintf("%s: is not what the curves and configs give", name))
		}
	}
	for name := range made {
		if _, ok := a.files[name]; !ok && (same || isNumbers(name)) {
			out.Problems = append(out.Problems, fmt.Sprintf("%s: is missing", name))
		}
	}
	return out, nil
}

// inside turns paths below dir into those inside the bundle.
func (a *Archive) inside(err error, dir string) error {
	return fmt.Errorf("%s: %s", a.Path, strings.ReplaceAll(err.Error(), dir+string(filepath.Separator), ""))
}

// unpacked is a sweep of the bundle where Unpack left it.
func (a *Archive) unpacked(dir string, c Content) (Sweep, error) {
	at := func(name string) string { return filepath.Join(dir, filepath.FromSlash(name)) }
	s := Sweep{Dir: record.OpenSweep(at(RunsFolder), c.Name), Sets: c.Sets}
	for _, name := range a.Names() {
		if strings.HasPrefix(name, "configs/") {
			if err := localBase(name, a.files[name]); err != nil {
				return s, err
			}
		}
	}
	var err error
	if s.Config, err = config.Load(at(configOf(c.Name)), nil); err != nil {
		return s, err
	}
	if s.Config.Name != c.Name {
		return s, fmt.Errorf("%s: name: is %s, the bundle says %s", configOf(c.Name), s.Config.Name, c.Name)
	}
	if c.Given == "" {
		return s, nil
	}
	s.Sources = []config.Source{{Path: at(c.Given), Text: a.files[c.Given]}}
	for _, name := range a.Names() {
		if strings.HasPrefix(name, givenOf(c.Name)+"/") && name != c.Given {
			s.Sources = append(s.Sources, config.Source{Path: at(name), Text: a.files[name]})
		}
	}
	if s.Config.FID.Features.TorchScript != "" {
		return s, nil // the module is not in the bundle, and Load would read it
	}
	given, err := config.Load(at(c.Given), c.Sets)
	if err != nil {
		return s, err
	}
	x, errX := given.MarshalJSON()
	y, errY := s.Config.MarshalJSON()
	if err := errors.Join(errX, errY); err != nil {
		return s, err
	}
	if !bytes.Equal(x, y) {
		return s, fmt.Errorf("%s: is not the sweep of %s", c.Given, configOf(c.Name))
	}
	return s, nil
}

// localBase is an error where a config's base is not a file beside or below it, or
// beside one above it that is in the bundle.
func localBase(name string, text []byte) error {
	var c struct {
		Base string `yaml:"base"`
	}
	if err := yaml.Unmarshal(text, &c); err != nil || c.Base == "" {
		return nil // config.Load says what is wrong
	}
	if to := path.Join(path.Dir(name), filepath.ToSlash(c.Base)); path.IsAbs(c.Base) || filepath.IsAbs(c.Base) || !strings.HasPrefix(to, "configs/") {
		return fmt.Errorf("%s: base: %q leads out of the bundle", name, c.Base)
	}
	return nil
}

// checkIndex compares what the bundle says of itself with what it holds.
func (a *Archive) checkIndex(b Index) error {
	for i, s := range a.Sweeps {
		if o := b.Sweeps[i]; s.Runs != o.Runs || fmt.Sprint(s.Unfinished) != fmt.Sprint(o.Unfinished) {
			return fmt.Errorf("%s: says %d runs of which %d are unfinished; its files are of %d and %d", s.Name, s.Runs, len(s.Unfinished), o.Runs, len(o.Unfinished))
		}
	}
	return nil
}

// isNumbers says whether a file holds numbers to be computed again.
func isNumbers(name string) bool {
	switch path.Ext(name) {
	case ".json", ".csv":
		return strings.HasPrefix(name, "report/")
	case ".tex":
		return true
	}
	return false
}
