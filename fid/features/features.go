//go:build cgo

package features

import (
	"fmt"
	"strings"

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

// Extractor computes features of images of one shape. It serves one goroutine at a time.
type Extractor struct {
	name    string
	in, dim int                                 // numbers of an image and of its features
	extract func(out, x []float32, n int) error // the features of n images; nil for raw
	batch   int                                 // images that are well taken at a time; 0 = batchOf their shape
	lenet   *LeNet
	out     []float32
	close   func() // nil where there is nothing to free
}

// batchOf is how many images of that shape are well taken at a time.
func batchOf(s Shape) int { return min(max(batchRoom/s.Len(), 1), largeBatch) }

const (
	batchRoom  = 1 << 22 // numbers of a batch's input
	largeBatch = 100
)

// Open makes ready what the features need, for images of that shape in [-1, 1].
func Open(spec Spec, shape Shape) (*Extractor, error) {
	if shape.Len() < 1 {
		return nil, fmt.Errorf("images of %s pixels", shape)
	}
	open, ok := opens[spec.Name]
	if !ok {
		return nil, fmt.Errorf("features %q: want %s", spec.Name, strings.Join(kinds.Names(), ", "))
	}
	e, err := open(spec, shape)
	if err == nil && e.batch == 0 {
		e.batch = batchOf(shape)
	}
	return e, err
}

// opens makes ready each of the kinds of package kinds, for images of a shape.
var opens = map[string]func(Spec, Shape) (*Extractor, error){
	Raw: openRaw, Lenet: Digits.open, Faces: Drawn.open, TorchScript: openScript,
}

func openRaw(_ Spec, shape Shape) (*Extractor, error) {
	return &Extractor{name: Raw, in: shape.Len(), dim: shape.Len()}, nil
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
	var small []float32
	extract := func(out, x []float32, n int) error {
		if shrink > 1 {
			small = d.shrunk(small[:0], x, n, shrink)
			x = small
		}
		l.features(out, x, n)
		return nil
	}
	return &Extractor{name: d.name, in: shape.Len(), dim: lenetWidth, extract: extract, lenet: l}, nil
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

// shrunk appends n images to small, whose numbers are each the mean of k×k in x.
func (d *Design) shrunk(small, x []float32, n, k int) []float32 {
	for i := range n * d.pixels() {
		plane, row, col := i/(d.side*d.side), i/d.side%d.side, i%d.side
		var sum float32
		for j := range k * k {
			sum += min(max(x[(plane*k*d.side+row*k+j/k)*k*d.side+col*k+j%k], -1), 1)
		}
		small = append(small, sum/float32(k*k))
	}
	return small
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
	if err := e.extract(out, x, n); err != nil {
		return nil, err
	}
	return out, nil
}

// Close gives libtorch's memory back.
func (e *Extractor) Close() {
	if e.close != nil {
		e.close()
	}
}
