package sweep

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"fig5/bench/config"
	"fig5/bench/record"
)

// takeRecorded copies the cells that are missing in the folder to and have ended in the
// folder from: manifest, curve and floor, and the sweep's real floor. It says how many. A
// recorded run that is damaged or was trained with other settings is an error, and it is
// not copied.
func takeRecorded(c *config.Config, cells []Cell, from, to record.Sweep) (taken int, err error) {
	if info, err := os.Stat(string(from)); err != nil || !info.IsDir() {
		return 0, fmt.Errorf("%s: holds no recorded runs; run without --recorded", from)
	}
	for i := range cells {
		cell, source := &cells[i], from.Cell(cells[i].ID)
		if cell.State != Missing {
			continue
		}
		r, err := source.Load()
		if errors.Is(err, fs.ErrNotExist) || err == nil && !r.Ended() {
			continue
		}
		if err == nil {
			err = checkRecorded(source, r, record.NewRun(c, cell.Cell))
		}
		if err != nil {
			return taken, fmt.Errorf("%w; run without --recorded to train it here", err)
		}
		copied, err := copyRun(cell.Dir, source)
		if err != nil {
			return taken, err
		}
		if copied {
			cell.State, cell.Step = r.State, r.Step
			taken++
		}
	}
	if taken > 0 && exists(from.RealFloor()) && !exists(to.RealFloor()) {
		err = record.CopyFile(to.RealFloor(), from.RealFloor())
	}
	return taken, err
}

// checkRecorded makes sure that a recorded run is the one that is wanted, and whole.
func checkRecorded(d record.Dir, r, want *record.Run) error {
	if err := r.SameAs(want); err != nil {
		return fmt.Errorf("%s: %w", d.RunJSON(), err)
	}
	if wrong := d.Verify(r); len(wrong) > 0 {
		return wrong[0]
	}
	return nil
}

// copyRun copies the files of a recorded run, the manifest last: until it is there the
// cell is missing. It is false where somebody else works on the cell, or has by now.
func copyRun(to, from record.Dir) (bool, error) {
	lock, err := to.TryLock()
	if err != nil || lock == nil {
		return false, err
	}
	defer lock.Unlock()
	if exists(to.RunJSON()) {
		return false, nil
	}
	for _, f := range [][2]string{{to.Curve(), from.Curve()}, {to.Floor(), from.Floor()}, {to.RunJSON(), from.RunJSON()}} {
		if !exists(f[1]) { // a run that diverged has no floor
			continue
		}
		if err := record.CopyFile(f[0], f[1]); err != nil {
			return false, err
		}
	}
	return true, nil
}
