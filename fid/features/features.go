//go:build cgo

package features

import (
	"fmt"
	"strings"

	"github.com/sugarme/gotch/libtch"

	"fig5/fid/features/kinds"
)

// The kinds of features.
const (
	Raw         = "raw"
	Lenet       = "lenet"
	Faces       = "faces"
	TorchScript = "torchscript"
)

// Spec names features. Path, Size and SHA256 are those of a TorchScript module.
type Spec struct {
	Name   string // Raw, Lenet, Faces or TorchScript
	Path   string
	Size   int    // pixels a side that images are resized to; 0 leaves them as they are
	SHA256 string // of the file, in hex; empty for any
}

// Shape is how the numbers of a sample make an image: channel by channel, row by row.
type Shape struct{ Channels, Height, Width int }

// Len is how many numbers the image has.
func (s Shape) Len() int { return s.Channels * s.Height * s.Width }

func (s Shape) String() string { return times([]int{s.Channels, s.Height, s.Width}) }

// Extractor computes features of images of one shape, a bounded batch at a time. It
// serves one goroutine at a time.
type Extractor struct {
	name    string
	in, dim int // numbers of an image and of its features
	out     []float32

	rows   func(out, x []float32, n int) // the features of n images, where libtorch has no part in them
	lenet  *LeNet
	shrink int       // pixels, in a row, of an image for one that lenet sees
	small  []float32 // images as it sees them

	batch   int                                                  // images at a time that a module takes
	load    func(s *scope, rows int, x []float32) libtch.Ctensor // a batch's input
	forward func(s *scope, x libtch.Ctensor, rows int64) libtch.Ctensor
	close   func()
}

// Open makes ready what the features need, for images of that shape in [-1, 1].
func Open(spec Spec, shape Shape) (*Extractor, error) {
	if shape.Len() < 1 {
		return nil, fmt.Errorf("images of %s pixels", shape)
	}
	open, ok := opens[spec.Name]
	if !ok {
		return nil, fmt.Errorf("features %q: want %s", spec.Name, strings.Join(kinds.Names(), ", "))
	}
	return open(spec, shape)
}

// opens makes ready each of the kinds of package kinds, for images of a shape.
var opens = map[string]func(Spec, Shape) (*Extractor, error){
	Raw: openRaw, Lenet: Digits.open, Faces: Drawn.open, TorchScript: openScript,
}

func openRaw(_ Spec, shape Shape) (*Extractor, error) {
	return &Extractor{name: Raw, in: shape.Len(), dim: shape.Len(), close: func() {}}, nil
}

func (d *Design) open(_ Spec, shape Shape) (*Extractor, error) {
	shrink, err := d.shrink(shape)
	if err != nil {
		return nil, err
	}
	l, err := NewLeNet(d)
	if err != nil {
		return nil, err
	}
	e := l.extractor()
	e.in, e.shrink, e.close = shape.Len(), shrink, l.Free
	return e, nil
}

// extractor computes l's features; to close it leaves l as it is.
func (l *LeNet) extractor() *Extractor {
	return &Extractor{name: l.name, in: l.pixels(), dim: lenetWidth, rows: l.features, lenet: l, shrink: 1, close: func() {}}
}

// shrink is how many pixels of an image of that shape, in a row, make one that the network
// sees: 1 of digits, more of larger faces.
func (d *Design) shrink(s Shape) (int, error) {
	switch k := s.Height / d.side; {
	case s == Shape{d.channels, d.side, d.side}:
		return 1, nil
	case d == Drawn && k > 0 && s == Shape{d.channels, k * d.side, k * d.side}:
		return k, nil
	case d == Drawn:
		return 0, fmt.Errorf("features %s are for images of 3×32×32 pixels, or twice, three times ... as many a side, not %s", d.name, s)
	}
	return 0, fmt.Errorf("features %s are for images of %s pixels, not %s", d.name, Shape{d.channels, d.side, d.side}, s)
}

// shrunk fills e.small with the images x, each number the mean of k×k, and gives it.
func (e *Extractor) shrunk(x []float32, n int) []float32 {
	side, k := e.lenet.side, e.shrink
	if e.small == nil || len(e.small) != n*e.lenet.pixels() {
		e.small = make([]float32, n*e.lenet.pixels())
	}
	for i := range e.small {
		plane, row, col := i/(side*side), i/side%side, i%side
		var sum float32
		for j := range k * k {
			sum += min(max(x[(plane*k*side+row*k+j/k)*k*side+col*k+j%k], -1), 1)
		}
		e.small[i] = sum / float32(k*k)
	}
	return e.small
}

// Name is the kind of features.
func (e *Extractor) Name() string { return e.name }

// Dim is the number of features of an image.
func (e *Extractor) Dim() int { return e.dim }

// LeNet is the network of features lenet and faces, which tells modes; nil for others.
func (e *Extractor) LeNet() *LeNet { return e.lenet }

// Extract computes the features, n×Dim, of n images, row by row in x. What an image
// cannot show, numbers outside [-1, 1], is cut for all features but raw. The result
// is x itself for raw, else memory that the next call uses again.
func (e *Extractor) Extract(x []float32, n int) ([]float32, error) {
	if n < 0 || len(x) != n*e.in {
		return nil, fmt.Errorf("%d numbers are not %d images of %d", len(x), n, e.in)
	}
	if e.name == Raw {
		return x, nil
	}
	if cap(e.out) < n*e.dim {
		e.out = make([]float32, n*e.dim)
	}
	out := e.out[:n*e.dim]
	if e.shrink > 1 {
		x = e.shrunk(x, n)
	}
	if e.rows != nil {
		e.rows(out, x, n)
		return out, nil
	}
	err := guard(false, func(s *scope) error {
		for from := 0; from < n; from += e.batch {
			rows := min(e.batch, n-from)
			f := s.contiguous(e.forward(s, e.load(s, rows, x[from*e.in:][:rows*e.in]), int64(rows)))
			copy(out[from*e.dim:], floats(f, rows*e.dim))
			s.free()
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Close gives libtorch's memory back.
func (e *Extractor) Close() { e.close() }
