// Package filters turns a noisy FID curve into one number, the amplitude of its
// oscillation on the plateau. It is made of pure functions on slices and knows
// nothing of files or configs.
//
//  1. Lowpass.Apply smooths the curve without moving it in time (zero phase).
//  2. Knee.Find says where the descent has ended and the plateau begins.
//  3. Window cuts the stretch after the knee that is looked at.
//  4. Amplitudes measures the oscillation there, by five definitions.
//
// Analysis holds the settings of all four steps; Analysis.Measure runs them.
package filters
