// Package data is where the real samples come from.
//
//  1. Open reads or draws the set a config names: the mixture of five Gaussians, two
//     cubes, MNIST (IDX files) or a folder of images, all with values in [-1, 1].
//  2. Files are read by fid/samples, which checks them before they are believed, and
//     their checksums are compared: with MNIST's, or with a SHA256SUMS beside them.
//  3. CountModes says how many of the set's modes a batch of samples holds.
package data
