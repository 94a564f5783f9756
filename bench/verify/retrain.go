package verify

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"fig5/bench/measure"
	"fig5/bench/record"
	"fig5/bench/sweep"
)

// Retrained is cells that were trained again.
type Retrained struct {
	Cells  []RetrainedCell `json:"cells"`
	Same   int             `json:"same"`   // byte for byte
	Within int             `json:"within"` // recorded before sameEigenvalues, and equal to tolerance
	Differ int             `json:"differ"`
}

// RetrainedCell is one of them.
type RetrainedCell struct {
	Path    string   `json:"path"`
	Verdict string   `json:"verdict"` // same, within or differs
	Largest *float64 `json:"largest"` // difference of two numbers, relative where they are above 1; null where the rows are others
	File    string   `json:"file,omitempty"`
	Line    int      `json:"line,omitempty"` // the first that differs
}

// From sameEigenvalues on, the eigenvalues of FID are the same on every processor. A run
// that was started before is held against its repetition to tolerance.
var sameEigenvalues = time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)

const tolerance = 1e-12

// Retrain trains n random cells of runs that are whole again, in a folder that it removes,
// and compares their curves and floors with the recorded ones. begin is called with the
// cells of each sweep; what it returns is told how they get on, and called at their end.
// Without a whole cell, or a worker, the error is a sweep.InputError.
func Retrain(ctx context.Context, runs []Run, n int, begin func(cells []string) (notify func(sweep.Event), end func())) (*Retrained, error) {
	bySweep, chosen := map[record.Sweep][]record.Dir{}, 0
	for _, i := range rand.Perm(len(runs)) {
		if r := runs[i]; chosen < n && r.Verdict == Whole && !r.pretraining {
			d := record.Dir(r.Path)
			bySweep[d.Sweep()] = append(bySweep[d.Sweep()], d)
			chosen++
		}
	}
	if chosen == 0 {
		return nil, sweep.InputError{Err: errors.New("--retrain: none of these runs is whole")}
	}
	tmp, err := os.MkdirTemp("", "fig5-retrain")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	out := &Retrained{Cells: []RetrainedCell{}}
	for i, s := range slices.Sorted(maps.Keys(bySweep)) {
		dirs := bySweep[s]
		slices.Sort(dirs)
		if err := out.train(ctx, dirs, filepath.Join(tmp, fmt.Sprint(i)), begin); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(out.Cells, func(a, b RetrainedCell) int { return strings.Compare(a.Path, b.Path) })
	return out, nil
}

// train trains the cells of one sweep again, below the folder runs.
func (out *Retrained) train(ctx context.Context, dirs []record.Dir, runs string, begin func(cells []string) (func(sweep.Event), func())) error {
	o := sweep.Options{Runs: runs}
	var all []*record.Run
	for _, d := range dirs {
		r, err := d.Load()
		if err != nil {
			return err
		}
		all, o.Cells = append(all, r), append(o.Cells, r.Cell.ID)
	}
	var end func()
	o.Notify, end = begin(o.Cells)
	result, err := sweep.Run(ctx, all[0].Config, o)
	end()
	switch {
	case err != nil:
		return err
	case len(result.Failed) > 0:
		return fmt.Errorf("%s failed: %s", result.Failed[0].ID, result.Failed[0].Message)
	case !result.Complete():
		return errors.New("--retrain: stopped before its end")
	}
	folder := record.OpenSweep(runs, all[0].Config.Name)
	c, err := measure.Against(dirs, string(folder))
	if err != nil {
		return err
	}
	for i, d := range dirs {
		cell, largest := RetrainedCell{Path: string(d), Verdict: "same"}, 0.0
		twin := folder.Cell(all[i].Cell.ID)
		for _, x := range c.Differ {
			if filepath.Dir(x.File) != string(d) {
				continue
			}
			if cell.File == "" {
				cell.File, cell.Line = x.File, x.Line
			}
			largest = max(largest, apart(x.File, filepath.Join(string(twin), filepath.Base(x.File))))
			cell.Verdict = "differs"
		}
		if !math.IsInf(largest, 1) {
			cell.Largest = &largest
		}
		switch {
		case cell.Verdict == "same":
			out.Same++
		case largest <= tolerance && all[i].Started.Before(sameEigenvalues):
			cell.Verdict = "within"
			out.Within++
		default:
			out.Differ++
		}
		out.Cells = append(out.Cells, cell)
	}
	return nil
}

// apart is the largest difference between the numbers of two curves, relative to them or,
// where they are smaller, to 1: a FID is a difference of numbers of that size. It is
// infinite where the rows are others.
func apart(a, b string) float64 {
	p, errP := record.ReadCurve(a)
	q, errQ := record.ReadCurve(b)
	if errP != nil || errQ != nil || len(p) != len(q) {
		return math.Inf(1)
	}
	largest := 0.0
	for i, x := range p {
		y := q[i]
		if x.Iteration != y.Iteration || x.Beta != y.Beta || x.Modes != y.Modes {
			return math.Inf(1)
		}
		for _, v := range [][2]float64{{x.FID, y.FID}, {x.DLoss, y.DLoss}, {x.GLoss, y.GLoss}} {
			switch d := math.Abs(v[0]-v[1]) / max(1, math.Abs(v[0]), math.Abs(v[1])); {
			case !math.IsNaN(d):
				largest = max(largest, d)
			case !math.IsNaN(v[0]) || !math.IsNaN(v[1]): // a loss that one alone knows
				return math.Inf(1)
			}
		}
	}
	return largest
}
