package stats

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Holm adjusts the p values of a family of tests so that comparing each with 0.05
// keeps the chance of any false rejection at 0.05 (Holm 1979, Scand. J. Stat. 6, 65;
// step-down Bonferroni): sorted p(1) ≤ … ≤ p(m) become max over j ≤ i of
// min(1, (m+1-j) p(j)). An undefined p (NaN) stays so and is not counted in m.
func Holm(p []float64) ([]float64, error) {
	adjusted := slices.Clone(p)
	var order []int
	for i, v := range p {
		if math.IsNaN(v) {
			continue
		}
		if v < 0 || v > 1 {
			return nil, fmt.Errorf("p[%d]: %v is not a probability", i, v)
		}
		order = append(order, i)
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(p[i], p[j]) })
	least := 0.0
	for j, i := range order {
		least = math.Max(least, math.Min(1, float64(len(order)-j)*p[i]))
		adjusted[i] = least
	}
	return adjusted, nil
}
