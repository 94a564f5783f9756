package main

import (
	"encoding/csv"
	"fmt"
	"maps"
	"math"
	"os"
	"slices"
	"strconv"

	"gonum.org/v1/gonum/stat"

	"fig5/bench/config"
	"fig5/bench/data"
	"fig5/bench/english"
	"fig5/bench/rng"
	"fig5/fid"
)

// samples is what the number of samples N does to measured trainings, and the bias of
// FID of real samples.
func (p page) samples(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	lines, err := csv.NewReader(file).ReadAll()
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	type cell struct{ n, k, column int } // column: amplitude, level, frozen
	values, sizes, steps := map[cell][]float64{}, map[int]bool{}, map[int]bool{}
	for i, line := range lines[1:] {
		var v [6]float64
		for j, field := range line {
			if v[j], err = strconv.ParseFloat(field, 64); err != nil {
				return fmt.Errorf("%s:%d: %w", path, i+2, err)
			}
		}
		n, k := int(v[0]), int(v[1])
		sizes[n], steps[k] = true, true
		for c := range 3 {
			values[cell{n, k, c}] = append(values[cell{n, k, c}], v[3+c])
		}
	}
	ns, ks := slices.Sorted(maps.Keys(sizes)), slices.Sorted(maps.Keys(steps))
	few, most := ns[0], ns[len(ns)-1]
	var heads []string
	var along []float64 // the constant c of a bias c/N, one a training
	for _, k := range ks {
		heads = append(heads, fmt.Sprintf("K = %d", k), "level", "frozen")
		for i, level := range values[cell{most, k, 1}] {
			along = append(along, (values[cell{few, k, 1}][i]-level)/(1/float64(few)-1/float64(most)))
		}
	}
	set, err := data.Open(config.Data{Name: "mixture"})
	if err != nil {
		return err
	}
	trained, real := newTable("N", heads...), newTable("N", "against all: mean", "N · mean", "sd", "two batches: mean", "N · mean", "sd")
	for _, n := range ns {
		cells := []any{english.Thousands(n)}
		for _, k := range ks {
			for c := range 3 {
				cells = append(cells, stat.GeometricMean(values[cell{n, k, c}], nil))
			}
		}
		add(trained, cells...)
		all, two, err := realFID(set, n, 400)
		if err != nil {
			return err
		}
		cells = cells[:1]
		for _, v := range [][]float64{all, two} {
			cells = append(cells, stat.Mean(v, nil), spread(v, float64(n)), stat.StdDev(v, nil))
		}
		add(real, cells...)
		p["Constant"] = spread(all, float64(n))
	}
	p["Trained"], p["Real"], p["Along"] = trained, real, spread(along, 1)
	p["Few"], p["Most"] = english.Thousands(few), english.Thousands(most)
	return nil
}

// spread is the mean of values with twice its standard error, times a factor.
func spread(v []float64, factor float64) string {
	mean, sd := stat.MeanStdDev(v, nil)
	return fmt.Sprintf("%.2f ± %.2f", factor*mean, factor*2*sd/math.Sqrt(float64(len(v))))
}

// realFID is FID of n real samples, drawn with replacement so many times, against all of
// the data, and against n others.
func realFID(set *data.Set, n, reps int) (all, two []float64, err error) {
	draw := rng.New(int64(n), "methods")
	index, x := make([]int32, n), make([]float32, n*set.Dim)
	moments := func(x []float32) (s fid.Stats) {
		m := fid.NewMoments(set.Dim)
		m.AddRows32(x)
		if err == nil {
			s, err = m.Stats()
		}
		return s
	}
	distance := func(a, b fid.Stats) float64 {
		var r fid.Result
		if err == nil {
			r, err = fid.Distance(a, b)
		}
		return r.FID
	}
	batch := func() fid.Stats {
		for i := range index {
			index[i] = int32(draw.Uint32N(uint32(set.Len())))
		}
		set.Gather(x, index)
		return moments(x)
	}
	whole := moments(set.X)
	for range reps {
		a, b := batch(), batch()
		all, two = append(all, distance(a, whole)), append(two, distance(a, b))
	}
	return all, two, err
}
