package measure

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"

	"fig5/bench/record"
)

// Comparison is the curves of runs held against those of the same cells elsewhere, byte
// by byte. Its JSON form is a part of the output of `fig5 runs verify --json`.
type Comparison struct {
	Dir     string       `json:"dir"`
	Curves  int          `json:"curves"`  // of runs that have ended in both, a run's floor with it
	Same    int          `json:"same"`    // of them
	Differ  []Difference `json:"differ"`  // a file each
	Missing []string     `json:"missing"` // cells that have ended here and not in Dir
}

// Difference is where a file is not the one that it is held against.
type Difference struct {
	File string `json:"file"`
	Line int    `json:"line"` // the first that differs, from 1 on; 0: the other run has no such file
}

// Against holds curve.csv and floor.csv of the runs in dirs against those of the same
// cells in the folder dir and below. Where dir holds several sweeps, a cell's sweep has
// its name there, too. Runs that have not ended, or have no manifest that can be read, are passed over.
func Against(dirs []record.Dir, dir string) (*Comparison, error) {
	sweeps, err := find(dir)
	if err != nil {
		return nil, err
	}
	key := func(r *record.Run) string {
		if len(sweeps) > 1 {
			return r.Config.Name + "/" + r.Cell.ID
		}
		return r.Cell.ID
	}
	others := map[string]record.Dir{}
	for _, sweep := range slices.Sorted(maps.Keys(sweeps)) {
		for _, d := range slices.Sorted(maps.Keys(sweeps[sweep])) {
			r := sweeps[sweep][d]
			if !r.Ended() {
				continue
			}
			if twin, twice := others[key(r)]; twice {
				return nil, fmt.Errorf("%s: holds the cell %s twice, in %s and %s; name one sweep", dir, key(r), twin, d)
			}
			others[key(r)] = d
		}
	}
	c := &Comparison{Dir: dir, Differ: []Difference{}, Missing: []string{}}
	for _, d := range dirs {
		r, err := d.Load()
		if err != nil || !r.Ended() || r.Pretraining {
			continue
		}
		other, ok := others[key(r)]
		if !ok {
			c.Missing = append(c.Missing, key(r))
			continue
		}
		c.Curves++
		before := len(c.Differ)
		for _, files := range [][2]string{{d.Curve(), other.Curve()}, {d.Floor(), other.Floor()}} {
			line, err := firstDifference(files[0], files[1])
			if err != nil {
				return nil, err
			}
			if line >= 0 {
				c.Differ = append(c.Differ, Difference{files[0], line})
			}
		}
		if len(c.Differ) == before {
			c.Same++
		}
	}
	slices.Sort(c.Missing)
	return c, nil
}

// firstDifference is the first line, from 1 on, in which two files differ, -1 where they
// do not, or where neither is there, and 0 where one is there alone.
func firstDifference(a, b string) (int, error) {
	x, errX := os.ReadFile(a)
	y, errY := os.ReadFile(b)
	for _, err := range []error{errX, errY} {
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return 0, err
		}
	}
	if (errX == nil) != (errY == nil) {
		return 0, nil
	} else if bytes.Equal(x, y) {
		return -1, nil
	}
	at := 0
	for at < min(len(x), len(y)) && x[at] == y[at] {
		at++
	}
	return bytes.Count(x[:at], []byte("\n")) + 1, nil
}
