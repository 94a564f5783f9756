// Package data is where the real samples come from.
//
//  1. A Source names one of the table's data sets: the mixture of five Gaussians, two
//     cubes, MNIST (IDX files), a folder of images, CelebA or drawn faces. Its Kind, Shape
//     and Rows say what is known of the samples before any is read.
//  2. Open reads or draws them, with all values in [-1, 1]. CelebA is decoded once, into a
//     file of its own, and held as bytes. Faces draws faces and tells their attributes.
//  3. Files are read by fid/samples, which checks them before they are believed, and
//     their checksums are compared: with MNIST's, or with a SHA256SUMS beside them.
//  4. FetchMNIST fetches MNIST's files.
//  5. CountModes says how many of the set's modes a batch of samples holds.
//
// A new data set is a file with a Kind and its name in the table.
package data
