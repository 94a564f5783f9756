package samples

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"fig5/fid"
	"fig5/fid/npy"
)

// npyFile is a .npy file of float64 or, with descr |u1, of bytes.
func npyFile(descr, shape string, fortran bool, data any) []byte {
	order := "False"
	if fortran {
		order = "True"
	}
	dict := fmt.Sprintf("{'descr': '%s', 'fortran_order': %s, 'shape': %s, }\n", descr, order, shape)
	var b bytes.Buffer
	fmt.Fprintf(&b, "\x93NUMPY\x01\x00%c\x00%s", len(dict), dict)
	binary.Write(&b, binary.LittleEndian, data)
	return b.Bytes()
}

func idxFile(kind byte, dims []uint32, data []byte) []byte {
	b := []byte{0, 0, kind, byte(len(dims))}
	for _, d := range dims {
		b = binary.BigEndian.AppendUint32(b, d)
	}
	return append(b, data...)
}

func gzipped(data []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(data)
	w.Close()
	return b.Bytes()
}

func npzFile(t *testing.T, arrays map[string][]float64) []byte {
	t.Helper()
	var b bytes.Buffer
	w := npy.NewWriter(&b)
	for k, v := range arrays {
		if err := npy.Add(w, k, v, len(v)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func write(t testing.TB, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// all reads a set two rows at a time.
func all(t *testing.T, path string) (*Set, []float64) {
	t.Helper()
	s, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var x []float64
	buffer := make([]float64, 2*s.D+s.D/2)
	for {
		n, err := s.Read(buffer)
		if err == io.EOF {
			return s, x
		}
		if err != nil {
			t.Fatal(err)
		}
		x = append(x, buffer[:n*s.D]...)
	}
}

func TestOpen(t *testing.T) {
	six := []float64{1, 2, 3, 4, 5, 6}
	bytes24 := make([]byte, 24)
	ordinal := make([]float64, 24)
	for i := range ordinal {
		ordinal[i] = float64(i)
		bytes24[i] = byte(i)
	}
	pixels := make([]float64, 24)
	for i := range pixels {
		pixels[i] = float64(i)/127.5 - 1
	}
	idx := idxFile(8, []uint32{4, 2, 3}, bytes24)
	for _, c := range []struct {
		name  string
		data  []byte
		n, d  int
		scale Scale
		want  []float64
	}{
		{"matrix.npy", npyFile("<f8", "(3, 2)", false, six), 3, 2, AsStored, six},
		{"vector.npy", npyFile("<f8", "(6,)", false, six), 6, 1, AsStored, six},
		{"fortran.npy", npyFile("<f8", "(3, 2)", true, []float64{1, 3, 5, 2, 4, 6}), 3, 2, AsStored, six},
		{"images.npy", npyFile("|u1", "(4, 2, 3)", false, bytes24), 4, 6, Bytes, pixels},
		{"rows.npy", npyFile("|u1", "(4, 6)", false, bytes24), 4, 6, Integers, ordinal},
		{"one.npz", npzFile(t, map[string][]float64{"anything": six}), 6, 1, AsStored, six},
		{"samples.npz", npzFile(t, map[string][]float64{"arr_0": {0}, "samples": six, "y": six}), 6, 1, AsStored, six},
		{"arr_0.npz", npzFile(t, map[string][]float64{"arr_0": six, "y": {0}}), 6, 1, AsStored, six},
		{"idx", idx, 4, 6, Bytes, pixels},
		{"idx.gz", gzipped(idx), 4, 6, Bytes, pixels},
	} {
		s, x := all(t, write(t, c.name, c.data))
		if s.N != c.n || s.D != c.d || s.Scale != c.scale || !reflect.DeepEqual(x, c.want) {
			t.Errorf("%s: %d×%d in scale %d: %v", c.name, s.N, s.D, s.Scale, x)
		}
	}
}

func encoded(t *testing.T, name string, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	err := png.Encode(&b, m)
	if strings.HasSuffix(name, "g") && !strings.HasSuffix(name, ".png") {
		b.Reset()
		err = jpeg.Encode(&b, m, &jpeg.Options{Quality: 100})
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func folder(t *testing.T, files map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	for name, data := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestImages(t *testing.T) {
	grey := func(model int) image.Image {
		r := image.Rect(0, 0, 2, 3)
		m8, m16 := image.NewGray(r), image.NewGray16(r)
		for i := range 6 {
			m8.Pix[i] = byte(40 * i)
			m16.SetGray16(i%2, i/2, color.Gray16{Y: uint16(40*i) * 257})
		}
		if model == 16 {
			return m16
		}
		return m8
	}
	want := func(v float64) float64 { return v/127.5 - 1 }

	dir := folder(t, map[string][]byte{
		"a.png": encoded(t, "a.png", grey(8)), "sub/b.PNG": encoded(t, "b.png", grey(16)), "c.jpg": encoded(t, "c.jpg", grey(8)),
		".hidden.png": nil, ".git/x.png": nil, "notes.txt": nil,
	})
	s, x := all(t, dir)
	if len(s.Warnings) != 2 || !strings.HasPrefix(s.Warnings[1], "1 of 3 images are grey in 16 bits") {
		t.Errorf("%q", s.Warnings)
	}
	if s.N != 3 || s.D != 6 || s.Scale != Bytes {
		t.Fatalf("%d×%d", s.N, s.D)
	}
	for i, v := range x {
		tol := 1e-15
		if i/6 == 1 { // c.jpg: rounding of JPEG
			tol = 2 / 127.5
		}
		if math.Abs(v-want(float64(40*(i%6)))) > tol {
			t.Errorf("row %d, pixel %d is %g", i/6, i%6, v)
		}
	}

	colour := image.NewNRGBA(image.Rect(0, 0, 2, 3))
	for i := range 6 {
		colour.Set(i%2, i/2, color.NRGBA{byte(10 * i), byte(20 * i), byte(30 * i), 255})
	}
	colour.Set(0, 0, color.NRGBA{0, 0, 0, 77})
	dir = folder(t, map[string][]byte{"a.png": encoded(t, "a.png", colour), "b.png": encoded(t, "b.png", grey(8))})
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	s, x = all(t, link)
	if s.N != 2 || s.D != 18 {
		t.Fatalf("%d×%d", s.N, s.D)
	}
	for i := range 18 {
		if v := want(float64(10 * (1 + i/6) * (i % 6))); math.Abs(x[i]-v) > 1e-15 {
			t.Errorf("channel %d, pixel %d is %g, want %g", i/6, i%6, x[i], v)
		}
		if v := want(float64(40 * (i % 6))); x[18+i] != v {
			t.Errorf("grey in channel %d, pixel %d is %g, want %g", i/6, i%6, x[18+i], v)
		}
	}
}

// TestStats: the two routes, below and above d samples, and held statistics.
func TestStats(t *testing.T) {
	x := []float64{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048}
	for _, c := range []struct{ n, d int }{{12, 1}, {6, 2}, {4, 3}, {3, 4}, {2, 6}} {
		want, err := fid.OfRows(x, c.n, c.d)
		if err != nil {
			t.Fatal(err)
		}
		m, err := Stats(write(t, "x.npy", npyFile("<f8", fmt.Sprintf("(%d, %d)", c.n, c.d), false, x)))
		if err != nil {
			t.Fatal(err)
		}
		if m.Stats.N != c.n || !reflect.DeepEqual(m.Stats, want) {
			t.Errorf("%d×%d: %v, want %v", c.n, c.d, m.Stats, want)
		}
	}
	m, err := Stats("../testdata/pytorch_fid.npz")
	if err != nil || m.Stats.Dim() != 3 {
		t.Error(m, err)
	}
}

func TestRefused(t *testing.T) {
	eight := make([]byte, 8)
	idx := idxFile(8, []uint32{4, 2, 1}, eight)
	short := gzipped(idxFile(8, []uint32{4, 2, 2}, eight))
	for _, c := range []struct {
		data []byte
		want string
	}{
		{nil, "is empty"},
		{[]byte("hello"), "is no set of samples: want .npy, .npz, IDX (.gz) or a folder of images"},
		{[]byte("\x80\x04\x95"), "looks like a Python pickle, which is not read; save the samples with numpy.save"},
		{[]byte("PK"), "is not a whole .npz file: zip: not a valid zip file"},
		{npyFile("<f8", "()", false, eight), "is a single number; samples have shape (n, d)"},
		{npyFile("<f8", "(0, 3)", false, eight[:0]), "is empty: its shape is (0, 3)"},
		{npyFile("<f8", "(2, 0)", false, eight[:0]), "is empty: its shape is (2, 0)"},
		{npyFile("<f8", "(1, 1)", false, eight), "1 sample; a covariance needs at least two"},
		{npyFile("<f8", "(1, 2)", false, []float64{1, 2}), "1 sample; a covariance needs at least two"},
		{npyFile("<f8", "(2, 1)", false, []float64{1, math.NaN()}), "sample 1, feature 0 is NaN"},
		{npyFile("<f8", "(2, 3)", false, []float64{1, 2, 3, 4, 5, math.Inf(1)}), "sample 1, feature 2 is +Inf"},
		{npyFile("|O", "(2, 1)", false, eight), "holds pickled Python objects (dtype object), which are not read; save a plain array of numbers"},
		{npyFile("|u1", "(536870912, 16385)", false, eight), "announces an array of shape (536870912, 16385) and type uint8, but 8 bytes of data follow the header"},
		{npzFile(t, map[string][]float64{"mu": {1}}), "holds no sigma; statistics have mu and sigma"},
		{npzFile(t, map[string][]float64{"x": {1}, "y": {2}})[:30], "is not a whole .npz file: zip: not a valid zip file"},
		{npzFile(t, nil), "holds 0 arrays (); samples are the only one, or named samples or arr_0"},
		{npzFile(t, map[string][]float64{"x": {1}}), "1 sample; a covariance needs at least two"},
		{idx[:3], "is not an IDX file: it does not begin with two zero bytes, a type and a number of dimensions"},
		{idx[:10], "ends inside its IDX header"},
		{idx[:20], "announces 4×2×1 bytes, which a file of 20 does not hold"},
		{append(idx, 0), "announces 4×2×1 bytes, which a file of 25 does not hold"},
		{idxFile(13, []uint32{2, 1}, eight), "holds IDX elements of type 0x0d; want 0x08, unsigned bytes"},
		{idxFile(8, []uint32{8}, eight), "holds IDX data of one dimension, labels perhaps; want images, n×h×w"},
		{idxFile(8, nil, eight), "holds IDX data of no dimension; want one or more"},
		{idxFile(8, []uint32{2, 0}, nil), "is empty: an IDX dimension is 0"},
		{idxFile(8, []uint32{1 << 31, 1 << 31, 1 << 31}, nil), "announces more IDX elements than any file holds, in 16 bytes"},
		{short, "ends before the elements its IDX header announces"},
		{gzipped(append(idx, 0)), "goes on after the elements its IDX header announces"},
		{gzipped(idx)[:20], "ends inside its IDX header"},
		{gzipped(idxFile(8, []uint32{1 << 20, 28, 28}, eight)), fmt.Sprintf("announces 1048576×28×28 bytes, which a file of %d does not hold", len(gzipped(idxFile(8, []uint32{1 << 20, 28, 28}, eight))))},
		{[]byte("\x1f\x8b\x08"), "is not a whole gzip file: unexpected EOF"},
		{gzipped([]byte("text")), "is not an IDX file: it does not begin with two zero bytes, a type and a number of dimensions"},
	} {
		path := write(t, "x", c.data)
		if _, err := Stats(path); err == nil || err.Error() != path+": "+c.want {
			t.Errorf("%.60q:\n got %v\nwant %s", c.data, err, c.want)
		}
	}
	if _, err := Stats("none"); err == nil || err.Error() != "none: no such file or directory" {
		t.Error(err)
	}
	if _, err := Stats(os.DevNull); err == nil || err.Error() != os.DevNull+": is not a regular file; its size must be known before it is read" {
		t.Error(err)
	}
	bad := gzipped(idx)
	bad[len(bad)-6]++ // the checksum
	if _, err := Stats(write(t, "x", bad)); err == nil || !strings.HasSuffix(err.Error(), ": cannot be read: gzip: invalid checksum") {
		t.Error(err)
	}
	s, err := Open(write(t, "x", idx))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Read(make([]float64, 1)); err == nil || !strings.HasSuffix(err.Error(), ": a row has 2 numbers, there is room for 1") {
		t.Error(err)
	}
}

func TestImagesRefused(t *testing.T) {
	small := encoded(t, "a.png", image.NewGray(image.Rect(0, 0, 2, 2)))
	large := encoded(t, "a.png", image.NewGray(image.Rect(0, 0, 3, 2)))
	bomb := append([]byte(nil), small...)
	copy(bomb[16:], []byte{0, 1, 0, 0, 0, 1, 0, 0}) // width and height in IHDR, whose checksum is then wrong
	for _, c := range []struct {
		files map[string][]byte
		want  string
	}{
		{map[string][]byte{"x.txt": nil}, ": is a folder without .png, .jpg, .jpeg, .webp, .bmp, .tif or .tiff files"},
		{map[string][]byte{"a.png": small, "b.png": large}, "/b.png: has 3×2 pixels, but DIR/a.png has 2×2; bring all images to one size"},
		{map[string][]byte{"a.png": small, "b.png": []byte("hello")}, "/b.png: is no PNG, JPEG, WebP, BMP or TIFF file"},
		{map[string][]byte{"a.png": small, "b.png": small[:40]}, "/b.png: is a PNG file that cannot be read (unexpected EOF); save it anew, as PNG"},
		{map[string][]byte{"a.png": bomb}, "/a.png: is a PNG file that cannot be read (png: invalid format: invalid checksum); save it anew, as PNG"},
		{map[string][]byte{"a.png": small}, ": 1 sample; a covariance needs at least two"},
	} {
		dir := folder(t, c.files)
		if _, err := Stats(dir); err == nil || strings.ReplaceAll(err.Error(), dir, "DIR") != "DIR"+c.want {
			t.Errorf("got %v\nwant DIR%s", err, c.want)
		}
	}
}
