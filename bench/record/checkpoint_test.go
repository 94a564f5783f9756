package record

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"fig5/fid/npy"
)

func drawCheckpoint(t *rapid.T) *Checkpoint {
	names := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z][a-z0-9_.]{3,12}`), 0, 8, rapid.ID).Draw(t, "names")
	c := &Checkpoint{
		Step:   rapid.Int64Range(0, math.MaxInt64).Draw(t, "step"),
		Rows:   rapid.IntRange(0, 1<<40).Draw(t, "rows"),
		Arrays: map[string][]float32{}, Bytes: map[string][]byte{}, Ints: map[string]int64{},
	}
	for _, name := range names {
		if name == "step" || name == "rows" || name == "sha256" {
			continue
		}
		switch rapid.IntRange(0, 2).Draw(t, "kind") {
		case 0:
			c.Arrays[name] = rapid.SliceOfN(rapid.Float32(), 0, 50).Draw(t, "array")
		case 1:
			c.Bytes[name] = rapid.SliceOfN(rapid.Byte(), 0, 50).Draw(t, "bytes")
		case 2:
			c.Ints[name] = rapid.Int64().Draw(t, "int")
		}
	}
	return c
}

func TestCheckpointRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "checkpoint.npz")
	rapid.Check(t, func(t *rapid.T) {
		want := drawCheckpoint(t)
		if err := want.Save(path); err != nil {
			t.Fatal(err)
		}
		first, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		have, err := LoadCheckpoint(path)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(have, want) {
			t.Fatalf("have %v\nwant %v", have, want)
		}
		if err := have.Save(path); err != nil {
			t.Fatal(err)
		}
		if again, err := os.ReadFile(path); err != nil || !bytes.Equal(again, first) {
			t.Fatalf("saved again, the bytes differ (%v)", err)
		}
	})
}

// small is a checkpoint for tests that go through its every byte.
func small() *Checkpoint {
	return &Checkpoint{
		Step:   500,
		Rows:   5,
		Arrays: map[string][]float32{"params_g": {1, -2.5, float32(math.Inf(1)), 3e-40}},
		Bytes:  map[string][]byte{"rng_noise": {1, 2, 255}},
		Ints:   map[string]int64{"adam_t": -7},
	}
}

func save(t testing.TB, c *Checkpoint) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "checkpoint.npz")
	if err := c.Save(path); err != nil {
		t.Fatal(err)
	}
	return []byte(mustRead(t, path))
}

// testdata/checkpoint.npz was written by fig5 at f998ef8, and NumPy 2.4.6 reads it. It is
// read today, and the same state is written to the same bytes.
func TestCheckpointOfOld(t *testing.T) {
	want := &Checkpoint{
		Step:   7,
		Rows:   3,
		Arrays: map[string][]float32{"generator_params": {1, -2.5, 3e-40}, "empty": {}},
		Bytes:  map[string][]byte{"stream_draw": {1, 2, 255}, "none": {}},
		Ints:   map[string]int64{"adam_t": -7},
	}
	const path = "testdata/checkpoint.npz"
	if have, err := LoadCheckpoint(path); err != nil || !reflect.DeepEqual(have, want) {
		t.Errorf("have %v, %v\nwant %v", have, err, want)
	}
	if !bytes.Equal(save(t, want), []byte(mustRead(t, path))) {
		t.Error("the same state is written to other bytes")
	}
}

// parse reads a checkpoint from memory.
func parse(data []byte) (*Checkpoint, error) {
	return readCheckpoint(bytes.NewReader(data), int64(len(data)))
}

// A flipped bit, wherever it is, is noticed or changes no value (a date in the zip's
// tables, say).
func TestCheckpointBitFlips(t *testing.T) {
	data, want := save(t, small()), small()
	for i := range data {
		for bit := range 8 {
			flipped := bytes.Clone(data)
			flipped[i] ^= 1 << bit
			have, err := parse(flipped)
			if err != nil {
				continue
			}
			if !reflect.DeepEqual(have, want) {
				t.Fatalf("byte %d bit %d: not noticed, and the values differ: %v", i, bit, have)
			}
		}
	}
}

func TestCheckpointTruncated(t *testing.T) {
	data := save(t, small())
	for n := range data {
		if _, err := parse(data[:n]); err == nil {
			t.Fatalf("the first %d of %d bytes were read as a whole checkpoint", n, len(data))
		}
	}
}

// entry is one file of an archive made by hand.
type entry struct {
	name   string
	data   []byte
	method uint16
}

// archive makes a zip of these entries, with a true checksum of them if sum is set.
func archive(t testing.TB, sum bool, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	z, h := zip.NewWriter(&b), sha256.New()
	add := func(e entry) {
		w, err := z.CreateHeader(&zip.FileHeader{Name: e.name, Method: e.method})
		if err == nil {
			_, err = w.Write(e.data)
		}
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(h, e.name+"\x00")
		h.Write(e.data)
	}
	for _, e := range entries {
		add(e)
	}
	if sum {
		add(entry{name: sumKey + ".npy", data: array(t, h.Sum(nil), sha256.Size)})
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func array[T npy.Element](t testing.TB, x []T, shape ...int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := npy.Write(&b, x, shape...); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestCheckpointRefuses(t *testing.T) {
	const sum = sumKey + ".npy"
	step, rows := entry{name: "step.npy", data: array(t, []int64{1})}, entry{name: "rows.npy", data: array(t, []int64{1})}
	huge := bytes.Replace(array(t, []float32{1}, 1), []byte("(1,), }       "), []byte("(9999999,), } "), 1)
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"empty":        {nil, "is not a whole .npz file: zip: not a valid zip file"},
		"no entries":   {archive(t, false), "step and rows are not counts"},
		"no checksum":  {archive(t, false, rows, step), "the checksum is not its last array"},
		"wrong sum":    {archive(t, false, step, entry{name: sum, data: array(t, make([]byte, 32), 32)}), "its checksum does not match its content"},
		"sum a number": {archive(t, false, step, entry{name: sum, data: array(t, []int64{1})}), "its checksum does not match its content"},
		"sum of text":  {archive(t, false, entry{name: sum, data: []byte("abc")}), `sha256: is not a .npy file: it does not begin with \x93NUMPY and a version`},
		"compressed":   {archive(t, true, entry{"a.npy", make([]byte, 1000), zip.Deflate}), "its arrays are larger than the file"},
		"no step":      {archive(t, true, rows), "step and rows are not counts"},
		"step < 0":     {archive(t, true, rows, entry{name: "step.npy", data: array(t, []int64{-1})}), "step and rows are not counts"},
		"step a list":  {archive(t, true, rows, entry{name: "step.npy", data: array(t, []byte{1}, 1)}), "step and rows are not counts"},
		"twice":        {archive(t, true, step, step, rows), `holds two arrays named "step"`},
		"no npy":       {archive(t, true, step, rows, entry{name: "x.npy", data: make([]byte, 200)}), `x: is not a .npy file: it does not begin with \x93NUMPY and a version`},
		"float64":      {archive(t, true, step, rows, entry{name: "x.npy", data: array(t, []float64{1}, 1)}), "x: is of type float64 and shape (1,); want a vector of float32 or uint8, or an int64"},
		"matrix":       {archive(t, true, step, rows, entry{name: "x.npy", data: array(t, []float32{1}, 1, 1)}), "x: is of type float32 and shape (1, 1); want a vector of float32 or uint8, or an int64"},
		"huge promise": {archive(t, true, step, rows, entry{name: "x.npy", data: huge}), "x: announces an array of shape (9999999,) and type float32, but 4 bytes of data follow the header"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parse(c.data)
			wantError(t, err, "", c.want)
		})
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "checkpoint.npz")
	if err := os.WriteFile(path, []byte("PK"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := LoadCheckpoint(path)
	wantError(t, err, dir, "DIR/checkpoint.npz: is not a whole .npz file: zip: not a valid zip file")
}

func TestCheckpointSaveRefuses(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "checkpoint.npz")
	for want, c := range map[string]*Checkpoint{
		`"step" names two arrays`:       {Ints: map[string]int64{"step": 1}},
		`"sha256" names two arrays`:     {Bytes: map[string][]byte{"sha256": nil}},
		`"a" names two arrays`:          {Arrays: map[string][]float32{"a": nil}, Bytes: map[string][]byte{"a": nil}},
		`"a/b" cannot name an array`:    {Arrays: map[string][]float32{"a/b": nil}},
		`"" cannot name an array`:       {Ints: map[string]int64{"": 1}},
		`"a\x00b" cannot name an array`: {Ints: map[string]int64{"a\x00b": 1}},
	} {
		wantError(t, c.Save(path), dir, "DIR/checkpoint.npz: "+want)
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) > 0 {
		t.Errorf("left behind: %v %v", files, err)
	}
}

// FuzzLoadCheckpoint damages archives both blindly and behind a true checksum.
func FuzzLoadCheckpoint(f *testing.F) {
	f.Add(save(f, small()), []byte("x"))
	f.Add(archive(f, true, entry{name: "step.npy", data: array(f, []int64{1})}), array(f, []float32{1, 2}, 2))
	f.Add([]byte("PK\x05\x06"+strings.Repeat("\x00", 18)), array(f, []byte{1}, 1))
	f.Fuzz(func(t *testing.T, data, x []byte) {
		check := func(data []byte) {
			c, err := parse(data)
			if err != nil {
				return
			}
			size := 0
			for _, a := range c.Arrays {
				size += 4 * len(a)
			}
			for _, b := range c.Bytes {
				size += len(b)
			}
			if size > len(data) {
				t.Fatalf("%d bytes of arrays from a file of %d", size, len(data))
			}
		}
		check(data)
		check(archive(t, true,
			entry{name: "rows.npy", data: array(t, []int64{1})},
			entry{name: "step.npy", data: array(t, []int64{1})},
			entry{name: "x.npy", data: x}))
	})
}

func BenchmarkCheckpoint(b *testing.B) {
	c := &Checkpoint{Arrays: map[string][]float32{}}
	for i := range 6 { // two networks with two moments each, of a million parameters
		c.Arrays[fmt.Sprint("array", i)] = make([]float32, 1<<20)
	}
	path := filepath.Join(b.TempDir(), "checkpoint.npz")
	b.Run("save", func(b *testing.B) {
		for range b.N {
			if err := c.Save(path); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("load", func(b *testing.B) {
		for range b.N {
			if _, err := LoadCheckpoint(path); err != nil {
				b.Fatal(err)
			}
		}
	})
}
