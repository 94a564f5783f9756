// Package samples reads sets of samples, n rows of d numbers, from files:
//
//  1. .npy: n×d, or n for d = 1; either byte order, C or Fortran order, any type fid/npy
//     reads. Numbers are taken as they are, but for images n×h×w, n×h×w×c and n×c×h×w:
//     these are brought to [-1, 1], by the range of the whole array, and hold one channel
//     after the other; alpha is dropped.
//  2. .npz: the same, from its only array, or the one named samples, or arr_0.
//     One with mu and sigma holds statistics instead (fid.ReadStats).
//  3. IDX, gzip'ed or not (MNIST): unsigned bytes v, read as v/127.5 - 1.
//  4. A folder of PNG, JPEG, WebP, BMP and TIFF files, searched in depth: all of one size,
//     the pixels of Pillow's convert("RGB") as v/127.5 - 1, channel by channel, one
//     channel where all are grey, else R, G, B. What is not read is counted.
//
// Source says what a file was taken for, AsImages tells the images in it, and Distance is
// the Fréchet distance of two.
//
// Kinds are told apart by content. Shapes are checked against file sizes before
// anything is allocated, and rows are read as they are needed.
//
// It is the one reader of these formats: who makes something else of the files has
// IDX for the bytes themselves, Images for the files of a folder (linked ones too,
// hidden ones not) and Decode for one of them.
package samples
