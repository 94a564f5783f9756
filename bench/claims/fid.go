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
	k := newAsker(s, "fid")
	if !images(s) {
		return k.decide()
	}
	end := float64(s.Shortest())
	for i, of := range []func(*measure.Run) float64{
		func(r *measure.Run) float64 { return slices.Min(r.Measured.Filtered) },
		func(r *measure.Run) float64 { return before(r, end) },
	} {
		for _, series := range k.main() {
			last := series.Groups[len(series.Groups)-1]
			k.add(k.against(5+i, s.Baseline("cold"), series, fidOf(of)))
			k.add(k.against(5+i, s.Hot(last.Annealing()), series, fidOf(of)))
		}
	}
	return k.decide()
}

// fidOf is a number of a run, +∞ where it has diverged, NaN where it has no other result.
func fidOf(of func(*measure.Run) float64) func(*measure.Run) float64 {
	return func(r *measure.Run) float64 {
		switch {
		case r.Measured != nil:
			return of(r)
		case r.Status == measure.Diverged:
			return math.Inf(1)
		}
		return math.NaN()
	}
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
