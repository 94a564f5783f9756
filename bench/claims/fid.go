package claims

import (
	"math"
	"slices"

	"fig5/bench/measure"
)

// images says whether the samples of a sweep are images, of which the FID itself is asked.
func images(s *measure.Sweep) bool { return s.Config != nil && !s.Config.Data.Shape().Points() }

// FID asks of a sweep of images whether annealing lowers the FID itself (docs/experiment.md):
// the largest K of each series against cold and against a hot phase of its length, by two
// numbers a run. Question 5 is of its lowest filtered FID at β = ∞, question 6 of its filtered
// FID at the last evaluation before iteration Sweep.Shortest. Holm's correction is over all of
// them. Nothing is asked of other sweeps.
func FID(s *measure.Sweep) (*Answer, error) {
	out := &Answer{Sweep: s.Name, Measure: "fid", Questions: []Question{}}
	if !images(s) {
		return out, nil
	}
	k := newAsker(s, out.Measure)
	end := float64(s.Shortest())
	for i, of := range []func(*measure.Run) float64{
		func(r *measure.Run) float64 { return slices.Min(r.Measured.Filtered) },
		func(r *measure.Run) float64 { return before(r, end) },
	} {
		numbers := func(g *measure.Group) map[int]float64 { return numbers(g, of) }
		for _, series := range k.main() {
			last := series.Groups[len(series.Groups)-1]
			for _, baseline := range []*measure.Group{s.Baseline("cold"), s.Hot(last.Annealing())} {
				q, err := k.against(5+i, baseline, series, numbers)
				if err != nil {
					return nil, err
				}
				if q != nil {
					out.Questions = append(out.Questions, *q)
				}
			}
		}
	}
	return out, decide(out.Questions)
}

// numbers is a number of every run with a result, by seed; of a diverged one it is +∞. Runs
// of which it is not defined are left out.
func numbers(g *measure.Group, of func(*measure.Run) float64) map[int]float64 {
	m := map[int]float64{}
	for _, r := range g.Runs {
		v := math.Inf(1)
		if r.Measured != nil {
			v = of(r)
		} else if r.Status != measure.Diverged {
			continue
		}
		if !math.IsNaN(v) {
			m[r.Seed] = v
		}
	}
	return m
}

// before is the filtered FID at the last evaluation before an iteration; NaN where β was
// finite then.
func before(r *measure.Run, iteration float64) float64 {
	n, _ := slices.BinarySearch(r.X, iteration)
	if n == 0 {
		return math.NaN()
	}
	return r.Measured.Filtered[n-1]
}
