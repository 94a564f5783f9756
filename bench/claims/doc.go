// Package claims compares groups of runs. It makes numbers, verdicts and warnings; the
// sentences of pages are in the templates of bench/report.
//
//  1. Summarize describes every group of a sweep (means, intervals, floors, counts) and
//     every trend over K. Warnings that curves share are told once, as Notes, whose words are
//     in note.tmpl.
//  2. Compare pairs the groups of sweeps that differ in one key. A pair of groups is
//     compared in one way wherever that is done: by the ratio over the seeds settled in
//     both, and Wilcoxon's test over those with a result in both.
//  3. Ask puts the four questions of docs/experiment.md to a sweep, as far as it has the
//     groups, with Holm's correction over those asked. FID asks two more of sweeps of images.
//  4. Confirm gives the numbers beside them that have no verdict: the fit of FitLadders,
//     the other amplitudes, how many settings agree.
//  5. Read and Matters give what else a reader asks: is it more than the level, does it
//     stand out of the noise, were modes lost, does a coordinate of the grid matter.
//  6. Against sets groups beside recorded ones; TrainedOtherwise is the runs that are not
//     of the same experiment.
package claims
