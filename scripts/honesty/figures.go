package main

import (
	"fmt"

	"gonum.org/v1/gonum/stat"

	"fig5/bench/figure"
	"fig5/bench/report"
)

func add(l *figure.Line, x, y float64) { l.Points = append(l.Points, [2]float64{x, y}) }

// figure is the amplitude against K by filter, window and definition.
func (s *settings) figure() figure.Figure {
	against := func(name string, r *report.Report, unit float64) figure.Line {
		l := figure.Line{Name: name}
		for _, g := range r.Groups {
			if g.Baseline == "" {
				add(&l, float64(g.K), float64(g.GeoMean)/unit)
			}
		}
		return l
	}
	own := against("", s.own["max_to_min"], 1)
	var ks []float64
	for _, q := range own.Points {
		ks = append(ks, q[0])
	}
	filter := figure.Lines{Title: "low-pass", X: "K", Y: "max − min of FID", Ticks: ks}
	for _, way := range s.cutoffs[:6] {
		filter.Lines = append(filter.Lines, against(way.name, way.report, 1))
	}
	length := figure.Lines{Title: "window", X: "K", Y: "max − min of FID", Ticks: ks}
	for _, way := range s.windows {
		length.Lines = append(length.Lines, against(way.name+" iterations", way.report, 1))
	}
	kinds := figure.Lines{Title: "definition", X: "K", Y: fmt.Sprintf("relative to K = %g", ks[0]), Ticks: ks}
	for _, m := range report.Measures {
		first := against(m, s.own[m], 1).Points[0][1]
		kinds.Lines = append(kinds.Lines, against(m, s.own[m], first))
	}
	return figure.Panels("honesty-settings", "Amplitude against K by low-pass, length of the window and definition", 3, filter, length, kinds)
}

// figure is what N does: to the amplitude, and to the distance of real samples.
func (s *samples) figure(m halves) figure.Figure {
	var ns, sizes []float64
	for _, r := range s.rows {
		ns = append(ns, float64(r.n))
	}
	swing := figure.Lines{Title: "amplitude", X: "samples N", Y: "max − min of FID", Ticks: ns}
	for _, k := range s.ks {
		trained, frozen := figure.Line{Name: fmt.Sprintf("K = %d", k)}, figure.Line{Name: fmt.Sprintf("K = %d, frozen", k)}
		for _, r := range s.rows {
			add(&trained, float64(r.n), r.amplitude[k])
			add(&frozen, float64(r.n), r.floor[k])
		}
		swing.Lines = append(swing.Lines, trained, frozen)
	}
	real, all, two := figure.Line{Name: "real samples"}, figure.Line{Name: "N against all data"}, figure.Line{Name: "two batches of N"}
	for _, r := range s.rows {
		add(&real, float64(r.n), r.all.amplitude)
		add(&all, float64(r.n), r.all.mean)
		add(&two, float64(r.n), r.batches.mean)
	}
	swing.Lines = append(swing.Lines, real)
	inverse := func(l figure.Line) figure.Line {
		out := figure.Line{Name: "1/N", As: figure.Guide}
		for _, q := range l.Points {
			add(&out, q[0], l.Points[0][1]*l.Points[0][0]/q[0])
		}
		return out
	}
	toy := figure.Lines{Title: "FID of real samples, mixture", X: "samples N", Y: "mean FID", Ticks: ns, Lines: []figure.Line{all, two, inverse(all)}}
	pixels, lenet := figure.Line{Name: "raw pixels, two halves"}, figure.Line{Name: "LeNet, two halves"}
	for _, n := range mnistSizes {
		sizes = append(sizes, float64(n))
		add(&pixels, float64(n), stat.Mean(m["raw"][n], nil))
		add(&lenet, float64(n), stat.Mean(m["lenet"][n], nil))
	}
	digits := figure.Lines{Title: "FID of real samples, MNIST", X: "samples N", Y: "mean FID", Ticks: sizes, Lines: []figure.Line{pixels, lenet, inverse(lenet)}}
	return figure.Panels("honesty-samples", "Amplitude and bias of FID against the number of samples N", 3, swing, toy, digits)
}
