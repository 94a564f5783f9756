// Command honesty makes the numbers and figures of docs/measurement.md, "Honesty of
// the measure", from recorded runs. `go run ./scripts/honesty`, from the repository's
// root, writes the page between its markers, and the figures; `make results` does so too.
//
//  1. settings.go measures the recorded default sweep again under other filters,
//     windows, knees and definitions.
//  2. samples.go sets the same training, measured with other numbers of samples
//     (samples.csv), beside it, and real samples against real data; constant.go how
//     the bias moves along the trainings.
//  3. mnist.go sets batches of MNIST against each other (mnist.csv).
//  4. figures.go draws, main.go writes. A test compares what is committed with what
//     comes out.
//
// The two files beside it come from programs that a test cannot run: samples.csv from
// `fig5 run configs/fig5.yaml --runs DIR --set fid.samples=N --set anneal.steps=[1,20]
// --set anneal.baselines=[] --set seeds=[10,11,12]` for each N, and `go run
// ./scripts/honesty samples DIR/fig5...`; mnist.csv from `go run ./scripts/honesty mnist
// data/mnist`, which needs `make build`.
package main
