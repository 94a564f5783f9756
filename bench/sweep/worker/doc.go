// Package worker is fig5-torch, the program that links libtorch, as seen by fig5, which
// never does.
//
//  1. Find looks for the program. Each call of it is a process of its own, out of reach of
//     the terminal's Ctrl-C. It is told to stop by a signal, or by the end of its input.
//  2. Train lets it train one run, and tells what it reports (package protocol). An Outcome
//     says how it ended.
//  3. FID lets it find the distance between two files of samples.
//  4. Device asks whether this machine has a GPU, Probe what training costs on it.
//
// Of a process that fails, the line of its standard error that tells best why becomes the
// error.
package worker
