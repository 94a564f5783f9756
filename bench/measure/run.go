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
	if curve, err = Curve(pointsOf(d.Curve(), plateau(rows)), a); err != nil {
		return nil, nil, err
	}
	if rows, err = record.ReadCurve(d.Floor()); err == nil {
		floor, err = Curve(pointsOf(d.Floor(), rows), floorAnalysis(a))
	}
	return curve, floor, err
}

// plateau is the rows of a curve at β = ∞, which are its end.
func plateau(rows []record.Point) []record.Point {
	at := slices.IndexFunc(rows, func(p record.Point) bool { return math.IsInf(p.Beta, 1) })
	if at < 0 {
		return nil
	}
	return rows[at:]
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

// floorAnalysis is how a frozen generator is measured: the same filter and window, and no
// knee.
func floorAnalysis(a filters.Analysis) filters.Analysis {
	a.Knee = filters.Knee{Method: "none"}
	return a
}

// rows is what a run is measured from, kept so that it can be measured again.
type rows struct {
	curve []record.Point // at β = ∞; none for a given curve
	floor []record.Point
	modes int // of the data; 0 where that is not known
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
	if r.rows.curve != nil {
		r.judge(r.rows.curve[m.Window.Start:m.Window.End])
	}
	if r.rows.floor != nil {
		f, err := Curve(pointsOf(r.floorPath, r.rows.floor), floorAnalysis(a))
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
	lost, counted := 0, r.rows.modes > 0 && len(window) > 0
	for _, p := range window {
		if !math.IsNaN(p.DLoss) {
			losses = append(losses, p.DLoss)
		}
		counted = counted && p.Modes >= 0
		if p.Modes < r.rows.modes {
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

// loaded is one run as read, before it is put into its groups.
type loaded struct {
	run      *Run
	manifest *record.Run // nil where there is none, or it is not trained to its end
	warnings []string
	err      error
}

// loadRun reads and measures the run of a cell. A run that was trained with other
// settings is an error.
func loadRun(c *config.Config, dir record.Dir, cell config.Cell, manifest *record.Run) (l loaded) {
	r := &Run{
		ID: cell.ID, Seed: cell.Seed, Status: Missing, Levels: cell.Levels, Pretrain: cell.Pretrain, Training: c.Fingerprint(cell),
		File: filepath.Base(string(dir)) + "/" + filepath.Base(dir.Curve()), path: dir.Curve(), floorPath: dir.Floor(),
	}
	l.run = r
	if manifest == nil {
		var err error
		if manifest, err = dir.Load(); errors.Is(err, fs.ErrNotExist) {
			return l
		} else if err != nil {
			l.err = err
			return l
		}
	}
	// Both fingerprints by this program, so that recorded runs outlive a change of the hash.
	if manifest.Config.Fingerprint(manifest.Cell) != r.Training {
		if l.err = dir.CheckSame(manifest, record.NewRun(c, cell)); l.err != nil {
			return l
		}
	}
	l.manifest = manifest
	r.Message, r.Seconds = manifest.Message, manifest.Seconds
	switch manifest.State {
	case record.Running:
		l.manifest = nil
		return l
	case record.Failed:
		r.Status = Failed
		l.warnings = append(l.warnings, fmt.Sprintf("%s: failed: %s", cell.ID, r.Message))
		return l
	case record.Done:
		r.Status = Settled
	case record.Diverged:
		r.Status = Diverged
		l.warnings = append(l.warnings, fmt.Sprintf("%s: diverged: %s", cell.ID, r.Message))
	}
	all, err := record.ReadCurve(dir.Curve())
	if err != nil {
		l.err = err
		return l
	}
	r.rows.curve, r.rows.modes = plateau(all), c.Data.Kind().Modes
	points, heat := pointsOf(r.path, all), len(all)-len(r.rows.curve)
	r.HeatX, r.X = points.X[:heat], points.X[heat:]
	r.HeatY, r.Y = points.Y[:heat], points.Y[heat:]
	if r.Status == Settled {
		r.rows.floor, err = record.ReadCurve(dir.Floor())
		if errors.Is(err, fs.ErrNotExist) {
			l.warnings = append(l.warnings, cell.ID+": has no noise floor")
		} else if err != nil {
			l.err = err
			return l
		}
	}
	l.err = r.measure(c.Analysis)
	return l
}

// measureReal measures the real-against-real curve in the file at path one window's
// length at a time; a rest shorter than the window is left out.
func measureReal(path string, points []record.Point, a filters.Analysis) ([]filters.Amplitude, error) {
	var out []filters.Amplitude
	for len(points) > 1 {
		end := float64(points[0].Iteration) + a.Window
		n := slices.IndexFunc(points, func(p record.Point) bool { return float64(p.Iteration) >= end })
		if n < 0 {
			n = len(points)
		}
		if float64(points[n-1].Iteration+points[1].Iteration-points[0].Iteration) < end {
			break
		}
		m, err := Curve(pointsOf(path, points[:n]), floorAnalysis(a))
		if err != nil {
			return nil, err
		}
		out = append(out, m.Amplitude)
		points = points[n:]
	}
	return out, nil
}
