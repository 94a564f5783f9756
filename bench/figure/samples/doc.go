// Package samples reads and draws what the generator of a run made at the end of each
// level of β: Figures 2, 3 and 4 of the paper.
//
//  1. Load reads the manifest of a run folder and the samples of up to Shown of its
//     levels, the first and the last always among them. Every level's samples are of
//     the same noise. LoadTogether reads several runs after the same iterations.
//  2. A Sheet is these levels and the shape of a sample: a point, or an image.
//  3. Draw shows images as grids (images.go), points as their projections (draw.go).
//     DrawTogether shows runs of points below each other (together.go).
//
// Values are those of the data, in [-1, 1]; a generator may leave that box.
package samples
