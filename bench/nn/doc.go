//go:build cgo

// Package nn holds the nets of Figures 2 to 4, fully connected ones and the DCGAN, and trains
// them with explicit forward and backward passes on libtorch's memory.
//
//  1. Package models lists the layers; New lays all parameters of a net in one flat tensor.
//     A row of activations is a sample; maps lie pixel by pixel, so that batch norm of maps is
//     that of a matrix with a row a pixel.
//  2. A Pass owns the activations of one batch size: Forward, then Backward.
//  3. DLoss and GLoss give a loss and its gradient by the logits.
//  4. An Optimizer updates the flat parameters in one sweep.
//
// A net is on one Device; random numbers, losses and samples are on the CPU, and Write and
// Float32s copy where the net is not.
//
// Every operation exists twice: as libtorch operators (engine torch, in torch.cc) and, where
// the shape has one, as a fused CPU kernel (package kernel). Both work on the
// same memory and are tested against libtorch's autograd.
//
// The package talks to libtch, the C layer of gotch, because a tensor of gotch's
// ts package is a 100 kB Go struct with a finalizer. A C++ exception (out of
// memory, a shape that does not fit) surfaces as a panic with an exception.Error, which
// exception.Catch turns into an error. libtorch keeps its last error per thread, so callers
// lock their goroutine to its thread.
package nn
