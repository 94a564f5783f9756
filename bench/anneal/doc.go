// Package anneal says how the data are heated: at which inverse temperatures
// beta, for how long at each, and how a sample is heated at one beta.
//
//  1. Levels gives the K finite levels of a Schedule, beta_1 to beta_K.
//  2. Protocol divides iterations over the levels: a budget for all, or as many for each.
//  3. Ladder puts the two together and ends at beta = infinity, the unheated data;
//     Cold, Warm and Hot are the baselines without a ladder.
//  4. Box.Heat adds the noise of one beta to a batch and keeps it inside [-1, 1].
//
// Beta = 0 is the uniform box, beta = +Inf the data as they are.
package anneal
