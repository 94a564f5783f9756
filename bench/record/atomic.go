package record

import (
	"bufio"
	"io"
	"os"

	"fig5/fid/files"
)

// replace writes path anew through write: to path.tmp, synced, renamed. The caller
// holds the folder's lock, which is why the temporary name can be fixed; a random
// one (renameio) would leave litter behind every killed writer.
func replace(path string, write func(io.Writer) error) (err error) {
	tmp := path + ".tmp"
	defer func() { err = files.Error(tmp, err) }()
	f, err := os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(tmp)
		}
	}()
	b := bufio.NewWriterSize(f, 1<<16)
	if err := write(b); err != nil {
		return err
	}
	if err := b.Flush(); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(tmp, path)
}
