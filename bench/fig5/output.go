package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// note tells the user of what is no mistake, a line each; nothing of an empty one.
func (e *env) note(texts ...string) {
	for _, text := range texts {
		if text != "" {
			fmt.Fprintln(e.err, "fig5:", text)
		}
	}
}

// outputFile refuses, before any work is done, the path that a flag gives for a file
// where none can be: a folder, or in a folder that is not there.
func outputFile(flag, path string) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return badInput(fmt.Errorf("%s %s: is a folder; name a file", flag, path))
	}
	dir := filepath.Dir(path)
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return badInput(fmt.Errorf("%s %s: there is no folder %s", flag, path, dir))
	case errors.Is(err, syscall.ENOTDIR), err == nil && !info.IsDir():
		return badInput(fmt.Errorf("%s %s: %s is not a folder", flag, path, dir))
	}
	return nil
}

// outputDir refuses the path that a flag gives for a folder where a file is in its place
// or above it. A folder that is not there is made.
func outputDir(flag, path string) error {
	for at := filepath.Clean(path); ; at = filepath.Dir(at) {
		info, err := os.Stat(at)
		switch {
		case err == nil && info.IsDir():
			return nil
		case err == nil:
			return badInput(fmt.Errorf("%s %s: %s is a file, not a folder", flag, path, at))
		case !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) || at == filepath.Dir(at):
			return nil // writing says what is wrong
		}
	}
}

// outputError marks an error of writing where the user asked to as the user's, unless
// the machine failed: a full disk is no wrong path.
func outputError(err error) error {
	for _, theirs := range []error{fs.ErrPermission, fs.ErrNotExist, syscall.ENOTDIR, syscall.EISDIR, syscall.EROFS, syscall.ENAMETOOLONG} {
		if errors.Is(err, theirs) {
			return badInput(err)
		}
	}
	return err
}
