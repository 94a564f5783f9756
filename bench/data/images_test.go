package data

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"path/filepath"
	"testing"
)

func encodePNG(t *testing.T, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// fill is an image of one colour.
func fill(img interface {
	image.Image
	Set(x, y int, c color.Color)
}, c color.Color) image.Image {
	b := img.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			img.Set(x, y, c)
		}
	}
	return img
}

func TestImages(t *testing.T) {
	dir := t.TempDir()
	grey := image.NewGray(image.Rect(0, 0, 4, 4))
	for i := range grey.Pix {
		grey.Pix[i] = byte(17 * i)
	}
	write(t, filepath.Join(dir, "b", "one.png"), encodePNG(t, grey))
	// 8 x 6, its left and right columns outside the middle square.
	wide := image.NewGray(image.Rect(0, 0, 8, 6))
	for i := range wide.Pix {
		wide.Pix[i] = 100
		if i%8 == 0 || i%8 == 7 {
			wide.Pix[i] = 255
		}
	}
	write(t, filepath.Join(dir, "a.PNG"), encodePNG(t, wide))
	write(t, filepath.Join(dir, "notes.txt"), []byte("not an image"))

	set, err := Open(Source{Name: "images", Path: dir, Size: 4})
	if err != nil {
		t.Fatal(err)
	}
	if set.Len() != 2 || set.Dim != 16 {
		t.Fatalf("%d grey images of dimension %d", set.Len(), set.Dim)
	}
	for j := range 16 {
		if got, want := set.X[j], float32(100)/127.5-1; got != want { // a.PNG comes before b/one.png
			t.Errorf("a.PNG, value %d: %g, want %g", j, got, want)
		}
		if got, want := set.X[16+j], float32(17*j)/127.5-1; got != want {
			t.Errorf("one.png, value %d: %g, want %g", j, got, want)
		}
	}

	// One colour image makes all of them three channels, one after another.
	write(t, filepath.Join(dir, "c.png"), encodePNG(t, fill(image.NewNRGBA(image.Rect(0, 0, 5, 5)), color.NRGBA{255, 0, 51, 255})))
	write(t, filepath.Join(dir, "d.png"), encodePNG(t, fill(image.NewNRGBA(image.Rect(0, 0, 5, 5)), color.NRGBA{255, 255, 255, 0})))
	var jpg bytes.Buffer
	if err := jpeg.Encode(&jpg, fill(image.NewRGBA(image.Rect(0, 0, 16, 16)), color.RGBA{128, 128, 128, 255}), nil); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "e.jpeg"), jpg.Bytes())
	set, err = Open(Source{Name: "images", Path: dir, Size: 2})
	if err != nil {
		t.Fatal(err)
	}
	if set.Len() != 5 || set.Dim != 12 {
		t.Fatalf("%d colour images of dimension %d", set.Len(), set.Dim)
	}
	inBox(t, set)
	for row, want := range map[int][3]float32{2: {1, -1, 51/127.5 - 1}, 3: {-1, -1, -1}} { // c.png; d.png, transparent
		for j := range 12 {
			if got := set.X[12*row+j]; got-want[j/4] > 1e-6 || want[j/4]-got > 1e-6 {
				t.Errorf("image %d, value %d: %g, want %g", row, j, got, want[j/4])
			}
		}
	}
	files, err := Check(Source{Name: "images", Path: dir, Size: 2})
	if err != nil || len(files) != 5 || files[0].Holds != "8 x 6" || files[0].By != "none" {
		t.Errorf("%+v, %v", files, err)
	}
}

func TestBadImages(t *testing.T) {
	good := encodePNG(t, image.NewGray(image.Rect(0, 0, 3, 3)))
	huge := bytes.Clone(good)
	copy(huge[16:24], []byte{0x01, 0, 0, 0, 0x01, 0, 0, 0}) // IHDR: width and height 2^24
	binary.BigEndian.PutUint32(huge[29:33], crc32.ChecksumIEEE(huge[12:29]))
	for _, c := range []struct {
		name  string
		files map[string][]byte
		want  string // after the folder's path
	}{
		{"none", map[string][]byte{"a.txt": good}, ": 0 PNG or JPEG files; a data set has two or more"},
		{"one", map[string][]byte{"a.png": good}, ": 1 PNG or JPEG files; a data set has two or more"},
		{"text", map[string][]byte{"a.png": []byte("text"), "b.png": good}, "/a.png: not a readable image (image: unknown format)"},
		{"cut", map[string][]byte{"a.png": good, "b.png": good[:len(good)-20]}, "/b.png: not a readable image (png: invalid format: unexpected EOF)"},
		{"huge", map[string][]byte{"a.png": good, "b.png": huge}, "/b.png: 16777216 x 16777216 pixels: 1 to 134217728 are read"},
		{"sums", map[string][]byte{"a.png": good, "b.png": good, "SHA256SUMS": fmt.Appendf(nil, "%s  a.png\n", sumOf(good))}, "/b.png: not listed in SHA256SUMS beside it"},
		{"changed", map[string][]byte{"a.png": good, "b.png": good, "SHA256SUMS": fmt.Appendf(nil, "%064d  a.png\n", 0)}, fmt.Sprintf("/a.png: sha256 %.12s... is not the 000000000000... of SHA256SUMS; fetch it again", sumOf(good))},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			for name, b := range c.files {
				write(t, filepath.Join(dir, name), b)
			}
			_, err := Open(Source{Name: "images", Path: dir, Size: 2})
			if want := dir + c.want; err == nil || err.Error() != want {
				t.Errorf("%v\nwant %s", err, want)
			}
		})
	}
	if _, err := Open(Source{Name: "images", Path: "nosuch", Size: 2}); err == nil || err.Error() != "nosuch: no such file or directory" {
		t.Errorf("%v", err)
	}
}

func FuzzScaled(f *testing.F) {
	f.Add([]byte("\x89PNG\r\n\x1a\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		head, _, err := image.DecodeConfig(bytes.NewReader(raw))
		if err == nil && head.Width*head.Height > 1<<20 {
			return // slow, not wrong
		}
		if p, _, err := scaled(raw, 3); err == nil && len(p.pix) != 4*9 {
			t.Errorf("%d bytes of 3 x 3 pixels", len(p.pix))
		}
	})
}
