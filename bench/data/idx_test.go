package data

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestBadIDX(t *testing.T) {
	good := idxBytes(make([]byte, 3*28*28), 3, 28, 28)
	zipped := zip(t, good)
	flipped := bytes.Clone(zipped)
	flipped[len(flipped)/2] ^= 0x40
	const notIDX = "is not an IDX file: it does not begin with two zero bytes, a type and a number of dimensions"
	const gz, raw, labels = "train-images-idx3-ubyte.gz", "train-images-idx3-ubyte", "train-labels-idx1-ubyte.gz"
	for _, c := range []struct {
		name  string
		files map[string][]byte
		sums  bool
		want  string // after the folder's path
	}{
		{"no files", nil, false, "/" + gz + ": no such file or directory; `fig5 data fetch mnist --path DIR` fetches MNIST's four files"},
		{"empty", map[string][]byte{raw: {}}, true, "/" + raw + ": " + notIDX},
		{"empty gz", map[string][]byte{gz: {}}, true, "/" + gz + ": " + notIDX},
		{"a page", map[string][]byte{gz: []byte("<html>")}, true, "/" + gz + ": " + notIDX},
		{"cut gz", map[string][]byte{gz: zipped[:len(zipped)-9]}, true, "/" + gz + ": ends before the elements its IDX header announces"},
		{"short header", map[string][]byte{raw: good[:9]}, true, "/" + raw + ": ends inside its IDX header"},
		{"labels for images", map[string][]byte{gz: zip(t, idxBytes(make([]byte, 300), 300))}, true, "/" + gz + ": holds 300 values; images have 3 dimensions, labels 1"},
		{"short", map[string][]byte{raw: good[:16+3*28*28-1]}, true, "/" + raw + ": announces 3×28×28 bytes, which a file of 2367 does not hold"},
		{"short gz", map[string][]byte{gz: zip(t, good[:1000])}, true, "/" + gz + ": ends before the elements its IDX header announces"},
		{"long", map[string][]byte{raw: append(bytes.Clone(good), 1, 2)}, true, "/" + raw + ": announces 3×28×28 bytes, which a file of 2370 does not hold"},
		{"long gz", map[string][]byte{gz: zip(t, append(bytes.Clone(good), 1, 2))}, true, "/" + gz + ": goes on after the elements its IDX header announces"},
		{"huge", map[string][]byte{gz: zip(t, idxBytes(nil, 1<<31, 1<<31, 28))}, true, "/" + gz + ": announces more IDX elements than any file holds, in 38 bytes"},
		{"other size", map[string][]byte{raw: idxBytes(make([]byte, 3*20*20), 3, 20, 20)}, true, "/" + raw + ": 3 x 20 x 20 pixels, want two or more images of 28 x 28"},
		{"one image", map[string][]byte{raw: idxBytes(make([]byte, 28*28), 1, 28, 28)}, true, "/" + raw + ": 1 x 28 x 28 pixels, want two or more images of 28 x 28"},
		{"other content", map[string][]byte{gz: zipped}, false, "/" + gz + ": sha256 7a452886212e... uncompressed is not MNIST's (ba891046e650...); `fig5 data fetch mnist` fetches it again; or vouch for other IDX files with a SHA256SUMS beside them (sha256sum * > SHA256SUMS)"},
		{"other number of labels", map[string][]byte{gz: zipped, labels: zip(t, idxBytes(make([]byte, 4), 4))}, true, "/" + labels + ": 4 labels for 3 images"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			writeFolder(t, dir, c.sums, c.files)
			_, err := Open(Source{Name: "mnist", Path: dir})
			c.want = strings.Replace(c.want, "DIR", dir, 1)
			if want := dir + c.want; err == nil || err.Error() != want {
				t.Errorf("%v\nwant %s", err, want)
			}
			if _, err := Check(Source{Name: "mnist", Path: dir}); err == nil || err.Error() != dir+c.want {
				t.Errorf("Check: %v", err)
			}
		})
	}
}

// SHA256SUMS vouches for files that are not MNIST's.
func TestSums(t *testing.T) {
	files := map[string][]byte{"train-images-idx3-ubyte.gz": zip(t, idxBytes(make([]byte, 3*28*28), 3, 28, 28))}
	sum := sumOf(files["train-images-idx3-ubyte.gz"])
	for _, c := range []struct{ sums, want string }{
		{sum + " *train-images-idx3-ubyte.gz\n", ""},
		{sum + "  ./train-images-idx3-ubyte.gz\r\n", ""},
		{strings.ToUpper(sum) + "  train-images-idx3-ubyte.gz", ""},
		{sum + "  other\n", "/train-images-idx3-ubyte.gz: not listed in SHA256SUMS beside it"},
		{"\n" + sum[1:] + "  train-images-idx3-ubyte.gz\n", "/SHA256SUMS:2: not a line of sha256sum: a sum, two spaces, a file name"},
		{strings.Repeat("0", 64) + "  train-images-idx3-ubyte.gz\n", "/train-images-idx3-ubyte.gz: sha256 " + sum[:12] + "... is not the 000000000000... of SHA256SUMS; fetch it again"},
	} {
		dir := t.TempDir()
		writeFolder(t, dir, false, files)
		write(t, filepath.Join(dir, sumsFile), []byte(c.sums))
		_, err := Open(Source{Name: "mnist", Path: dir})
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%q: %v", c.sums, err)
		case c.want != "" && (err == nil || err.Error() != dir+c.want):
			t.Errorf("%q: %v\nwant %s", c.sums, err, dir+c.want)
		}
	}
}

// Every single byte of a compressed file that is changed is found out.
func TestFlippedByte(t *testing.T) {
	files := map[string][]byte{}
	for _, name := range []string{"train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", sumsFile} {
		b, err := os.ReadFile(filepath.Join(fixture, name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = b
	}
	dir := t.TempDir()
	for name, b := range files {
		write(t, filepath.Join(dir, name), b)
	}
	if _, err := Open(Source{Name: "mnist", Path: dir}); err != nil {
		t.Fatal(err)
	}
	for name, b := range maps.All(files) {
		if name == sumsFile {
			continue
		}
		for i := 0; i < len(b); i += 1 + len(b)/40 {
			bad := bytes.Clone(b)
			bad[i] ^= 1
			path := filepath.Join(dir, name)
			write(t, path, bad)
			if _, err := Open(Source{Name: "mnist", Path: dir}); err == nil || !strings.HasPrefix(err.Error(), path+": ") {
				t.Fatalf("%s, byte %d changed: %v", name, i, err)
			}
		}
		write(t, filepath.Join(dir, name), b)
	}
}

// The real files, where they are: `go test ./bench/data` reads them from the
// repository's data/mnist or from $FIG5_MNIST.
func TestMNIST(t *testing.T) {
	dir := os.Getenv("FIG5_MNIST")
	if dir == "" {
		dir = "../../data/mnist"
	}
	if !exists(filepath.Join(dir, "train-images-idx3-ubyte.gz")) {
		t.Skip("no MNIST in data/mnist or $FIG5_MNIST")
	}
	set, err := Open(Source{Name: "mnist", Path: dir})
	if err != nil {
		t.Fatal(err)
	}
	if set.Len() != 60000 || set.Dim != 784 {
		t.Errorf("%d points of dimension %d", set.Len(), set.Dim)
	}
	inBox(t, set)
	var sum float64
	for _, v := range set.X {
		sum += float64(v)
	}
	// The training pixels' mean on [0, 1] is 0.1307 (PyTorch's MNIST example normalises by it).
	if mean := (sum/float64(len(set.X)) + 1) / 2; mean < .13065 || mean > .13075 {
		t.Errorf("mean pixel %.5f, want 0.1307", mean)
	}
	files, err := Check(Source{Name: "mnist", Path: dir})
	if err != nil {
		t.Fatal(err)
	}
	if files[0].Holds != "60000 x 28 x 28" {
		t.Errorf("%+v", files[0])
	}
}
