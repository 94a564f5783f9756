// Command methods writes docs/results/method-settings.md and docs/results/method-knee.md
// with their figures: what the settings of the measurement do, and how the knee rules
// behave where the truth is known. `go run ./scripts/methods`, from the repository's
// root; `make results` runs it, and a test compares what is committed with what comes out.
//
//  1. settings.go measures a recorded sweep again by other filters, windows, amplitudes
//     and knee rules.
//  2. samples.go tells what the number of samples N does, from samples.csv and from real
//     samples against real data.
//  3. synthetic.go draws curves of known truth, knee.go measures them by each rule.
//  4. main.go fills the pages in templates/ and draws.
//
// samples.csv was made at commit 864581d (toy model, mixture, learning rate 1e-3, 10,000
// iterations of annealing and as many at β = ∞), for each N, by
//
//	fig5 run configs/fig5.yaml --runs N --set fid.samples=N --set anneal.steps=[1,20] --set anneal.baselines=[] --set seeds=[10,11,12]
//
// and is max to min and level of each curve.csv, and max to min of each floor.csv, by
// `fig5 analyze` with a cutoff of 0.2 in a window of the last 5000 iterations. A training
// does not depend on N: the measurement draws from a stream of its own.
package main
