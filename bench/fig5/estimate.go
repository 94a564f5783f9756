package main

import (
	"math"
	"runtime"

	"fig5/bench/config"
	"fig5/bench/record"
	"fig5/bench/sweep"
)

// speed is what one worker on one core does with a model.
type speed struct {
	iterations float64 // a second, training only
	evaluation float64 // seconds of one FID evaluation of 2000 samples
	start      float64 // seconds to load libtorch
	parameters int64   // of both networks, with the running statistics of batch norm
}

// speeds were measured on one core of an AMD Zen 3 at AVX2 (see docs/config.md).
var speeds = map[string]speed{
	"toy":      {1000, 0.02, 1, 17_411 + 33_665},
	"mnist-fc": {60, 0.5, 1, 537_104 + 600_833},
}

// estimate is the cost of the cells of a sweep.
type estimate struct {
	speed
	every    float64 // iterations between evaluations
	floor    float64 // evaluations of the floor
	measured float64 // seconds an iteration of this sweep's finished runs, all in; 0 = none
	dim      int64
	samples  int64 // kept of each level
}

func newEstimate(c *config.Config, cells []sweep.Cell) estimate {
	e := estimate{speed: speeds[c.Model.Name], every: float64(c.FID.Every), dim: 3, samples: 2000}
	e.evaluation *= float64(c.FID.Samples) / 2000
	e.floor = math.Ceil(c.Analysis.Window / e.every)
	if c.Model.Name == "mnist-fc" {
		e.dim, e.samples = 784, 100
	}
	var seconds, iterations float64
	for _, cell := range cells {
		if cell.State != record.Done {
			continue
		}
		if r, err := cell.Dir.Load(); err == nil { // a manifest that cannot be read tells nothing
			seconds += r.Seconds
			iterations += float64(cell.Iterations)
		}
	}
	if iterations > 0 && seconds > 0 {
		e.measured = seconds / iterations
	}
	return e
}

// seconds is the time of one worker for the iterations left of a cell.
func (e estimate) seconds(c sweep.Cell) float64 {
	left := float64(int64(c.Iterations) - c.Step)
	if e.measured > 0 {
		return e.start + left*e.measured
	}
	return e.start + left/e.iterations + (left/e.every+e.floor)*e.evaluation
}

// wall is the time of the missing cells with so many jobs (0 = one a core), the
// pretraining of each seed before its cells: the sum of the work over the jobs, or
// the longest chain where that is longer.
func (e estimate) wall(cells []sweep.Cell, folder record.Sweep, jobs int) (float64, int) {
	if jobs == 0 {
		jobs = runtime.NumCPU()
	}
	var work, chain float64
	pretraining := map[int]float64{}
	for _, c := range cells {
		if ended(c) {
			continue
		}
		before := 0.0
		if c.Pretrain > 0 && c.Step == 0 {
			t, seen := pretraining[c.Seed]
			if !seen {
				if r, err := folder.Pretrain(c.Seed).Load(); err != nil || r.State != record.Done {
					t = e.start + float64(c.Pretrain)/e.iterations
				}
				pretraining[c.Seed] = t
				work += t
			}
			before = t
		}
		t := e.seconds(c)
		work += t
		chain = math.Max(chain, before+t)
	}
	return math.Round(10*math.Max(work/float64(jobs), chain)) / 10, jobs
}

// disk is the size of all files of the sweep when it is done: curve and floor,
// samples of each level, and a checkpoint (value and two moments of each parameter)
// for every cell and pretraining.
func (e estimate) disk(cells []sweep.Cell) int64 {
	const (
		row      = 100 // bytes of curve.csv, 17 digits a number
		manifest = 6000
	)
	checkpoint := 12*e.parameters + 5000
	var total int64
	seeds := map[int]bool{}
	for _, c := range cells {
		rows := float64(c.Iterations)/e.every + e.floor
		total += manifest + checkpoint + int64(row*rows) + int64(len(c.Levels))*e.samples*e.dim*4
		seeds[c.Seed] = seeds[c.Seed] || c.Pretrain > 0
	}
	for _, pretrained := range seeds {
		if pretrained {
			total += manifest + checkpoint
		}
	}
	return total
}
