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
	"math"
	"os"
	"path/filepath"
	"testing"

	"fig5/fid/samples"
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
	for row, want := range map[int][3]float32{2: {1, -1, 51/127.5 - 1}, 3: {1, 1, 1}} { // c.png; d.png, whose alpha is dropped
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
		{"none", map[string][]byte{"a.txt": good}, ": 0 image files; a data set has two or more"},
		{"one", map[string][]byte{"a.png": good}, ": 1 image files; a data set has two or more"},
		{"text", map[string][]byte{"a.png": []byte("text"), "b.png": good}, "/a.png: is no PNG, JPEG, WebP, BMP or TIFF file"},
		{"cut", map[string][]byte{"a.png": good, "b.png": good[:len(good)-20]}, "/b.png: is a PNG file that cannot be read (png: invalid format: unexpected EOF); save it anew, as PNG"},
		{"huge", map[string][]byte{"a.png": good, "b.png": huge}, "/b.png: announces 16777216×16777216 pixels; images of 1 to 134217728 are read"},
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

// The two readers of a folder, of training data and of samples for a distance, see the
// same images: behind links, each once, and none that is hidden.
func TestLinkedImages(t *testing.T) {
	dir := t.TempDir()
	shades := map[string]byte{"data/a.png": 10, "data/b/c.png": 20, "other/d.png": 30, "data/.e.png": 40, "data/.f/g.png": 50}
	for name, shade := range shades {
		write(t, filepath.Join(dir, name), encodePNG(t, fill(image.NewGray(image.Rect(0, 0, 2, 2)), color.Gray{shade})))
	}
	for link, to := range map[string]string{"linked": "data", "data/again.png": "a.png", "data/circle": ".", "data/more": "../other", "other/back": "../data/b"} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	want := []float64{10, 20, 30} // a.png, b/c.png, more/d.png
	for _, root := range []string{filepath.Join(dir, "data"), filepath.Join(dir, "linked")} {
		set, err := Open(Source{Name: "images", Path: root, Size: 2})
		if err != nil {
			t.Fatal(err)
		}
		found, err := Check(Source{Name: "images", Path: root, Size: 1})
		if err != nil || set.Len() != len(want) || len(found) != len(want) {
			t.Fatalf("%d images, %d checked, %v; want %d", set.Len(), len(found), err, len(want))
		}
		others, err := samples.Open(root)
		if err != nil || others.N != len(want) {
			t.Fatal(others, err)
		}
		defer others.Close()
		row := make([]float64, others.D)
		for i, shade := range want {
			if _, err := others.Read(row); err != nil {
				t.Fatal(err)
			}
			for j, v := range row {
				if x := float64(set.X[4*i+j]); math.Abs(x-v) > 1e-6 || math.Abs(v-(shade/127.5-1)) > 1e-6 {
					t.Errorf("%s, pixel %d: %g to train on, %g to measure", found[i].Path, j, x, v)
				}
			}
		}
	}
}

func FuzzScaled(f *testing.F) {
	f.Add([]byte("\x89PNG\r\n\x1a\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		head, _, err := image.DecodeConfig(bytes.NewReader(raw))
		if err != nil || head.Width*head.Height > 1<<20 {
			return // slow, not wrong
		}
		img, _, err := samples.Decode(raw)
		if err != nil {
			return
		}
		if p := scaled(img, 3).Pix; len(p) != 4*9 {
			t.Errorf("%d bytes of 3 x 3 pixels", len(p))
		}
	})
}
