// Package kernel trains small fully connected networks at the speed of one core:
// C kernels on plain row-major float32 buffers, called through cgo, without
// libtorch.
//
//  1. A Linear layer goes forward (product, bias and activation in one pass) and
//     backward (activation, weight, bias and input gradients).
//  2. A Norm layer is batch normalisation and ReLU, with statistics of the batch
//     in training and running ones in inference.
//  3. DLoss and GLoss give the losses of a GAN and their gradients from logits.
//  4. Adam and SGD update flat parameters in one pass.
//
// Every operation exists for each instruction set (vec_*.h is its vector, the
// other headers are common), and the best set of the machine is chosen when the
// program starts; the environment variable FIG5_KERNELS names another. The same
// inputs give the same bytes on the same set, wherever the buffers lie.
//
// Denormal numbers count as zero, in what goes in and in what comes out.
//
// No operation allocates or keeps a pointer. The weights of a layer are stored
// [in][out], so y = x w + b. Lengths are the caller's arithmetic: a buffer too
// short panics, as an index out of range does.
package kernel
