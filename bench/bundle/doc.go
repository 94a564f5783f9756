// Package bundle makes the zip that goes with a paper, and checks one.
//
//  1. [Build] stages the runs of sweeps as a run folder without checkpoints, measures
//     them with bench/report and bench/compare, and makes every file: figures, tables,
//     macros for LaTeX, curves, manifests, configs, and how to do it again.
//  2. [Write] packs the files: the same bytes each time, under another name first.
//  3. [Open] reads a zip that may be damaged or hostile: nothing is written, and what is
//     allocated is bounded before. It holds every file against SHA256SUMS.
//  4. [Archive.Recompute] builds the bundle again from the curves inside and compares.
//
// No file holds an absolute path, a host name or the time of day.
package bundle
