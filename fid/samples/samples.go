package samples

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"

	"fig5/fid"
	"fig5/fid/files"
	"fig5/fid/npy"
)

// Set is an open set of samples, read once from its first row.
type Set struct {
	N, D     int
	Scale    Scale    // of images in an array, found when the first row is read
	Warnings []string // complete when the first row is read

	path   string
	shape  []int  // of a sample in an array
	layout Layout // of images, which rows hold in this order
	stored stored // how an array holds images; the zero one where its shape does not say that they are
	pixels bool   // they are wanted as images
	lo, hi float64
	next   int

	read   func(dst []float64) error          // the next rows as they are stored; dst is never empty
	end    func() error                       // checks that nothing follows the last row; nil: nothing does
	limits func() (lo, hi float64, err error) // of the numbers of an array of unknown scale
	close  func() error
}

// Open opens a file or folder of samples. Errors here and below begin with a path.
func Open(path string) (*Set, error) {
	s, err := open(path)
	if err != nil {
		return nil, files.Error(path, err)
	}
	s.path = path
	return s, nil
}

func open(path string) (*Set, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return openFolder(path)
	}
	f, size, err := files.Open(path)
	if err != nil {
		return nil, err
	}
	s, err := sniff(f, size)
	if err != nil {
		f.Close()
		return nil, err
	}
	s.close = f.Close
	return s, nil
}

type file interface {
	io.Reader
	io.ReaderAt
}

// sniff opens the set in f, size bytes in all, by its first bytes.
func sniff(f file, size int64) (*Set, error) {
	start := make([]byte, 6)
	n, err := f.ReadAt(start, 0)
	if err != nil && err != io.EOF {
		return nil, err
	}
	switch start = start[:n]; {
	case bytes.HasPrefix(start, []byte("PK")):
		return openNPZ(f, size)
	case bytes.HasPrefix(start, []byte("\x93NUMPY")):
		return ofArray(func() (*npy.Array, error) { return npy.NewArray(io.NewSectionReader(f, 0, size), size) })
	case bytes.HasPrefix(start, []byte("\x1f\x8b")), bytes.HasPrefix(start, []byte("\x00\x00")):
		return openIDX(f, size)
	case bytes.HasPrefix(start, []byte("\x80")):
		return nil, errors.New("looks like a Python pickle, which is not read; save the samples with numpy.save")
	case n == 0:
		return nil, errors.New("is empty")
	}
	return nil, errors.New("is no set of samples: want .npy, .npz, IDX (.gz) or a folder of images")
}

func openNPZ(f io.ReaderAt, size int64) (*Set, error) {
	z, err := npy.NewArchive(f, size)
	if err != nil {
		return nil, err
	}
	key := "samples"
	switch {
	case len(z.Keys) == 1:
		key = z.Keys[0]
	case z.Has(key):
	case z.Has("arr_0"):
		key = "arr_0"
	default:
		return nil, fmt.Errorf("holds %d arrays (%s); samples are the only one, or named samples or arr_0", len(z.Keys), list(z.Keys))
	}
	s, err := ofArray(func() (*npy.Array, error) { return z.Array(key) })
	if err != nil {
		return nil, fmt.Errorf("%s: %w", key, err)
	}
	return s, nil
}

// list shortens a list of names.
func list(names []string) string {
	if len(names) > 5 {
		names = append(names[:5:5], "...")
	}
	s := strings.Join(names, ", ")
	if len(s) > 80 {
		s = s[:80] + "..."
	}
	return s
}

// ofArray reads rows from an array whose first index counts them; open opens it anew.
func ofArray(open func() (*npy.Array, error)) (*Set, error) {
	a, err := open()
	if err != nil {
		return nil, err
	}
	if len(a.Shape) == 0 {
		return nil, errors.New("is a single number; samples have shape (n, d)")
	}
	s := &Set{N: a.Shape[0], D: 1, shape: a.Shape[1:], Scale: AsStored, limits: func() (lo, hi float64, err error) { return limitsOf(open) }}
	if a.Integer {
		s.Scale = Integers
	}
	for _, k := range s.shape {
		s.D *= k // no overflow: the array has passed its size check, or is empty
	}
	if s.N == 0 || s.D == 0 {
		return nil, fmt.Errorf("is empty: its shape is %s", a.ShapeString())
	}
	s.read = func(dst []float64) error { _, err := a.Read(dst); return err }
	s.end = func() error { _, err := a.Read(nil); return err }
	if a.Fortran {
		var all []float64 // in C order, made when the first row is asked for
		s.read = func(dst []float64) (err error) {
			if all == nil {
				if all, err = a.All(); err != nil {
					return err
				}
			}
			all = all[copy(dst, all):]
			return nil
		}
		s.end = nil
	}
	s.arrange()
	return s, nil
}

// arrange tells by the shape whether there are images.
func (s *Set) arrange() {
	if s.stored = imageOf(s.shape); s.stored != (stored{}) {
		s.layout = s.stored.Layout
		s.D = s.layout.Channels * s.layout.Height * s.layout.Width
	}
}

// limitsOf reads an array for its smallest and largest number.
func limitsOf(open func() (*npy.Array, error)) (lo, hi float64, err error) {
	lo, hi = math.Inf(1), math.Inf(-1)
	a, err := open()
	if err != nil {
		return lo, hi, err
	}
	err = each(make([]float64, min(a.Len(), 1<<16)), a.Read, func(x []float64) {
		for _, v := range x {
			if v < lo {
				lo = v
			}
			if v > hi {
				hi = v
			}
		}
	})
	return lo, hi, err
}

// each calls f with what read puts into the buffer, until it says io.EOF.
func each(buffer []float64, read func([]float64) (int, error), f func([]float64)) error {
	for {
		n, err := read(buffer)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		f(buffer[:n])
	}
}

// Read fills dst with as many whole rows as it holds, at least one, and returns
// their number. After the last row, and a check that nothing follows it, the
// error is io.EOF.
func (s *Set) Read(dst []float64) (rows int, err error) {
	room := len(dst)
	rows = min(room/s.D, s.N-s.next)
	dst = dst[:rows*s.D]
	switch {
	case s.next == s.N && s.end == nil:
		return 0, io.EOF
	case s.next == s.N:
		if err = s.end(); err == io.EOF {
			return 0, io.EOF
		}
	case rows == 0:
		err = fmt.Errorf("a row has %d numbers, there is room for %d", s.D, room)
	default:
		if s.next == 0 {
			err = s.rescale()
		}
		if err == nil {
			err = s.fill(dst)
		}
	}
	if err != nil {
		return 0, files.Error(s.path, err)
	}
	s.next += rows
	if s.Scale == AsStored {
		for _, v := range dst {
			s.lo, s.hi = min(s.lo, v), max(s.hi, v)
		}
	}
	return rows, nil
}

// Close closes the file.
func (s *Set) Close() error { return s.close() }

// Stats reads the remaining rows into their statistics: for fewer samples than
// features the rows themselves are kept, else mean and covariance are gathered as
// the rows are read.
func (s *Set) Stats() (fid.Stats, error) {
	n := s.N - s.next
	switch {
	case n < s.D && n > npy.MaxElements/s.D:
		return fid.Stats{}, fmt.Errorf("%s: %d samples of %d features; at most %d numbers are held in memory", s.path, n, s.D, npy.MaxElements)
	case n >= s.D && s.D > fid.MaxDim:
		return fid.Stats{}, fmt.Errorf("%s: %d features; a covariance is held for at most %d", s.path, s.D, fid.MaxDim)
	}
	read := func(dst []float64) (int, error) {
		rows, err := s.Read(dst)
		return rows * s.D, err
	}
	var stats fid.Stats
	var err error
	if n < s.D {
		x := make([]float64, n*s.D)
		if err = each(x, read, func([]float64) {}); err == nil {
			stats, err = fid.OfRows(x, n, s.D)
		}
	} else {
		m := fid.NewMoments(s.D)
		if err = each(make([]float64, min(n, max(1, 1<<16/s.D))*s.D), read, m.AddRows); err == nil {
			stats, err = m.Stats()
		}
	}
	return stats, files.Error(s.path, err)
}

// Measured is the statistics of a file and how they came about.
type Measured struct {
	Stats    fid.Stats
	Source   string // what the file was taken for, in words
	Scale    Scale  // NoScale where it fits any, or none is known
	Warnings []string
}

// Measured tells of the rows that were read, with their statistics.
func (s *Set) Measured(stats fid.Stats) Measured {
	m := Measured{stats, s.Source(), s.Scale, s.Warnings}
	if s.stored == (stored{}) && m.Scale == AsStored && scaleOf(false, s.lo, s.hi) == Signed {
		m.Scale = NoScale // as images are
	}
	return m
}

// Stats is the statistics of a file: those it holds (an .npz with mu or sigma) or
// those of its samples.
func Stats(path string) (Measured, error) {
	if HoldsStats(path) {
		s, err := fid.ReadStats(path)
		return Measured{Stats: s, Source: fmt.Sprintf("statistics of %d numbers", s.Dim())}, err
	}
	set, err := Open(path)
	if err != nil {
		return Measured{}, err
	}
	defer set.Close()
	s, err := set.Stats()
	return set.Measured(s), err
}

// HoldsStats reports whether the file at path is an .npz with mu or sigma; what keeps it from
// being read is found again, and reported, by who reads it.
func HoldsStats(path string) bool {
	z, err := npy.OpenArchive(path)
	if err != nil {
		return false
	}
	defer z.Close()
	return z.Has("mu") || z.Has("sigma")
}
