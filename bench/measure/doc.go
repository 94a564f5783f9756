// Package measure turns curves into amplitudes, each curve once. Whatever shows a number
// (tables, figures, pages, tests) takes it from here.
//
//  1. Find is the sweeps that a user names, as a config or a folder of runs, each with
//     its config; AnalysisOf is by what analysis its runs are measured.
//  2. Load measures every run of a sweep by its config, Open the sweeps of Find, Recorded
//     all recorded ones, LoadList the curves of a list.
//  3. A Sweep is groups of runs. A group is the runs that differ in their seed alone.
//     Two groups share their runs where two protocols give the same training.
//  4. A Run holds its curve from the start of β = ∞, its measurement, its noise floor and
//     its warnings. Amplitude gives one number by its name (Amplitudes).
//  5. Remeasure measures the same curves by another analysis.
//  6. Curves measures single curves for `fig5 analyze`, MeasureRun one run, Curve what
//     has been read already.
//  7. Against holds the curves of runs against those of the same cells elsewhere.
package measure
