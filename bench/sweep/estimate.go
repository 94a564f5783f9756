package sweep

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"fig5/bench/config"
	"fig5/bench/models"
	"fig5/bench/record"
	"fig5/bench/sweep/worker"
)

// Estimate is what a sweep takes on this machine.
type Estimate struct {
	Iterations int64   `json:"iterations"`   // of the whole sweep, pretraining included
	Seconds    float64 `json:"seconds"`      // of wall time, for what is missing
	Disk       int64   `json:"disk_bytes"`   // of all files of the whole sweep when it is done
	Memory     int64   `json:"memory_bytes"` // of one worker
	Missing    int     `json:"-"`            // cells
	Jobs       int     `json:"-"`            // workers at once
	Fewer      string  `json:"-"`            // why the jobs are fewer than were asked for; empty where they are not
	Source     string  `json:"-"`            // what the time goes by: "this machine", "the runs that are done", "a common machine"
}

// What one core of an AMD EPYC (Zen 3) does with AVX2: the estimate where nothing can be
// measured. The first is that of both models, 1500 iterations of toy a second and 80 of
// mnist-fc; the second that of MNIST's covariances and their eigenvalues.
const (
	singleFlops = 64e9  // a second, in products of single precision
	doubleFlops = 32e9  // in double precision
	readNumber  = 17e-9 // seconds, of the real data
	startWorker = 0.7   // seconds
)

// commonCost is what training costs on that machine.
func commonCost(c *config.Config, g, d models.Net) worker.Cost {
	s := c.Data.Shape()
	n, f := float64(c.FID.Samples), float64(FeatureDim(c))
	return worker.Cost{
		Start:      startWorker + readNumber*float64(c.Data.Rows())*float64(s.Len()),
		Iteration:  models.Flops(models.Products(g, d, c.Train.Batch)) / singleFlops,
		Evaluation: models.Flops(g.Forward(c.FID.Samples))/singleFlops + (n*f*f+5*f*f*f)/doubleFlops,
	}
}

// estimator knows the cost of the cells of a sweep.
type estimator struct {
	cfg      *config.Config
	cells    []Cell
	cost     worker.Cost
	measured float64 // seconds of this sweep's finished runs over those by cost; 1 without
	floor    float64 // evaluations of the floor
}

// NewEstimate is what the cells of a sweep below the folder runs take with so many jobs at
// once, Workers where that is 0. Where some are missing, what would keep this machine from
// training them is a SettingError, and the worker measures what training costs, on the
// config at path with sets over it (see probe). note is told what the user ought to know.
func NewEstimate(ctx context.Context, c *config.Config, cells []Cell, runs string, jobs int, path string, sets []string, note func(...string)) (*Estimate, error) {
	out := &Estimate{Jobs: jobs, Source: "a common machine", Memory: Memory(c)}
	pretrainings := map[int]int{} // iterations, by seed
	for _, cell := range cells {
		out.Iterations += int64(cell.Iterations)
		if cell.Pretrain > 0 {
			pretrainings[cell.Seed] = cell.Pretrain
		}
		if !cell.Ended() {
			out.Missing++
		}
	}
	for _, n := range pretrainings {
		out.Iterations += int64(n)
	}
	if jobs == 0 {
		out.Jobs = Workers(c)
	}
	g, d := c.Model.Nets(c.Data.Shape())
	e := estimator{c, cells, commonCost(c, g, d), 1, math.Ceil(c.Analysis.Window / float64(c.FID.Every))}
	if out.Missing > 0 {
		if err := Check(c); err != nil {
			return nil, err
		}
		program, err := worker.Find()
		if err == nil {
			if err := CheckDevice(ctx, program, c); err != nil {
				return nil, err
			}
		}
		out.Jobs, out.Fewer = Fit(c, out.Jobs, Free())
		workers := min(runtime.NumCPU(), out.Jobs)
		done := finishedHere(cells)
		var cost worker.Cost
		if err == nil { // with runs that are done, only a probe that is kept is worth its while
			cost, err = probe(ctx, program, path, c, sets, workers, len(done) == 0, note)
		}
		switch {
		case ctx.Err() != nil:
			return nil, errors.New("interrupted")
		case err == nil:
			e.cost, out.Source = cost, "this machine"
			if out.Jobs > workers { // they share the cores
				e.measured = float64(out.Jobs) / float64(workers)
			}
		case len(done) == 0:
			note("the speed of this machine is not measured: " + worker.OneLine(err.Error()))
		}
		var took, would float64 // seconds: as they were, and by the cost
		for _, r := range done {
			took += r.Seconds
			would += e.work(r, int64(r.Cell.Iterations))
		}
		if would > 0 {
			e.measured, out.Source = took/would, "the runs that are done"
		}
	}
	seconds, err := Forecast(c, runs, cells, out.Jobs, func(r *record.Run, left int64) float64 {
		if r.Pretraining && left == 0 {
			return 0
		}
		return e.cost.Start + e.work(r, left)
	})
	if seconds > 0 {
		seconds += e.cost.Once
	}
	out.Seconds, out.Disk = math.Round(10*seconds)/10, e.disk(models.State(g, d), len(pretrainings))
	return out, err
}

// finishedHere is the runs of these cells that this machine has finished.
func finishedHere(cells []Cell) (runs []*record.Run) {
	here := record.ThisMachine()
	for _, cell := range cells {
		if cell.State != record.Done {
			continue
		}
		r, err := cell.Dir.Load() // one that cannot be read tells nothing
		if err == nil && r.Seconds > 0 && r.Machine.CPU == here.CPU && r.Machine.Cores == here.Cores {
			runs = append(runs, r)
		}
	}
	return runs
}

// work is the seconds of so many iterations of a run, its evaluations with them.
func (e estimator) work(r *record.Run, left int64) float64 {
	seconds := float64(left) * e.cost.Iteration
	if !r.Pretraining {
		seconds += (float64(left)/float64(e.cfg.FID.Every) + e.floor) * e.cost.Evaluation
	}
	return seconds * e.measured
}

// disk is the size of all files of the sweep when it is done: curve and floor, samples of
// each level, and for every cell and pretraining a checkpoint of so many numbers.
func (e estimator) disk(state, pretrainings int) int64 {
	const (
		row      = 100 // bytes of curve.csv, 17 digits a number
		manifest = 6000
	)
	shape := e.cfg.Data.Shape()
	level := int64(4 * shape.Kept() * shape.Len()) // the samples of a level
	checkpoint := int64(4*state) + 5000
	total := int64(pretrainings) * (manifest + checkpoint)
	for _, c := range e.cells {
		rows := float64(c.Iterations)/float64(e.cfg.FID.Every) + e.floor
		total += manifest + checkpoint + int64(row*rows) + int64(len(c.Levels))*level
	}
	return total
}

// probe is the cost of the sweep's training on this machine: measured by the worker in two
// seconds, once; then kept in the user's cache for every sweep with the same model, data
// and batch, until the worker is built anew. Unless anew, only one that is kept is given.
func probe(ctx context.Context, program, path string, c *config.Config, sets []string, workers int, anew bool, note func(...string)) (worker.Cost, error) {
	info, err := os.Stat(program)
	if err != nil {
		return worker.Cost{}, err
	}
	of, err := json.Marshal([]any{record.ThisMachine(), os.Getenv("FIG5_KERNELS"), program, info.ModTime().UTC(), workers,
		c.Model, c.Data, c.Train.Batch, c.Train.Engine, c.Train.Device, c.FID.Samples, c.FID.Features})
	if err != nil {
		return worker.Cost{}, err
	}
	file := ""
	if cache, err := os.UserCacheDir(); err == nil {
		file = filepath.Join(cache, "fig5", "probe", fmt.Sprintf("%x.json", sha256.Sum256(of)))
		var kept worker.Cost
		if text, err := os.ReadFile(file); err == nil && json.Unmarshal(text, &kept) == nil && kept.Iteration > 0 {
			return kept, nil
		}
	}
	if !anew {
		return worker.Cost{}, errors.New("no probe is kept")
	}
	note("measuring the speed of this machine for 2 seconds, once")
	cost, err := worker.Probe(ctx, program, path, sets, workers, 2*time.Second, c.FID.Samples)
	if err != nil {
		return worker.Cost{}, err
	}
	if cost.Busy {
		note("other programs run as well: the time is as long as with them, and the next plan measures again")
	} else if file != "" { // a cache that cannot be written costs the next plan 2 seconds
		if text, err := json.Marshal(cost); err == nil && os.MkdirAll(filepath.Dir(file), 0o777) == nil {
			_ = os.WriteFile(file, append(text, '\n'), 0o666)
		}
	}
	return cost, nil
}
