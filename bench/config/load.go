package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"fig5/fid/files"
	"fig5/filters"
)

// maxFile is the largest sweep file that is read, in bytes.
const maxFile = 1 << 20

// Load reads the sweep in the file at path over the files of its base keys and the
// defaults, then applies sets, each "path=value" with the value in YAML, and checks
// every key. Its errors begin with the file and line, or with --set.
func Load(path string, sets []string) (*Config, error) {
	r := newReader()
	return r.finish(r.readFile(path, path, nil), sets)
}

// With is the config with sets applied as Load applies them; c stays as it is. An error
// about a key that the sets do not give begins with the key.
func (c *Config) With(sets []string) (*Config, error) {
	r, n := newReader(), c.node()
	r.tidy("", "", n)
	return r.finish(n, sets)
}

// AnalysisWith is the analysis with sets applied, each "analysis.key=value".
func AnalysisWith(a filters.Analysis, sets []string) (filters.Analysis, error) {
	r := newReader()
	for _, s := range sets {
		if path, _, _ := strings.Cut(s, "="); path != "analysis" && !strings.HasPrefix(path, "analysis.") {
			r.fail(onSet, path, "only analysis.* has a meaning here")
		}
	}
	n := mapping(word("analysis"), encode("analysis", reflect.ValueOf(a)))
	r.tidy("", "", n)
	r.applySets(n, sets)
	var out filters.Analysis
	r.decode("analysis", get(n, "analysis"), "", reflect.ValueOf(&out).Elem())
	r.check(func() error { return analysisError(out.Validate(), "") }, n)
	return out, r.err
}

// Source is one of the files that a sweep is read from.
type Source struct {
	Path string
	Text []byte
}

// Sources is the file at path and those of the base keys that lead on from it.
func Sources(path string) ([]Source, error) {
	r := newReader()
	r.readFile(path, path, nil)
	return r.sources, r.err
}

// readFile is the sweep in a file over those of its base keys. at is what a message
// about the file begins with; open are the files that lead here.
func (r *reader) readFile(at, path string, open []string) *yaml.Node {
	real, err := filepath.EvalSymlinks(path)
	if err == nil {
		real, err = filepath.Abs(real)
	}
	if err == nil && slices.Contains(open, real) {
		r.fail(at, "base", "%s leads back to itself", path)
		return nil
	}
	text, err := content(path)
	if err != nil && at != path {
		err = fmt.Errorf("base: %s: %w", path, err)
	}
	if err != nil {
		r.fail(at, "", "%v", err)
		return nil
	}
	r.sources = append(r.sources, Source{path, text})
	n := r.parse(path, text)
	if r.err != nil {
		return nil
	}
	base := take(n, "base")
	if base == nil {
		return n
	}
	if base.Kind != yaml.ScalarNode || base.ShortTag() != "!!str" || base.Value == "" {
		r.fail(r.at(base), "base", "%s is not a file name", show(base))
		return nil
	}
	beside := base.Value
	if !filepath.IsAbs(beside) {
		beside = filepath.Join(filepath.Dir(path), beside)
	}
	under := r.readFile(r.at(base), beside, append(open, real))
	if under != nil {
		under.Line, r.from[under] = n.Line, r.from[n]
		merge("", under, n)
	}
	return under
}

// content is what is in a file of at most maxFile bytes. Its errors do not name the file.
func content(path string) ([]byte, error) {
	info, err := os.Stat(path)
	var b []byte
	switch {
	case err != nil:
	case !info.Mode().IsRegular():
		err = errors.New("not a file")
	case info.Size() > maxFile:
		err = fmt.Errorf("%d bytes is too large for a sweep", info.Size())
	default:
		b, err = os.ReadFile(path)
	}
	return b, files.Plain(err)
}

// finish applies sets to the sweep n and resolves it.
func (r *reader) finish(n *yaml.Node, sets []string) (*Config, error) {
	if r.err == nil {
		r.applySets(n, sets)
	}
	c := r.resolve(n)
	if r.check(c.identify, n); r.err != nil {
		return nil, r.err
	}
	return c, nil
}

// resolve decodes and checks a merged sweep.
func (r *reader) resolve(n *yaml.Node) *Config {
	c := &Config{}
	if r.err != nil {
		return c
	}
	r.decode("", n, "", reflect.ValueOf(c).Elem())
	if slurm := get(n, "slurm"); slurm != nil && r.err == nil {
		if slurm.Kind != yaml.MappingNode {
			r.fail(r.at(slurm), "slurm", "%s is not a map", show(slurm))
		}
		for key, item := range pairs(slurm) {
			if c.Slurm == nil {
				c.Slurm = map[string]any{}
			}
			c.Slurm[key] = r.free(item)
		}
	}
	r.check(c.validate, n)
	return c
}

// keyError is an error about the value at a path; the index of a list's item is a
// part of the path.
type keyError struct{ path, message string }

func (e keyError) Error() string { return e.path + ": " + e.message }

// check does a check of what was read from n. Its error, a keyError, gets the file and
// line of the key, or of what the key is below.
func (r *reader) check(do func() error, n *yaml.Node) {
	var e keyError
	if r.err != nil || !errors.As(do(), &e) {
		return
	}
	at := r.at(n)
	var shown []string
	for _, part := range strings.Split(e.path, ".") {
		i, err := strconv.Atoi(part)
		switch {
		case err != nil:
			shown = append(shown, part)
			if n != nil {
				n = get(n, part)
			}
		case n != nil && n.Kind == yaml.SequenceNode:
			n = n.Content[i]
		}
		if n != nil && r.at(n) != "" {
			at = r.at(n)
		}
	}
	r.fail(at, strings.Join(shown, "."), "%s", e.message)
}

// identify notes which file a TorchScript module is, so that a run tells when it has
// become another. One that is not there has no sum: a plan does without it.
func (c *Config) identify() error {
	f := &c.FID.Features
	if f.Name != "torchscript" || f.SHA256 != "" {
		return nil
	}
	sum, _, err := files.Sum(f.TorchScript)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return keyError{"fid.features.torchscript", err.Error()}
	}
	f.SHA256 = sum
	return nil
}
