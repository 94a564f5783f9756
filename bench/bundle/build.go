package bundle

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"fig5/bench/measure"
	"fig5/bench/report"
	"fig5/fid/files"
)

// Options is how a bundle is made.
type Options struct {
	Measure string // one of measure.Amplitudes
	Partial bool   // bundle a sweep that is not finished, and say so inside
}

// Build makes the files of a bundle. A run whose files are not those it ended with, a
// sweep without finished runs, and without Options.Partial one that is not finished, are
// errors; they begin with the file.
func Build(sweeps []Sweep, o Options) (Files, error) {
	return build(sweeps, o, func(string) bool { return true })
}

// build is Build of the files that keep wants, and those that are staged.
func build(sweeps []Sweep, o Options, keep func(name string) bool) (Files, error) {
	if err := measure.CheckAmplitude(o.Measure); err != nil {
		return nil, err
	}
	root, err := os.MkdirTemp("", "fig5-bundle-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(root)
	ix := Index{Schema: schema, Program: thisProgram(), Measure: o.Measure}
	seen := map[string]bool{}
	var where []string // the runs where they are, not where they were staged
	for _, s := range sweeps {
		fold := strings.ToLower(s.Config.Name)
		if seen[fold] {
			return nil, fmt.Errorf("%s: two sweeps of that name do not go into one bundle", s.Config.Name)
		}
		seen[fold] = true
		where = append(where, filepath.Join(root, RunsFolder, s.Config.Name), string(s.Dir))
		c, err := stage(root, s)
		if err != nil {
			return nil, err
		}
		ix.Sweeps = append(ix.Sweeps, c)
	}
	told := func(err error) error {
		return inside(errors.New(strings.NewReplacer(where...).Replace(err.Error())), root)
	}
	b, err := compute(root, ix)
	if err != nil {
		return nil, told(err)
	}
	for i, c := range b.Sweeps {
		if n := len(c.Unfinished); n > 0 && !o.Partial {
			return nil, fmt.Errorf("%s: %d of %d runs are not finished (%s); `fig5 run` trains them, --partial bundles the others", sweeps[i].Dir, n, c.Runs, some(c.Unfinished, 3))
		}
	}
	files, err := b.files()
	if err != nil {
		return nil, err
	}
	files = slices.DeleteFunc(files, func(f report.File) bool { return !keep(f.Name) })
	if err := report.Write(root, files); err != nil {
		return nil, told(err)
	}
	out, err := readAll(root)
	if err == nil {
		out.sum()
	}
	return out, err
}

// some lists the first n of names.
func some(names []string, n int) string {
	if len(names) <= n {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:n], ", "), len(names)-n)
}

// readAll is every file in a folder and below.
func readAll(root string) (Files, error) {
	out := Files{}
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			out[name], err = os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
		}
		return err
	})
	return out, err
}

// CheckPath is an error where a bundle cannot be written to path: another ending than
// .zip, a folder, or a folder that is not there.
func CheckPath(path string) error {
	if !strings.EqualFold(filepath.Ext(path), ".zip") || strings.EqualFold(filepath.Base(path), ".zip") {
		return fmt.Errorf("%s: a bundle is a .zip; name it NAME.zip", path)
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s: is there and is not a file", path)
	}
	dir := filepath.Dir(path)
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir() {
		return fmt.Errorf("%s: %s is not a folder", path, dir)
	}
	return nil
}

// Write packs the files into a zip at path, sorted by name and with one time and one
// mode, so that equal files give equal bytes. It is written under another name first.
func Write(path string, content Files) error {
	if err := CheckPath(path); err != nil {
		return err
	}
	if err := files.Write(path, func(out io.Writer) error { return pack(out, content) }); err != nil {
		return fmt.Errorf("%s: cannot be written: %w", path, errors.Unwrap(err))
	}
	return nil
}

// epoch is the time of every file, the first that a zip can tell.
var epoch = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

func pack(out io.Writer, files Files) error {
	z := zip.NewWriter(out)
	for _, name := range files.Names() {
		h := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: epoch}
		h.SetMode(0o644)
		w, err := z.CreateHeader(h)
		if err == nil {
			_, err = w.Write(files[name])
		}
		if err != nil {
			return err
		}
	}
	return z.Close()
}
