//go:build cgo

package features

import (
	"bytes"
	"context"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fig5/fid/samples"
)

// side and pixels are those of MNIST's images.
const side, pixels = 28, 28 * 28

// plain is the network in float64, loop by loop.
func plain(l *LeNet, x []float32) []float64 {
	in := make([]float64, len(x))
	for i, v := range x {
		in[i] = float64(v)
	}
	conv := func(in []float64, channels, size, padding, k int) (out []float64, to int) {
		weight, bias := l.values[k], l.values[k+1]
		full := size + 2*padding - 4
		to = full / 2
		out = make([]float64, len(bias)*to*to) // zeros: ReLU of the largest of each square
		for o := range bias {
			for y := range full {
				for x := range full {
					sum := float64(bias[o])
					for c := range channels {
						for i := range 25 {
							if v, u := y+i/5-padding, x+i%5-padding; v >= 0 && v < size && u >= 0 && u < size {
								sum += float64(weight[(o*channels+c)*25+i]) * in[(c*size+v)*size+u]
							}
						}
					}
					at := (o*to+y/2)*to + x/2
					out[at] = max(out[at], sum)
				}
			}
		}
		return out, to
	}
	linear := func(in []float64, k int) []float64 {
		weight, bias := l.values[k], l.values[k+1]
		out := make([]float64, len(bias))
		for o := range out {
			sum := float64(bias[o])
			for j, v := range in {
				sum += float64(weight[o*len(in)+j]) * v
			}
			out[o] = max(sum, 0)
		}
		return out
	}
	out, size := conv(in, l.channels, l.side, (32-l.side)/2, 0)
	out, _ = conv(out, 6, size, 0, 2)
	return linear(linear(out, 4), 6)
}

func lenet(t testing.TB) *Extractor {
	t.Helper()
	e, err := Open(Spec{Name: Lenet}, Shape{1, side, side})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	return e
}

func TestLeNet(t *testing.T) { testLeNet(t, lenet(t)) }

func TestFaces(t *testing.T) { testLeNet(t, faces(t, 32)) }

func faces(t testing.TB, side int) *Extractor {
	t.Helper()
	e, err := Open(Spec{Name: Faces}, Shape{3, side, side})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	return e
}

func testLeNet(t *testing.T, e *Extractor) {
	const n = 19 // not a multiple of the eight that are computed at a time
	pixels := e.LeNet().pixels()
	x := noise(n, pixels)
	x[0], x[1] = 7, -1.5 // cut to 1, -1
	got, err := e.Extract(x, n)
	if err != nil {
		t.Fatal(err)
	}
	if e.Dim() != lenetWidth || len(got) != n*lenetWidth || e.Name() != e.LeNet().name {
		t.Fatalf("%s: %d features, %d in all", e.Name(), e.Dim(), len(got))
	}
	x[0], x[1] = 1, -1
	for _, i := range []int{0, 1, 7, 8, n - 1} {
		want := plain(e.LeNet(), x[i*pixels:][:pixels])
		largest := slices.Max(want)
		for j, w := range want {
			if v := float64(got[i*lenetWidth+j]); math.Abs(v-w) > 1e-5*largest {
				t.Fatalf("image %d, feature %d is %v, want %v", i, j, v, w)
			}
		}
	}
	first := slices.Clone(got)
	if again, err := e.Extract(x, n); err != nil || !slices.Equal(again, first) {
		t.Error("the same images have other features:", err)
	}
}

// Larger faces are seen as the mean of each square of pixels, after they are cut.
func TestLargeFaces(t *testing.T) {
	small, large := faces(t, 32), faces(t, 96)
	const n = 3
	x := noise(n, 3*96*96)
	x[0], x[1], x[5] = 9, -2, 1.5
	mean := make([]float32, n*3*32*32)
	for i := range mean {
		plane, row, col := i/1024, i/32%32, i%32
		sum := 0.0
		for j := range 9 {
			sum += max(min(float64(x[plane*9216+(3*row+j/3)*96+3*col+j%3]), 1), -1)
		}
		mean[i] = float32(sum / 9)
	}
	want, err := small.Extract(mean, n)
	if err != nil {
		t.Fatal(err)
	}
	got, err := large.Extract(x, n)
	if err != nil || len(got) != len(want) {
		t.Fatal(len(got), err)
	}
	for i, w := range want {
		if math.Abs(float64(got[i]-w)) > 1e-5*float64(slices.Max(want)) {
			t.Fatalf("feature %d is %g, want %g", i, got[i], w)
		}
	}
	for _, s := range []Shape{{1, 32, 32}, {3, 32, 64}, {3, 48, 48}, {3, 28, 28}, {3, 16, 16}} {
		if _, err := Open(Spec{Name: Faces}, s); err == nil || !strings.HasPrefix(err.Error(), "features faces are for images of 3×32×32 pixels, or ") {
			t.Errorf("%s: %v", s, err)
		}
	}
}

// Features by themselves differ between faces and with a face that is changed: their modes
// are hair of each colour, short and long.
func TestCount(t *testing.T) {
	e := faces(t, 32)
	if n := len(e.LeNet().Count(nil)); n != 10 {
		t.Errorf("%d modes", n)
	}
	f, err := e.Extract(noise(8, 3*32*32), 8)
	if err != nil {
		t.Fatal(err)
	}
	l := e.LeNet()
	want := make([]int, 10)
	for i := range 8 {
		seen := l.Sees(f[i*lenetWidth:][:lenetWidth])
		if len(seen) != len(l.Heads) {
			t.Fatalf("sees %d things, not %d", len(seen), len(l.Heads))
		}
		want[2*seen[0]+seen[1]]++
	}
	if got := l.Count(f); !slices.Equal(got, want) {
		t.Errorf("counts %v, want %v", got, want)
	}
}

// stroke draws a digit, 0, 1 or 7, that nobody could mistake.
func stroke(digit int) []float32 {
	x := make([]float32, pixels)
	for i := range side {
		for j := range side {
			y, u := float64(i)-13.5, float64(j)-13.5
			var ink bool
			switch digit {
			case 0:
				r := math.Hypot(y, 1.4*u)
				ink = r > 6.5 && r < 9.5
			case 1:
				ink = math.Abs(u) < 1.5 && math.Abs(y) < 10
			case 7:
				ink = math.Abs(y+8.5) < 1.5 && math.Abs(u) < 6.5 || math.Abs(u-6+0.55*(y+8.5)) < 1.5 && y > -8.5 && y < 9.5
			}
			x[i*side+j] = -1
			if ink {
				x[i*side+j] = 1
			}
		}
	}
	return x
}

func TestDigits(t *testing.T) {
	e := lenet(t)
	digits := []byte{0, 1, 7, 7, 1}
	var x []float32
	for _, d := range digits {
		x = append(x, stroke(int(d))...)
	}
	f, err := e.Extract(x, len(digits))
	if err != nil {
		t.Fatal(err)
	}
	if got := e.LeNet().Sees(f); !slices.Equal(got, digits) {
		t.Errorf("sees %v, want %v", got, digits)
	}
	if got, want := e.LeNet().Count(f), []int{1, 2, 0, 0, 0, 0, 0, 2, 0, 0}; !slices.Equal(got, want) {
		t.Errorf("counts %v, want %v", got, want)
	}
}

// TestAccuracy is the built-in network on MNIST's test images, in the folder FIG5_MNIST.
func TestAccuracy(t *testing.T) {
	dir := os.Getenv("FIG5_MNIST")
	if dir == "" {
		t.Skip("FIG5_MNIST names no folder of MNIST's files")
	}
	images, err := samples.Open(filepath.Join(dir, "t10k-images-idx3-ubyte.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer images.Close()
	set := Labelled{Y: labels(t, filepath.Join(dir, "t10k-labels-idx1-ubyte.gz"))}
	row := make([]float64, images.D)
	for range images.N {
		if _, err := images.Read(row); err != nil {
			t.Fatal(err)
		}
		for _, v := range row {
			set.X = append(set.X, float32(v))
		}
	}
	l, err := NewLeNet(Digits)
	if err != nil {
		t.Fatal(err)
	}
	accuracy, err := l.Accuracy(set)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%.2f %% of %d", 100*accuracy[0], len(set.Y))
	if accuracy[0] < 0.985 {
		t.Errorf("accuracy %.4f, want 0.985 or more", accuracy[0])
	}
}

// Training is a function of data, recipe and seed, and learns: to tell three strokes
// apart, shifted.
func TestTrainLeNet(t *testing.T) {
	var set Labelled
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 96 {
		d := []int{0, 1, 7}[i%3]
		x := make([]float32, pixels)
		Digits.shifted(x, stroke(d), 3, random)
		set.X, set.Y = append(set.X, x...), append(set.Y, byte(d))
	}
	recipe := Recipe{Epochs: 4, Batch: 16, Shift: 2, LR: 2e-3, Seed: 5}
	train := func(r Recipe) (*LeNet, []byte) {
		t.Helper()
		epochs := 0
		l, err := TrainLeNet(context.Background(), Digits, set, r, func(epoch int, loss float64) {
			if epochs++; epoch != epochs || !(loss > 0) {
				t.Errorf("epoch %d, loss %v", epoch, loss)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "l.npz")
		if err := l.Write(path); err != nil {
			t.Fatal(err)
		}
		file, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return l, file
	}
	l, file := train(recipe)
	if a, err := l.Accuracy(set); err != nil || a[0] < 0.9 {
		t.Errorf("accuracy %v on its own images: %v", a, err)
	}
	if _, again := train(recipe); !bytes.Equal(again, file) {
		t.Error("the same recipe gives another network")
	}
	recipe.Seed++
	if _, other := train(recipe); bytes.Equal(other, file) {
		t.Error("another seed gives the same network")
	}
	back, err := Digits.read(file)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range Digits.params() {
		if !slices.Equal(back.values[i], l.values[i]) {
			t.Errorf("%s is read as another", p.name)
		}
	}
}

// Several heads are trained at once, in colour: to tell the colour of a disc and its side.
func TestTrainHeads(t *testing.T) {
	d := &Design{name: "discs", channels: 3, side: 32, Heads: []int{3, 2}, modes: 2}
	var set Labelled
	random := rand.New(rand.NewPCG(1, 2))
	for range 192 {
		colour, side := random.IntN(3), random.IntN(2)
		cy, cx := 12+8*random.Float64(), 7+8*random.Float64()+10*float64(side)
		for i := range 3 * 1024 {
			v := float32(-1)
			if i/1024 == colour && math.Hypot(float64(i/32%32)-cy, float64(i%32)-cx) < 6 {
				v = 1
			}
			set.X = append(set.X, v)
		}
		set.Y = append(set.Y, byte(colour), byte(side))
	}
	l, err := TrainLeNet(context.Background(), d, set, Recipe{Epochs: 6, Batch: 16, LR: 2e-3, Seed: 5}, nil)
	if err != nil {
		t.Fatal(err)
	}
	a, err := l.Accuracy(set)
	if err != nil || len(a) != 2 || a[0] < .95 || a[1] < .9 {
		t.Errorf("accuracies %v: %v", a, err)
	}
}

func TestBadTraining(t *testing.T) {
	good := Labelled{X: make([]float32, 2*pixels), Y: []byte{1, 2}}
	recipe := Recipe{Epochs: 1, Batch: 2, LR: 1e-3}
	stopped, cancel := context.WithCancel(context.Background())
	cancel()
	for _, c := range []struct {
		ctx  context.Context
		set  Labelled
		r    Recipe
		want string
	}{
		{nil, Labelled{good.X, []byte{1}}, recipe, "1568 numbers and 1 labels are not 2 or more labelled images of 784 pixels"},
		{nil, Labelled{good.X, []byte{1, 10}}, recipe, "label 1 is 10, not one of 10"},
		{nil, good, Recipe{Batch: 2, LR: 1}, "{Epochs:0 Batch:2 Shift:0 LR:1 Seed:0} is no recipe"},
		{stopped, good, recipe, "stopped"},
	} {
		if c.ctx == nil {
			c.ctx = context.Background()
		}
		if _, err := TrainLeNet(c.ctx, Digits, c.set, c.r, nil); err == nil || err.Error() != c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

func TestBadLeNet(t *testing.T) {
	for name, file := range map[string][]byte{"nothing": nil, "half": lenetFile[:len(lenetFile)/2], "other": []byte("PK\x05\x06" + string(make([]byte, 18)))} {
		if _, err := Digits.read(file); err == nil {
			t.Errorf("%s is read", name)
		}
	}
	if l, err := Drawn.read(lenetFile); err == nil || err.Error() != "conv1_weight: has 150 numbers, want 450" {
		t.Errorf("one design's file is read as another's: %v, %v", l, err)
	}
}
