package stats

import (
	"maps"
	"slices"
)

// Shared lines groups up by seed: groups[j] maps a seed to its value, values[i][j] is
// that of seeds[i] in group j. Only seeds with a value in every group are kept, in
// ascending order; a failed run has no value and takes its seed out.
func Shared(groups ...map[int]float64) (values [][]float64, seeds []int) {
	if len(groups) == 0 {
		return nil, nil
	}
next:
	for _, seed := range slices.Sorted(maps.Keys(groups[0])) {
		row := make([]float64, len(groups))
		for j, g := range groups {
			v, ok := g[seed]
			if !ok {
				continue next
			}
			row[j] = v
		}
		values, seeds = append(values, row), append(seeds, seed)
	}
	return values, seeds
}
