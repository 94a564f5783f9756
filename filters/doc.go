// Package filters turns a noisy FID curve into one number, the amplitude of its
// oscillation on the plateau. It is made of pure functions on slices and knows
// nothing of files or configs.
//
//  1. Lowpass.Apply smooths the curve without moving it in time: Butterworth's filter, a
//     moving average, Savitzky and Golay's, or not at all.
//  2. Knee.Find says where the descent has ended and the plateau begins: MSER, Settle,
//     Kneedle, or the first point.
//  3. A Window of fixed length behind the knee is what is looked at: the longer a
//     window, the larger the range of what is in it, so one that the curve does not
//     fill is not Complete.
//  4. MeasureAmplitude measures the oscillation there, by five definitions.
//  5. What makes the number weak becomes a Warning, with the Remedy where settings mend
//     it: a curve that is still moving, a jump of the level in the window (Shifts), a
//     window that the curve does not fill, one of too few points or too few or too many
//     periods of the low-pass.
//
// Analysis holds the settings of all steps; Analysis.Measure runs them.
//
// Every function refuses what it cannot answer for with an error that names the
// parameter or the index. The results of a curve times a constant
// are those of the curve times the constant, and an added constant moves the level
// alone (but relative, which is made for ratios).
package filters
