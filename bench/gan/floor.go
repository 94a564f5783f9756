//go:build cgo

package gan

import (
	"errors"
	"io/fs"
	"math"
	"os"

	"fig5/bench/record"
	"fig5/bench/rng"
)

// floorRows measures as many times as the analysis window has rows.
func (j *job) floorRows(measure func() (score, error)) ([]record.Point, error) {
	c := j.run.Config
	var rows []record.Point
	for i := 0; float64(i) < c.Analysis.Window; i += c.FID.Every {
		if j.ctx.Err() != nil {
			return nil, j.ctx.Err()
		}
		s, err := measure()
		if err != nil {
			return nil, err
		}
		rows = append(rows, record.Point{Iteration: i, Beta: math.Inf(1), FID: s.fid, DLoss: math.NaN(), GLoss: math.NaN(), Modes: s.modes})
	}
	return rows, nil
}

// floor writes what the measurement does by itself: with the final generator frozen
// into the run's floor.csv and, once a sweep, with real samples in its place.
func (j *job) floor() error {
	s := rng.New(int64(j.run.Cell.Seed), "floor "+j.run.Cell.ID)
	rows, err := j.floorRows(func() (score, error) { return j.judge.measure(s) })
	if err != nil {
		return err
	}
	if err := record.WriteCurve(j.dir.Floor(), rows); err != nil {
		return err
	}
	return j.realFloor()
}

// realFloor writes the sweep's real-against-real measurement if no cell has yet. It
// is the same whichever cell of the sweep makes it.
func (j *job) realFloor() error {
	sweep := j.dir.Sweep()
	lock, err := record.Dir(sweep).Lock(j.ctx)
	if err != nil {
		return err
	}
	defer lock.Unlock()
	if _, err := os.Stat(sweep.RealFloor()); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	s := rng.New(0, "real floor")
	rows, err := j.floorRows(func() (score, error) { return j.judge.real(s) })
	if err != nil {
		return err
	}
	return record.WriteCurve(sweep.RealFloor(), rows)
}
