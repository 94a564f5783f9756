package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fig5/bench/config"
	"fig5/bench/record"
)

const scaleText = `name: scale
data: {name: mixture}
model: {name: toy}
anneal: {steps: [1, 2, 5, 10], baselines: [cold, warm], schedule: [geometric, linear], protocol: [{name: budget, iterations: 2000}]}
train: {pretrain: 1000, final: 8000}
analysis: {window: 4000}
seeds: %d
`

// BenchmarkScale plans 100,000 cells, and lists, compares and reports 10,000 finished runs
// of 80 or 100 points (-benchtime 1x). TMPDIR=/dev/shm spares the disk.
func BenchmarkScale(b *testing.B) {
	dir := b.TempDir()
	b.Chdir(dir)
	b.Setenv("PATH", "") // no worker: its two seconds of measuring are not to be counted
	for name, seeds := range map[string]int{"plan.yaml": 10000, "ten.yaml": 1000} {
		if err := os.WriteFile(name, fmt.Appendf(nil, scaleText, seeds), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	measure := func(args string) {
		b.Run(args, func(b *testing.B) {
			for b.Loop() {
				if code := run(context.Background(), strings.Fields(args), nil, io.Discard, io.Discard); code != 0 {
					b.Fatal(code)
				}
			}
		})
	}
	measure("plan plan.yaml")
	finishedRuns(b, "ten.yaml")
	measure("runs ls runs")
	measure("compare ten.yaml --by schedule")
	measure("report ten.yaml")
}

// finishedRuns writes the runs of a sweep as if it had been trained.
func finishedRuns(b *testing.B, path string) {
	c, err := config.Load(path, nil)
	if err != nil {
		b.Fatal(err)
	}
	for n, cell := range c.Cells() {
		d, r := record.OpenSweep("runs", c.Name).Cell(cell.ID), record.NewRun(c, cell)
		rng := rand.New(rand.NewPCG(uint64(n), 0))
		var curve, floor []record.Point
		it := 0
		for _, level := range cell.Levels {
			for end := it + level.Iterations; it < end; it += c.FID.Every {
				curve = append(curve, record.Point{Iteration: it, Beta: level.Beta, FID: 10/float64(100+it) + 0.01*rng.ExpFloat64(), DLoss: 1.38, GLoss: 0.69, Modes: 5})
			}
		}
		for i := 0; float64(i) < c.Analysis.Window; i += c.FID.Every {
			floor = append(floor, record.Point{Iteration: i, Beta: math.Inf(1), FID: 0.01 * rng.ExpFloat64(), DLoss: math.NaN(), GLoss: math.NaN(), Modes: 5})
		}
		for _, write := range []func() error{
			func() error { return os.MkdirAll(string(d), 0o755) },
			func() error { return record.WriteCurve(d.Curve(), curve) },
			func() error { return record.WriteCurve(d.Floor(), floor) },
			func() error { return d.Finish(r, record.Done, "", time.Unix(0, 0)) },
		} {
			if err := write(); err != nil {
				b.Fatal(filepath.Base(string(d)), err)
			}
		}
	}
}
