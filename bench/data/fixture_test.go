package data

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"fig5/bench/rng"
)

var update = flag.Bool("update", false, "write testdata/idx anew")

const fixture = "testdata/idx"

// segments are the strokes of each digit on a seven-segment display, a to g, and
// their ends on a grid of 2 x 3 corners.
var (
	segments = [10]string{"abcdef", "bc", "abged", "abgcd", "fgbc", "afgcd", "afgedc", "abc", "abcdefg", "abgfcd"}
	ends     = map[rune][4]float64{
		'a': {0, 0, 1, 0}, 'b': {1, 0, 1, 1}, 'c': {1, 1, 1, 2}, 'd': {0, 2, 1, 2}, 'e': {0, 1, 0, 2}, 'f': {0, 0, 0, 1}, 'g': {0, 1, 1, 1},
	}
)

// digits draws 200 digits, 28 x 28, as strokes with a soft edge, each shifted, slanted
// and of its own size and thickness. They are drawings of ours and no part of MNIST.
func digits() (images, labels []byte) {
	s := rng.New(0, "fixture digits")
	u := func(lo, hi float64) float64 { return lo + (hi-lo)*s.Float64() }
	for i := range 200 {
		digit := i % 10
		w, h := u(7, 10), u(7, 9)
		x0, y0, slant, thick := 14-w/2+u(-2, 2), 14-h+u(-1.5, 1.5), u(-.05, .25), u(1, 1.8)
		for y := range 28 {
			for x := range 28 {
				px, py := float64(x)+slant*(float64(y)-14), float64(y)
				near := math.Inf(1)
				for _, seg := range segments[digit] {
					e := ends[seg]
					near = min(near, toSegment(px, py, x0+w*e[0], y0+h*e[1], x0+w*e[2], y0+h*e[3]))
				}
				images = append(images, byte(math.Round(255*max(0, min(1, thick+.5-near)))))
			}
		}
		labels = append(labels, byte(digit))
	}
	return images, labels
}

// toSegment is the distance of the point (x, y) from the segment (x1, y1)-(x2, y2).
func toSegment(x, y, x1, y1, x2, y2 float64) float64 {
	dx, dy := x2-x1, y2-y1
	t := max(0, min(1, ((x-x1)*dx+(y-y1)*dy)/(dx*dx+dy*dy)))
	return math.Hypot(x-x1-t*dx, y-y1-t*dy)
}

// idxBytes is an IDX file of unsigned bytes.
func idxBytes(values []byte, dims ...int) []byte {
	b := binary.BigEndian.AppendUint32(nil, 0x0800|uint32(len(dims)))
	for _, d := range dims {
		b = binary.BigEndian.AppendUint32(b, uint32(d))
	}
	return append(b, values...)
}

func zip(t *testing.T, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err == nil {
		_, err = z.Write(b)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// writeFolder writes files, and a SHA256SUMS of them if sums, to a folder.
func writeFolder(t *testing.T, dir string, sums bool, files map[string][]byte) {
	t.Helper()
	var list bytes.Buffer
	for _, name := range []string{"train-images-idx3-ubyte.gz", "train-images-idx3-ubyte", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz"} {
		if b, ok := files[name]; ok {
			fmt.Fprintf(&list, "%s  %s\n", sumOf(b), name)
			write(t, filepath.Join(dir, name), b)
		}
	}
	if sums {
		write(t, filepath.Join(dir, sumsFile), list.Bytes())
	}
}

func write(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b, 0o666); err != nil {
		t.Fatal(err)
	}
}

// The committed fixture is what digits draws; `go test ./bench/data -run Fixture
// -update` writes it.
func TestFixture(t *testing.T) {
	pixels, labels := digits()
	if *update {
		writeFolder(t, fixture, true, map[string][]byte{
			"train-images-idx3-ubyte.gz": zip(t, idxBytes(pixels, 200, 28, 28)),
			"train-labels-idx1-ubyte.gz": zip(t, idxBytes(labels, 200)),
		})
	}
	images, err := readIDX(idxFile(fixture, trainImages), 3)
	if err != nil {
		t.Fatal(err)
	}
	got, err := readIDX(idxFile(fixture, trainLabels), 1)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.values, labels) || len(images.values) != len(pixels) {
		t.Fatal("the committed fixture is not what digits draws")
	}
	for i, v := range pixels { // another machine may round one grey level apart
		if d := int(v) - int(images.values[i]); d < -1 || d > 1 {
			t.Fatalf("the committed fixture is not what digits draws: value %d is %d, drawn %d", i, images.values[i], v)
		}
	}
	set, err := Open(Source{Name: "mnist", Path: fixture})
	if err != nil {
		t.Fatal(err)
	}
	if set.Len() != 200 || set.Dim != 784 {
		t.Errorf("%d points of dimension %d", set.Len(), set.Dim)
	}
	inBox(t, set)
	if set.X[0] != -1 {
		t.Errorf("a black pixel is %g, want -1", set.X[0])
	}
}
