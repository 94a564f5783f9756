package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"

	"fig5/bench/config"
	"fig5/bench/record"
	"fig5/bench/sweep"
)

// common is what training costs on one core of an AMD EPYC (Zen 3) at AVX2, with 2000
// samples an evaluation: the estimate where nothing can be measured.
var common = map[string]sweep.Cost{
	"toy":      {Start: 0.7, Iteration: 1. / 1500, Evaluation: 0.002},
	"mnist-fc": {Start: 1.5, Iteration: 1. / 80, Evaluation: 0.15},
}

// parameters of both networks, with the running statistics of batch norm.
var parameters = map[string]int64{
	"toy":      17_411 + 33_665,
	"mnist-fc": 537_104 + 600_833,
}

// estimate is the cost of the cells of a sweep.
type estimate struct {
	cfg      *config.Config
	cells    []sweep.Cell
	cost     sweep.Cost
	source   string  // what the cost is that of, for the reader
	measured float64 // seconds of this sweep's finished runs over those by cost; 1 without
	floor    float64 // evaluations of the floor
}

func newEstimate(c *config.Config, cells []sweep.Cell) estimate {
	e := estimate{cfg: c, cells: cells, cost: common[c.Model.Name], source: "a common machine", measured: 1}
	e.cost.Evaluation *= float64(c.FID.Samples) / 2000
	e.floor = math.Ceil(c.Analysis.Window / float64(c.FID.Every))
	return e
}

// measure finds what training costs on this machine: a probe, scaled to what the runs
// took that are done. Where there are such, only a probe that is kept is worth its while.
func (e *estimate) measure(ctx context.Context, to *env, path string, jobs int) error {
	workers := runtime.NumCPU()
	if jobs > 0 {
		workers = min(workers, jobs)
	}
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

// wall is the time of the missing cells with so many jobs (0 = one a core).
func (e estimate) wall(runs string, jobs int) (seconds float64, workers int, err error) {
	if workers = jobs; jobs == 0 {
		workers = runtime.NumCPU()
	}
	seconds, err = sweep.Forecast(e.cfg, runs, e.cells, workers, func(r *record.Run, left int64) float64 {
		if r.Pretraining && left == 0 {
			return 0
		}
		return e.cost.Start + e.work(r, left)
	})
	if seconds > 0 {
		seconds += e.cost.Once
	}
	return math.Round(10*seconds) / 10, workers, err
}

// disk is the size of all files of the sweep when it is done: curve and floor,
// samples of each level, and a checkpoint (value and two moments of each parameter)
// for every cell and pretraining.
func (e estimate) disk() int64 {
	const (
		row      = 100 // bytes of curve.csv, 17 digits a number
		manifest = 6000
	)
	sample, kept := int64(3), int64(2000) // numbers of a sample, and samples of each level
	if e.cfg.Model.Name == "mnist-fc" {
		sample, kept = 784, 100
	}
	checkpoint := 12*parameters[e.cfg.Model.Name] + 5000
	var total int64
	seeds := map[int]bool{}
	for _, c := range e.cells {
		rows := float64(c.Iterations)/float64(e.cfg.FID.Every) + e.floor
		total += manifest + checkpoint + int64(row*rows) + int64(len(c.Levels))*kept*sample*4
		seeds[c.Seed] = seeds[c.Seed] || c.Pretrain > 0
	}
	for _, pretrained := range seeds {
		if pretrained {
			total += manifest + checkpoint
		}
	}
	return total
}
