package data

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"fig5/fid/samples"
)

// Source is the data section of a config: which data set and, if it is read, where from.
type Source struct {
	Name  string `yaml:"name"`                              // of a Kind
	Path  string `yaml:"path,omitempty"`                    // a folder, for those that are read
	Size  int    `yaml:"size,omitempty"`                    // images: pixels a side
	Crop  int    `yaml:"crop,omitempty" json:",omitempty"`  // celeba: side of the square in the middle that is kept, in pixels
	Count int    `yaml:"count,omitempty" json:",omitempty"` // faces: how many
}

// Shape is how the numbers of a sample lie: channel by channel, each row by row. A point
// in space is a single row.
type Shape struct{ Channels, Height, Width int }

// Len is how many numbers a sample has.
func (s Shape) Len() int { return s.Channels * s.Height * s.Width }

// Points says that samples are points in space and not images.
func (s Shape) Points() bool { return s.Channels*s.Height == 1 }

// Kept is how many samples of a level a run keeps to draw: a cloud of points, or a grid of
// images.
func (s Shape) Kept() int {
	if s.Points() {
		return 2000
	}
	return 100
}

// Kind is what is known of a data set before it is read: a row of the table.
type Kind struct {
	Name       string
	Modes      int    // how many modes the data have; 0 where they are not known
	Classifier string // the features (package fid/features) by whose classes a sample's mode is told; empty: by the nearest centre, if there are Modes
	Folder     string // where its files lie unless told otherwise
	Drawn      bool   // by fig5 and not read from files
	Many       bool   // files, too many to check before every run
	Packed     bool   // a Set holds bytes

	shape Shape                        // of a sample; of images that with the most channels
	rows  int                          // about how many there are, where neither files nor data.count tell
	open  func(Source) (*Set, error)   // without its Kind
	check func(Source) ([]File, error) // Check, where that is less or more than open; else nil
}

// kinds is every data set; docs/config.md lists them in this order.
var kinds = []Kind{
	mixtureKind,
	cubesKind,
	mnistKind,
	imagesKind,
	celebaKind,
	facesKind,
}

// Kind is the row of the table that c names; the zero Kind where there is no such row.
func (c Source) Kind() Kind {
	for _, k := range kinds {
		if k.Name == c.Name {
			return k
		}
	}
	return Kind{}
}

// Shape is that of a sample, as far as it is known without reading: of images it has the
// most channels they can have. No file is opened.
func (c Source) Shape() Shape { return c.Kind().ShapeOf(c) }

// ShapeOf is the shape that samples of this kind have with the other keys of c.
func (k Kind) ShapeOf(c Source) Shape {
	if k.shape == colours {
		return c.square()
	}
	return k.shape
}

// Rows is about how many samples there are, by the table or by the number of files; 0
// where that is not known. No file is opened.
func (c Source) Rows() int {
	k := c.Kind()
	if k.Many || k.Packed { // images, a file each
		if paths, _, err := samples.Images(c.Path); err == nil && len(paths) > 1 {
			return len(paths)
		}
	}
	return max(k.rows, c.Count)
}

// Names are the names of the data sets for which ok holds, in the order of the table; of
// all where ok is nil.
func Names(ok func(Kind) bool) []string {
	var names []string
	for _, k := range kinds {
		if ok == nil || ok(k) {
			names = append(names, k.Name)
		}
	}
	return names
}

// parallel does f of 0 to n-1, on as many processors as there are.
func parallel(n int, f func(i int)) {
	var next atomic.Int64
	var all sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		all.Add(1)
		go func() {
			defer all.Done()
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				f(int(i))
			}
		}()
	}
	all.Wait()
}

// Set is the real data of a sweep: N points of dimension Dim with coordinates in [-1, 1].
type Set struct {
	Kind
	Shape   Shape
	Dim     int         // Shape.Len()
	X       []float32   // N rows of Dim, row-major; nil where Pixels holds them
	Pixels  []byte      // N rows of Dim, 0 to 255, of a set too large for X; nil elsewhere
	Centres [][]float32 // the data's modes, for CountModes; nil where there are none in space
	Sum     string      // sha256 (hex) that identifies the data: of X's bits, or of the files' content

	files []File // what it was read from, checked; nil where it is drawn
}

// newSet is a set of samples of that shape; its Kind is for Open to add.
func newSet(s Shape, x []float32, sum string) *Set {
	return &Set{Shape: s, Dim: s.Len(), X: x, Sum: sum}
}

// Open reads or draws the set that c names. An error about a file begins with its path.
func Open(c Source) (*Set, error) {
	k := c.Kind()
	if k.open == nil {
		return nil, fmt.Errorf("data.name: %q is not a data set (%s)", c.Name, strings.Join(Names(nil), ", "))
	}
	set, err := k.open(c)
	if err != nil {
		return nil, err
	}
	set.Kind = k
	return set, nil
}

// File is a file of a data set that was checked.
type File struct {
	Path   string `json:"path"`
	Holds  string `json:"holds"` // "60000 x 28 x 28"
	SHA256 string `json:"sha256"`
	By     string `json:"by"` // what the sum was compared with
}

// Check reads the whole of the set that c names, comparing every checksum, and says
// what it found.
func Check(c Source) ([]File, error) {
	if k := c.Kind(); k.check != nil {
		return k.check(c)
	}
	set, err := Open(c)
	switch {
	case err != nil:
		return nil, err
	case set.Drawn:
		return []File{{c.Name, times([]int{set.Len(), set.Dim}), set.Sum, "fig5"}}, nil
	}
	return set.files, nil
}

// Len is the number of points.
func (s *Set) Len() int { return (len(s.X) + len(s.Pixels)) / s.Dim }

// Gather copies the rows idx into dst, which holds len(idx) rows.
func (s *Set) Gather(dst []float32, idx []int32) {
	d := s.Dim
	for i, j := range idx {
		s.Fill(dst[i*d:(i+1)*d], int(j))
	}
}

// Fill copies rows into dst, as many as it holds, from row first on.
func (s *Set) Fill(dst []float32, first int) {
	if s.X != nil {
		copy(dst, s.X[first*s.Dim:])
		return
	}
	for i, v := range s.Pixels[first*s.Dim:][:len(dst)] {
		dst[i] = levels[v]
	}
}

// levels is pixel of every byte.
var levels = func() (of [256]float32) {
	for v := range of {
		of[v] = pixel(byte(v))
	}
	return of
}()
