package samples

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"fig5/fid/npy"
)

// TestPillow holds Decode to the pixels of Pillow 13.0: those of files in testdata/pillow,
// which testdata/pictures.py made of 2×3 and 19×13 pixels, and those of more sizes by the
// Python that FIG5_PYTHON names.
func TestPillow(t *testing.T) {
	comparePillow(t, "testdata/pillow")
	python := os.Getenv("FIG5_PYTHON")
	if python == "" {
		t.Skip("more sizes: FIG5_PYTHON names no Python with Pillow and numpy")
	}
	dir := filepath.Join(t.TempDir(), "pillow")
	if out, err := exec.Command(python, "testdata/pictures.py", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	comparePillow(t, dir)
}

func comparePillow(t *testing.T, dir string) {
	t.Helper()
	z, err := npy.OpenArchive(filepath.Join(dir, "pixels.npz"))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	paths, warning, err := Images(dir)
	if err != nil || len(paths) != len(z.Keys) || !strings.HasPrefix(warning, "1 of what is in the folder not read: 1 .npz;") {
		t.Fatalf("%d files, %d of Pillow; %q, %v", len(paths), len(z.Keys), warning, err)
	}
	for _, path := range paths {
		a, err := z.Array(filepath.Base(path))
		if err != nil {
			t.Fatal(err)
		}
		want, err := npy.Exact[uint8](a)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		m, _, err := Decode(raw)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if m.Rect.Dx() != a.Shape[1] || m.Rect.Dy() != a.Shape[0] {
			t.Errorf("%s: %v, want %v", path, m.Rect, a.Shape)
			continue
		}
		most := 0
		for i, v := range want {
			d := int(m.Pix[i/3*4+i%3]) - int(v)
			most = max(most, d, -d)
		}
		tol := 0
		if raw[0] == 0xff { // JPEG, whose cosines are rounded by 1 either way: 1 + 1.772 of chroma
			tol = 3
		}
		if most > tol {
			t.Errorf("%s: %d levels off", path, most)
		}
	}
}

// rgb is a small picture whose colours differ in all channels.
func rgb(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range m.Pix {
		m.Pix[i] = byte(37 * i * i)
	}
	return m
}

// What the decoders would read wrong, or not at all, is refused by name.
func TestDecodeRefused(t *testing.T) {
	file := func(name string) []byte {
		b, err := os.ReadFile("testdata/pillow/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	// tag is an 8-bit TIFF file whose first tag is another.
	tag := func(number, value uint16) []byte {
		b := file("L-19x13.tif")
		at := binary.LittleEndian.Uint32(b[4:])
		n := int(binary.LittleEndian.Uint16(b[at:]))
		for i := range n {
			e := b[int(at)+2+12*i:]
			switch binary.LittleEndian.Uint16(e) {
			case number:
				binary.LittleEndian.PutUint16(e[8:], value)
				return b
			case 277: // samples a pixel, which the decoder does not look at
				if i+1 == n || binary.LittleEndian.Uint16(e[12:]) > number {
					binary.LittleEndian.PutUint16(e, number)
					binary.LittleEndian.PutUint16(e[8:], value)
					return b
				}
			}
		}
		t.Fatalf("no room for tag %d", number)
		return nil
	}
	huge := file("lossy-alpha-19x13.webp") // a small canvas, but 16383×16383 pixels
	at := bytes.Index(huge, []byte("\x9d\x01\x2a"))
	copy(huge[at+3:], []byte{0xff, 0x3f, 0xff, 0x3f})
	canvas := file("lossy-alpha-19x13.webp")
	copy(canvas[24:], []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff})
	cmyk := file("cmyk-19x13.jpg")
	at = bytes.Index(cmyk, []byte("\xff\xc0"))
	cmyk[at+11] = 0x22 // the first of four colours has four times the pixels
	gif := []byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;")
	for _, c := range []struct {
		raw  []byte
		want string
	}{
		{gif, "is no PNG, JPEG, WebP, BMP or TIFF file"},
		{nil, "is no PNG, JPEG, WebP, BMP or TIFF file"},
		{huge, "is a WebP file that cannot be read (16383×16383 pixels); save it anew, as PNG"},
		{canvas, "announces 16777216×16777216 pixels; images of 1 to 134217728 are read"},
		{tag(284, 2), "is a TIFF file that cannot be read (its colours lie in planes of their own); save it anew, as PNG"},
		{tag(259, 4), "is a TIFF file that cannot be read (it is compressed as a fax); save it anew, as PNG"},
		{cmyk, "is a JPEG file that cannot be read ("},
	} {
		if _, _, err := Decode(c.raw); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("got %v\nwant %s", err, c.want)
		}
	}
	for _, name := range []string{"rgb-19x13.png", "420-19x13.jpg", "lossy-19x13.webp", "lossless-19x13.webp", "RGB-19x13.bmp", "L-19x13.tif"} {
		raw := file(name)
		if _, _, err := Decode(raw[:len(raw)*2/3]); err == nil {
			t.Errorf("%s: two thirds of it are read", name)
		}
	}
}

// Transparency is what Pillow drops: the colour below it is measured.
func TestAlphaDropped(t *testing.T) {
	m := rgb(5, 4)
	s, x := all(t, folder(t, map[string][]byte{"a.png": encoded(t, "a.png", m), "b.png": encoded(t, "b.png", m)}))
	if s.D != 60 {
		t.Fatalf("%d numbers", s.D)
	}
	for i, v := range x[:60] {
		if want := Bytes.toSigned(float64(m.Pix[i%20*4+i/20])); v != want {
			t.Errorf("channel %d, pixel %d is %g, want %g", i/20, i%20, v, want)
		}
	}
}

// FuzzDecode: whatever the bytes, an error of one line or an opaque image of the size in
// the header.
func FuzzDecode(f *testing.F) {
	paths, _, err := Images("testdata/pillow")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		h, err := head(bytes.NewReader(raw))
		if err == nil && h.size.X*h.size.Y > 1<<20 {
			return // slow, not wrong
		}
		m, _, err := Decode(raw)
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("more than one line: %q", err)
			}
			return
		}
		if m.Rect.Max != h.size {
			t.Fatal(fmt.Sprint(m.Rect, h.size))
		}
		for i := 3; i < len(m.Pix); i += 4 {
			if m.Pix[i] != 255 {
				t.Fatal("transparent")
			}
		}
	})
}
