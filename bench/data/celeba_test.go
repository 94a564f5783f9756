package data

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// aligned writes n images of 9 x 11 pixels with noise in them, of files that never change.
func aligned(t *testing.T, n int) (dir string, images []*image.NRGBA) {
	dir = t.TempDir()
	random := rand.New(rand.NewPCG(1, 1))
	for i := range n {
		img := image.NewNRGBA(image.Rect(0, 0, 9, 11))
		for j := range img.Pix {
			img.Pix[j] = byte(random.Uint32())
			if j%4 == 3 {
				img.Pix[j] = 255
			}
		}
		path := filepath.Join(dir, "img_align_celeba", fmt.Sprintf("%06d.png", i+1))
		write(t, path, encodePNG(t, img))
		images = append(images, img)
	}
	return dir, images
}

// Every pixel is the mean of what it covers: of 7 x 7 in the middle of 9 x 11, brought to
// 3 x 3, with parts of pixels at the edges, in float64.
func TestCelebA(t *testing.T) {
	dir, images := aligned(t, 5)
	c := Source{Name: "celeba", Path: dir, Size: 3, Crop: 7}
	set, err := Open(c)
	if err != nil {
		t.Fatal(err)
	}
	if set.Len() != 5 || set.Dim != 27 || set.Name != "celeba" {
		t.Fatalf("%d images of %d numbers", set.Len(), set.Dim)
	}
	row := make([]float32, 2*27)
	set.Gather(row, []int32{4, 1})
	for at, img := range []*image.NRGBA{images[4], images[1]} {
		for i := range 27 {
			plane, y, x := i/9, i/3%3, i%3
			sum, step := 0.0, 7/3.0
			for v := range 7 {
				for u := range 7 {
					high := min(float64(v+1), step*float64(y+1)) - max(float64(v), step*float64(y))
					wide := min(float64(u+1), step*float64(x+1)) - max(float64(u), step*float64(x))
					if high > 0 && wide > 0 {
						sum += high * wide * float64(img.Pix[img.PixOffset(1+u, 2+v)+plane])
					}
				}
			}
			want := sum/step/step/127.5 - 1
			if off := float64(row[27*at+i]) - want; off > .501/127.5 || off < -.501/127.5 {
				t.Errorf("image %d, number %d is %g, want %g", at, i, row[27*at+i], want)
			}
		}
	}
	rows := make([]float32, 2*27)
	set.Fill(rows, 3)
	if rows[27] != row[0] {
		t.Error("Fill and Gather differ")
	}

	// The second time the images are not decoded: with the same names, sizes and dates
	// nobody sees that they are others.
	first := filepath.Join(dir, "img_align_celeba", "000001.png")
	info, err := os.Stat(first)
	if err != nil {
		t.Fatal(err)
	}
	write(t, first, bytes.Repeat([]byte("x"), int(info.Size())))
	if err := os.Chtimes(first, time.Time{}, info.ModTime()); err != nil {
		t.Fatal(err)
	}
	again, err := Open(c)
	if err != nil || again.Sum != set.Sum || !bytes.Equal(again.Pixels, set.Pixels) {
		t.Errorf("read again: %v", err)
	}
	// With another date it is decoded, found damaged and passed over.
	if err := os.Chtimes(first, time.Time{}, info.ModTime().Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		found, err := Check(c)
		if err != nil || len(found) != 2 || found[0].Holds != "4 x 3 x 3 x 3" || found[1].Path != first || !strings.Contains(found[1].Holds, "is no PNG, ") {
			t.Errorf("%+v, %v", found, err)
		}
	}
	if set, err = Open(c); err != nil || set.Len() != 4 {
		t.Errorf("%v", err)
	}
	// Another size is another file.
	c.Size = 2
	if set, err = Open(c); err != nil || set.Len() != 4 || set.Dim != 12 {
		t.Errorf("%v", err)
	}
}

// JPEG, as CelebA's files are, and grey: of one colour all over stays so.
func TestCelebAJPEG(t *testing.T) {
	dir := t.TempDir()
	for name, img := range map[string]image.Image{
		"a.jpg": fill(image.NewRGBA(image.Rect(0, 0, 178, 218)), color.RGBA{200, 100, 50, 255}),
		"b.jpg": fill(image.NewGray(image.Rect(0, 0, 178, 218)), color.Gray{80}),
	} {
		var b bytes.Buffer
		if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 95}); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, name), b.Bytes())
	}
	set, err := Open(Source{Name: "celeba", Path: dir, Size: 64, Crop: 108})
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range set.Pixels {
		want := []int{200, 100, 50, 80, 80, 80}[i/4096]
		if d := int(v) - want; d < -2 || d > 2 {
			t.Fatalf("number %d is %d, want %d", i, v, want)
		}
	}
}

func TestBadCelebA(t *testing.T) {
	of := func(dir string) Source { return Source{Name: "celeba", Path: dir, Size: 3, Crop: 7} }
	const advice = "; data.path (--path of `fig5 data check`) is the folder of CelebA's aligned images (docs/config.md says how to get them)"
	for _, c := range []struct {
		name string
		do   func(t *testing.T, dir string)
		want string // after the folder's path
	}{
		{"nothing", func(t *testing.T, dir string) { os.RemoveAll(filepath.Join(dir, "img_align_celeba")) }, ": 0 image files" + advice},
		{"two damaged", func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, "a.png"), []byte("no"))
			write(t, filepath.Join(dir, "b.png"), []byte("no"))
		}, ": 2 of 7 images are not read, more than 1: the first is a.png: is no PNG, JPEG, WebP, BMP or TIFF file"},
		{"all too small", func(t *testing.T, dir string) {
			for i := range 5 {
				write(t, filepath.Join(dir, "img_align_celeba", fmt.Sprintf("%06d.png", i+1)), encodePNG(t, image.NewGray(image.Rect(0, 0, 9, 6))))
			}
		}, ": 5 of 5 images are not read, more than 1: the first is img_align_celeba/000001.png: has 9 x 6 pixels, fewer than data.crop: 7"},
		{"cut", kept(func(b []byte) []byte { return b[:len(b)-1] }), "/fig5-crop7-size3.pixels: holds 134 bytes of pixels, not 5 images; delete it, and it is made again"},
		{"long", kept(func(b []byte) []byte { return append(b, make([]byte, 27)...) }), "/fig5-crop7-size3.pixels: holds 162 bytes of pixels, not 5 images; delete it, and it is made again"},
		{"changed", kept(func(b []byte) []byte { b[len(b)-50] ^= 1; return b }), "/fig5-crop7-size3.pixels: is damaged: its sha256 is another; delete it, and it is made again"},
		{"empty", kept(func(b []byte) []byte { return nil }), "/fig5-crop7-size3.pixels: is not what its name says; delete it, and it is made again"},
		{"other", kept(func(b []byte) []byte { return bytes.Replace(b, []byte(`"crop":7`), []byte(`"crop":8`), 1) }), "/fig5-crop7-size3.pixels: is not what its name says; delete it, and it is made again"},
		{"huge", kept(func(b []byte) []byte {
			return bytes.Replace(b, []byte(`"images":5`), []byte(`"images":5000000000000`), 1)
		}), "/fig5-crop7-size3.pixels: holds 135 bytes of pixels, not 5000000000000 images; delete it, and it is made again"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir, _ := aligned(t, 5)
			c.do(t, dir)
			if _, err := Open(of(dir)); err == nil || err.Error() != dir+c.want {
				t.Errorf("%v\nwant %s", err, dir+c.want)
			}
		})
	}
	if _, err := Open(of("nosuch")); err == nil || err.Error() != "nosuch: no such folder"+advice {
		t.Errorf("%v", err)
	}
}

// kept changes the file that the images are kept in.
func kept(change func([]byte) []byte) func(t *testing.T, dir string) {
	return func(t *testing.T, dir string) {
		c := Source{Name: "celeba", Path: dir, Size: 3, Crop: 7}
		if _, err := Open(c); err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(packed{}.path(c))
		if err != nil {
			t.Fatal(err)
		}
		write(t, packed{}.path(c), change(b))
	}
}
