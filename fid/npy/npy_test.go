package npy

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// TestNumPy reads what NumPy wrote.
func TestNumPy(t *testing.T) {
	want := make([]float64, 6)
	for i := range 3 {
		for j := range 2 {
			want[2*i+j] = float64(i*j) - 1.5*float64(j) + 0.25*float64(i)
		}
	}
	files, err := filepath.Glob("testdata/a_*.npy")
	if err != nil || len(files) != 16 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, f := range append(files, "testdata/version2.npy", "testdata/version3.npy") {
		a, x := readFile(t, f)
		if !reflect.DeepEqual(a.Shape, []int{3, 2}) {
			t.Errorf("%s: shape %v", f, a.Shape)
		}
		for i, v := range want {
			switch {
			case strings.HasPrefix(a.Type, "uint"):
				v = math.Trunc(math.Abs(v))
			case strings.HasPrefix(a.Type, "int"):
				v = math.Trunc(v)
			case a.Type == "bool" && v != 0:
				v = 1
			}
			if x[i] != v {
				t.Errorf("%s: element %d is %g, want %g", f, i, x[i], v)
			}
		}
	}
	_, x := readFile(t, "testdata/cube_fortran.npy")
	for i, v := range x {
		if v != float64(i) {
			t.Errorf("cube_fortran.npy: element %d is %g", i, v)
		}
	}
	third := 1365.0 / 4096 // 1/3 in eleven bits
	for i, v := range []float64{0, math.Copysign(0, -1), 0x1p-24, -1023 * 0x1p-24, 0x1p-14, third, 65504, math.Inf(1), math.Inf(-1)} {
		if _, x := readFile(t, "testdata/half.npy"); math.Float64bits(x[i]) != math.Float64bits(v) {
			t.Errorf("half.npy: element %d is %g, want %g", i, x[i], v)
		}
	}
	if a, x := readFile(t, "testdata/scalar.npy"); len(a.Shape) != 0 || x[0] != 2.5 {
		t.Errorf("scalar.npy: %v %v", a.Shape, x)
	}
	if a, x := readFile(t, "testdata/empty.npy"); !reflect.DeepEqual(a.Shape, []int{0, 3}) || len(x) != 0 {
		t.Errorf("empty.npy: %v %v", a.Shape, x)
	}
	for _, f := range []string{"testdata/stored.npz", "testdata/deflated.npz"} {
		z, err := OpenArchive(f)
		if err != nil {
			t.Fatal(err)
		}
		for key, want := range map[string][]float64{"mu": {0, -1.5}, "sigma": {1, 0, 0, 1}} {
			a, err := z.Array(key)
			if err != nil {
				t.Fatal(err)
			}
			if x, err := a.All(); err != nil || !reflect.DeepEqual(x, want) {
				t.Errorf("%s: %s is %v, %v", f, key, x, err)
			}
		}
		if err := z.Close(); err != nil {
			t.Error(err)
		}
	}
}

func readFile(t *testing.T, name string) (*Array, []float64) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	a, err := NewArray(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	x, err := a.All()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return a, x
}

// TestWrite: what NumPy wrote is written again to the byte, and read back to the bit.
func TestWrite(t *testing.T) {
	odd := math.Float32frombits(0x7fa00001) // a signalling NaN: no conversion keeps it
	for name, c := range map[string]struct {
		write func(w io.Writer) error
		back  func(a *Array) (any, error)
		want  any
	}{
		"a_le_f4": {again[float32]("a_le_f4", 3, 2), back[float32], nil},
		"a_le_f8": {again[float64]("a_le_f8", 3, 2), back[float64], nil},
		"a_le_i8": {again[int64]("a_le_i8", 3, 2), back[int64], nil},
		"a_u1":    {again[uint8]("a_u1", 3, 2), back[uint8], nil},
		"scalar":  {again[float64]("scalar"), back[float64], nil},
		"empty":   {again[float64]("empty", 0, 3), back[float64], nil},
		"nan":     {func(w io.Writer) error { return Write(w, []float32{odd, 1}, 2) }, back[float32], []float32{odd, 1}},
		"int32":   {func(w io.Writer) error { return Write(w, []int32{-1, 1 << 30}, 1, 2) }, back[int32], []int32{-1, 1 << 30}},
	} {
		var b bytes.Buffer
		if err := c.write(&b); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if want, err := os.ReadFile("testdata/" + name + ".npy"); err == nil && !bytes.Equal(b.Bytes(), want) {
			t.Errorf("%s:\n got %q\nwant %q", name, b.Bytes(), want)
		}
		a, err := NewArray(&b, int64(b.Len()))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		x, err := c.back(a)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if c.want != nil && fmt.Sprintf("%x", bits(x)) != fmt.Sprintf("%x", bits(c.want)) {
			t.Errorf("%s: got %v", name, x)
		}
	}
	if err := Write(io.Discard, []float32{1, 2, 3}, 2, 2); err == nil || err.Error() != "3 numbers are not an array of shape (2, 2)" {
		t.Error(err)
	}
	a, _ := NewArray(bytes.NewReader(file("<f8", "(1,)", make([]byte, 8))), int64(len(file("<f8", "(1,)", make([]byte, 8)))))
	if _, err := Exact[float32](a); err == nil || err.Error() != "holds elements of type float64; want float32" {
		t.Error(err)
	}
}

// again writes what is in a file of testdata.
func again[T Element](name string, shape ...int) func(io.Writer) error {
	return func(w io.Writer) error {
		data, err := os.ReadFile("testdata/" + name + ".npy")
		if err != nil {
			return err
		}
		a, err := NewArray(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return err
		}
		x, err := Exact[T](a)
		if err != nil {
			return err
		}
		return Write(w, x, shape...)
	}
}

func back[T Element](a *Array) (any, error) { return Exact[T](a) }

// bits are the bytes of a slice of numbers.
func bits(x any) []byte {
	b, _ := binary.Append(nil, binary.BigEndian, x)
	return b
}

// TestPieces reads an array in pieces and then its end.
func TestPieces(t *testing.T) {
	data := file("<f4", "(5, 2)", make([]byte, 40))
	a, err := NewArray(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var got []int
	for {
		n, err := a.Read(make([]float64, 4))
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, n)
	}
	if !reflect.DeepEqual(got, []int{4, 4, 2}) {
		t.Error(got)
	}
}

// file is a .npy file of version 1.
func file(descr, shape string, data []byte) []byte {
	return raw(fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': %s, }\n", descr, shape), data)
}

func raw(dict string, data []byte) []byte {
	b := append([]byte("\x93NUMPY\x01\x00"), 0, 0)
	binary.LittleEndian.PutUint16(b[8:], uint16(len(dict)))
	return append(append(b, dict...), data...)
}

func TestRefused(t *testing.T) {
	eight := make([]byte, 8)
	object, err := os.ReadFile("testdata/object.npy")
	if err != nil {
		t.Fatal(err)
	}
	complex, _ := os.ReadFile("testdata/complex.npy")
	text, _ := os.ReadFile("testdata/text.npy")
	structure, _ := os.ReadFile("testdata/struct.npy")
	for _, c := range []struct {
		data []byte
		want string
	}{
		{nil, `is not a .npy file: it does not begin with \x93NUMPY and a version`},
		{[]byte("\x93NUMPX\x01\x00\x00\x00"), `is not a .npy file: it does not begin with \x93NUMPY and a version`},
		{[]byte("\x93NUMPY\x04\x00\x00\x00"), "has .npy format version 4, which is unknown (want 1, 2 or 3)"},
		{[]byte("\x93NUMPY\x01\x00\xff\x00{"), "announces a .npy header of 255 bytes, in 11 bytes"},
		{[]byte("\x93NUMPY\x02\x00\xff\xff\xff\xff{"), "announces a .npy header of 4294967295 bytes, in 13 bytes"},
		{[]byte("\x93NUMPY\x02\x00\xff"), `is not a .npy file: it does not begin with \x93NUMPY and a version`},
		{[]byte("\x93NUMPY\x02\x00\xff\xff"), "ends inside its .npy header"},
		{raw("", nil), `has a malformed .npy header: no "{" at ""`},
		{raw("{'descr': '<f8'", nil), `has a malformed .npy header: no comma at ""`},
		{raw("{'descr': '<f8', 'descr': '<f8', }", nil), `has a malformed .npy header: key "descr" twice`},
		{raw("{'descr': '<f8', 'shape': (1,), }", eight), `has a malformed .npy header: no key "fortran_order"`},
		{raw("{'descr': '<f8', 'fortran_order': 0, 'shape': (1,), }", eight), `has a malformed .npy header: no "False" at "0, 'shape': (1,), }"`},
		{raw("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'x': 1}", eight), `has a malformed .npy header: unknown key "x"`},
		{raw("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), } x", eight), `has a malformed .npy header: text after the dictionary: "x"`},
		{raw("{'descr': '<f8, 'fortran_order': False, 'shape': (1,), }", eight), `has a malformed .npy header: no comma at "fortran_order': Fals..."`},
		{raw("{'descr': '<f8", eight), `has a malformed .npy header: no end of the text "<f8"`},
		{file("<f8", "(-1,)", eight), `has a malformed .npy header: no dimension at "-1,), }\n"`},
		{file("<f8", "(1 1)", eight), `has a malformed .npy header: no comma in the shape at "1), }\n"`},
		{file("<f8", "(1)", eight), `has a malformed .npy header: no comma in the shape at "), }\n"`},
		{file("<f8", "(99999999999999999999,)", eight), `has a malformed .npy header: no dimension at "99999999999999999999..."`},
		{file("<f8", "(2,)", eight), "announces an array of shape (2,) and type float64, but 8 bytes of data follow the header"},
		{file("<f8", "()", append(eight, 0)), "announces an array of shape () and type float64, but 9 bytes of data follow the header"},
		{file("<f8", "(4294967296, 4294967296)", eight), "announces an array of shape (4294967296, 4294967296) and type float64, but 8 bytes of data follow the header"},
		{file("<f8", "(2305843009213693953,)", eight), "announces an array of shape (2305843009213693953,) and type float64, but 8 bytes of data follow the header"},
		{file("f8", "(1,)", eight), `has a malformed .npy header: type "f8"`},
		{file("|f8", "(1,)", eight), `holds elements of type "|f8"; want float16, float32, float64, an integer type or bool`},
		{file("<f16", "(1,)", append(eight, eight...)), `holds elements of type "<f16"; want float16, float32, float64, an integer type or bool`},
		{object, "holds pickled Python objects (dtype object), which are not read; save a plain array of numbers"},
		{complex, `holds elements of type "<c16"; want float16, float32, float64, an integer type or bool`},
		{text, `holds elements of type "<U2"; want float16, float32, float64, an integer type or bool`},
		{structure, "holds a structured array; save a plain array of numbers"},
	} {
		_, err := NewArray(bytes.NewReader(c.data), int64(len(c.data)))
		if err == nil || err.Error() != c.want {
			t.Errorf("%.90q:\n got %v\nwant %s", c.data, err, c.want)
		}
	}
}

// zipped is a .npz whose one member is written as told, whatever is true.
func zipped(t *testing.T, h zip.FileHeader, content []byte) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	h.Name = "x.npy"
	m, err := w.CreateRaw(&h)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestArchiveRefused(t *testing.T) {
	good := file("<f8", "(1,)", make([]byte, 8))
	n := uint64(len(good))
	sum := crc32.ChecksumIEEE(good)
	var twice bytes.Buffer
	w := zip.NewWriter(&twice)
	for range 2 {
		if _, err := w.Create("x.npy"); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	huge := file("<f8", "(134217728,)", nil)
	for _, c := range []struct {
		name string
		data []byte
		want string
	}{
		{"not a zip", []byte("PK\x03\x04"), "is not a whole .npz file: zip: not a valid zip file"},
		{"twice", twice.Bytes(), `holds two arrays named "x"`},
		{"checksum", zipped(t, zip.FileHeader{CRC32: sum + 1, CompressedSize64: n, UncompressedSize64: n}, good), "cannot be read: zip: checksum error"},
		{"stored size", zipped(t, zip.FileHeader{CRC32: sum, CompressedSize64: n, UncompressedSize64: n + 8}, good), `announces 84 bytes of "x" in a file of `},
		{"beyond the file", zipped(t, zip.FileHeader{CRC32: sum, CompressedSize64: 1 << 40, UncompressedSize64: 1 << 40}, good), `announces 1099511627776 bytes of "x" in a file of `},
		{"bomb", zipped(t, zip.FileHeader{Method: zip.Deflate, CompressedSize64: 90, UncompressedSize64: uint64(len(huge)) + 1<<30}, huge), `announces 1073741900 bytes of "x" in a file of `},
	} {
		z, err := NewArchive(bytes.NewReader(c.data), int64(len(c.data)))
		if err == nil {
			var a *Array
			if a, err = z.Array("x"); err == nil {
				_, err = a.All()
			}
		}
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s:\n got %v\nwant %s", c.name, err, c.want)
		}
	}
	if _, err := OpenArchive("testdata/none.npz"); err == nil {
		t.Error("a missing file was opened")
	}
	z, err := OpenArchive("testdata/stored.npz")
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	if _, err := z.Array("x"); err == nil || err.Error() != `holds no array "x"` {
		t.Error(err)
	}
}

func TestSave(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.npz")
	many := make([]float32, 3*piece+1)
	for i := range many {
		many[i] = float32(i) / 3
	}
	save := func() []byte {
		t.Helper()
		err := Save(path, func(w *Writer) error {
			if err := Add(w, "many", many, len(many)); err != nil {
				return err
			}
			return Add(w, "n", []int64{-7})
		})
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	first := save()
	if !bytes.Equal(save(), first) {
		t.Error("saved again, the bytes differ")
	}
	z, err := OpenArchive(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	a, err := z.Array("many")
	if err != nil {
		t.Fatal(err)
	}
	if x, err := Exact[float32](a); err != nil || !reflect.DeepEqual(x, many) {
		t.Errorf("%d numbers, %v", len(x), err)
	}
	if a, err = z.Array("n"); err != nil {
		t.Fatal(err)
	}
	if x, err := a.All(); err != nil || !reflect.DeepEqual(x, []float64{-7}) {
		t.Error(x, err)
	}
	bad := errors.New("is odd")
	if err := Save(path, func(*Writer) error { return bad }); err == nil || err.Error() != path+": is odd" {
		t.Error(err)
	}
	if b, err := os.ReadFile(path); err != nil || !bytes.Equal(b, first) {
		t.Error("the old file is gone:", err)
	}
	below := filepath.Join(path, "no")
	if err := Save(below, func(*Writer) error { return nil }); err == nil || err.Error() != below+": not a directory" {
		t.Error(err)
	}
}

// FuzzArray: whatever the bytes, an error or exactly the announced numbers, and
// no more memory than the file's own size asks for.
func FuzzArray(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.npy")
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add(file("<f8", "(2, 2L)", make([]byte, 32)))
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := NewArray(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		x, err := a.All()
		if err != nil {
			t.Fatalf("sizes were accepted, then: %v", err)
		}
		if len(x) != a.Len() || len(x) > len(data) {
			t.Fatalf("%d numbers of %d from %d bytes", len(x), a.Len(), len(data))
		}
	})
}

func FuzzArchive(f *testing.F) {
	for _, name := range []string{"testdata/stored.npz", "testdata/deflated.npz"} {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		z, err := NewArchive(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		for _, key := range z.Keys {
			a, err := z.Array(key)
			if err != nil {
				continue
			}
			if a.Len() > maxInflation*(len(data)+1) {
				t.Fatalf("%d numbers from %d bytes", a.Len(), len(data))
			}
			a.All() // must not panic; an error is an answer
		}
	})
}
