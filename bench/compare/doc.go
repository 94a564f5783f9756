// Package compare sets groups of runs side by side, in benchstat's manner.
//
//  1. Sweeps, or lists of curves, come measured from bench/report. A group is the runs
//     that differ in their seed alone.
//  2. [Compare] splits the groups by one key: a coordinate of the grid (schedule,
//     anneal.end, anneal.box.half_width, anneal.protocol, baseline, k), the sweep, or
//     any key of the configs. Groups that agree in everything else and in K make a pair.
//  3. Each pair gets the change of the geometric mean, Wilcoxon's signed-rank test over
//     shared seeds (Mann-Whitney where seeds are not shared) and the probability of
//     improvement; the family of pairs gets Holm's correction.
//  4. [Result.Text], [Result.CSV] and [Result.LaTeX] write one row a pair; its JSON
//     form is that of a report with the comparisons added.
//
// What weakens a number stands beside it: few seeds, runs that failed or did not
// settle, and settings in which two groups differ besides the key.
package compare
