package bundle

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"gopkg.in/yaml.v3"

	"fig5/bench/config"
	"fig5/bench/record"
)

// Sweep is one sweep to bundle.
type Sweep struct {
	Config  *config.Config
	Dir     record.Sweep    // where its runs are
	Sources []config.Source // the files that the config was read from, the first one first; nil: that of the runs
	Sets    []string        // laid over them
}

// stage is a folder with what a bundle holds of the sweeps, laid out as in the bundle.
type stage struct {
	root  string
	files []File
}

// add notes a file and writes it, for it to be read as any other run is.
func (s *stage) add(name string, data []byte) error {
	s.files = append(s.files, File{name, data})
	to := filepath.Join(s.root, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.WriteFile(to, data, 0o644)
}

// sweep stages the configs and the finished runs of a sweep. The path of its given
// config inside the bundle is returned, empty where there is none.
func (s *stage) sweep(in Sweep) (given string, err error) {
	c := in.Config
	clean := newCleaner(c.Data.Path, c.FID.Features.TorchScript)
	text, err := yaml.Marshal(c)
	if err != nil {
		return "", err
	}
	head := fmt.Sprintf("# The sweep %s with every key.\n", c.Name)
	if err := s.add(configOf(c.Name), []byte(head+clean.text(string(text)))); err != nil {
		return "", err
	}
	if given, err = s.sources(in, clean); err != nil {
		return "", err
	}
	for _, cell := range c.Cells() {
		if err := s.run(in.Dir.Cell(cell.ID), path.Join(runsOf(c.Name), cell.ID), clean); err != nil {
			return "", err
		}
	}
	for _, seed := range c.Seeds {
		inside := record.OpenSweep(runsOf(c.Name), "").Pretrain(seed)
		if err := s.run(in.Dir.Pretrain(seed), filepath.ToSlash(string(inside)), clean); err != nil {
			return "", err
		}
	}
	floor := in.Dir.RealFloor()
	data, err := os.ReadFile(floor)
	if errors.Is(err, fs.ErrNotExist) {
		return given, nil
	}
	if err != nil {
		return "", err
	}
	return given, s.add(path.Join(runsOf(c.Name), filepath.Base(floor)), data)
}

// run stages a run: of one that has ended its manifest and curves, of one that failed
// the manifest, of one that is still to be trained nothing.
func (s *stage) run(dir record.Dir, to string, clean cleaner) error {
	r, err := dir.Load()
	if errors.Is(err, fs.ErrNotExist) || err == nil && r.State == record.Running {
		return nil
	}
	if err != nil {
		return err
	}
	manifest, err := os.ReadFile(dir.RunJSON())
	if err != nil {
		return err
	}
	paths := newCleaner(append([]string{r.Config.Data.Path, r.Config.FID.Features.TorchScript}, clean...)...)
	if err := s.add(path.Join(to, filepath.Base(dir.RunJSON())), []byte(paths.text(string(manifest)))); err != nil {
		return err
	}
	if !r.Ended() || r.Pretraining {
		return nil
	}
	if err := dir.CheckFiles(r); err != nil {
		return err
	}
	for _, file := range []string{dir.Curve(), dir.Floor()} {
		data, err := os.ReadFile(file)
		if errors.Is(err, fs.ErrNotExist) {
			continue // a run that diverged has no floor
		}
		if err != nil {
			return err
		}
		if err := s.add(path.Join(to, filepath.Base(file)), data); err != nil {
			return err
		}
	}
	return nil
}

// sources stages the config as it was given and its bases, at the same places seen
// from each other. A base that is named from the root stands beside the file that
// names it.
func (s *stage) sources(in Sweep, clean cleaner) (given string, err error) {
	if len(in.Sources) == 0 {
		return "", nil
	}
	places := make([]string, len(in.Sources)) // absolute, with slashes
	for i, src := range in.Sources {
		if i > 0 && filepath.IsAbs(src.Path) && !filepath.IsAbs(in.Sources[0].Path) {
			places[i] = path.Join(path.Dir(places[i-1]), filepath.Base(src.Path))
			continue
		}
		abs, err := filepath.Abs(src.Path)
		if err != nil {
			return "", err
		}
		places[i] = filepath.ToSlash(abs)
	}
	common := path.Dir(places[0])
	for _, p := range places {
		for common != "/" && !strings.HasPrefix(p, common+"/") {
			common = path.Dir(common)
		}
	}
	seen := map[string][]byte{}
	for i, p := range places {
		name := path.Join(givenOf(in.Config.Name), strings.TrimPrefix(strings.TrimPrefix(p, common), "/"))
		if i == 0 {
			given = name
		}
		data := []byte(clean.text(string(in.Sources[i].Text)))
		if before, ok := seen[name]; ok {
			if !bytes.Equal(before, data) {
				return "", fmt.Errorf("%s: another base of the same name is named from the root; name it from the file's folder", in.Sources[i].Path)
			}
			continue
		}
		seen[name] = data
		if err := s.add(name, data); err != nil {
			return "", err
		}
	}
	return given, nil
}
