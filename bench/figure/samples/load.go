package samples

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"

	"fig5/bench/config"
	"fig5/bench/record"
	"fig5/fid/files"
	"fig5/fid/npy"
)

// Shown is up to how many levels Load reads.
const Shown = 8

// ErrNone is the error of a run folder without samples.
var ErrNone = errors.New("has no samples")

// Sheet is what the generator of one run made.
type Sheet struct {
	Dir      record.Dir
	Run      *record.Run
	Levels   []Level  // the ones to be shown, in the order of training
	Shape    Shape    // of a sample
	Warnings []string // levels without samples
}

// Level is the samples of the end of one level.
type Level struct {
	Index int     // in the cell's levels
	Beta  float64 // 0 = the uniform box, +Inf = the data as they are
	N, D  int
	X     []float64 // N rows of D, row-major
}

// Shape is what a sample is: a point, or a square image channel by channel, each row by
// row.
type Shape struct {
	Side, Channels int // 0 for points
}

// Load reads what is drawn of a run. A run without any samples is ErrNone; all
// errors begin with the folder or the file.
func Load(dir record.Dir) (*Sheet, error) {
	run, err := dir.Load()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: is not a run folder (it has no run.json)", dir)
	}
	if err != nil {
		return nil, err
	}
	if run.Pretraining {
		return nil, fmt.Errorf("%s: %w: it is a pretraining; name the run folder of a cell", dir, ErrNone)
	}
	s := &Sheet{Dir: dir, Run: run}
	var there []int
	for i, l := range run.Cell.Levels {
		switch _, err := os.Stat(dir.LevelSamples(i, l.Beta)); {
		case err == nil:
			there = append(there, i)
		case !errors.Is(err, fs.ErrNotExist):
			return nil, err
		}
	}
	all := len(run.Cell.Levels)
	if len(there) == 0 {
		return nil, fmt.Errorf("%s: %w; fig5 run writes them at the end of each level", dir, ErrNone)
	}
	if n := all - len(there); n > 0 {
		s.Warnings = append(s.Warnings, fmt.Sprintf("%d of %d levels have no samples (the run is %s, at iteration %d of %d)", n, all, run.State, run.Step, run.Cell.Iterations))
	}
	for _, k := range spread(len(there), Shown) {
		i := there[k]
		beta := run.Cell.Levels[i].Beta
		path := dir.LevelSamples(i, beta)
		l, err := read(path)
		if err == nil {
			err = s.check(l)
		}
		if err != nil {
			return nil, files.Error(path, err)
		}
		l.Index, l.Beta = i, beta
		s.Levels = append(s.Levels, l)
	}
	return s, nil
}

// spread is up to most of the numbers 0 to n-1, as evenly as can be, both ends included.
func spread(n, most int) []int {
	m := min(n, most)
	out := make([]int, m)
	for i := 1; i < m; i++ {
		out[i] = int(math.Round(float64(i) * float64(n-1) / float64(m-1)))
	}
	return out
}

// read reads a .npy matrix.
func read(path string) (l Level, err error) {
	f, size, err := files.Open(path)
	if err != nil {
		return l, err
	}
	defer f.Close()
	a, err := npy.NewArray(f, size)
	if err != nil {
		return l, err
	}
	if len(a.Shape) != 2 || a.Len() == 0 {
		return l, fmt.Errorf("shape %s, want n rows of d numbers", a.ShapeString())
	}
	l.N, l.D = a.Shape[0], a.Shape[1]
	l.X, err = a.All()
	return l, err
}

// check compares a level's samples with the data of the run's config.
func (s *Sheet) check(l Level) error {
	c := s.Run.Config.Data
	shape, ok := shapeOf(c, l.D)
	if !ok {
		return fmt.Errorf("%d rows of %d numbers are not samples of data.name: %s", l.N, l.D, c.Name)
	}
	if len(s.Levels) > 0 && shape != s.Shape {
		return fmt.Errorf("rows of %d numbers, those of the level before have %d", l.D, s.Levels[0].D)
	}
	s.Shape = shape
	return nil
}

// shapeOf is the shape of a sample of d numbers of the data set.
func shapeOf(c config.Data, d int) (Shape, bool) {
	s := c.Shape()
	if s.Points() {
		return Shape{}, d == s.Len()
	}
	pixels := s.Height * s.Width
	return Shape{s.Height, d / max(pixels, 1)}, d == pixels || d == s.Channels*pixels
}
