// Package claims holds groups of runs against each other. It makes numbers and verdicts,
// no sentences; words are in the templates of bench/report.
//
//  1. Summarize describes every group of a sweep (means, intervals, floors, counts) and
//     every trend over K.
//  2. Compare pairs the groups of sweeps that differ in one key: one paired comparison,
//     the same wherever two groups are held against each other.
//  3. Ask puts the four questions of docs/experiment.md to a sweep, as far as it has the
//     groups, with Holm's correction over those asked.
//  4. Secondary gives the numbers beside them that have no verdict.
package claims
