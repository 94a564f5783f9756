package measure

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"path/filepath"
	"slices"

	"fig5/bench/config"
	"fig5/bench/curves"
	"fig5/bench/record"
	"fig5/filters"
)

// won is the median of D's loss below which D has won for good. The loss of minimax is
// 2 ln 2 at the equilibrium and goes to 0 as D becomes sure of every sample.
const won = 1e-3

// MeasureRun measures the curve and the noise floor of a run, whose manifest is r, by the
// analysis that is its sweep's (AnalysisOf); both are nil where the run is not done.
func MeasureRun(d record.Dir, r *record.Run) (curve, floor *Result, err error) {
	if r.State != record.Done || r.Pretraining {
		return nil, nil, nil
	}
	a, _, err := AnalysisOf(d.Sweep(), r.Config)
	if err != nil {
		return nil, nil, err
	}
	rows, err := record.ReadCurve(d.Curve())
	if err != nil {
		return nil, nil, err
	}
	if curve, err = Curve(pointsOf(d.Curve(), rows[heat(rows):]), a); err != nil {
		return nil, nil, err
	}
	c, err := readFloor(d.Floor())
	if err != nil {
		return curve, nil, err
	}
	floor, err = Curve(c, floorAnalysis(a))
	return curve, floor, err
}

// heat is how many rows of a curve are before β = ∞.
func heat(rows []record.Point) int {
	if at := slices.IndexFunc(rows, func(p record.Point) bool { return math.IsInf(p.Beta, 1) }); at >= 0 {
		return at
	}
	return len(rows)
}

// pointsOf is rows of one of our own files as a curve.
func pointsOf(file string, rows []record.Point) *curves.Curve {
	c := &curves.Curve{File: file, Source: curves.Source{X: "iteration", Y: "fid", Rows: len(rows)}}
	for _, p := range rows {
		c.X, c.Y = append(c.X, float64(p.Iteration)), append(c.Y, p.FID)
	}
	if len(rows) > 1 {
		c.Source.Interval = c.X[1] - c.X[0]
	}
	return c
}

// readFloor reads the curve of a frozen generator, or of real samples against real.
func readFloor(path string) (*curves.Curve, error) {
	rows, err := record.ReadCurve(path)
	if err != nil {
		return nil, err
	}
	return pointsOf(path, rows), nil
}

// floorAnalysis is how such a curve is measured: by the same filter and window, and no knee.
func floorAnalysis(a filters.Analysis) filters.Analysis {
	a.Knee = filters.Knee{Method: "none"}
	return a
}

// measure sets what a run with a curve comes to by an analysis; one that diverged has no
// amplitude, however long its curve.
func (r *Run) measure(a filters.Analysis) error {
	r.Measured, r.Floor, r.Lost, r.Won = nil, nil, nil, false
	if r.Status != Settled && r.Status != Unsettled {
		return nil
	}
	m, err := Curve(&curves.Curve{File: r.path, X: r.X, Y: r.Y}, a)
	if err != nil {
		return err
	}
	r.Measured, r.Status = &m.Measurement, Settled
	if !m.Window.Complete {
		r.Status = Unsettled
	}
	if r.rows != nil {
		r.judge(r.rows[m.Window.Start:m.Window.End])
	}
	if r.floor != nil {
		f, err := Curve(r.floor, floorAnalysis(a))
		if err != nil {
			return err
		}
		if f.Window.Complete { // a shorter one has a smaller amplitude
			r.Floor = &f.Amplitude
		}
	}
	return nil
}

// judge counts the rows of the window with lost modes, and tells whether D has won there.
func (r *Run) judge(window []record.Point) {
	var losses []float64
	lost, counted := 0, r.modes > 0 && len(window) > 0
	for _, p := range window {
		if !math.IsNaN(p.DLoss) {
			losses = append(losses, p.DLoss)
		}
		counted = counted && p.Modes >= 0
		if p.Modes < r.modes {
			lost++
		}
	}
	if counted {
		r.Lost = &lost
	}
	slices.Sort(losses)
	if n := len(losses); n > 0 {
		r.Won = (losses[(n-1)/2]+losses[n/2])/2 < won
	}
}

// loadRun reads and measures the run of a cell; m is its manifest where that was read
// already. A run that was trained with other settings is an error.
func loadRun(c *config.Config, dir record.Dir, cell config.Cell, m *record.Run) (*Run, error) {
	r := &Run{
		ID: cell.ID, Seed: cell.Seed, Status: Missing, Levels: cell.Levels, Pretrain: cell.Pretrain, Training: c.Fingerprint(cell),
		File: filepath.Base(string(dir)) + "/" + filepath.Base(dir.Curve()), path: dir.Curve(), modes: c.Data.Kind().Modes,
	}
	if m == nil {
		var err error
		if m, err = dir.Load(); errors.Is(err, fs.ErrNotExist) {
			return r, nil
		} else if err != nil {
			return nil, err
		}
	}
	// Both fingerprints by this program, so that recorded runs outlive a change of the hash.
	if m.Config.Fingerprint(m.Cell) != r.Training {
		if err := dir.CheckSame(m, record.NewRun(c, cell)); err != nil {
			return nil, err
		}
	}
	r.Message, r.Seconds = m.Message, m.Seconds
	switch m.State {
	case record.Running:
		return r, nil
	case record.Done:
		r.Status = Settled
	default: // diverged or failed
		r.Status = Status(m.State)
		r.warnings = append(r.warnings, fmt.Sprintf("%s: %s: %s", cell.ID, m.State, r.Message))
	}
	if r.manifest = m; r.Status == Failed {
		return r, nil
	}
	all, err := record.ReadCurve(dir.Curve())
	if err != nil {
		return nil, err
	}
	points, n := pointsOf(r.path, all), heat(all)
	r.rows = all[n:]
	r.HeatX, r.X = points.X[:n], points.X[n:]
	r.HeatY, r.Y = points.Y[:n], points.Y[n:]
	if r.Status == Settled {
		if r.floor, err = readFloor(dir.Floor()); errors.Is(err, fs.ErrNotExist) {
			r.warnings = append(r.warnings, cell.ID+": has no noise floor")
		} else if err != nil {
			return nil, err
		}
	}
	return r, r.measure(c.Analysis)
}

// measureReal measures the real-against-real curve one window's length at a time; a rest
// shorter than the window is left out. Of no curve there is nothing.
func measureReal(c *curves.Curve, a filters.Analysis) (out []filters.Amplitude, err error) {
	if c == nil {
		return nil, nil
	}
	for x, y := c.X, c.Y; len(x) > 1; {
		n, _ := slices.BinarySearch(x, x[0]+a.Window)
		if x[n-1]+x[1]-x[0] < x[0]+a.Window {
			break
		}
		m, err := Curve(&curves.Curve{File: c.File, X: x[:n], Y: y[:n]}, floorAnalysis(a))
		if err != nil {
			return nil, err
		}
		out = append(out, m.Amplitude)
		x, y = x[n:], y[n:]
	}
	return out, nil
}
