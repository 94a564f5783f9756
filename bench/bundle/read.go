package bundle

import (
	"archive/zip"
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
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
	Path  string
	Bytes int64 // of all files
	files map[string][]byte
}

// Open reads the bundle at path. Every file is read whole and compared with its
// checksum; names that lead out of a folder, entries that are no plain files, that are
// there twice or larger than they should be are refused before anything is unpacked. A
// file that is no zip is ErrNotBundle. Errors begin with the path.
func Open(path string) (*Archive, error) {
	f, err := os.Open(path)
	if err != nil {
		var pe *fs.PathError
		if errors.As(err, &pe) {
			err = pe.Err
		}
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: is not a file", path)
	}
	a, err := read(f, info.Size())
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
	a := &Archive{files: map[string][]byte{}}
	for _, e := range z.File {
		if strings.HasSuffix(e.Name, "/") {
			continue
		}
		data, err := readEntry(e)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.Name, err)
		}
		a.files[e.Name] = data
		a.Bytes += int64(len(data))
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
	seen, files := map[string]bool{}, map[string]bool{} // without case, as some systems have it
	var all, packed uint64
	for _, e := range entries {
		if err := checkName(e.Name); err != nil {
			return err
		}
		mode := e.Mode()
		folder := strings.HasSuffix(e.Name, "/")
		switch fold := strings.ToLower(strings.TrimSuffix(e.Name, "/")); {
		case seen[fold]:
			return fmt.Errorf("%s: is there twice", e.Name)
		case folder && (e.UncompressedSize64 > 0 || mode.Type() != fs.ModeDir), !folder && !mode.IsRegular():
			return fmt.Errorf("%s: is not a plain file (%v)", e.Name, mode.Type())
		default:
			seen[fold], files[fold] = true, !folder
		}
		if e.Method != zip.Store && e.Method != zip.Deflate || e.Flags&1 != 0 {
			return fmt.Errorf("%s: is packed in a way that no bundle is", e.Name)
		}
		if e.UncompressedSize64 > maxFile {
			return fmt.Errorf("%s: %d bytes are more than %d", e.Name, e.UncompressedSize64, maxFile)
		}
		all, packed = all+e.UncompressedSize64, packed+min(e.CompressedSize64, uint64(maxAll))
		if all > maxAll {
			return fmt.Errorf("%s: all files up to this one are more than %d bytes", e.Name, maxAll)
		}
	}
	for _, e := range entries {
		for above := path.Dir(strings.TrimSuffix(strings.ToLower(e.Name), "/")); above != "."; above = path.Dir(above) {
			if files[above] {
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
	text, ok := a.files[sumsFile]
	if !ok {
		return fmt.Errorf("%w: it has no %s", ErrNotBundle, sumsFile)
	}
	listed := map[string]bool{}
	lines := bufio.NewScanner(bytes.NewReader(text))
	for n := 1; lines.Scan(); n++ {
		want, name, ok := strings.Cut(lines.Text(), "  ")
		if !ok || len(want) != 2*sha256.Size || listed[name] {
			return fmt.Errorf("%s:%d: not a checksum and a name, each name once", sumsFile, n)
		}
		listed[name] = true
		data, ok := a.files[name]
		if !ok || name == sumsFile {
			return fmt.Errorf("%s: is listed in %s and is not there", name, sumsFile)
		}
		if have := sha256.Sum256(data); hex.EncodeToString(have[:]) != want {
			return fmt.Errorf("%s: is not the file that was bundled (sha256 %x..., %s has %.12s...)", name, have[:6], sumsFile, want)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("%s: %w", sumsFile, err)
	}
	for _, name := range a.Names() {
		if !listed[name] && name != sumsFile {
			return fmt.Errorf("%s: is there and is not listed in %s", name, sumsFile)
		}
	}
	return nil
}

func (a *Archive) readIndex() error {
	data, ok := a.files[indexFile]
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
			if _, ok := a.files[name]; !ok && name != "" {
				return fmt.Errorf("%s: is named in %s and is not there", name, indexFile)
			}
		}
	}
	return nil
}

// Names is every file of the bundle, sorted.
func (a *Archive) Names() []string {
	names := make([]string, 0, len(a.files))
	for name := range a.files {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Rows is how many rows the curves and noise floors of all runs have.
func (a *Archive) Rows() int {
	n := 0
	for name, data := range a.files {
		if strings.HasPrefix(name, RunsFolder+"/") && path.Ext(name) == ".csv" {
			n += max(0, bytes.Count(data, []byte("\n"))-1)
		}
	}
	return n
}

// Unpack writes the configs and runs of the bundle below dir.
func (a *Archive) Unpack(dir string) error {
	for _, name := range a.Names() {
		if !strings.HasPrefix(name, RunsFolder+"/") && !strings.HasPrefix(name, "configs/") {
			continue
		}
		to := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(to, a.files[name], 0o644); err != nil {
			return err
		}
	}
	return nil
}
