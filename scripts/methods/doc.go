// Command methods writes docs/results/method-settings.md and docs/results/method-knee.md
// with their figures: what the settings of the measurement do, and how the knee rules
// behave where the truth is known. `go run ./scripts/methods`, from the repository's
// root; `make results` runs it, and a test compares what is committed with what comes out.
//
//  1. settings.go measures a recorded sweep again by other filters, windows, amplitudes
//     and knee rules.
//  2. samples.go measures trainings whose FID was taken with several numbers of samples
//     N (samples.csv), and real samples against real data.
//  3. synthetic.go draws curves of known truth, knee.go measures them by each rule.
//  4. main.go fills the pages in templates/ with tables and numbers, and draws.
//
// samples.csv holds FID from the start of β = ∞ on, and of the frozen generator, for
// K = 1 and 20 and seeds 10 to 12. It was made at commit 864581d, for each N, by
//
//	fig5 run configs/fig5.yaml --runs N --set fid.samples=N --set anneal.steps=[1,20] --set anneal.baselines=[] --set seeds=[10,11,12]
//
// (toy model, mixture, learning rate 1e-3, 10,000 iterations of annealing and as many at
// β = ∞), the rows with beta inf of every curve.csv and floor.csv to six digits. A
// training does not depend on N: the measurement draws from a stream of its own.
package main
