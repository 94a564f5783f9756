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

	"github.com/sbinet/npyio/npz"
	"pgregory.net/rapid"
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

// An independent reader of NumPy's format reads every array.
func TestCheckpointIsNumPys(t *testing.T) {
	data := save(t, small())
	z, err := npz.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	if have, want := strings.Join(z.Keys(), " "), "adam_t.npy params_g.npy rng_noise.npy rows.npy step.npy sha256.npy"; have != want {
		t.Errorf("entries %s, want %s", have, want)
	}
	var (
		params []float32
		noise  []uint8
		adamT  int64
	)
	for name, dst := range map[string]any{"params_g.npy": &params, "rng_noise.npy": &noise, "adam_t.npy": &adamT} {
		if err := z.Read(name, dst); err != nil {
			t.Fatal(err)
		}
	}
	want := small()
	if !reflect.DeepEqual(params, want.Arrays["params_g"]) || !bytes.Equal(noise, want.Bytes["rng_noise"]) || adamT != -7 {
		t.Errorf("read %v %v %v", params, noise, adamT)
	}
	if h := z.Header("params_g.npy"); !reflect.DeepEqual(h.Descr.Shape, []int{4}) || h.Descr.Type != "<f4" {
		t.Errorf("params_g is %v", h)
	}
	if h := z.Header("step.npy"); h.Descr.Shape != nil || h.Descr.Type != "<i8" {
		t.Errorf("step is %v", h)
	}
}

// A flipped bit, wherever it is, is noticed or changes no value (a date in the zip's
// tables, say).
func TestCheckpointBitFlips(t *testing.T) {
	data, want := save(t, small()), small()
	for i := range data {
		for bit := range 8 {
			flipped := bytes.Clone(data)
			flipped[i] ^= 1 << bit
			have, err := parseCheckpoint(flipped)
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
		if _, err := parseCheckpoint(data[:n]); err == nil {
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
		add(entry{name: sumEntry, data: npy(t, h.Sum(nil))})
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func npy(t testing.TB, v any) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := writeNpy(&b, v); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestCheckpointRefuses(t *testing.T) {
	step, rows := entry{name: "step.npy", data: npy(t, int64(1))}, entry{name: "rows.npy", data: npy(t, int64(1))}
	huge := bytes.Replace(npy(t, []float32{1}), []byte("(1,), }       "), []byte("(9999999,), } "), 1)
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"empty":        {nil, "zip: not a valid zip file"},
		"no entries":   {archive(t, false), "sha256.npy: shorter than a header"},
		"no checksum":  {archive(t, false, rows, step), "the checksum is not its last entry"},
		"wrong sum":    {archive(t, false, step, entry{name: sumEntry, data: npy(t, make([]byte, 32))}), "its checksum does not match its content"},
		"sum of text":  {archive(t, false, entry{name: sumEntry, data: []byte("abc")}), "sha256.npy: shorter than a header"},
		"compressed":   {archive(t, true, entry{"a.npy", make([]byte, 1000), zip.Deflate}), "a.npy: is compressed"},
		"no step":      {archive(t, true, rows), "step and rows are not counts"},
		"step < 0":     {archive(t, true, rows, entry{name: "step.npy", data: npy(t, int64(-1))}), "step and rows are not counts"},
		"step a list":  {archive(t, true, rows, entry{name: "step.npy", data: npy(t, []byte{1})}), "step and rows are not counts"},
		"twice":        {archive(t, true, step, step, rows), `two entries are called "step.npy"`},
		"no npy":       {archive(t, true, step, rows, entry{name: "x.npy", data: make([]byte, 200)}), "x.npy: not an array of this format (<f4 or |u1 vector, <i8 scalar)"},
		"huge promise": {archive(t, true, step, rows, entry{name: "x.npy", data: huge}), "x.npy: not an array of this format (<f4 or |u1 vector, <i8 scalar)"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parseCheckpoint(c.data)
			wantError(t, err, "", c.want)
		})
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "checkpoint.npz")
	if err := os.WriteFile(path, []byte("PK"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := LoadCheckpoint(path)
	wantError(t, err, dir, "DIR/checkpoint.npz: not a whole checkpoint: zip: not a valid zip file; delete it and run again")
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
	f.Add(archive(f, true, entry{name: "step.npy", data: npy(f, int64(1))}), npy(f, []float32{1, 2}))
	f.Add([]byte("PK\x05\x06"+strings.Repeat("\x00", 18)), npy(f, []byte{1}))
	f.Fuzz(func(t *testing.T, data, array []byte) {
		check := func(data []byte) {
			c, err := parseCheckpoint(data)
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
			entry{name: "rows.npy", data: npy(t, int64(1))},
			entry{name: "step.npy", data: npy(t, int64(1))},
			entry{name: "x.npy", data: array}))
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
