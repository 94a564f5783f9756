package models

import "fig5/bench/data"

// mnistFC is the fully connected pair of the paper's Figure 3, for images. With batch norm
// in the discriminator, as in its caption, it does not learn (docs/paper.md).
var mnistFC = Model{
	Name: "mnist-fc",
	Fits: func(s data.Shape) bool { return !s.Points() },
	Nets: func(c Choice, s data.Shape) (g, d Net) {
		n := s.Len()
		return stack(n, []int{256, 256, 256}, n, true, ReLU), stack(n, []int{256, 512, 512}, 1, c.DiscriminatorNorm != None, ReLU)
	},
}
