package figure

import (
	"testing"

	"math"

	"fig5/bench/claims"
	"fig5/bench/measure"
	"fig5/bench/stats"
)

// summarize stands for claims.Summarize until it is there.
func summarize(t testing.TB, s *measure.Sweep, amplitude string) *claims.Summary {
	t.Helper()
	sum := &claims.Summary{Measure: amplitude, RealFloor: claims.Floor{Median: stats.Number(math.NaN())}}
	of := func(v []float64) stats.Summary {
		s, err := stats.Summarize(v)
		check(t, err)
		return s
	}
	if len(s.RealFloor) > 0 {
		sum.RealFloor.Median = stats.Number(measure.Of(s.RealFloor[0], amplitude))
	}
	names := s.Names()
	for i := range s.Groups {
		g := &s.Groups[i]
		v, seeds := g.Values(amplitude)
		a, f, l := of(v), of(g.FloorValues(amplitude)), of(g.FIDLevels())
		cg := claims.Group{Name: names[i], K: g.K, Baseline: g.Baseline, By: g.By, Annealing: g.Annealing(), N: len(v), Failed: g.Count(measure.Failed, measure.Diverged),
			Unsettled: g.Count(measure.Unsettled), Mean: a.Mean, CI95: a.CI95, GeoMean: a.GeoMean, GeoMeanCI95: a.GeoMeanCI95, Median: a.Median,
			Values: v, Seeds: seeds, Floor: claims.Floor{Median: f.Median, Values: g.FloorValues(amplitude)},
			Level: claims.Level{GeoMean: l.GeoMean, GeoMeanCI95: l.GeoMeanCI95, Median: l.Median, Values: g.FIDLevels()}}
		cg.SDLog = stats.Number(math.NaN())
		if len(v) > 1 {
			m, q := 0.0, 0.0
			for _, x := range v {
				m += math.Log(x) / float64(len(v))
			}
			for _, x := range v {
				q += math.Pow(math.Log(x)-m, 2)
			}
			cg.SDLog = stats.Number(math.Sqrt(q / float64(len(v)-1)))
		}
		sum.Groups = append(sum.Groups, cg)
	}
	return sum
}
