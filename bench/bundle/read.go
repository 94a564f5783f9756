package bundle

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"fig5/fid/files"
)

// Bounds of what is read: far above any bundle, far below a machine's memory.
const (
	maxFiles = 200_000
	maxFile  = 256 << 20 // bytes of one file
	maxAll   = 1 << 30   // bytes of all files
	maxName  = 255
)

// ErrNotBundle is what the error of a file that is no zip wraps.
var ErrNotBundle = errors.New("not a bundle (a zip that fig5 bundle wrote)")

// Archive is a bundle that was read and whose checksums hold.
type Archive struct {
	Index
	Files
	Path string
}

// Open reads the bundle at path. Every file is read whole and compared with its
// checksum; names that lead out of a folder, entries that are no plain files, that are
// there twice or larger than they should be are refused before anything is unpacked. A
// file that is no zip is ErrNotBundle. Errors begin with the path.
func Open(path string) (*Archive, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, files.Error(path, err)
	}
	defer f.Close()
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, files.Error(path, err)
	}
	a, err := read(f, size)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	a.Path = path
	return a, nil
}

// read is Open on any zip.
func read(in io.ReaderAt, size int64) (*Archive, error) {
	head := make([]byte, 4)
	if n, _ := in.ReadAt(head, 0); n < 4 || string(head) != "PK\x03\x04" {
		return nil, ErrNotBundle
	}
	z, err := zip.NewReader(in, size)
	if errors.Is(err, zip.ErrFormat) {
		return nil, errors.New("cut short or damaged: its list of files cannot be read; fetch it again")
	}
	if err != nil {
		return nil, fmt.Errorf("damaged: %w", err)
	}
	if err := checkEntries(z.File, size); err != nil {
		return nil, err
	}
	a := &Archive{Files: Files{}}
	for _, e := range z.File {
		if strings.HasSuffix(e.Name, "/") {
			continue
		}
		if a.Files[e.Name], err = readEntry(e); err != nil {
			return nil, fmt.Errorf("%s: %w", e.Name, err)
		}
	}
	if err := a.checkSums(); err != nil {
		return nil, err
	}
	return a, a.readIndex()
}

// checkEntries refuses what no bundle has, from the list of files alone.
func checkEntries(entries []*zip.File, size int64) error {
	if len(entries) > maxFiles {
		return fmt.Errorf("%d files are more than %d", len(entries), maxFiles)
	}
	plain := map[string]bool{} // whether a name is a file's; without case, as some systems have it
	var all, packed uint64
	for _, e := range entries {
		if err := checkName(e.Name); err != nil {
			return err
		}
		mode := e.Mode()
		folder := strings.HasSuffix(e.Name, "/")
		fold := strings.ToLower(strings.TrimSuffix(e.Name, "/"))
		_, twice := plain[fold]
		plain[fold] = !folder
		all, packed = all+min(e.UncompressedSize64, 2*maxAll), packed+min(e.CompressedSize64, maxAll)
		switch {
		case twice:
			return fmt.Errorf("%s: is there twice", e.Name)
		case folder && (e.UncompressedSize64 > 0 || mode.Type() != fs.ModeDir), !folder && !mode.IsRegular():
			return fmt.Errorf("%s: is not a plain file (%v)", e.Name, mode.Type())
		case e.Method != zip.Store && e.Method != zip.Deflate || e.Flags&1 != 0:
			return fmt.Errorf("%s: is packed in a way that no bundle is", e.Name)
		case e.UncompressedSize64 > maxFile:
			return fmt.Errorf("%s: %d bytes are more than %d", e.Name, e.UncompressedSize64, maxFile)
		case all > maxAll:
			return fmt.Errorf("%s: all files up to this one are more than %d bytes", e.Name, maxAll)
		}
	}
	for _, e := range entries {
		for above := path.Dir(strings.TrimSuffix(strings.ToLower(e.Name), "/")); above != "."; above = path.Dir(above) {
			if plain[above] {
				return fmt.Errorf("%s: a file stands where its folder should", e.Name)
			}
		}
	}
	if packed > uint64(size) {
		return errors.New("its files overlap: a zip bomb, not a bundle")
	}
	return nil
}

// checkName refuses names that mean another place than below the folder, here or on
// another system.
func checkName(name string) error {
	plain := strings.TrimSuffix(name, "/")
	bad := func(r rune) bool { return r < ' ' || r == 0x7f || strings.ContainsRune(`\:*?"<>|`, r) }
	if len(name) > maxName || plain == "." || !fs.ValidPath(plain) || strings.ContainsFunc(name, bad) {
		return fmt.Errorf("%q: is not the name of a file in a bundle", name)
	}
	return nil
}

func readEntry(e *zip.File) ([]byte, error) {
	r, err := e.Open()
	if err != nil {
		return nil, fmt.Errorf("damaged: %w", err)
	}
	defer r.Close()
	// What is allocated grows with what is there, not with what the entry claims.
	var b bytes.Buffer
	n, err := io.Copy(&b, io.LimitReader(r, int64(e.UncompressedSize64)+1))
	if err != nil {
		return nil, fmt.Errorf("damaged: %w", err)
	}
	if uint64(n) != e.UncompressedSize64 {
		return nil, fmt.Errorf("damaged: is not of the %d bytes that it claims", e.UncompressedSize64)
	}
	return b.Bytes(), nil
}

// checkSums holds every file against SHA256SUMS, and SHA256SUMS against the files.
func (a *Archive) checkSums() error {
	text, ok := a.Files[sumsFile]
	if !ok {
		return fmt.Errorf("%w: it has no %s", ErrNotBundle, sumsFile)
	}
	listed := Files{sumsFile: nil}
	for i, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
		sum, name, ok := strings.Cut(line, "  ")
		if _, twice := listed[name]; !ok || twice {
			return fmt.Errorf("%s:%d: not a checksum and a name, each name once", sumsFile, i+1)
		}
		listed[name] = []byte(sum)
	}
	for _, name := range listed.Names() {
		data, ok := a.Files[name]
		if !ok {
			return fmt.Errorf("%s: is listed in %s and is not there", name, sumsFile)
		}
		if have := fmt.Sprintf("%x", sha256.Sum256(data)); name != sumsFile && have != string(listed[name]) {
			return fmt.Errorf("%s: is not the file that was bundled (sha256 %.12s..., %s has %.12s...)", name, have, sumsFile, listed[name])
		}
	}
	for _, name := range a.Names() {
		if _, ok := listed[name]; !ok {
			return fmt.Errorf("%s: is there and is not listed in %s", name, sumsFile)
		}
	}
	return nil
}

func (a *Archive) readIndex() error {
	data, ok := a.Files[indexFile]
	if !ok {
		return fmt.Errorf("%w: it has no %s", ErrNotBundle, indexFile)
	}
	if err := json.Unmarshal(data, &a.Index); err != nil {
		return fmt.Errorf("%s: %w", indexFile, err)
	}
	if a.Schema != schema {
		return fmt.Errorf("%s: schema %d, this fig5 reads %d; use the fig5 that wrote it (%s)", indexFile, a.Schema, schema, a.Program.Fig5)
	}
	if len(a.Sweeps) == 0 {
		return fmt.Errorf("%s: names no sweep", indexFile)
	}
	for _, s := range a.Sweeps {
		if s.Name == "" || path.Base(s.Name) != s.Name || checkName(s.Name) != nil {
			return fmt.Errorf("%s: %q is not the name of a sweep", indexFile, s.Name)
		}
		for _, name := range []string{configOf(s.Name), s.Given} {
			if _, ok := a.Files[name]; !ok && name != "" {
				return fmt.Errorf("%s: is named in %s and is not there", name, indexFile)
			}
		}
	}
	return nil
}

// Bytes is how large all files are together.
func (a *Archive) Bytes() (n int64) {
	for _, data := range a.Files {
		n += int64(len(data))
	}
	return n
}

// Rows is how many rows the curves and noise floors of all runs have.
func (a *Archive) Rows() int {
	n := 0
	for name, data := range a.Files {
		if strings.HasPrefix(name, RunsFolder+"/") && path.Ext(name) == ".csv" {
			n += max(0, bytes.Count(data, []byte("\n"))-1)
		}
	}
	return n
}

// Unpack writes the configs and runs of the bundle below dir.
func (a *Archive) Unpack(dir string) error {
	for _, name := range a.Names() {
		if strings.HasPrefix(name, RunsFolder+"/") || strings.HasPrefix(name, "configs/") {
			if err := put(dir, name, string(a.Files[name])); err != nil {
				return err
			}
		}
	}
	return nil
}
