// Package filters turns a noisy FID curve into one number, the amplitude of its
// oscillation on the plateau. It is made of pure functions on slices and knows
// nothing of files or configs.
//
//  1. Lowpass.Apply smooths the curve without moving it in time: Butterworth,
//     MovingAverage, SavitzkyGolay, or not at all.
//  2. Knee.Find says where the descent has ended and the plateau begins: Settle,
//     Kneedle, or the first point.
//  3. A Window of fixed length behind the knee is what is looked at: the longer a
//     window, the larger the range of what is in it, so one that the curve does not
//     fill is not Complete.
//  4. MeasureAmplitude measures the oscillation there, by five definitions.
//  5. What is no oscillation becomes a Warning, with the Remedy where settings mend it:
//     a jump of the level in the window or just before it (Shifts), a drift, the end of
//     the descent, a window that is too short or lies on the slope.
//
// Analysis holds the settings of all steps; Analysis.Measure runs them.
//
// Every function refuses what it cannot answer for with an error that names the
// parameter or the index. The results of a curve times a constant
// are those of the curve times the constant, and an added constant moves the level
// alone (but relative, which is made for ratios).
package filters
