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
	"runtime"
	"unsafe"

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

// len is how many numbers it has.
func (p param) len() int {
	n := 1
	for _, d := range p.shape {
		n *= int(d)
	}
	return n
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
	values [][]float32 // of the Design's params
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

// read reads what Write writes.
func (d *Design) read(file []byte) (*LeNet, error) {
	z, err := npy.NewArchive(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return nil, err
	}
	l := &LeNet{Design: d}
	for _, p := range d.params() {
		a, err := z.Array(p.name)
		if err != nil {
			return nil, err
		}
		if a.Len() != p.len() {
			return nil, fmt.Errorf("%s: has %d numbers, want %d", p.name, a.Len(), p.len())
		}
		v, err := npy.Exact[float32](a)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.name, err)
		}
		l.values = append(l.values, v)
	}
	return l, nil
}

// Write stores the parameters in an .npz file, each flat, row by row. The file
// appears whole or not at all. Errors begin with path.
func (l *LeNet) Write(path string) error {
	return npy.Save(path, func(w *npy.Writer) error {
		for i, p := range l.Design.params() {
			if err := npy.Add(w, p.name, l.values[i], p.len()); err != nil {
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
	var pin runtime.Pinner
	defer pin.Unpin()
	p := func(i int) *C.float {
		first := unsafe.SliceData(l.values[i])
		pin.Pin(first)
		return (*C.float)(first)
	}
	net := C.lenet{p(0), p(1), p(2), p(3), p(4), p(5), p(6), p(7)}
	C.lenet_features((*C.float)(unsafe.SliceData(y)), (*C.float)(unsafe.SliceData(x)), C.long(n), C.long(l.channels), C.long(32-l.side)/2, &net)
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
	weight, bias := l.values[8], l.values[9]
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
