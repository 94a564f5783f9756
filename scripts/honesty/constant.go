package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// quarter is a quarter of all points on the plateaus, by their FID with the most samples.
type quarter struct{ level, constant, half float64 } // means; half: of the 95 % interval

// quarters is how much larger the FID of the runs is with the fewest samples than with
// the most, as the constant c of a bias c/N, by the FID itself: the trainings are the
// same. Points before least, and the sweep's own runs, are left out.
func quarters(runs []*one, own int, least float64) (out []quarter, from, to int) {
	from, to = math.MaxInt, 0
	for _, o := range runs {
		if o.n != own {
			from, to = min(from, o.n), max(to, o.n)
		}
	}
	few := map[string]*one{}
	for _, o := range runs {
		if o.n == from {
			few[o.cell] = o
		}
	}
	type point struct{ level, constant float64 }
	var points []point
	scale := 1 / (1/float64(from) - 1/float64(to))
	for _, o := range runs {
		other := few[o.cell]
		if o.n != to || other == nil {
			continue
		}
		for i, x := range o.curve[0] {
			if i < len(other.curve[0]) && other.curve[0][i] == x && x >= o.curve[0][0]+least {
				points = append(points, point{o.curve[1][i], scale * (other.curve[1][i] - o.curve[1][i])})
			}
		}
	}
	slices.SortFunc(points, func(a, b point) int { return cmp.Compare(a.level, b.level) })
	for q := range 5 { // the last is all of them
		part := points
		if q < 4 {
			part = points[q*len(points)/4 : (q+1)*len(points)/4]
		}
		var levels, constants []float64
		for _, p := range part {
			levels, constants = append(levels, p.level), append(constants, p.constant)
		}
		mean, sd := stat.MeanStdDev(constants, nil)
		out = append(out, quarter{stat.Mean(levels, nil), mean, 1.96 * sd / math.Sqrt(float64(len(part)))})
	}
	return out, from, to
}

// constantTable is the bias along the trainings.
func (s *samples) constantTable() string {
	head, level, constant := []string{"quarter of the points by FID"}, []string{fmt.Sprintf("mean FID, N = %d", s.to)}, []string{"constant"}
	for i, q := range s.quarters {
		name := []string{"lowest", "second", "third", "highest", "all"}[i]
		head = append(head, name)
		level, constant = append(level, digits(q.level)), append(constant, fmt.Sprintf("%.2f ± %.2f", q.constant, q.half))
	}
	t := newTable(head...)
	t.row(level...)
	t.row(constant...)
	return t.String()
}
