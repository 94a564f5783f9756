// Package figures draws the tiny-GAN: the paper's Figure 1, the theoretical
// Figure 5, and any one trajectory.
//
//  1. Figure1 integrates the four systems of the paper's Figure 1 and draws each as
//     time series beside phase portrait: one figure of all, and one a panel.
//  2. Theory is what the theory says about Figure 5: amplitude against the time
//     constant, against K under both protocols, and against the step of gradient
//     descent. Its points come with it.
//  3. Trajectory draws one tinygan.Trajectory; Sampling says how finely to ask for it.
//
// Colours are Okabe and Ito's, which colour-blind readers tell apart, and every
// line also has its own dashes or marks, for print in grey.
package figures
