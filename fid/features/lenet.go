//go:build cgo

package features

/*
#cgo CFLAGS: -std=c99 -O2 -Wall -Wextra
#cgo noescape lenet_features
#cgo nocallback lenet_features
#include "lenet.h"
*/
import "C"

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // the weights
	"encoding/hex"
	"fmt"
	"unsafe"

	"github.com/sugarme/gotch/libtch"

	"fig5/fid/npy"
)

// lenetWidth is the number of features.
const lenetWidth = 84

// Design is what a LeNet is trained to see in images, and what tells it apart from others.
type Design struct {
	name     string // of its features
	channels int
	side     int   // of its images in pixels; what they lack of 32 is padding
	Heads    []int // how many values each thing has that it tells
	modes    int   // the values of the first so many heads together are the modes of the data
	file     []byte
}

// The networks of this package; docs/features.md says how they were made.
var (
	Digits = &Design{name: Lenet, channels: 1, side: 28, Heads: []int{10}, modes: 1, file: lenetFile}
	Drawn  = &Design{name: Faces, channels: 3, side: 32, Heads: []int{5, 2, 4, 3, 6, 6, 6, 2, 2, 3, 3, 2, 3, 3, 3}, modes: 2, file: facesFile}
)

//go:embed lenet.npz
var lenetFile []byte

//go:embed faces.npz
var facesFile []byte

// pixels is how many numbers an image has.
func (d *Design) pixels() int { return d.channels * d.side * d.side }

// outputs is how many values all heads have.
func (d *Design) outputs() (n int) {
	for _, h := range d.Heads {
		n += h
	}
	return n
}

// param is a parameter of a LeNet.
type param struct {
	name  string
	shape []int64
}

// params are its parameters in the order they are used, by their names in its file, with
// their shapes.
func (d *Design) params() []param {
	out := int64(d.outputs())
	return []param{
		{"conv1_weight", []int64{6, int64(d.channels), 5, 5}}, {"conv1_bias", []int64{6}},
		{"conv2_weight", []int64{16, 6, 5, 5}}, {"conv2_bias", []int64{16}},
		{"fc1_weight", []int64{120, 400}}, {"fc1_bias", []int64{120}},
		{"fc2_weight", []int64{lenetWidth, 120}}, {"fc2_bias", []int64{lenetWidth}},
		{"fc3_weight", []int64{out, lenetWidth}}, {"fc3_bias", []int64{out}},
	}
}

// LeNet is the network of LeCun et al. (1998) as it is built today: two 5×5
// convolutions of 6 and 16 channels (of 32×32 pixels, padded where the image is
// smaller), each with 2×2 max pooling, then layers of 120, 84 and the outputs, with ReLU
// between. Its features are the 84.
type LeNet struct {
	*Design
	params []libtch.Ctensor
	memory scope
}

// Sum is the sha256, in hex, of the built-in weights.
func (d *Design) Sum() string {
	sum := sha256.Sum256(d.file)
	return hex.EncodeToString(sum[:])
}

// NewLeNet is the network of this package of that design.
func NewLeNet(d *Design) (*LeNet, error) {
	l, err := d.read(d.file)
	if err != nil {
		return nil, fmt.Errorf("the built-in network %s: %w", d.name, err)
	}
	return l, nil
}

// empty is a network with zero parameters.
func (d *Design) empty() (*LeNet, error) {
	l := &LeNet{Design: d}
	err := guard(false, func(*scope) error {
		for _, p := range d.params() {
			l.params = append(l.params, l.memory.zeros(float32Type, p.shape...))
		}
		return nil
	})
	if err != nil {
		l.Free()
		return nil, err
	}
	return l, nil
}

// param is the memory of parameter i.
func (l *LeNet) param(i int) []float32 {
	n := 1
	for _, d := range l.Design.params()[i].shape {
		n *= int(d)
	}
	return floats(l.params[i], n)
}

// read reads what Write writes.
func (d *Design) read(file []byte) (*LeNet, error) {
	z, err := npy.NewArchive(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return nil, err
	}
	l, err := d.empty()
	if err != nil {
		return nil, err
	}
	for i, p := range d.params() {
		if err := readParam(z, p.name, l.param(i)); err != nil {
			l.Free()
			return nil, err
		}
	}
	return l, nil
}

func readParam(z *npy.Archive, name string, dst []float32) error {
	a, err := z.Array(name)
	if err != nil {
		return err
	}
	if a.Len() != len(dst) {
		return fmt.Errorf("%s: has %d numbers, want %d", name, a.Len(), len(dst))
	}
	v, err := npy.Exact[float32](a)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	copy(dst, v)
	return nil
}

// Write stores the parameters in an .npz file, each flat, row by row. The file
// appears whole or not at all. Errors begin with path.
func (l *LeNet) Write(path string) error {
	return npy.Save(path, func(w *npy.Writer) error {
		for i, p := range l.Design.params() {
			v := l.param(i)
			if err := npy.Add(w, p.name, v, len(v)); err != nil {
				return err
			}
		}
		return nil
	})
}

// features computes y, n×84, of n images x, by our own sums in C: their bits do not
// depend on libtorch or on the processor, if it has AVX2.
func (l *LeNet) features(y, x []float32, n int) {
	if len(y) < n*lenetWidth || len(x) < n*l.pixels() {
		panic("features: too few numbers")
	}
	p := func(i int) *C.float { return (*C.float)(unsafe.SliceData(l.param(i))) }
	net := C.lenet{p(0), p(1), p(2), p(3), p(4), p(5), p(6), p(7)}
	C.lenet_features((*C.float)(unsafe.SliceData(y)), (*C.float)(unsafe.SliceData(x)), C.long(n), C.long(l.channels), C.long(32-l.side)/2, &net)
}

// logits are those of all heads, side by side, of images x, n×channels×side×side, with
// libtorch's operators, which know gradients. Pooling comes before the ReLU, which gives the same
// from a quarter of the values.
func (l *LeNet) logits(s *scope, x libtch.Ctensor, n int64) libtch.Ctensor {
	p := l.params
	x = s.relu(s.maxPool(s.conv2d(x, p[0], p[1], int64(32-l.side)/2)))
	x = s.relu(s.maxPool(s.conv2d(x, p[2], p[3], 0)))
	x = s.relu(s.linear(s.reshape(x, n, 400), p[4], p[5]))
	x = s.relu(s.linear(x, p[6], p[7]))
	return s.linear(x, p[8], p[9])
}

// Count is how many of the images, whose features are given, the network sees each of
// the modes in: digits, or hair of each colour, short and long.
func (l *LeNet) Count(features []float32) []int {
	n := 1
	for _, h := range l.Heads[:l.modes] {
		n *= h
	}
	count := make([]int, n)
	for seen := l.Sees(features); len(seen) > 0; seen = seen[len(l.Heads):] {
		mode := 0
		for i, v := range seen[:l.modes] {
			mode = mode*l.Heads[i] + int(v)
		}
		count[mode]++
	}
	return count
}

// Sees tells what the network sees in the images whose features, 84 each, are given: for
// each image a value of every head.
func (l *LeNet) Sees(features []float32) []byte {
	weight, bias := l.param(8), l.param(9)
	var out []byte
	for ; len(features) > 0; features = features[lenetWidth:] {
		k := 0
		for _, values := range l.Heads {
			most, best := 0, float32(0)
			for v := range values {
				sum := bias[k]
				for j, w := range weight[k*lenetWidth:][:lenetWidth] {
					sum += w * features[j]
				}
				if v == 0 || sum > best {
					most, best = v, sum
				}
				k++
			}
			out = append(out, byte(most))
		}
	}
	return out
}

// Free gives libtorch's memory back.
func (l *LeNet) Free() { l.memory.free() }
