package files

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestFiles(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "abc")
	if err := os.WriteFile(path, []byte("abc"), 0o644); err != nil {
		t.Fatal(err)
	}
	if b, err := Read(path); err != nil || string(b) != "abc" {
		t.Errorf("%q, %v", b, err)
	}
	// The example of FIPS 180-2.
	if sum, size, err := Sum(path); sum != "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" || size != 3 || err != nil {
		t.Error(sum, size, err)
	}
	large := filepath.Join(dir, "large") // and empty
	if err := os.WriteFile(large, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(large, MaxRead+1); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(large); err == nil || err.Error() != large+": has 2147483649 bytes; at most 2147483648 are read" {
		t.Error(err)
	}
	for _, c := range []struct{ path, want string }{
		{dir, dir + ": is a folder, not a file"},
		{os.DevNull, os.DevNull + ": is not a regular file; its size must be known before it is read"},
		{filepath.Join(dir, "none"), filepath.Join(dir, "none") + ": no such file or directory"},
		{filepath.Join(path, "none"), filepath.Join(path, "none") + ": not a directory"},
	} {
		if _, err := Read(c.path); err == nil || err.Error() != c.want {
			t.Errorf("got %v\nwant %s", err, c.want)
		}
		if _, _, err := Sum(c.path); err == nil || err.Error() != c.want {
			t.Errorf("got %v\nwant %s", err, c.want)
		}
	}
}

func TestError(t *testing.T) {
	_, missing := os.Open("none")
	moved := os.Rename("none", "other")
	inner := Error("a/b", errors.New("is odd"))
	for _, c := range []struct {
		err  error
		want string
	}{
		{errors.New("is odd"), "x: is odd"},
		{missing, "x: no such file or directory"},
		{fmt.Errorf("cannot be read: %w", missing), "x: no such file or directory"},
		{moved, "x: no such file or directory"},
		{inner, "a/b: is odd"},
		{fmt.Errorf("second: %w", inner), "second: a/b: is odd"},
	} {
		if err := Error("x", c.err); err.Error() != c.want {
			t.Errorf("got %v\nwant %s", err, c.want)
		}
	}
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	below := filepath.Join(path, "a", "b")
	if err := Error(below, os.MkdirAll(below, 0o755)); err == nil || err.Error() != path+": not a directory" {
		t.Error(err)
	}
	if err := Error("x", missing); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v is not ErrNotExist", err)
	}
	if err := Error("x", nil); err != nil {
		t.Error(err)
	}
}
