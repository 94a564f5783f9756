package models

import "fig5/bench/data"

// toy is the pair of the paper's Figure 2, for points in space.
var toy = Model{
	Name: "toy",
	Fits: data.Shape.Points,
	Nets: func(_ Choice, s data.Shape) (g, d Net) {
		n := s.Len()
		return stack(n, []int{128, 128}, n, false, ReLU), stack(n, []int{128, 128, 128}, 1, false, Tanh)
	},
}
