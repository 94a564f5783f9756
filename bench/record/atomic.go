package record

import (
	"bufio"
	"cmp"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"fig5/fid/files"
)

// replace writes path anew through write: to path.tmp, synced, renamed. The caller
// holds the folder's lock, which is why the temporary name can be fixed; a random
// one (renameio) would leave litter behind every killed writer.
func replace(path string, write func(io.Writer) error) error { return replaceKeeping("", path, write) }

// replaceKeeping is replace; what was at path before stays as old, unless that is "". A
// process killed in between leaves old alone.
func replaceKeeping(old, path string, write func(io.Writer) error) error {
	if err := fence(path); err != nil {
		return err
	}
	tmp := path + ".tmp"
	f, err := os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return files.Error(tmp, err)
	}
	b := bufio.NewWriterSize(f, 1<<16)
	err = cmp.Or(write(b), b.Flush(), f.Sync(), f.Close(), fence(path))
	if err == nil && old != "" {
		if err = os.Rename(path, old); errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
	}
	if err == nil {
		err = os.Rename(tmp, path)
	}
	if err != nil {
		os.Remove(tmp)
		return files.Error(tmp, err)
	}
	return syncFolder(filepath.Dir(path))
}

// syncFolder makes a rename last: the name lies in the folder, and a power cut may bring
// the old one back until the folder is written too. What depends on the file (a manifest
// on its curve) is only written afterwards.
func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return files.Error(path, err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, syscall.EINVAL) {
		return files.Error(path, err) // some file systems cannot sync a folder
	}
	return nil
}

// WriteFile replaces the file at path by these bytes.
func WriteFile(path string, b []byte) error {
	return replace(path, func(w io.Writer) error {
		_, err := w.Write(b)
		return err
	})
}

// CopyFile replaces the file to by a copy of from.
func CopyFile(to, from string) error {
	b, err := files.Read(from)
	if err != nil {
		return err
	}
	return WriteFile(to, b)
}
