package record

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"fig5/fid/files"
	"fig5/fid/npy"
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

// sumKey is the last array, the SHA-256 of those before it: of each in the order of the
// file its name with .npy, a zero byte and its bytes.
const sumKey = "sha256"

// Save replaces the file at path. Equal checkpoints give equal bytes.
func (c *Checkpoint) Save(path string) error { return c.save(path, "") }

// save is Save; the file before stays as old, unless that is "".
func (c *Checkpoint) save(path, old string) error {
	arrays := map[string]func(io.Writer) error{sumKey: nil}
	var wrong error
	add := func(name string, write func(io.Writer) error) {
		if _, taken := arrays[name]; taken {
			wrong = fmt.Errorf("%s: %q names two arrays", path, name)
		}
		if name == "" || strings.ContainsAny(name, "/\\\x00") {
			wrong = fmt.Errorf("%s: %q cannot name an array", path, name)
		}
		arrays[name] = write
	}
	number := func(v int64) func(io.Writer) error {
		return func(w io.Writer) error { return npy.Write(w, []int64{v}) }
	}
	add("step", number(c.Step))
	add("rows", number(int64(c.Rows)))
	for name, v := range c.Arrays {
		add(name, func(w io.Writer) error { return npy.Write(w, v, len(v)) })
	}
	for name, v := range c.Bytes {
		add(name, func(w io.Writer) error { return npy.Write(w, v, len(v)) })
	}
	for name, v := range c.Ints {
		add(name, number(v))
	}
	if wrong != nil {
		return wrong
	}
	delete(arrays, sumKey)
	return replaceKeeping(old, path, func(w io.Writer) error {
		z, sum := npy.NewWriter(w), sha256.New()
		for _, name := range slices.Sorted(maps.Keys(arrays)) {
			w, err := z.Create(name)
			if err != nil {
				return err
			}
			io.WriteString(sum, name+".npy\x00")
			if err := arrays[name](io.MultiWriter(w, sum)); err != nil {
				return err
			}
		}
		if err := npy.Add(z, sumKey, sum.Sum(nil), sha256.Size); err != nil {
			return err
		}
		return z.Close()
	})
}

// LoadCheckpoint reads the checkpoint at path. A file that does not hold what
// was saved, to the last bit, is an error. Its arrays take no more memory than the
// file's size.
func LoadCheckpoint(path string) (*Checkpoint, error) {
	f, size, err := files.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	c, err := readCheckpoint(f, size)
	if err != nil {
		return nil, files.Error(path, err)
	}
	return c, nil
}

func readCheckpoint(f io.ReaderAt, size int64) (*Checkpoint, error) {
	z, err := npy.NewArchive(f, size)
	if err != nil {
		return nil, err
	}
	c := &Checkpoint{Arrays: map[string][]float32{}, Bytes: map[string][]byte{}, Ints: map[string]int64{}}
	sum, left := sha256.New(), size
	for i, key := range z.Keys {
		if last := i == len(z.Keys)-1; last != (key == sumKey) {
			return nil, errors.New("the checksum is not its last array")
		}
		want := sum.Sum(nil)
		io.WriteString(sum, key+".npy\x00")
		r, n, err := z.Open(key)
		if err != nil {
			return nil, err
		}
		if left -= n; left < 0 { // compressed arrays, or one behind two names
			return nil, errors.New("its arrays are larger than the file")
		}
		if err := c.read(key, io.TeeReader(r, sum), n); err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
		if key == sumKey && !bytes.Equal(c.Bytes[key], want) {
			return nil, errors.New("its checksum does not match its content")
		}
	}
	step, okStep := c.Ints["step"]
	rows, okRows := c.Ints["rows"]
	if !okStep || !okRows || step < 0 || rows < 0 || int64(int(rows)) != rows {
		return nil, errors.New("step and rows are not counts")
	}
	c.Step, c.Rows = step, int(rows)
	delete(c.Bytes, sumKey)
	delete(c.Ints, "step")
	delete(c.Ints, "rows")
	return c, nil
}

// read adds the array of that name, in n bytes of .npy.
func (c *Checkpoint) read(key string, r io.Reader, n int64) error {
	a, err := npy.NewArray(r, n)
	if err != nil {
		return err
	}
	switch {
	case a.Type == "float32" && len(a.Shape) == 1:
		c.Arrays[key], err = npy.Exact[float32](a)
	case a.Type == "uint8" && len(a.Shape) == 1:
		c.Bytes[key], err = npy.Exact[uint8](a)
	case a.Type == "int64" && len(a.Shape) == 0:
		var v []int64
		if v, err = npy.Exact[int64](a); err == nil {
			c.Ints[key] = v[0]
		}
	default:
		err = fmt.Errorf("is of type %s and shape %s; want a vector of float32 or uint8, or an int64", a.Type, a.ShapeString())
	}
	return err
}
