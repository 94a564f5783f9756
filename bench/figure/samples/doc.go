// Package samples reads what the generator of one run made at the end of each level of
// beta, for figure.Samples to draw: Figures 2, 3 and 4 of the paper.
//
//  1. Load reads the manifest of a run folder and the samples of up to Shown of its
//     levels, the first and the last always among them. Every level's samples are of
//     the same noise.
//  2. A Sheet is these levels and the shape of a sample: a point, or an image.
//
// Values are those of the data, in [-1, 1]; a generator may leave that box.
package samples
