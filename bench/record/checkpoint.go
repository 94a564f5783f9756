package record

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
)

// Checkpoint is the whole state of a run between two iterations. In the file
// every value is one array: Arrays are <f4 of shape (n,), Bytes |u1 of shape (n,),
// Ints <i8 scalars. The keys of the three are names without a slash, all different;
// "step", "rows" and "sha256" are taken.
type Checkpoint struct {
	Step   int64                // iterations done
	Rows   int                  // rows of curve.csv that belong to them
	Arrays map[string][]float32 // parameters, optimizer moments, running statistics
	Bytes  map[string][]byte    // positions of the random streams
	Ints   map[string]int64     // counters
}

// sumEntry holds the SHA-256 of the entries before it: of each in the order of the
// file its name, a zero byte and its bytes.
const sumEntry = "sha256.npy"

// Save replaces the file at path. Equal checkpoints give equal bytes.
func (c *Checkpoint) Save(path string) error {
	entries := map[string]any{"step": c.Step, "rows": int64(c.Rows), "sha256": nil}
	for name, v := range c.Arrays {
		if err := addEntry(entries, name, v); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	for name, v := range c.Bytes {
		if err := addEntry(entries, name, v); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	for name, v := range c.Ints {
		if err := addEntry(entries, name, v); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	delete(entries, "sha256")
	return replace(path, func(w io.Writer) error {
		z, sum := zip.NewWriter(w), sha256.New()
		for _, name := range slices.Sorted(maps.Keys(entries)) {
			if err := writeEntry(z, sum, name+".npy", entries[name]); err != nil {
				return err
			}
		}
		if err := writeEntry(z, nil, sumEntry, sum.Sum(nil)); err != nil {
			return err
		}
		return z.Close()
	})
}

func addEntry(entries map[string]any, name string, v any) error {
	if _, taken := entries[name]; taken {
		return fmt.Errorf("%q names two arrays", name)
	}
	if name == "" || strings.ContainsAny(name, "/\\\x00") {
		return fmt.Errorf("%q cannot name an array", name)
	}
	entries[name] = v
	return nil
}

// writeEntry adds one array, uncompressed (parameters do not compress), to z and to sum.
func writeEntry(z *zip.Writer, sum hash.Hash, name string, v any) error {
	w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
	if err != nil {
		return err
	}
	if sum != nil {
		io.WriteString(sum, name+"\x00")
		w = io.MultiWriter(w, sum)
	}
	return writeNpy(w, v)
}

// LoadCheckpoint reads the checkpoint at path. A file that does not hold what
// was saved, to the last bit, is an error. No more memory is taken than twice the file's size.
func LoadCheckpoint(path string) (*Checkpoint, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, plain(err)
	}
	c, err := parseCheckpoint(data)
	if err != nil {
		return nil, fmt.Errorf("%s: not a whole checkpoint: %w; delete it and run again", path, err)
	}
	return c, nil
}

func parseCheckpoint(data []byte) (*Checkpoint, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	var (
		c     = &Checkpoint{Arrays: map[string][]float32{}, Bytes: map[string][]byte{}, Ints: map[string]int64{}}
		raw   = make(map[string][]byte, len(z.File))
		total int
		sum   = sha256.New()
	)
	for i, f := range z.File {
		entry, err := stored(f, data)
		if err != nil {
			return nil, err
		}
		if total += len(entry); total > len(data) {
			return nil, errors.New("entries overlap")
		}
		if _, again := raw[f.Name]; again {
			return nil, fmt.Errorf("two entries are called %q", f.Name)
		}
		raw[f.Name] = entry
		if last := i == len(z.File)-1; last != (f.Name == sumEntry) {
			return nil, errors.New("the checksum is not its last entry")
		} else if !last {
			io.WriteString(sum, f.Name+"\x00")
			sum.Write(entry)
		}
	}
	if v, err := parseNpy(raw[sumEntry]); err != nil {
		return nil, fmt.Errorf("%s: %w", sumEntry, err)
	} else if want, ok := v.([]byte); !ok || !bytes.Equal(want, sum.Sum(nil)) {
		return nil, errors.New("its checksum does not match its content")
	}
	delete(raw, sumEntry)
	for _, f := range z.File[:len(z.File)-1] {
		v, err := parseNpy(raw[f.Name])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		name := strings.TrimSuffix(f.Name, ".npy")
		switch v := v.(type) {
		case []float32:
			c.Arrays[name] = v
		case []byte:
			c.Bytes[name] = v
		case int64:
			c.Ints[name] = v
		}
	}
	step, okStep := c.Ints["step"]
	rows, okRows := c.Ints["rows"]
	if !okStep || !okRows || step < 0 || rows < 0 || int64(int(rows)) != rows {
		return nil, errors.New("step and rows are not counts")
	}
	c.Step, c.Rows = step, int(rows)
	delete(c.Ints, "step")
	delete(c.Ints, "rows")
	return c, nil
}

// stored is the content of an entry as a part of data, the whole file.
func stored(f *zip.File, data []byte) ([]byte, error) {
	if f.Method != zip.Store || f.CompressedSize64 != f.UncompressedSize64 {
		return nil, fmt.Errorf("%s: is compressed", f.Name)
	}
	off, err := f.DataOffset()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name, err)
	}
	if off < 0 || off > int64(len(data)) || f.UncompressedSize64 > uint64(int64(len(data))-off) {
		return nil, fmt.Errorf("%s: ends beyond the file", f.Name)
	}
	return data[off : off+int64(f.UncompressedSize64)], nil
}
