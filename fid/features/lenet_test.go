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
	"testing"

	"fig5/fid/samples"
)

// plain is the network in float64, loop by loop.
func plain(l *LeNet, x []float32) []float64 {
	in := make([]float64, pixels)
	for i, v := range x {
		in[i] = float64(v)
	}
	conv := func(in []float64, channels, size, padding, k int) (out []float64, to int) {
		weight, bias := l.param(k), l.param(k+1)
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
		weight, bias := l.param(k), l.param(k+1)
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
	out, size := conv(in, 1, side, 2, 0)
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

func TestLeNet(t *testing.T) {
	e := lenet(t)
	const n = 19 // not a multiple of the eight that are computed at a time
	x := noise(n, pixels)
	x[0], x[1] = 7, -1.5 // cut to 1, -1
	got, err := e.Extract(x, n)
	if err != nil {
		t.Fatal(err)
	}
	if e.Dim() != lenetWidth || len(got) != n*lenetWidth || e.Name() != "lenet" {
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
	digits := []int{0, 1, 7, 7, 1}
	var x []float32
	for _, d := range digits {
		x = append(x, stroke(d)...)
	}
	f, err := e.Extract(x, len(digits))
	if err != nil {
		t.Fatal(err)
	}
	if got := e.LeNet().Digits(f); !slices.Equal(got, digits) {
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
	l, err := NewLeNet()
	if err != nil {
		t.Fatal(err)
	}
	defer l.Free()
	accuracy, err := l.Accuracy(set)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%.2f %% of %d", 100*accuracy, len(set.Y))
	if accuracy < 0.985 {
		t.Errorf("accuracy %.4f, want 0.985 or more", accuracy)
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
		shifted(x, stroke(d), 3, random)
		set.X, set.Y = append(set.X, x...), append(set.Y, byte(d))
	}
	recipe := Recipe{Epochs: 4, Batch: 16, Shift: 2, LR: 2e-3, Seed: 5}
	train := func(r Recipe) (*LeNet, []byte) {
		t.Helper()
		epochs := 0
		l, err := TrainLeNet(context.Background(), set, r, func(epoch int, loss float64) {
			if epochs++; epoch != epochs || !(loss > 0) {
				t.Errorf("epoch %d, loss %v", epoch, loss)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(l.Free)
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
	if a, err := l.Accuracy(set); err != nil || a < 0.9 {
		t.Errorf("accuracy %v on its own images: %v", a, err)
	}
	if _, again := train(recipe); !bytes.Equal(again, file) {
		t.Error("the same recipe gives another network")
	}
	recipe.Seed++
	if _, other := train(recipe); bytes.Equal(other, file) {
		t.Error("another seed gives the same network")
	}
	back, err := readLeNet(file)
	if err != nil {
		t.Fatal(err)
	}
	defer back.Free()
	for i := range lenetParams {
		if !slices.Equal(back.param(i), l.param(i)) {
			t.Errorf("%s is read as another", lenetParams[i].name)
		}
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
		{nil, Labelled{good.X, []byte{1, 10}}, recipe, "label 1 is 10, not a digit"},
		{nil, good, Recipe{Batch: 2, LR: 1}, "{Epochs:0 Batch:2 Shift:0 LR:1 Seed:0} is no recipe"},
		{stopped, good, recipe, "stopped"},
	} {
		if c.ctx == nil {
			c.ctx = context.Background()
		}
		if _, err := TrainLeNet(c.ctx, c.set, c.r, nil); err == nil || err.Error() != c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

func TestBadLeNet(t *testing.T) {
	for name, file := range map[string][]byte{"nothing": nil, "half": lenetFile[:len(lenetFile)/2], "other": []byte("PK\x05\x06" + string(make([]byte, 18)))} {
		if l, err := readLeNet(file); err == nil {
			l.Free()
			t.Errorf("%s is read", name)
		}
	}
}
