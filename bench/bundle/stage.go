package bundle

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"fig5/bench/config"
	"fig5/bench/measure"
	"fig5/bench/record"
)

// Sweep is one sweep to bundle.
type Sweep struct {
	Config  *config.Config
	Dir     record.Sweep    // where its runs are
	Sources []config.Source // the files that the config was read from, the first one first; nil: that of the runs
	Sets    []string        // laid over them
	Note    string          // measure.Source's
}

// Find is the sweeps that arg names (measure.Find), to be bundled. The folder of one run
// is refused. Nothing is measured.
func Find(arg, runs string, sets []string) ([]Sweep, error) {
	if _, err := os.Stat(record.Dir(arg).RunJSON()); err == nil {
		return nil, fmt.Errorf("%s: is one run; name the folder of its sweep, %s", arg, record.Dir(filepath.Clean(arg)).Sweep())
	}
	found, err := measure.Find(arg, runs, sets)
	var out []Sweep
	for _, f := range found {
		s := Sweep{Config: f.Config, Dir: f.Dir, Sets: sets, Note: f.Note}
		if f.File != "" && err == nil {
			s.Sources, err = config.Sources(f.File)
		}
		out = append(out, s)
	}
	return out, err
}

// stage writes what a bundle holds of a sweep below root, at the places that it has in
// the bundle: the configs, and the runs that have ended.
func stage(root string, in Sweep) (Content, error) {
	c := in.Config
	out := Content{Name: c.Name, Sets: []string{}, Unfinished: []string{}}
	clean := newCleaner(c.Data.Path, c.FID.Features.TorchScript)
	for _, set := range in.Sets {
		out.Sets = append(out.Sets, clean.text(set))
	}
	whole, err := yaml.Marshal(c)
	if err != nil {
		return out, err
	}
	if err := put(root, configOf(c.Name), fmt.Sprintf("# The sweep %s with every key.\n%s", c.Name, clean.text(string(whole)))); err != nil {
		return out, err
	}
	if out.Given, err = stageGiven(root, in, clean); err != nil {
		return out, err
	}
	files, err := held(c, in.Dir)
	if err != nil {
		return out, err
	}
	for _, f := range files {
		data, err := os.ReadFile(f.path)
		if err != nil {
			return out, err
		}
		text := string(data)
		if f.manifest != nil {
			of := f.manifest.Config
			text = newCleaner(append([]string{of.Data.Path, of.FID.Features.TorchScript}, clean...)...).text(text)
			text = string(record.Resum([]byte(text)))
		}
		if err := put(root, f.name, text); err != nil {
			return out, err
		}
	}
	return out, nil
}

func put(root, name, text string) error {
	to := filepath.Join(root, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.WriteFile(to, []byte(text), 0o644)
}

// based is the line of a config that names its base.
var based = regexp.MustCompile(`(?m)^base:.*$`)

// stageGiven writes the config as it was given and its bases, side by side. The name of
// the first is returned, empty where there is none.
func stageGiven(root string, in Sweep, clean cleaner) (given string, err error) {
	seen := map[string]bool{}
	for i, src := range in.Sources {
		name, text := filepath.Base(src.Path), clean.text(string(src.Text))
		if seen[name] {
			return "", fmt.Errorf("%s: another base of that name lies elsewhere; rename one", src.Path)
		}
		seen[name] = true
		if i+1 < len(in.Sources) {
			if !based.MatchString(text) {
				return "", fmt.Errorf("%s: base: give it a line of its own", src.Path)
			}
			text = based.ReplaceAllLiteralString(text, "base: "+filepath.Base(in.Sources[i+1].Path))
		}
		if err := put(root, path.Join(givenOf(in.Config.Name), name), text); err != nil {
			return "", err
		}
	}
	if len(in.Sources) > 0 {
		given = path.Join(givenOf(in.Config.Name), filepath.Base(in.Sources[0].Path))
	}
	return given, nil
}

// file is one that a bundle holds of the runs of a sweep.
type file struct {
	path, name string      // where it is; in the bundle
	manifest   *record.Run // where it is one
}

// held is the files that a bundle holds of the runs in a folder: the manifest of a run
// that has ended or failed, the curves of one that has ended, the real samples' floor. A
// file that is not what it was when its run ended is an error.
func held(c *config.Config, in record.Sweep) ([]file, error) {
	var out []file
	add := func(path string, manifest *record.Run) error {
		below, err := filepath.Rel(string(in), path)
		out = append(out, file{path, RunsFolder + "/" + c.Name + "/" + filepath.ToSlash(below), manifest})
		return err
	}
	var dirs []record.Dir
	for _, cell := range c.Cells() {
		dirs = append(dirs, in.Cell(cell.ID))
	}
	for _, seed := range c.Seeds {
		dirs = append(dirs, in.Pretrain(seed))
	}
	for _, d := range dirs {
		r, err := d.Load()
		if errors.Is(err, fs.ErrNotExist) || err == nil && r.State == record.Running {
			continue
		}
		if err == nil {
			err = add(d.RunJSON(), r)
		}
		if err == nil && r.Ended() && !r.Pretraining {
			err = d.CheckFiles(r)
			for _, path := range []string{d.Curve(), d.Floor()} {
				if _, ok := r.Files[filepath.Base(path)]; ok {
					err = errors.Join(err, add(path, nil))
				}
			}
		}
		if err != nil {
			return nil, err
		}
	}
	if _, err := os.Stat(in.RealFloor()); err == nil {
		return out, add(in.RealFloor(), nil)
	}
	return out, nil
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
