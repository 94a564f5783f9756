package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"fig5/bench/measure"
	"fig5/bench/record"
	"fig5/bench/sweep"
)

// retrained is a part of what fig5 runs verify --json writes, with --retrain.
type retrained struct {
	Cells  []retrainedCell `json:"cells"`
	Same   int             `json:"same"`   // byte for byte
	Within int             `json:"within"` // recorded before sameEigenvalues, and equal to tolerance
	Differ int             `json:"differ"`
}

// retrainedCell is a cell that was trained again.
type retrainedCell struct {
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

// retrain trains n random cells of runs that are whole again, in a folder that it removes,
// and compares their curves and floors with the recorded ones.
func retrain(ctx context.Context, e *env, runs []verifiedRun, n int) (*retrained, error) {
	var chosen []verifiedRun
	for _, i := range rand.Perm(len(runs)) {
		if r := runs[i]; len(chosen) < n && r.Verdict == whole && !r.pretraining {
			chosen = append(chosen, r)
		}
	}
	if len(chosen) == 0 {
		return nil, badInput(errors.New("--retrain: none of these runs is whole"))
	}
	slices.SortFunc(chosen, func(a, b verifiedRun) int { return strings.Compare(a.Path, b.Path) })
	tmp, err := os.MkdirTemp("", "fig5-retrain")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	out := &retrained{Cells: []retrainedCell{}}
	bySweep := map[record.Sweep][]record.Dir{}
	for _, r := range chosen {
		d := record.Dir(r.Path)
		bySweep[d.Sweep()] = append(bySweep[d.Sweep()], d)
	}
	for _, dirs := range bySweep {
		again, err := trainAgain(ctx, e, dirs, filepath.Join(tmp, strconv.Itoa(len(out.Cells))))
		if err != nil {
			return nil, err
		}
		out.Cells = append(out.Cells, again...)
	}
	slices.SortFunc(out.Cells, func(a, b retrainedCell) int { return strings.Compare(a.Path, b.Path) })
	for _, c := range out.Cells {
		switch c.Verdict {
		case "same":
			out.Same++
		case "within":
			out.Within++
		default:
			out.Differ++
		}
	}
	return out, nil
}

// trainAgain trains the cells of one sweep again, below the folder runs.
func trainAgain(ctx context.Context, e *env, dirs []record.Dir, runs string) ([]retrainedCell, error) {
	o := sweep.Options{Runs: runs}
	var first *record.Run
	started := map[record.Dir]time.Time{}
	for _, d := range dirs {
		r, err := d.Load()
		if err != nil {
			return nil, err
		}
		if first == nil {
			first = r
		}
		o.Cells, started[d] = append(o.Cells, r.Cell.ID), r.Started
	}
	fmt.Fprintf(e.err, "training again: %s\n", strings.Join(o.Cells, ", "))
	notify, end := progress(e.err)
	o.Notify = notify
	result, err := sweep.Run(ctx, first.Config, o)
	end()
	if errors.As(err, new(sweep.InputError)) {
		err = badInput(err)
	}
	switch {
	case err != nil:
		return nil, err
	case len(result.Failed) > 0:
		return nil, fmt.Errorf("%s failed: %s", result.Failed[0].ID, result.Failed[0].Message)
	case !result.Complete():
		return nil, errors.New("--retrain: stopped before its end")
	}
	folder := record.OpenSweep(runs, first.Config.Name)
	c, err := measure.Against(dirs, string(folder))
	if err != nil {
		return nil, err
	}
	var out []retrainedCell
	for _, d := range dirs {
		cell, largest := retrainedCell{Path: string(d), Verdict: "same"}, 0.0
		twin := folder.Cell(filepath.Base(string(d)))
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
		if cell.Verdict == "differs" && largest <= tolerance && started[d].Before(sameEigenvalues) {
			cell.Verdict = "within"
		}
		out = append(out, cell)
	}
	return out, nil
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
			if math.IsNaN(v[0]) != math.IsNaN(v[1]) {
				return math.Inf(1)
			}
			if v[0] != v[1] && !math.IsNaN(v[0]) {
				largest = max(largest, math.Abs(v[0]-v[1])/max(1, math.Abs(v[0]), math.Abs(v[1])))
			}
		}
	}
	return largest
}

// write says how the cells came out.
func (r *retrained) write(out io.Writer) error {
	var b strings.Builder
	for _, c := range r.Cells {
		switch c.Verdict {
		case "same":
			fmt.Fprintf(&b, "%s: trained again, byte for byte the same\n", c.Path)
		case "within":
			fmt.Fprintf(&b, "%s: trained again, the same to %.2g; it was recorded before the eigenvalues were made the same on every processor, so 1e-12 is asked for\n", c.Path, *c.Largest)
		default:
			fmt.Fprintf(&b, "%s: trained again, %s differs from line %d on", c.Path, filepath.Base(c.File), c.Line)
			if c.Largest != nil {
				fmt.Fprintf(&b, ", by %.2g of a number at most", *c.Largest)
			}
			b.WriteString("\n")
		}
	}
	_, err := io.WriteString(out, b.String())
	return err
}
