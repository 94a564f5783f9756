package bundle

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/renameio/v2"
)

// epoch is the day of every file in a bundle, the first that a zip can tell: 1980-01-01.
const epoch = 1<<5 | 1

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

// Write packs the files into a zip at path: in their order, with one time and one mode,
// so that equal files give equal bytes. It is written under another name and renamed.
func Write(path string, files []File) error {
	if err := CheckPath(path); err != nil {
		return err
	}
	packed := make([][]byte, len(files))
	errs := make([]error, len(files))
	each(len(files), func(i int) { packed[i], errs[i] = deflate(files[i].Data) })
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	out, err := renameio.NewPendingFile(path, renameio.WithPermissions(0o644))
	if err == nil {
		defer out.Cleanup()
		err = pack(out, files, packed)
	}
	if err == nil {
		err = out.CloseAtomicallyReplace()
	}
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err // of a name that is not the one asked for
	}
	if err != nil {
		return fmt.Errorf("%s: cannot be written: %w", path, err)
	}
	return nil
}

func deflate(data []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.DefaultCompression)
	if err == nil {
		_, err = w.Write(data)
	}
	if err == nil {
		err = w.Close()
	}
	return b.Bytes(), err
}

// pack writes the archive; packed is the files deflated. What does not shrink is stored.
func pack(out io.Writer, files []File, packed [][]byte) error {
	z := zip.NewWriter(out)
	for i, f := range files {
		h := &zip.FileHeader{Name: f.Name, Method: zip.Deflate, CRC32: crc32.ChecksumIEEE(f.Data),
			UncompressedSize64: uint64(len(f.Data)), CompressedSize64: uint64(len(packed[i]))}
		data := packed[i]
		if len(data) >= len(f.Data) {
			h.Method, h.CompressedSize64, data = zip.Store, uint64(len(f.Data)), f.Data
		}
		h.SetMode(0o644)
		h.ModifiedDate = epoch //lint:ignore SA1019 CreateRaw writes this field and not Modified
		w, err := z.CreateRaw(h)
		if err != nil {
			return err
		}
		if _, err := w.Write(data); err != nil {
			return err
		}
	}
	return z.Close()
}
