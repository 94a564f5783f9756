// Package tinygan is the paper's tiny-GAN: three scalars θ, ψ, α that obey the
// equations of a GAN whose data distribution is annealed (Mehrjou & Schölkopf
// 2018, Sections 2 to 4). It predicts how an oscillation falls with slower
// annealing, and shows where the prediction ends.
//
//  1. System says which equations, from where, towards what; Validate checks it.
//     The objective is L = f(θψ) + f(-ψα) with f(y) = y (Linear) or
//     f(y) = -log(1+e^-y) (JensenShannon). θ descends, ψ ascends, and α follows
//     Eq. 7, α(t) = α_r - (α_r-α_0) e^(-t/T), or a staircase of levels.
//  2. System.Integrate samples the flow by DOP853, an adaptive Runge-Kutta method
//     of order 8, and sets the closed form beside it; System.Descend does the same
//     by gradient descent with a step, as training does.
//  3. System.At is the closed form of f(y) = y, System.Steady the oscillation it
//     settles to: frequency, amplitude, centre, log-log slope in T.
//  4. StaircaseRMS, EqualJumps and their limits are what Algorithm 1 does: α is held
//     for a while and jumps. With them comes the theoretical Figure 5.
//  5. System.DescentAmplitude and System.LargestStep say at what step of gradient
//     descent the prediction stops holding.
//  6. Problem is all this in the words of a user; its Answer is what fig5 tiny --json
//     writes, Trajectory.WriteCSV what --csv does.
//
// Symbols: w is the angular frequency (1 for the β-GAN, √2 for the β'-GAN),
// a = 1/T, A = α_r - α_0, and A/T is the paper's K (not the K that counts
// annealing steps). The signs and constants that differ from the printed ones
// are derived in docs/paper.md under Errata, and tested in errata_test.go.
package tinygan
