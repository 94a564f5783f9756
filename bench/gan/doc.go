//go:build cgo

// Package gan is Algorithm 1 of the paper: a generator and a discriminator trained
// on data that is annealed from the uniform box to the empirical distribution.
//
//  1. New makes the two nets of a seed, their optimizers and one random stream for
//     each purpose.
//  2. Run trains a run folder. A cell takes over the pretraining of its seed on the uniform
//     box, which is stored once for all cells of that seed.
//  3. It goes through its levels β_1 … β_K and then β = ∞, measures FID on the way and
//     writes the curve, with checkpoints to resume from.
//  4. At the end the measurement is repeated with the generator frozen: the floor
//     under every amplitude.
//
// The same config, seed, libtorch and kernels give the same bytes, however often
// the run was stopped and resumed.
package gan
