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
	"strings"

	"gonum.org/v1/gonum/stat"

	"fig5/bench/config"
	"fig5/bench/data"
	"fig5/bench/record"
	"fig5/bench/report"
	"fig5/bench/rng"
	"fig5/bench/stats"
	"fig5/fid"
	"fig5/filters"
)

// one is one run measured with n samples: its curve from β = ∞ on, and its floor.
type one struct {
	n            int
	cell         string
	curve, floor [2][]float64 // iterations, FID
	swing        float64      // amplitude of the floor
}

// atN is what is known of one number of samples.
type atN struct {
	n                int
	seeds            int
	amplitude, floor map[int]float64        // by K: geometric mean, median
	interval         map[int]stats.Interval // of amplitude
	level            map[int]float64        // by K: median
	all, batches     bias
}

// bias is the FID of real samples, which is 0 of infinitely many.
type bias struct {
	mean, sd, amplitude float64 // amplitude: median over windows
	draws               int
}

type samples struct {
	ks       []int
	rows     []atN
	quarters []quarter
	from, to int            // the numbers of samples that quarters compare
	sweep    map[int]string // by K: the sweep's own geometric mean, over all its seeds
	seeds    int            // of the sweep
}

// collectSamples writes the runs that all sweeps have, the β = ∞ part of their curves.
func collectSamples(to string, dirs []string) error {
	var b bytes.Buffer
	b.WriteString("samples,cell,file,iteration,fid\n")
	var runs []*record.Run
	var found []record.Dir
	times := map[string]int{}
	for _, root := range dirs {
		below, err := record.Find(root)
		if err != nil {
			return err
		}
		for _, dir := range below {
			r, err := dir.Load()
			if err != nil {
				return err
			}
			if !r.Pretraining && r.State == record.Done {
				runs, found = append(runs, r), append(found, dir)
				times[r.Cell.ID]++
			}
		}
	}
	for i, dir := range found {
		if r := runs[i]; times[r.Cell.ID] == len(dirs) {
			for name, path := range map[string]string{"curve": dir.Curve(), "floor": dir.Floor()} {
				points, err := record.ReadCurve(path)
				if err != nil {
					return err
				}
				for _, p := range points {
					if math.IsInf(p.Beta, 1) {
						fmt.Fprintf(&b, "%d,%s,%s,%d,%.6g\n", r.Config.FID.Samples, r.Cell.ID, name, p.Iteration, p.FID)
					}
				}
			}
		}
	}
	lines := bytes.SplitAfter(b.Bytes(), []byte("\n"))
	slices.SortStableFunc(lines[1:len(lines)-1], func(a, b []byte) int { // n, then cell and file; iterations stay
		key := func(l []byte) (int, string) {
			f := bytes.SplitN(l, []byte(","), 4)
			n, _ := strconv.Atoi(string(f[0]))
			return n, string(f[1]) + "," + string(f[2])
		}
		na, ka := key(a)
		nb, kb := key(b)
		if na != nb {
			return na - nb
		}
		return bytes.Compare([]byte(ka), []byte(kb))
	})
	return os.WriteFile(to, bytes.Join(lines, nil), 0o644)
}

// readSamples reads what collectSamples wrote.
func readSamples(path string) ([]*one, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	var out []*one
	at := map[string]*one{}
	for i, row := range rows[1:] {
		n, err := strconv.Atoi(row[0])
		x, errX := strconv.ParseFloat(row[3], 64)
		y, errY := strconv.ParseFloat(row[4], 64)
		if err != nil || errX != nil || errY != nil {
			return nil, fmt.Errorf("%s:%d: want numbers", path, i+2)
		}
		o := at[row[0]+row[1]]
		if o == nil {
			o = &one{n: n, cell: row[1]}
			at[row[0]+row[1]] = o
			out = append(out, o)
		}
		c := &o.curve
		if row[2] == "floor" {
			c = &o.floor
		}
		c[0], c[1] = append(c[0], x), append(c[1], y)
	}
	return out, nil
}

// measureSamples measures the runs with other numbers of samples, and those of the
// sweep itself with the same cells, each cell in one window: that of its curve with the
// most samples.
func measureSamples(path string, d *report.Data) (*samples, error) {
	runs, err := readSamples(path)
	if err != nil {
		return nil, err
	}
	steps, cells := map[string]int{}, map[string]bool{}
	for _, o := range runs {
		cells[o.cell] = true
	}
	for i := range d.Groups {
		for j := range d.Groups[i].Runs {
			steps[d.Groups[i].Runs[j].ID] = d.Groups[i].K
		}
	}
	own := d.Config.FID.Samples
	for i := range d.Groups {
		for j := range d.Groups[i].Runs {
			r := &d.Groups[i].Runs[j]
			if cells[r.ID] && r.Floor != nil {
				runs = append(runs, &one{n: own, cell: r.ID, curve: [2][]float64{r.X, r.Y}, swing: r.Floor.MaxToMin})
			}
		}
	}
	slices.SortStableFunc(runs, func(a, b *one) int { return b.n - a.n })
	type key struct{ n, k int }
	amplitudes, floors, levels := map[key][]float64{}, map[key][]float64{}, map[key][]float64{}
	ns, knees := map[int]int{}, map[string]float64{}
	for _, o := range runs { // the largest n first: all are measured in its window
		k, ok := steps[o.cell]
		if !ok {
			return nil, fmt.Errorf("%s: the sweep has no cell %s", path, o.cell)
		}
		a := d.Analysis
		if knee, ok := knees[o.cell]; ok {
			a.Knee = filters.Knee{Method: "none", Least: knee - o.curve[0][0]}
		}
		m, err := a.Measure(o.curve[0], o.curve[1])
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", path, o.cell, err)
		}
		if !m.Window.Complete {
			return nil, fmt.Errorf("%s: %s: its window is not complete", path, o.cell)
		}
		knees[o.cell] = m.Knee.Iteration
		if o.n != own {
			if o.swing, err = amplitudeOf(d.Analysis, o.floor[1], d.Config.FID.Every); err != nil {
				return nil, fmt.Errorf("%s: %s: %w", path, o.cell, err)
			}
		}
		at := key{o.n, k}
		amplitudes[at], levels[at] = append(amplitudes[at], m.Amplitude.MaxToMin), append(levels[at], m.Level)
		floors[at] = append(floors[at], o.swing)
		ns[o.n]++
	}
	s := &samples{sweep: map[int]string{}, seeds: len(d.Seeds())}
	s.quarters, s.from, s.to = quarters(runs, own, d.Analysis.Knee.Least)
	whole, err := d.Report("max_to_min")
	if err != nil {
		return nil, err
	}
	for _, g := range whole.Groups {
		if g.Baseline == "" {
			s.sweep[g.K] = digits(float64(g.GeoMean)) + interval(g.GeoMeanCI95)
		}
	}
	ks := map[int]bool{}
	for at := range amplitudes {
		ks[at.k] = true
	}
	s.ks = slices.Sorted(maps.Keys(ks))
	set, err := data.Open(config.Data{Name: "mixture"})
	if err != nil {
		return nil, err
	}
	for _, n := range slices.Sorted(maps.Keys(ns)) {
		row := atN{n: n, seeds: ns[n] / len(s.ks), amplitude: map[int]float64{}, interval: map[int]stats.Interval{}, floor: map[int]float64{}, level: map[int]float64{}}
		for _, k := range s.ks {
			sum, err := stats.Summarize(amplitudes[key{n, k}])
			if err != nil {
				return nil, err
			}
			row.interval[k] = sum.GeoMeanCI95
			row.amplitude[k], row.floor[k], row.level[k] = float64(sum.GeoMean), median(floors[key{n, k}]), median(levels[key{n, k}])
		}
		if row.all, row.batches, err = realBias(set, n, d.Analysis, d.Config.FID.Every); err != nil {
			return nil, err
		}
		s.rows = append(s.rows, row)
	}
	return s, nil
}

// amplitudeOf is max − min of the filtered values, all of one window.
func amplitudeOf(a filters.Analysis, y []float64, every int) (float64, error) {
	x := make([]float64, len(y))
	for i := range x {
		x[i] = float64(i * every)
	}
	a.Knee = filters.Knee{Method: "none"}
	m, err := a.Measure(x, y)
	return m.Amplitude.MaxToMin, err
}

// windows is how many windows of real samples are measured.
const windows = 8

// realBias measures n samples, drawn from the data with replacement, against all of
// the data, and against n others.
func realBias(set *data.Set, n int, a filters.Analysis, every int) (all, batches bias, err error) {
	draw := rng.New(int64(n), "honesty")
	moments := fid.NewMoments(set.Dim)
	moments.AddRows32(set.X)
	whole, err := moments.Stats()
	if err != nil {
		return all, batches, err
	}
	index, x := make([]int32, n), make([]float32, n*set.Dim)
	batch := func() (fid.Stats, error) {
		for i := range index {
			index[i] = int32(draw.Uint32N(uint32(set.Len())))
		}
		set.Gather(x, index)
		moments.Reset()
		moments.AddRows32(x)
		return moments.Stats()
	}
	rows := int(a.Window) / every
	var values, amplitudes [2][]float64
	for range windows {
		var window [2][]float64
		for range rows {
			first, err := batch()
			if err != nil {
				return all, batches, err
			}
			second, err := batch()
			if err != nil {
				return all, batches, err
			}
			for i, other := range []fid.Stats{whole, second} {
				r, err := fid.Distance(first, other)
				if err != nil {
					return all, batches, err
				}
				window[i] = append(window[i], r.FID)
			}
		}
		for i, y := range window {
			v, err := amplitudeOf(a, y, every)
			if err != nil {
				return all, batches, err
			}
			values[i], amplitudes[i] = append(values[i], y...), append(amplitudes[i], v)
		}
	}
	for i, b := range []*bias{&all, &batches} {
		b.mean, b.sd = stat.MeanStdDev(values[i], nil)
		b.amplitude, b.draws = median(amplitudes[i]), len(values[i])
	}
	return all, batches, nil
}

// table is amplitude and floor against N.
func (s *samples) table() string {
	head := []string{"N", "seeds"}
	for _, k := range s.ks {
		head = append(head, fmt.Sprintf("K = %d", k), "level", "frozen")
	}
	t := newTable(head...)
	for _, r := range s.rows {
		cells := []string{fmt.Sprint(r.n), fmt.Sprint(r.seeds)}
		for _, k := range s.ks {
			cells = append(cells, digits(r.amplitude[k])+interval(r.interval[k]), digits(r.level[k]), digits(r.floor[k]))
		}
		t.row(cells...)
	}
	var here, there []string
	last := s.rows[len(s.rows)-1]
	for _, k := range s.ks {
		here = append(here, fmt.Sprintf("%s at K = %d", digits(last.amplitude[k]), k))
		there = append(there, fmt.Sprintf("%s at K = %d", s.sweep[k], k))
	}
	return t.String() + fmt.Sprintf("\n%d seeds say nothing of K: the geometric mean is %s with these, %s over the %d seeds of the sweep. What the table shows is how each column moves with N.\n",
		last.seeds, strings.Join(here, " and "), strings.Join(there, " and "), s.seeds)
}

// biasTable is the FID of real samples against N.
func (s *samples) biasTable() string {
	t := newTable("N", "against all: mean", "N · mean", "sd", "amplitude", "two batches: mean", "N · mean", "sd", "amplitude")
	for _, r := range s.rows {
		n := float64(r.n)
		cells := []string{fmt.Sprint(r.n)}
		for _, b := range []bias{r.all, r.batches} {
			half := 1.96 * b.sd / math.Sqrt(float64(b.draws))
			cells = append(cells, digits(b.mean), fmt.Sprintf("%.2f ± %.2f", n*b.mean, n*half), digits(b.sd), digits(b.amplitude))
		}
		t.row(cells...)
	}
	return t.String()
}
