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

// The sizes of a LeNet: pixels in, features and digits out.
const (
	side       = 28
	pixels     = side * side
	lenetWidth = 84
	digits     = 10
)

// lenetParams are a LeNet's parameters in the order they are used, by their names in
// its file, with their shapes.
var lenetParams = [...]struct {
	name  string
	shape []int64
}{
	{"conv1_weight", []int64{6, 1, 5, 5}}, {"conv1_bias", []int64{6}},
	{"conv2_weight", []int64{16, 6, 5, 5}}, {"conv2_bias", []int64{16}},
	{"fc1_weight", []int64{120, 400}}, {"fc1_bias", []int64{120}},
	{"fc2_weight", []int64{lenetWidth, 120}}, {"fc2_bias", []int64{lenetWidth}},
	{"fc3_weight", []int64{digits, lenetWidth}}, {"fc3_bias", []int64{digits}},
}

// LeNet is the network of LeCun et al. (1998) as it is built today: two 5×5
// convolutions of 6 and 16 channels (the first padded, 28×28 to 28×28), each with
// 2×2 max pooling, then layers of 120, 84 and 10, with ReLU between. Its features
// are the 84.
type LeNet struct {
	params [len(lenetParams)]libtch.Ctensor
	memory scope
}

// lenetFile is the trained network; docs/features.md says how it was made.
//
//go:embed lenet.npz
var lenetFile []byte

// LenetSum is the sha256, in hex, of the weights.
func LenetSum() string {
	sum := sha256.Sum256(lenetFile)
	return hex.EncodeToString(sum[:])
}

// NewLeNet is the network of this package, trained on MNIST.
func NewLeNet() (*LeNet, error) {
	l, err := readLeNet(lenetFile)
	if err != nil {
		return nil, fmt.Errorf("the built-in LeNet: %w", err)
	}
	return l, nil
}

// emptyLeNet is one with zero parameters.
func emptyLeNet() (*LeNet, error) {
	l := &LeNet{}
	err := guard(false, func(*scope) error {
		for i, p := range lenetParams {
			l.params[i] = l.memory.zeros(float32Type, p.shape...)
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
	for _, d := range lenetParams[i].shape {
		n *= int(d)
	}
	return floats(l.params[i], n)
}

// readLeNet reads what Write writes.
func readLeNet(file []byte) (*LeNet, error) {
	z, err := npy.NewArchive(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return nil, err
	}
	l, err := emptyLeNet()
	if err != nil {
		return nil, err
	}
	for i, p := range lenetParams {
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
		for i, p := range lenetParams {
			v := l.param(i)
			if err := npy.Add(w, p.name, v, len(v)); err != nil {
				return err
			}
		}
		return nil
	})
}

// features computes y, n×84, of images x, n×784, by our own sums in C: their bits do not
// depend on libtorch or on the processor, if it has AVX2.
func (l *LeNet) features(y, x []float32, n int) {
	if len(y) < n*lenetWidth || len(x) < n*pixels {
		panic("features: too few numbers")
	}
	p := func(i int) *C.float { return (*C.float)(unsafe.SliceData(l.param(i))) }
	net := C.lenet{p(0), p(1), p(2), p(3), p(4), p(5), p(6), p(7)}
	C.lenet_features((*C.float)(unsafe.SliceData(y)), (*C.float)(unsafe.SliceData(x)), C.long(n), 1, (32-side)/2, &net)
}

// logits are those of the digits, n×10, of images x, n×1×28×28, with libtorch's
// operators, which know gradients. Pooling comes before the ReLU, which gives the same
// from a quarter of the values.
func (l *LeNet) logits(s *scope, x libtch.Ctensor, n int64) libtch.Ctensor {
	p := &l.params
	x = s.relu(s.maxPool(s.conv2d(x, p[0], p[1], 2)))
	x = s.relu(s.maxPool(s.conv2d(x, p[2], p[3], 0)))
	x = s.relu(s.linear(s.reshape(x, n, 400), p[4], p[5]))
	x = s.relu(s.linear(x, p[6], p[7]))
	return s.linear(x, p[8], p[9])
}

// Count is how many of the images, whose features are given, the network sees each of
// the ten digits in.
func (l *LeNet) Count(features []float32) []int {
	count := make([]int, digits)
	for _, d := range l.Digits(features) {
		count[d]++
	}
	return count
}

// Digits are the digits, 0 to 9, that the network sees in the images whose features,
// 84 each, are given.
func (l *LeNet) Digits(features []float32) []int {
	weight, bias := l.param(8), l.param(9)
	out := make([]int, len(features)/lenetWidth)
	for i := range out {
		row := features[i*lenetWidth:][:lenetWidth]
		best := float32(0)
		for k, sum := range bias {
			for j, w := range weight[k*lenetWidth:][:lenetWidth] {
				sum += w * row[j]
			}
			if k == 0 || sum > best {
				out[i], best = k, sum
			}
		}
	}
	return out
}

// Free gives libtorch's memory back.
func (l *LeNet) Free() { l.memory.free() }
