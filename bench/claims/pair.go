package claims

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"fig5/bench/measure"
	"fig5/bench/stats"
)

// paired is b against a over the seeds with a result in both: the one paired comparison
// of the project.
type paired struct {
	ratio    stats.Number   // geometric mean of b / a
	ci       stats.Interval // t interval on logs
	seeds    int            // with a result in both
	pairs    int            // of them settled in both: those of ratio
	entered  int            // of them in Wilcoxon's test: not diverged or unsettled on both sides
	wilcoxon stats.Test     // two-sided
}

// pair holds b against a, amplitudes by seed as measure.Group.Ranked gives them.
func pair(a, b map[int]float64) (paired, error) {
	rows, _ := stats.Shared(a, b)
	x, y := make([]float64, len(rows)), make([]float64, len(rows))
	p := paired{seeds: len(rows)}
	for i, r := range rows {
		x[i], y[i] = r[0], r[1]
		if !math.IsInf(r[0], 1) || !math.IsInf(r[1], 1) {
			p.entered++
		}
	}
	var err1, err2 error
	p.wilcoxon, err1 = stats.Wilcoxon(x, y)
	p.ratio, p.ci, p.pairs, err2 = stats.PairedRatio(x, y)
	return p, cmp.Or(err1, err2)
}

// bySeed is the values in the order of their seeds.
func bySeed(m map[int]float64) []float64 {
	v := make([]float64, 0, len(m))
	for _, seed := range slices.Sorted(maps.Keys(m)) {
		v = append(v, m[seed])
	}
	return v
}

// trainings is the fingerprints of a group's runs, nil unless all are known.
func trainings(g *measure.Group) []string {
	var out []string
	for _, r := range g.Runs {
		if r.Training == "" {
			return nil
		}
		out = append(out, r.Training)
	}
	return out
}
