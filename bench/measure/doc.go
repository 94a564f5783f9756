// Package measure turns curves into amplitudes, each curve once. Whatever shows a number
// (tables, figures, pages, tests) takes it from here.
//
//  1. Load measures every run of a sweep by its config, LoadFolder by the config that
//     the runs carry, LoadList the curves of a list; Open takes what a user names,
//     Recorded all sweeps of a folder.
//  2. A Sweep is groups of runs. A group is the runs that differ in their seed alone.
//     Two groups share their runs where two protocols give the same training.
//  3. A Run holds its curve from the start of β = ∞, its measurement, its noise floor and
//     its warnings. Amplitude gives one number by its name (Amplitudes).
//  4. Remeasure measures the same curves by another analysis.
//  5. Curves measures single curves for `fig5 analyze`, MeasureRun one run, Curve what
//     has been read already.
//  6. Against holds the curves of runs against those of the same cells elsewhere.
package measure
