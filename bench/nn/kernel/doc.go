//go:build cgo

// Package kernel trains small networks, fully connected or of convolutions, at the speed of one core:
// C kernels on plain row-major float32 buffers, called through cgo, without
// libtorch.
//
//  1. A Linear layer goes forward (product, bias and activation in one pass) and
//     backward (activation, weight, bias and input gradients).
//  2. Patches are what a convolution is a Linear layer of, and a transposed one ends with.
//  3. A Norm layer is batch normalisation and ReLU, with statistics of the batch
//     in training and running ones in inference.
//  4. Softplus gives the losses of a GAN and their gradients from logits.
//  5. Adam and SGD update flat parameters in one pass.
//
// Every operation exists for each instruction set (vec_*.h is its vector, the
// other headers are common): avx512, avx2, neon (arm64) and portable. The best set of the machine
// is chosen when the program starts; the environment variable FIG5_KERNELS names
// another, and Err tells if there is none of that name.
//
// The same inputs give the same bytes, wherever the buffers lie, and it is a rule of
// these kernels that avx2, avx512 and neon give the same as well, in every operation and
// so in whole trainings: which one a machine has does not change its nets. Every
// element of a result is therefore summed in an order that does not depend on the
// width of a vector. Three constants would change one, and are the same in these
// sets: KC, the depth of a panel, in the bias gradient; DL, the partial sums of a
// dot product with a thin side; and THIN_MOST, how long such a side may be. Left
// open is only which NaN comes of two. The portable set, which rounds a product
// before it adds it, is exempt.
//
// Denormal numbers count as zero, in what goes in and in what comes out. Here neon
// differs by a hair: x86 flushes a result after rounding it, arm64 before (FPCR.FZ), so
// one just below 2^-126, the least normal number, that rounds up to it is zero on arm64.
//
// No operation allocates or keeps a pointer. The weights of a layer are stored
// [in][out], so y = x w + b. Lengths are the caller's arithmetic: a buffer too
// short panics, as an index out of range does.
package kernel
