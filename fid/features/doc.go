//go:build cgo

// Package features turns images into the features that a Fréchet distance compares:
//
//  1. raw: the numbers themselves, of any kind of sample.
//  2. lenet and faces: the 84 features of a LeNet for MNIST's digits, and of one for the
//     drawn faces. Their weights are part of the package (lenet.go) and made by
//     TrainLeNet (train.go). They tell the digits, and the faces' attributes, too.
//  3. torchscript: what any TorchScript module makes of an image; Inception comes so
//     (script.go). Images are resized and grey ones repeated as pytorch-fid does.
//
// Open makes an Extractor for images of one shape. It works in batches of bounded
// size, and the same batches give the same bits.
//
// It is the one package of fid that links libtorch, through libtch, the C layer of
// gotch: a tensor of gotch's ts package is a 100 kB Go struct with a finalizer. A C++
// exception becomes an error. See docs/features.md for what was measured.
package features
