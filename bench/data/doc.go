// Package data is where the real samples come from.
//
//  1. Open reads or draws the set a config names: the mixture of five Gaussians, two
//     cubes, MNIST (IDX files) or a folder of images, all with values in [-1, 1].
//  2. Files are checked before they are believed: magic number, sizes against the
//     length, checksum.
//  3. CountModes says how many of the set's modes a batch of samples holds.
package data
