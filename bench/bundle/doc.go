// Package bundle makes the zip that goes with a paper, and checks one.
//
//  1. [Find] opens the sweeps that a user names, [Build] lays out what a bundle holds of
//     them as a folder: configs, manifests and curves, without paths of this machine.
//  2. compute measures that folder once, by bench/report and bench/claims, and makes the
//     other files from it: figures, tables, a macro for every number, texts.
//  3. [Write] packs the files: equal files give equal bytes.
//  4. [Open] reads a zip that may be damaged or hostile: nothing is written, and what is
//     allocated is bounded before. It holds every file against SHA256SUMS.
//  5. [Archive.Recompute] is compute on the unpacked folder; what it makes is compared
//     with what the bundle holds.
//
// No file holds an absolute path, a host name or the time of day.
package bundle
