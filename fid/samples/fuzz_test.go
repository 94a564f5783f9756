package samples

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzSniff: whatever the bytes, an error or exactly N rows of finite length.
func FuzzSniff(f *testing.F) {
	idx := idxFile(8, []uint32{4, 2, 1}, make([]byte, 8))
	f.Add(idx)
	f.Add(gzipped(idx))
	f.Add(npyFile("<f8", "(3, 2)", true, make([]float64, 6)))
	f.Add(npyFile("|u1", "(2, 2, 2, 3)", false, make([]byte, 24)))
	for _, name := range []string{"deflated", "stored"} {
		data, err := os.ReadFile("../npy/testdata/" + name + ".npz")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := sniff(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		if s.N < 1 || s.D < 1 || s.N > 1032*(len(data)+1)/s.D {
			t.Fatalf("%d×%d from %d bytes", s.N, s.D, len(data))
		}
		rows := 0
		for x := make([]float64, 2*s.D); ; {
			n, err := s.Read(x)
			if rows += n; err != nil {
				if err == io.EOF && rows != s.N {
					t.Fatalf("%d rows of %d", rows, s.N)
				}
				return
			}
		}
	})
}

// FuzzIDX: whatever the bytes, an error or the announced elements; those of a plain file
// are all that follows its header.
func FuzzIDX(f *testing.F) {
	idx := idxFile(8, []uint32{4, 2, 1}, make([]byte, 8))
	f.Add(idx)
	f.Add(gzipped(idx))
	f.Add(idxFile(8, []uint32{3}, []byte{1, 2, 3}))
	f.Add(idxFile(8, []uint32{1 << 31, 1 << 31, 4}, nil))
	f.Add([]byte{0x1f, 0x8b, 8, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		x, err := NewIDX(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("more than one line: %q", err)
			}
			return
		}
		values, err := x.All()
		n := 1
		for _, d := range x.Dims {
			n *= d
		}
		switch plain := bytes.HasPrefix(data, []byte{0, 0}); {
		case err == nil && len(values) != n:
			t.Errorf("%v: %d values", x.Dims, len(values))
		case plain && !bytes.Equal(append(x.Header, values...), data):
			t.Error("written again, it is another file:", err)
		}
	})
}

// FuzzImage: whatever an image file holds, an error or its rows.
func FuzzImage(f *testing.F) {
	m := image.NewGray(image.Rect(0, 0, 3, 2))
	var a, b bytes.Buffer
	png.Encode(&a, m)
	jpeg.Encode(&b, m, nil)
	f.Add(a.Bytes())
	f.Add(b.Bytes())
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte) {
		sub, err := os.MkdirTemp(dir, "")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(sub)
		if err := os.WriteFile(filepath.Join(sub, "x.png"), data, 0o644); err != nil {
			t.Fatal(err)
		}
		s, err := Open(sub)
		if err != nil || s.D > 1<<20 {
			return
		}
		x := make([]float64, s.D)
		if _, err := s.Read(x); err != nil {
			return
		}
		for _, v := range x {
			if !(v >= -1 && v <= 1) {
				t.Fatalf("pixel %g", v)
			}
		}
	})
}
