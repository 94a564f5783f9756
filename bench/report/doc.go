// Package report writes what is said of a sweep: pages, tables and a summary for the
// terminal, all from one computation.
//
//  1. New takes the numbers of a measured sweep from bench/claims, once; Complete adds
//     the secondary ones, for which every curve is measured again.
//  2. Groups, Questions, Trends, Runs, Pairs and the like are its tables (bench/table).
//  3. Sentences stand in templates alone. Which sentence an answer gets follows from the
//     verdict by rule (templates/answer.tmpl, docs/experiment.md).
//  4. Files is a report folder, Recorded the project's RESULTS.md, docs/results/ and
//     docs/figures/. Text is the summary for a terminal.
//  5. Beside sets a sweep beside the recorded runs of the same one.
//  6. Write writes files, each whole.
package report
