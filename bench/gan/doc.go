//go:build cgo

// Package gan is Algorithm 1 of the paper: a generator and a discriminator trained
// on data that is annealed from the uniform box to the empirical distribution.
//
//  1. New makes the two nets of a seed, their optimizers and one random stream for
//     each purpose.
//  2. Pretrain trains them on the uniform box; the result is stored once and shared
//     by all cells of the seed.
//  3. Train goes through a cell's levels β_1 … β_K and then β = ∞, measures FID on
//     the way and writes the curve, with checkpoints to resume from.
//  4. At the end the measurement is repeated with the generator frozen: the floor
//     under every amplitude.
//
// The same config, seed, libtorch and kernels give the same bytes, however often
// the run was stopped and resumed.
package gan
