// Package sheets draws what generators made, figure by figure, and says what each shows.
//
//  1. Draw draws a figure of each run, its levels of beta beside real data.
//  2. Together draws one figure of all runs, at the same iterations.
//
// bench/figure/samples reads and draws the samples; writing the files is the
// caller's.
package sheets
