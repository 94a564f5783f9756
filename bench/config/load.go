package config

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"fig5/filters"
)

// maxFile is the largest sweep file that is read, in bytes.
const maxFile = 1 << 20

// Load reads the sweep in the file at path over the files of its base keys and the
// defaults, then applies sets, each "path=value" with the value in YAML, and checks
// every key. Its errors begin with the file and line, or with --set.
func Load(path string, sets []string) (*Config, error) {
	v, err := readFile(path, path, nil)
	if err != nil {
		return nil, err
	}
	if v, err = applySets(v, sets); err != nil {
		return nil, err
	}
	c, err := resolve(v)
	if err != nil {
		return nil, err
	}
	return c, place(c.identify(), v)
}

// Source is one of the files that a sweep is read from.
type Source struct {
	Path string
	Text []byte
}

// Sources is the file at path and those of the base keys that lead on from it.
func Sources(path string) ([]Source, error) {
	if _, err := readFile(path, path, nil); err != nil {
		return nil, err // also a base that leads back to itself
	}
	var out []Source
	for {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, fileError(path, path, err)
		}
		out = append(out, Source{path, text})
		v, err := parse(path, bytes.NewReader(text))
		if err != nil {
			return nil, err
		}
		base := v.get("base")
		if base == nil {
			return out, nil
		}
		path = beside(path, base.text)
	}
}

// beside is the path of a base that the file at path names.
func beside(path, base string) string {
	if filepath.IsAbs(base) {
		return base
	}
	return filepath.Join(filepath.Dir(path), base)
}

// identify notes which file a TorchScript module is, so that a run tells when it has
// become another.
func (c *Config) identify() error {
	f := &c.FID.Features
	if f.Name != "torchscript" || f.SHA256 != "" {
		return nil
	}
	sum, err := fileSum(f.TorchScript)
	if err != nil {
		return keyError{"fid.features.torchscript", err.Error()}
	}
	f.SHA256 = sum
	return nil
}

// fileSum is the sha256 (hex) of a file.
func fileSum(path string) (string, error) {
	f, err := os.Open(path)
	if err == nil {
		defer f.Close()
		var info os.FileInfo
		if info, err = f.Stat(); err == nil && !info.Mode().IsRegular() {
			err = errors.New("not a file")
		}
	}
	h := sha256.New()
	if err == nil {
		_, err = io.Copy(h, f)
	}
	var pe *os.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	if err != nil {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// LoadAnalysis is the analysis section's defaults with sets applied, each
// "analysis.key=value".
func LoadAnalysis(sets []string) (filters.Analysis, error) {
	var a filters.Analysis
	for _, s := range sets {
		if path, _, _ := strings.Cut(s, "="); path != "analysis" && !strings.HasPrefix(path, "analysis.") {
			return a, located("--set "+path, "only analysis.* has a meaning here")
		}
	}
	v, err := applySets(&value{kind: mapping}, sets)
	if err != nil {
		return a, err
	}
	if err := checkKnown("", v); err != nil {
		return a, err
	}
	section, err := complete("analysis", v.get("analysis"), "")
	if err != nil {
		return a, err
	}
	if err := decode("analysis", section, reflect.ValueOf(&a).Elem()); err != nil {
		return a, err
	}
	return a, place(validateAnalysis(a), &value{kind: mapping, keys: []string{"analysis"}, items: []*value{section}})
}

// readFile is the sweep in a file over those of its base keys. at is what a message
// about the file begins with; open are the files that lead here, absolute.
func readFile(at, path string, open []string) (*value, error) {
	abs, err := filepath.Abs(path)
	if err == nil {
		abs, err = filepath.EvalSymlinks(abs)
	}
	if err != nil {
		return nil, fileError(at, path, err)
	}
	if slices.Contains(open, abs) {
		return nil, located(at, fmt.Sprintf("base: %s leads back to itself", path))
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fileError(at, path, err)
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, fileError(at, path, errors.New("not a file"))
	} else if info.Size() > maxFile {
		return nil, fileError(at, path, fmt.Errorf("%d bytes is too large for a sweep", info.Size()))
	}
	v, err := parse(path, io.LimitReader(f, maxFile))
	if err != nil {
		return nil, err
	}
	base := v.get("base")
	if i := slices.Index(v.keys, "base"); i >= 0 {
		v.keys, v.items = slices.Delete(v.keys, i, i+1), slices.Delete(v.items, i, i+1)
	}
	if err := checkKnown("", v); err != nil {
		return nil, err
	}
	if base == nil {
		return v, nil
	}
	if base.kind != scalar || base.tag != "!!str" || base.text == "" {
		return nil, located(base.at, fmt.Sprintf("base: %s is not a file name", base.show()))
	}
	b, err := readFile(base.at, beside(path, base.text), append(open, abs))
	if err != nil {
		return nil, err
	}
	merged := merge("", b, v)
	merged.at = v.at
	return merged, nil
}

// fileError is an error about a file, said once: err may name it too.
func fileError(at, path string, err error) error {
	var pe *os.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	if at == path {
		return located(path, err.Error())
	}
	return located(at, fmt.Sprintf("base: %s: %v", path, err))
}

// applySets lays each "path=value" on v, in order.
func applySets(v *value, sets []string) (*value, error) {
	for _, s := range sets {
		path, text, ok := strings.Cut(s, "=")
		path = strings.TrimSpace(path)
		keys := strings.Split(path, ".")
		if !ok || slices.Contains(keys, "") {
			return nil, fmt.Errorf("--set %s: not path=value, as in train.final=20000", s)
		}
		if keys[0] == "base" {
			return nil, errors.New("--set base: a base is named in the file")
		}
		item, err := parseSet(path, text)
		if err != nil {
			return nil, err
		}
		if v, err = set(v, path, "", keys, item); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// resolve completes, decodes and checks a merged sweep.
func resolve(v *value) (*Config, error) {
	if err := checkKnown("", v); err != nil {
		return nil, err
	}
	slurm := v.get("slurm")
	if i := slices.Index(v.keys, "slurm"); i >= 0 {
		bare := *v
		bare.keys, bare.items = slices.Delete(slices.Clone(v.keys), i, i+1), slices.Delete(slices.Clone(v.items), i, i+1)
		v = &bare
	}
	full, err := complete("", v, v.at)
	if err != nil {
		return nil, err
	}
	c := &Config{}
	if err := decode("", full, reflect.ValueOf(c).Elem()); err != nil {
		return nil, err
	}
	if slurm != nil {
		if slurm.kind != mapping {
			return nil, errorAt(slurm.at, "slurm", slurm.show()+" is not a map")
		}
		x, err := slurm.free()
		if err != nil {
			return nil, err
		}
		if m := x.(map[string]any); len(m) > 0 {
			c.Slurm = m
		}
	}
	return c, place(c.validate(), full)
}

// keyError is an error about the value at a path; the index of a list's item is a
// part of the path.
type keyError struct{ path, message string }

func (e keyError) Error() string { return e.path + ": " + e.message }

// place puts the file and line of a key before an error about it.
func place(err error, v *value) error {
	var e keyError
	if !errors.As(err, &e) {
		return err
	}
	at := v.at
	var shown []string
	for _, part := range strings.Split(e.path, ".") {
		i, err := strconv.Atoi(part)
		switch {
		case v == nil:
		case err == nil && v.kind == list && i < len(v.items):
			v = v.items[i]
		default:
			v = v.get(part)
		}
		if v != nil && v.at != "" {
			at = v.at
		}
		if err != nil {
			shown = append(shown, part)
		}
	}
	return errorAt(at, strings.Join(shown, "."), e.message)
}
