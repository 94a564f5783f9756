// Package models is the table of models: the generator and the discriminator of each as
// data, and what follows from them without training anything.
//
//  1. Find gives a row of the table by its name in a config.
//  2. Fits says whether the model is for samples of a shape, Nets lists its layers for it.
//  3. A Net tells its weights; Flops, Products and Memory tell what an iteration of
//     Algorithm 1 takes.
//
// Package nn builds what is described here and trains it. A new model is a file with a
// Model and its name in the table.
package models
