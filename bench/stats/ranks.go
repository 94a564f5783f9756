package stats

import (
	"cmp"
	"slices"
)

// ranks gives average ranks from 1, doubled so that they are whole numbers, and
// the sizes of the classes of equal values in ascending order of value.
func ranks(x []float64) (doubled []int, classes []int) {
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(x[i], x[j]) })
	doubled = make([]int, len(x))
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && x[order[to]] == x[order[from]] {
			to++
		}
		for _, i := range order[from:to] {
			doubled[i] = from + 1 + to
		}
		classes = append(classes, to-from)
		from = to
	}
	return doubled, classes
}

// tied says whether any class holds more than one value.
func tied(classes []int) bool {
	return slices.ContainsFunc(classes, func(t int) bool { return t > 1 })
}

// tieSum is Σ f(t) over classes of t equal values.
func tieSum(classes []int, f func(t float64) float64) float64 {
	s := 0.0
	for _, t := range classes {
		s += f(float64(t))
	}
	return s
}
