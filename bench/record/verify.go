package record

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"path/filepath"
	"slices"
)

// Verify reads every file of a run and lists what is wrong with them, nothing where
// the run is whole. Of a run that has not ended that is what will be read again: its
// manifest, its checkpoints and the rows they count. A checkpoint is not missed, as recorded runs have none.
func (d Dir) Verify(r *Run) []error {
	var wrong []error
	note := func(err error) {
		known := func(e error) bool { return e.Error() == err.Error() } // a file that is not there
		if err != nil && !slices.ContainsFunc(wrong, known) {
			wrong = append(wrong, err)
		}
	}
	if err := r.CheckFingerprint(); err != nil {
		note(fmt.Errorf("%s: %w", d.RunJSON(), err))
	}
	var c *Checkpoint // the last; it may have been being written when the run was killed
	for _, path := range []string{d.Checkpoint(), d.Previous()} {
		next, err := LoadCheckpoint(path)
		if !errors.Is(err, fs.ErrNotExist) {
			note(err)
		}
		c = cmp.Or(c, next)
	}
	if c != nil && (c.Step > int64(r.Cell.Iterations) || r.State == Done && c.Step < int64(r.Cell.Iterations)) {
		note(fmt.Errorf("%s: is of iteration %d of %d", d.Checkpoint(), c.Step, r.Cell.Iterations))
	}
	if !r.Ended() && c != nil {
		note(d.fits(c))
	}
	if !r.Ended() || r.Pretraining {
		return wrong
	}
	for _, path := range []string{d.Curve(), d.Floor()} {
		if _, ok := r.Files[filepath.Base(path)]; !ok && r.State == Done {
			note(fmt.Errorf("%s: files: %s is not recorded", d.RunJSON(), filepath.Base(path)))
		}
		note(r.checkFile(path))
	}
	points, err := ReadCurve(d.Curve())
	note(err)
	if err == nil {
		if err := r.CheckCurve(points); err != nil {
			note(fmt.Errorf("%s: %w", d.Curve(), err))
		}
		if c != nil && r.State == Done && c.Rows != len(points) {
			note(fmt.Errorf("%s: knows %d rows of the curve, there are %d", d.Checkpoint(), c.Rows, len(points)))
		}
	}
	if r.State == Done {
		floor, err := ReadCurve(d.Floor())
		note(err)
		if err := r.checkRows(floor, func(int) float64 { return math.Inf(1) }); err != nil {
			note(fmt.Errorf("%s: %w", d.Floor(), err))
		}
	}
	return wrong
}
