//go:build cgo

package gan

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"slices"
	"time"

	"fig5/bench/data"
	"fig5/bench/nn"
	"fig5/bench/nn/kernel"
	"fig5/bench/record"
	"fig5/fid/features/exception"
)

// ErrStopped is returned by Run when its context ended first: the checkpoint is
// written and the next Run goes on from it.
var ErrStopped = errors.New("stopped; its checkpoint is written")

// InputError is an error in the data or the config and not in the training.
type InputError struct{ error }

func (e InputError) Unwrap() error { return e.error }

// diverged is a value that is not finite where the training needs one.
type diverged struct{ what string }

func (d diverged) Error() string { return d.what }

// Progress is what Run reports at every row of the curve.
type Progress struct {
	Step, Total int64
	FID         float64 // NaN in pretraining
	Rate        float64 // iterations per second since this process began
	Evaluating  float64 // seconds of the evaluations since then
	Warning     string  // if not empty, all that there is: a file was damaged, and what became of it
}

// job is one Run.
type job struct {
	*GAN
	ctx    context.Context
	dir    record.Dir
	run    *record.Run
	report func(Progress)
	curve  *record.CurveWriter // nil in pretraining
	judge  *judge              // nil in pretraining
	began  time.Time
	first  int64 // step at which this process began
	saved  time.Time
	spent  time.Duration // on evaluations since then
}

// Run trains the run of dir, a cell or a seed's pretraining, from its checkpoint if
// it has one, until it ends, diverges (a result, no error) or ctx ends (ErrStopped).
// The caller holds the folder's lock. A cell whose seed has no pretraining yet makes
// it first.
func Run(ctx context.Context, dir record.Dir, report func(Progress)) error {
	err := exception.Catch(func() error {
		r, err := dir.Load()
		if err != nil || r.Ended() {
			return err
		}
		set, err := data.Open(r.Config.Data)
		if err != nil {
			return InputError{err}
		}
		return train(ctx, dir, r, set, report)
	})
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) { // of whoever saw it first
		return ErrStopped
	}
	return err
}

func train(ctx context.Context, dir record.Dir, r *record.Run, set *data.Set, report func(Progress)) error {
	net, err := New(r.Config, set, r.Cell.Seed)
	if err != nil {
		return InputError{err}
	}
	defer net.free()
	j := &job{GAN: net, ctx: ctx, dir: dir, run: r, report: report}
	err = j.start()
	if err == nil {
		err = j.levels()
	}
	if err == nil && !r.Pretraining {
		err = j.floor()
	}
	var d diverged
	switch {
	case errors.As(err, &d):
		err = j.end(record.Diverged, d.what)
	case err == nil:
		err = j.end(record.Done, "")
	}
	if j.curve != nil {
		err = errors.Join(err, j.curve.Close())
	}
	if j.judge != nil {
		j.judge.free()
	}
	return err
}

// start brings the nets to where the run begins or was left, and opens its curve.
func (j *job) start() error {
	if err := kernel.Err(); err != nil {
		return InputError{err}
	}
	r := j.run
	r.Versions, r.Machine = record.ThisProgram(), record.ThisMachine()
	r.Versions.Libtorch = nn.LibtorchVersion()
	r.Machine.Kernels = nn.Kernels(nn.Engine(r.Config.Train.Engine), r.Config.Train.Device)
	r.State, r.Message = record.Running, ""
	now := time.Now()
	if r.Started.IsZero() {
		r.Started = now.UTC().Truncate(time.Second)
	}
	rows := 0
	checkpoint, warnings, err := j.dir.LastGood()
	j.warn(warnings)
	switch {
	case err != nil:
		return err
	case checkpoint != nil:
		if !r.Pretraining {
			j.streams(r.Cell.Seed, "train")
		}
		if err := j.restore(checkpoint, true); err != nil {
			return fmt.Errorf("%s: %w; delete the run folder and run again", j.dir.Checkpoint(), err)
		}
		rows = checkpoint.Rows
	case !r.Pretraining:
		if err := j.pretrained(); err != nil {
			return err
		}
		j.streams(r.Cell.Seed, "train")
	}
	if !r.Pretraining {
		if j.judge, err = newJudge(j.ctx, j.GAN, j.dir.Sweep()); err != nil {
			return err
		}
		if j.curve, err = record.OpenCurve(j.dir.Curve(), rows); err != nil {
			return err
		}
	}
	j.began, j.saved, j.first = time.Now(), now, j.step
	return j.dir.Save(r)
}

// pretrained takes over the shared pretraining of the seed, which it makes if this
// is the first cell to need it. A cold cell has none.
func (j *job) pretrained() error {
	if j.run.Cell.Pretrain == 0 {
		return nil
	}
	dir := j.dir.Sweep().Pretrain(j.run.Cell.Seed)
	lock, err := dir.Lock(j.ctx)
	if err != nil {
		return err
	}
	defer lock.Unlock()
	want := record.NewPretraining(j.run.Config, j.run.Cell.Seed)
	r, err := dir.Load()
	switch {
	case errors.Is(err, fs.ErrNotExist):
		r = want
	case err != nil:
		return err
	default:
		if err := dir.CheckSame(r, want); err != nil {
			return err
		}
	}
	checkpoint, warnings, err := dir.LastGood()
	j.warn(warnings)
	if err != nil {
		return err
	}
	lost := r.State == record.Done && (checkpoint == nil || checkpoint.Step < int64(r.Cell.Iterations))
	if !r.Ended() || lost {
		if err := train(j.ctx, dir, r, j.data, nil); err != nil {
			return err
		}
		if checkpoint, _, err = dir.LastGood(); err != nil {
			return err
		}
	}
	if r.State == record.Diverged {
		return diverged{"pretraining: " + r.Message}
	}
	if err := j.restore(checkpoint, false); err != nil {
		return fmt.Errorf("%s: %w", dir.Checkpoint(), err)
	}
	return nil
}

// levels is the outer loop of Algorithm 1: n iterations at each β in turn, from
// wherever the run stands.
func (j *job) levels() error {
	c := j.run.Config
	box := c.BoxOf(j.run.Cell)
	end := int64(0)
	for i, level := range j.run.Cell.Levels {
		end += int64(level.Iterations)
		for j.step < end {
			if j.ctx.Err() != nil {
				if err := j.save(); err != nil {
					return err
				}
				return j.ctx.Err()
			}
			if j.step%int64(c.FID.Every) == 0 {
				if err := j.row(level.Beta); err != nil {
					return err
				}
			}
			if err := j.snapshot(); err != nil {
				return err
			}
			j.iterate(box, level.Beta)
			if j.step%int64(c.Train.Checkpoint) == 0 && j.step < int64(j.run.Cell.Iterations) {
				if err := j.save(); err != nil {
					return err
				}
			}
		}
		if j.step == end && !j.run.Pretraining {
			if err := j.keep(j.dir.LevelSamples(i, level.Beta)); err != nil {
				return err
			}
		}
	}
	if err := j.snapshot(); err != nil {
		return err
	}
	if !j.finite() {
		return diverged{fmt.Sprintf("a parameter is not finite after iteration %d", j.step)}
	}
	return j.save()
}

// snapshot keeps samples where the config asks for them at this iteration.
func (j *job) snapshot() error {
	if j.run.Pretraining || !slices.Contains(j.run.Config.Train.Snapshots, int(j.step)) {
		return nil
	}
	return j.keep(j.dir.Snapshot(j.step))
}

// row measures the generator as it is and adds a row to the curve.
func (j *job) row(beta float64) error {
	d, g := j.losses()
	if j.step > 0 && !isFinite(d+g) {
		return diverged{fmt.Sprintf("a loss is not finite before iteration %d", j.step)}
	}
	if j.run.Pretraining {
		j.tell(math.NaN())
		return nil
	}
	began := time.Now()
	score, err := j.judge.measure(j.eval)
	j.spent += time.Since(began)
	if err != nil {
		return err
	}
	if !isFinite(score.fid) {
		return diverged{fmt.Sprintf("the FID is not finite at iteration %d", j.step)}
	}
	p := record.Point{Iteration: int(j.step), Beta: beta, FID: score.fid, DLoss: d, GLoss: g, Modes: score.modes}
	if err := j.curve.Append(p); err != nil {
		return err
	}
	j.tell(score.fid)
	return nil
}

func isFinite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

func notFinite(x float32) bool { return !isFinite(float64(x)) }

func (j *job) tell(fid float64) {
	if j.report == nil {
		return
	}
	rate := 0.0
	if s := time.Since(j.began).Seconds(); s > 0 {
		rate = float64(j.step-j.first) / s
	}
	j.report(Progress{Step: j.step, Total: int64(j.run.Cell.Iterations), FID: fid, Rate: rate, Evaluating: j.spent.Seconds()})
}

func (j *job) warn(warnings []string) {
	for _, w := range warnings {
		if j.report != nil {
			j.report(Progress{Warning: w})
		}
	}
}

// save writes a checkpoint and the manifest.
func (j *job) save() error {
	c, err := j.checkpoint()
	if err != nil {
		return err
	}
	if err := j.dir.SaveCheckpoint(c, j.run, j.curve); err != nil {
		return err
	}
	j.clock()
	j.run.Step = j.step
	return j.dir.Save(j.run)
}

// clock adds the time since the last call to the run's.
func (j *job) clock() {
	now := time.Now()
	if !j.saved.IsZero() {
		j.run.Seconds += now.Sub(j.saved).Seconds()
	}
	j.saved = now
}

// end writes the manifest of a run that has ended.
func (j *job) end(s record.State, message string) error {
	if j.curve != nil {
		if err := j.curve.Sync(); err != nil {
			return err
		}
	}
	j.clock()
	j.run.Step = j.step
	return j.dir.Finish(j.run, s, message, time.Now())
}

// free gives libtorch's memory back.
func (t *GAN) free() {
	t.steps.Free()
	t.g.Free()
	t.d.Free()
	t.optG.Free()
	t.optD.Free()
}
