// Package report turns the runs of a sweep into what people look at and attach.
//
//  1. Load measures every run of a sweep folder, LoadCurves every curve of a list, into
//     a Data: groups of runs that differ in their seed alone.
//  2. Data.Report is the statistics by one amplitude: each group, each trend over K, the
//     warnings that curves share as Notes.
//     Its JSON form is what `fig5 report --json` prints.
//  3. Data.Findings holds the paper's claims about Figure 5 against the data, with
//     verdicts made by one rule, and again behind the end of the descent where windows
//     hold one.
//  4. Figures, CurveFigures and StaircaseFigure draw; package canvas writes each
//     drawing as SVG, PDF and PNG.
//  5. Write puts all of it into a folder: figures, tables, one HTML page, RESULTS.md.
//     WriteResults makes the project's own RESULTS.md from all recorded sweeps.
//  6. Against sets the groups beside recorded ones, line by line.
//
// Nothing here trains, and nothing is random: equal runs give equal bytes.
package report
