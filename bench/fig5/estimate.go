package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"

	"fig5/bench/config"
	"fig5/bench/models"
	"fig5/bench/record"
	"fig5/bench/sweep"
)

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
func commonCost(c *config.Config, g, d models.Net) sweep.Cost {
	s := c.Data.Shape()
	n, f := float64(c.FID.Samples), float64(sweep.FeatureDim(c))
	return sweep.Cost{
		Start:      startWorker + readNumber*float64(c.Data.Rows())*float64(s.Len()),
		Iteration:  models.Flops(models.Products(g, d, c.Train.Batch)) / singleFlops,
		Evaluation: models.Flops(g.Forward(c.FID.Samples))/singleFlops + (n*f*f+5*f*f*f)/doubleFlops,
	}
}

// estimate is the cost of the cells of a sweep.
type estimate struct {
	cfg      *config.Config
	g, d     models.Net
	cells    []sweep.Cell
	cost     sweep.Cost
	source   string  // what the cost is that of, for the reader
	measured float64 // seconds of this sweep's finished runs over those by cost; 1 without
	floor    float64 // evaluations of the floor
}

func newEstimate(c *config.Config, cells []sweep.Cell) estimate {
	e := estimate{cfg: c, cells: cells, source: "a common machine", measured: 1}
	e.g, e.d = c.Model.Nets(c.Data.Shape())
	e.cost = commonCost(c, e.g, e.d)
	e.floor = math.Ceil(c.Analysis.Window / float64(c.FID.Every))
	return e
}

// measure finds what training costs on this machine: a probe, scaled to what the runs
// took that are done. Where there are such, only a probe that is kept is worth its while.
func (e *estimate) measure(ctx context.Context, to *env, path string, jobs int) error {
	workers := min(runtime.NumCPU(), jobs)
	took, _ := e.done()
	cost, err := probe(ctx, to, path, e.cfg, workers, took == 0)
	switch {
	case ctx.Err() != nil:
		return errors.New("interrupted")
	case err == nil:
		e.cost, e.source = cost, "this machine"
		if jobs > workers { // they share the cores
			e.measured = float64(jobs) / float64(workers)
		}
	case took == 0:
		fmt.Fprintf(to.err, "fig5: the speed of this machine is not measured: %s\n", oneLine(err))
	}
	if took, would := e.done(); would > 0 {
		e.measured, e.source = took/would, "the runs that are done"
	}
	return nil
}

// done is the runs of this sweep that this machine has finished: seconds that they
// took, and that they would have taken by the cost.
func (e estimate) done() (took, would float64) {
	here := record.ThisMachine()
	for _, cell := range e.cells {
		if cell.State != record.Done {
			continue
		}
		r, err := cell.Dir.Load() // one that cannot be read tells nothing
		if err == nil && r.Seconds > 0 && r.Machine.CPU == here.CPU && r.Machine.Cores == here.Cores {
			took += r.Seconds
			would += e.work(r, int64(cell.Iterations))
		}
	}
	return took, would
}

// work is the seconds of so many iterations of a run, its evaluations with them.
func (e estimate) work(r *record.Run, left int64) float64 {
	seconds := float64(left) * e.cost.Iteration
	if !r.Pretraining {
		seconds += (float64(left)/float64(e.cfg.FID.Every) + e.floor) * e.cost.Evaluation
	}
	return seconds * e.measured
}

// wall is the time of the missing cells with so many workers.
func (e estimate) wall(runs string, workers int) (seconds float64, err error) {
	seconds, err = sweep.Forecast(e.cfg, runs, e.cells, workers, func(r *record.Run, left int64) float64 {
		if r.Pretraining && left == 0 {
			return 0
		}
		return e.cost.Start + e.work(r, left)
	})
	if seconds > 0 {
		seconds += e.cost.Once
	}
	return math.Round(10*seconds) / 10, err
}

// disk is the size of all files of the sweep when it is done: curve and floor,
// samples of each level, and a checkpoint for every cell and pretraining.
func (e estimate) disk() int64 {
	const (
		row      = 100 // bytes of curve.csv, 17 digits a number
		manifest = 6000
	)
	shape := e.cfg.Data.Shape()
	level := int64(4 * shape.Kept() * shape.Len()) // the samples of a level
	checkpoint := int64(4*models.State(e.g, e.d)) + 5000
	var total int64
	seeds := map[int]bool{}
	for _, c := range e.cells {
		rows := float64(c.Iterations)/float64(e.cfg.FID.Every) + e.floor
		total += manifest + checkpoint + int64(row*rows) + int64(len(c.Levels))*level
		seeds[c.Seed] = seeds[c.Seed] || c.Pretrain > 0
	}
	for _, pretrained := range seeds {
		if pretrained {
			total += manifest + checkpoint
		}
	}
	return total
}
