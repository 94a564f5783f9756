package files

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/google/renameio/v2"
)

// MaxRead is the largest file that Read holds in memory, in bytes.
const MaxRead = 1 << 31

// Open opens the regular file at path and tells its size in bytes. An error begins
// with path.
func Open(path string) (*os.File, int64, error) {
	info, err := os.Stat(path) // before the file is opened: a pipe would wait for its writer
	switch {
	case err != nil:
	case info.IsDir():
		err = errors.New("is a folder, not a file")
	case !info.Mode().IsRegular():
		err = errors.New("is not a regular file; its size must be known before it is read")
	}
	if err != nil {
		return nil, 0, Error(path, err)
	}
	f, err := os.Open(path)
	return f, info.Size(), Error(path, err)
}

// Read is the content of the regular file at path, of at most MaxRead bytes. An error
// begins with path.
func Read(path string) ([]byte, error) {
	f, size, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if size > MaxRead {
		return nil, Error(path, fmt.Errorf("has %d bytes; at most %d are read", size, MaxRead))
	}
	b := make([]byte, size)
	_, err = io.ReadFull(f, b)
	return b, Error(path, err)
}

// Sum is the sha256, in hex, and the size of the regular file at path. An error begins
// with path.
func Sum(path string) (sum string, size int64, err error) {
	f, _, err := Open(path)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	h := sha256.New()
	size, err = io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), size, Error(path, err)
}

// Write makes the file at path of what write writes. It appears whole or not at all. An
// error begins with path.
func Write(path string, write func(io.Writer) error) error {
	f, err := renameio.NewPendingFile(path, renameio.WithPermissions(0o644))
	if err == nil {
		defer f.Cleanup()
		err = write(f)
	}
	if err == nil {
		err = f.CloseAtomicallyReplace()
	}
	return Error(path, err)
}

// WriteJSON writes v as people read it: indented, with < and > as they are.
func WriteJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// Error is err about the file at path, "path: what is wrong"; the path that the system
// puts into its errors is left out, unless it is that of a folder above. No error stays
// none, and one that Error made stays as it is: the innermost file is to be named.
func Error(path string, err error) error {
	var made *fileError
	if err == nil || errors.As(err, &made) {
		return err
	}
	var one *fs.PathError
	if errors.As(err, &one) && strings.HasPrefix(path, one.Path) { // a folder above that cannot be made
		path = one.Path
	}
	return &fileError{path, Plain(err)}
}

// Plain is err without the path that the system puts into its errors.
func Plain(err error) error {
	var (
		one *fs.PathError
		two *os.LinkError
	)
	switch {
	case errors.As(err, &one):
		return one.Err
	case errors.As(err, &two):
		return two.Err
	}
	return err
}

type fileError struct {
	path string
	err  error
}

func (e *fileError) Error() string { return e.path + ": " + e.err.Error() }
func (e *fileError) Unwrap() error { return e.err }
