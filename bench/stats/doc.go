// Package stats turns amplitudes, one a seed, into numbers a referee can check.
//
// The way through it:
//
//  1. A run gives one amplitude, or none: a run whose window is incomplete is
//     unsettled, written +Inf. Rank tests place it last; nothing averages it.
//     A run that failed gives no value at all.
//  2. [Summarize] describes one group of seeds: geometric mean with a t interval on
//     logs (the headline: amplitudes are log-normal over seeds), median with an exact
//     interval, mean with Student's interval, interquartile mean.
//  3. [Shared] lines groups up by seed: the cells of a seed share their pretraining,
//     so seeds are blocks.
//  4. [Page] tests for a decrease over ordered groups within blocks (primary);
//     [Jonckheere], [Spearman] and [LogLog] look at the same trend without blocks.
//     [Within] fits slopes with an intercept a block.
//  5. [Wilcoxon] compares two groups over shared seeds (primary); [MannWhitney] where
//     seeds are not shared; [PairedRatio] and [GroupRatio] say how large the difference
//     is, [Improvement] how often one group beats the other.
//  6. [Holm] corrects a family of p values.
//
// A number that is not defined is NaN in Go and null in JSON, never an error; what
// makes it weak or undefined travels with it as a warning. NaN or -Inf in the input
// is an error that names the place. All results are deterministic: no resampling.
// docs/statistics.md gives each test's assumption, formula and source.
package stats
