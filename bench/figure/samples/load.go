package samples

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"os"
	"slices"

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

// Level is the samples of one moment: of the end of a level, or of a snapshot.
type Level struct {
	Index int     // in the cell's levels; -1 = a snapshot
	Beta  float64 // 0 = the uniform box, +Inf = the data as they are
	Total int     // iterations of training so far, pretraining included
	N, D  int
	X     []float64 // N rows of D, row-major
	Share []float64 // of other samples of that moment, the share of each class; nil where none is told
}

func (l Level) row(i int) []float64 { return l.X[i*l.D : (i+1)*l.D] }

// without is the share of the samples that in does not accept.
func (l Level) without(in func(row []float64) bool) float64 {
	out := 0
	for i := range l.N {
		if !in(l.row(i)) {
			out++
		}
	}
	return float64(out) / float64(l.N)
}

// Shape is what a sample is: a point, or a square image channel by channel, each row by
// row.
type Shape struct {
	Side, Channels int // 0 for points
}

// Load reads what is drawn of a run: the ends of up to Shown of its levels, or, where
// betas are given, of those nearest to them on a logarithmic scale, each once. A run
// without any samples is ErrNone; all errors begin with the folder or the file.
func Load(dir record.Dir, betas ...float64) (*Sheet, error) {
	s, err := newSheet(dir)
	if err != nil {
		return nil, err
	}
	there := slices.DeleteFunc(moments(dir, s.Run), func(m moment) bool { return m.Index < 0 })
	all := len(s.Run.Cell.Levels)
	if len(there) == 0 {
		return nil, fmt.Errorf("%s: %w; fig5 run writes them at the end of each level", dir, ErrNone)
	}
	if n := all - len(there); n > 0 {
		s.Warnings = append(s.Warnings, fmt.Sprintf("%d of %d levels have no samples (the run is %s, at iteration %d of %d)", n, all, s.Run.State, s.Run.Step, s.Run.Cell.Iterations))
	}
	shown := spread(len(there), Shown)
	if len(betas) > 0 {
		shown = nearest(there, betas)
	}
	for _, k := range shown {
		if err := s.read(there[k]); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// LoadTogether reads what several runs made after the same numbers of iterations, pretraining
// included, at up to Shown of the moments that all of them have.
func LoadTogether(dirs []record.Dir) ([]*Sheet, error) {
	var (
		sheets []*Sheet
		found  []map[int]moment
		totals []int
	)
	for i, dir := range dirs {
		s, err := newSheet(dir)
		if err != nil {
			return nil, err
		}
		at := map[int]moment{}
		for _, m := range moments(dir, s.Run) {
			at[m.Total] = m
		}
		if i == 0 {
			totals = slices.Sorted(maps.Keys(at))
		}
		totals = slices.DeleteFunc(totals, func(n int) bool { _, ok := at[n]; return !ok })
		sheets, found = append(sheets, s), append(found, at)
	}
	if len(totals) == 0 {
		return nil, fmt.Errorf("%s: %w after as many iterations as the other runs; train.snapshots keeps them", dirs[0], ErrNone)
	}
	for i, s := range sheets {
		for _, k := range spread(len(totals), Shown) {
			if err := s.read(found[i][totals[k]]); err != nil {
				return nil, err
			}
		}
	}
	return sheets, nil
}

// newSheet is a run without its samples.
func newSheet(dir record.Dir) (*Sheet, error) {
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
	return &Sheet{Dir: dir, Run: run}, nil
}

// moment is a Level that is not read yet.
type moment struct {
	Level
	path string
}

// moments are those of a run whose files are there, snapshots before levels.
func moments(dir record.Dir, run *record.Run) (there []moment) {
	add := func(index int, beta float64, iteration int, path string) {
		if _, err := os.Stat(path); err == nil {
			there = append(there, moment{Level{Index: index, Beta: beta, Total: run.Cell.Pretrain + iteration}, path})
		}
	}
	for _, n := range run.Config.Train.Snapshots {
		if n <= run.Cell.Iterations {
			add(-1, betaAt(run.Cell, n), n, dir.Snapshot(int64(n)))
		}
	}
	end := 0
	for i, l := range run.Cell.Levels {
		end += l.Iterations
		add(i, l.Beta, end, dir.LevelSamples(i, l.Beta))
	}
	return there
}

// betaAt is the β that iteration n of a cell was trained at; that of the box before the
// first, if there was a pretraining.
func betaAt(c config.Cell, n int) float64 {
	if n == 0 && c.Pretrain > 0 {
		return 0
	}
	return c.BetaAt(n - 1)
}

// nearest are the indices of the moments nearest to the betas, in their order, each once.
func nearest(there []moment, betas []float64) (shown []int) {
	for _, beta := range betas {
		away := func(m moment) float64 {
			if m.Beta == beta { // 0 and ∞ too
				return 0
			}
			return math.Abs(math.Log(m.Beta) - math.Log(beta))
		}
		best := 0
		for i, m := range there {
			if away(m) < away(there[best]) {
				best = i
			}
		}
		if !slices.Contains(shown, best) {
			shown = append(shown, best)
		}
	}
	return shown
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

// read adds a moment.
func (s *Sheet) read(m moment) error {
	l, err := m.Level, error(nil)
	if l.N, l.D, l.X, err = matrix(m.path); err == nil {
		err = s.check(l)
	}
	if err != nil {
		return files.Error(m.path, err)
	}
	path := record.Classes(m.path)
	_, _, l.Share, err = matrix(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return files.Error(path, err)
	}
	all := 0.0
	for _, n := range l.Share {
		all += n
	}
	for i := range l.Share {
		l.Share[i] /= all
	}
	s.Levels = append(s.Levels, l)
	return nil
}

// matrix reads a .npy matrix, n rows of d.
func matrix(path string) (n, d int, x []float64, err error) {
	f, size, err := files.Open(path)
	if err != nil {
		return 0, 0, nil, err
	}
	defer f.Close()
	a, err := npy.NewArray(f, size)
	if err != nil {
		return 0, 0, nil, err
	}
	if len(a.Shape) != 2 || a.Len() == 0 {
		return 0, 0, nil, fmt.Errorf("shape %s, want n rows of d numbers", a.ShapeString())
	}
	x, err = a.All()
	return a.Shape[0], a.Shape[1], x, err
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
