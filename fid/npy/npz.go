package npy

import (
	"archive/zip"
	"fmt"
	"io"
	"math"
	"strings"

	"fig5/fid/files"
)

// Archive is an open .npz file: a zip of .npy members.
type Archive struct {
	Keys []string // names of the arrays, without .npy, in the file's order

	members map[string]*zip.File
	size    int64
	close   func() error
}

// OpenArchive opens the .npz file at path. An error begins with path; those of its arrays
// do not name it.
func OpenArchive(path string) (*Archive, error) {
	f, size, err := files.Open(path)
	if err != nil {
		return nil, err
	}
	a, err := NewArchive(f, size)
	if err != nil {
		f.Close()
		return nil, files.Error(path, err)
	}
	a.close = f.Close
	return a, nil
}

// NewArchive reads the directory of the .npz data in r, size bytes in all.
func NewArchive(r io.ReaderAt, size int64) (*Archive, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("is not a whole .npz file: %w", err)
	}
	a := &Archive{members: map[string]*zip.File{}, size: size, close: func() error { return nil }}
	for _, f := range z.File {
		key, ok := strings.CutSuffix(f.Name, ".npy")
		if !ok {
			continue // not an array; np.load returns its bytes as they are
		}
		if a.members[key] != nil {
			return nil, fmt.Errorf("holds two arrays named %q", clip(key))
		}
		a.members[key] = f
		a.Keys = append(a.Keys, key)
	}
	return a, nil
}

// Has reports whether there is an array of that name.
func (a *Archive) Has(key string) bool { return a.members[key] != nil }

// Open is the .npy data of the named array and their size, which is not taken on trust:
// what the directory announces must fit in the bytes of the file.
func (a *Archive) Open(key string) (io.Reader, int64, error) {
	f := a.members[key]
	if f == nil {
		return nil, 0, fmt.Errorf("holds no array %q", key)
	}
	packed, plain := f.CompressedSize64, f.UncompressedSize64
	if packed > uint64(a.size) || plain > math.MaxInt64 || !CanInflate(int64(packed), int64(plain)) || f.Method == zip.Store && packed != plain {
		return nil, 0, fmt.Errorf("announces %d bytes of %q in a file of %d bytes", plain, clip(key), a.size)
	}
	r, err := f.Open()
	if err != nil {
		return nil, 0, fmt.Errorf("%s: cannot be read: %w", key, err)
	}
	return r, int64(plain), nil
}

// Array opens the named array; one is read to its end before the archive is closed.
func (a *Archive) Array(key string) (*Array, error) {
	r, size, err := a.Open(key)
	if err != nil {
		return nil, err
	}
	array, err := NewArray(r, size)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", key, err)
	}
	return array, nil
}

// Close closes the file.
func (a *Archive) Close() error { return a.close() }
