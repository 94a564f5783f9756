package main

import (
	"bytes"
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
	"fig5/bench/rng"
	"fig5/bench/stats"
	"fig5/bench/table"
	"fig5/fid"
	"fig5/filters"
)

// short is how the short trainings of samples.csv are measured: a period of 1000
// iterations, one point every 100.
var short = filters.Analysis{
	Lowpass: filters.Lowpass{Name: "butterworth", Order: 3, Cutoff: 0.2},
	Knee:    filters.Knee{Method: "mser"},
	Window:  5000,
}

const every = 100 // iterations between two points

// training is one training measured with one number of samples.
type training struct{ n, k, seed int }

// curves is FID against iterations, of trainings and of their frozen generators.
type curves map[training]map[string][2][]float64

func readSamples(path string) (curves, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	lines, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	c := curves{}
	for i, line := range lines[1:] {
		var v [6]float64
		for j, field := range line {
			if j == 3 {
				continue
			}
			if v[j], err = strconv.ParseFloat(field, 64); err != nil {
				return nil, fmt.Errorf("%s:%d: %w", path, i+2, err)
			}
		}
		key := training{int(v[0]), int(v[1]), int(v[2])}
		if c[key] == nil {
			c[key] = map[string][2][]float64{}
		}
		xy := c[key][line[3]]
		c[key][line[3]] = [2][]float64{append(xy[0], v[4]), append(xy[1], v[5])}
	}
	return c, nil
}

// atN is what the trainings come to with one number of samples, by K.
type atN struct{ amplitude, level, floor map[int][]float64 }

// byN measures every training in the window of its curve with the most samples.
func (c curves) byN() (map[int]atN, error) {
	out, knees := map[int]atN{}, map[training]float64{}
	for _, t := range slices.SortedFunc(maps.Keys(c), func(a, b training) int { return b.n - a.n }) {
		one, a := training{0, t.k, t.seed}, short
		xy, frozen := c[t]["curve"], c[t]["floor"]
		if least, ok := knees[one]; ok {
			a.Knee = filters.Knee{Method: "none", Least: least}
		}
		m, err := a.Measure(xy[0], xy[1])
		if err != nil {
			return nil, err
		}
		if !m.Window.Complete {
			return nil, fmt.Errorf("samples.csv: K = %d, seed %d: no complete window", t.k, t.seed)
		}
		knees[one] = m.Knee.Iteration - xy[0][0]
		floor, err := swing(frozen[1])
		if err != nil {
			return nil, err
		}
		if out[t.n].level == nil {
			out[t.n] = atN{map[int][]float64{}, map[int][]float64{}, map[int][]float64{}}
		}
		o := out[t.n]
		o.amplitude[t.k] = append(o.amplitude[t.k], m.Amplitude.MaxToMin)
		o.level[t.k] = append(o.level[t.k], m.Level)
		o.floor[t.k] = append(o.floor[t.k], floor)
	}
	return out, nil
}

// swing is the amplitude of values that fill a window.
func swing(y []float64) (float64, error) {
	a, x := short, make([]float64, len(y))
	for i := range x {
		x[i] = float64(i * every)
	}
	a.Knee = filters.Knee{Method: "none"}
	m, err := a.Measure(x, y)
	return m.Amplitude.MaxToMin, err
}

// bias is c of a bias c/N along the trainings, from the difference of the fewest and the
// most samples at the same iteration, with half its 95 % interval: of all points behind
// the first fifth of a curve, and of the halves of them with the lower and the higher FID.
func (c curves) bias(few, most int) (all, low, high string) {
	var points [][2]float64
	scale := 1 / (1/float64(few) - 1/float64(most))
	for t, files := range c {
		if t.n != most {
			continue
		}
		y, other := files["curve"][1], c[training{few, t.k, t.seed}]["curve"][1]
		for i := len(y) / 5; i < len(y); i++ {
			points = append(points, [2]float64{y[i], scale * (other[i] - y[i])})
		}
	}
	slices.SortFunc(points, func(a, b [2]float64) int { return slices.Compare(a[:], b[:]) })
	half := func(points [][2]float64) string {
		var v []float64
		for _, p := range points {
			v = append(v, p[1])
		}
		return spread(v, 1)
	}
	n := len(points)
	return half(points), half(points[:n/2]), half(points[n/2:])
}

// spread is the mean of values with half its 95 % interval, times a factor.
func spread(v []float64, factor float64) string {
	mean, sd := stat.MeanStdDev(v, nil)
	return fmt.Sprintf("%.2f ± %.2f", factor*mean, factor*1.96*sd/math.Sqrt(float64(len(v))))
}

// realFID is windows of FID of n real samples, drawn with replacement, against all of the
// data, and against n others.
func realFID(set *data.Set, n int) (all, two [][]float64, err error) {
	const reps = 8
	draw, moments := rng.New(int64(n), "methods"), fid.NewMoments(set.Dim)
	moments.AddRows32(set.X)
	whole, err := moments.Stats()
	index, x := make([]int32, n), make([]float32, n*set.Dim)
	batch := func() (s fid.Stats) {
		for i := range index {
			index[i] = int32(draw.Uint32N(uint32(set.Len())))
		}
		set.Gather(x, index)
		moments.Reset()
		moments.AddRows32(x)
		if err == nil {
			s, err = moments.Stats()
		}
		return s
	}
	for range reps {
		windows := [2][]float64{}
		for range int(short.Window) / every {
			first := batch()
			for i, other := range []fid.Stats{whole, batch()} {
				if err != nil {
					return nil, nil, err
				}
				var r fid.Result
				r, err = fid.Distance(first, other)
				windows[i] = append(windows[i], r.FID)
			}
		}
		all, two = append(all, windows[0]), append(two, windows[1])
	}
	return all, two, err
}

// samplesPage is what the number of samples does.
type samplesPage struct {
	Trained, Real  *table.Table
	Constant       string // of the bias c/N of real samples against all data, with the most of them
	All, Low, High string // of that along trainings, from the fewest and the most samples
	Few, Most      string
	Seeds          int
	lines          [4][][2]float64 // against N: amplitudes of the first K, its floor, real samples' amplitude and mean
}

func measureSamples(path string) (*samplesPage, error) {
	c, err := readSamples(path)
	if err != nil {
		return nil, err
	}
	by, err := c.byN()
	if err != nil {
		return nil, err
	}
	set, err := data.Open(config.Data{Name: "mixture"})
	if err != nil {
		return nil, err
	}
	ns := slices.Sorted(maps.Keys(by))
	ks := slices.Sorted(maps.Keys(by[ns[0]].level))
	p := &samplesPage{Seeds: len(by[ns[0]].level[ks[0]]), Trained: newTable("N"), Real: newTable("N", "against all: mean", "N · mean", "amplitude", "two batches: mean", "N · mean", "amplitude")}
	for _, k := range ks {
		numbers(p.Trained, fmt.Sprintf("K = %d", k), "level", "frozen")
	}
	few, most := ns[0], ns[len(ns)-1]
	p.Few, p.Most = table.Thousands(few), table.Thousands(most)
	p.All, p.Low, p.High = c.bias(few, most)
	for _, n := range ns {
		cells := []string{table.Thousands(n)}
		for _, k := range ks {
			s, err := stats.Summarize(by[n].amplitude[k])
			if err != nil {
				return nil, err
			}
			floor := median(by[n].floor[k])
			cells = append(cells, digits(s.GeoMean), table.Digits(median(by[n].level[k])), table.Digits(floor))
			if k == ks[0] {
				p.lines[0] = append(p.lines[0], [2]float64{float64(n), float64(s.GeoMean)})
				p.lines[1] = append(p.lines[1], [2]float64{float64(n), floor})
			}
		}
		row(p.Trained, cells...)
		all, two, err := realFID(set, n)
		if err != nil {
			return nil, err
		}
		cells = cells[:1]
		for i, windows := range [][][]float64{all, two} {
			var swings []float64
			for _, y := range windows {
				v, err := swing(y)
				if err != nil {
					return nil, err
				}
				swings = append(swings, v)
			}
			values := slices.Concat(windows...)
			mean := stat.Mean(values, nil)
			cells = append(cells, table.Digits(mean), spread(values, float64(n)), table.Digits(median(swings)))
			if i == 0 {
				p.Constant = spread(values, float64(n))
				p.lines[2] = append(p.lines[2], [2]float64{float64(n), median(swings)})
				p.lines[3] = append(p.lines[3], [2]float64{float64(n), mean})
			}
		}
		row(p.Real, cells...)
	}
	return p, nil
}
