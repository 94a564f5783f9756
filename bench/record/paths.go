package record

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"fig5/fid/files"
)

// runFile is the name of the manifest in a run folder.
const runFile = "run.json"

// Sweep is the folder of one sweep: runs/<sweep>.
type Sweep string

// OpenSweep is the folder of the sweep called name below root; it need not exist.
func OpenSweep(root, name string) Sweep { return Sweep(filepath.Join(root, name)) }

// Cell is the run folder of the cell with this ID.
func (s Sweep) Cell(id string) Dir { return Dir(filepath.Join(string(s), id)) }

// Pretrain is the run folder of the pretraining that all cells of a seed share.
func (s Sweep) Pretrain(seed int) Dir {
	return Dir(filepath.Join(string(s), "pretrain", strconv.Itoa(seed)))
}

// RealFloor is the sweep's real-against-real measurement, a curve file.
func (s Sweep) RealFloor() string { return filepath.Join(string(s), "real-floor.csv") }

// RealStats is the statistics of the real data's features, key telling which.
func (s Sweep) RealStats(key string) string {
	return filepath.Join(string(s), "real-stats-"+key+".npz")
}

// Report is the folder that figures and tables go to.
func (s Sweep) Report() string { return filepath.Join(string(s), "report") }

// Dir is one run folder.
type Dir string

// RunJSON is the manifest.
func (d Dir) RunJSON() string { return filepath.Join(string(d), runFile) }

// Curve is the FID curve, one row a measurement.
func (d Dir) Curve() string { return filepath.Join(string(d), "curve.csv") }

// Floor is the same measurement with the final generator frozen.
func (d Dir) Floor() string { return filepath.Join(string(d), "floor.csv") }

// Checkpoint is the state from which training goes on.
func (d Dir) Checkpoint() string { return filepath.Join(string(d), "checkpoint.npz") }

// Previous is the checkpoint before, from which training goes on where Checkpoint is damaged.
func (d Dir) Previous() string { return filepath.Join(string(d), "checkpoint.1.npz") }

// Samples is the folder of what the sample grids are drawn from.
func (d Dir) Samples() string { return filepath.Join(string(d), "samples") }

// LockFile is the file that Lock locks; it is empty and stays.
func (d Dir) LockFile() string { return filepath.Join(string(d), ".lock") }

// leaseFolder is the folder of the lease that Lock takes; it stays.
func (d Dir) leaseFolder() string { return filepath.Join(string(d), ".lease") }

// Sweep is the sweep folder that d, a cell's run folder, lies in.
func (d Dir) Sweep() Sweep { return Sweep(filepath.Dir(string(d))) }

// Find lists the run folders at path and below, sorted. A path that does not
// exist, is no folder or holds no run is an error.
func Find(path string) ([]Dir, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, files.Error(path, err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("%s: is a file, not a run folder", path)
	}
	var dirs []Dir
	err = filepath.WalkDir(path, func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			return files.Error(p, err)
		}
		if !e.IsDir() && e.Name() == runFile {
			dirs = append(dirs, Dir(filepath.Dir(p)))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(dirs) == 0 {
		return nil, fmt.Errorf("%s: no run folder (a folder with a %s) here or below", path, runFile)
	}
	slices.Sort(dirs)
	return dirs, nil
}
