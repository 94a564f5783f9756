package curves

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"fig5/bench/curves/tfevents"
	"fig5/fid/files"
)

// readEvents reads an event file of TensorBoard: its scalars, of all tags.
func readEvents(in *input) (*table, error) {
	t := newEvents(in)
	return t, t.events(in)
}

// newEvents is the table of event files, a long one.
func newEvents(in *input) *table { return &table{in: in, names: []string{"step", "value", "tag"}} }

// events adds the scalars of an event file. The last record may not be whole: a run that
// was killed, or goes on, has not written it.
func (t *table) events(in *input) error {
	err := tfevents.Read(in, func(step, tag, value string) error {
		if len(t.rows) == maxRows {
			return fmt.Errorf("more than %d scalars", maxRows)
		}
		t.rows = append(t.rows, []string{step, value, tag})
		return nil
	})
	if errors.Is(err, io.ErrUnexpectedEOF) && !in.gzip {
		t.warnings = append(t.warnings, fmt.Sprintf("its file %s ends within a record, which is left out: the run was killed, or goes on", filepath.Base(in.file)))
		return nil
	}
	return files.Error(in.file, err)
}

// eventFiles are the event files of a folder, in the order in which they were begun, as
// their names have the time; none where it has no such files or is no folder.
func eventFiles(dir string) []string {
	entries, _ := os.ReadDir(dir)
	var found []string
	for _, e := range entries {
		if strings.Contains(e.Name(), "tfevents") && !e.IsDir() {
			found = append(found, filepath.Join(dir, e.Name()))
		}
	}
	return found
}

// readFolder reads the event files of one run.
func readFolder(dir string, paths []string, c Columns) (*Curve, error) {
	t := newEvents(&input{file: dir, columns: c})
	for _, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			return nil, files.Error(path, err)
		}
		in := &input{Reader: bufio.NewReaderSize(f, peek), file: path}
		// An empty one is of a run that was killed at once.
		if head, _ := in.Peek(12); len(head) == 12 && !tfevents.Is(head) {
			err = fmt.Errorf("%s: is not an event file", path)
		} else {
			err = t.events(in)
		}
		f.Close()
		if err != nil {
			return nil, err
		}
	}
	return t.curve()
}
