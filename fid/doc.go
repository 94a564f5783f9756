// Package fid computes the Fréchet distance between two sets of samples, each
// seen as a Gaussian with the set's mean and covariance (Dowson & Landau 1982;
// Heusel et al. 2017, the "Fréchet inception distance"):
//
//		‖μ1-μ2‖² + tr(Σ1) + tr(Σ2) - 2 tr((Σ1^½ Σ2 Σ1^½)^½)
//
//	 1. Moments takes rows as they come, in one pass.
//	 2. Stats is a mean and a covariance (n-1), checked when made: by Moments, from
//	    rows (OfRows), from numbers (NewStats) or from pytorch-fid's .npz (ReadStats).
//	 3. A root R of each covariance, Σ = R'R, is taken: a pivoted Cholesky factor of
//	    the covariance with its features brought to a common scale, so that variances
//	    of 1e-8 beside 1e8 and exact or near singularity cost no accuracy; or, for
//	    fewer samples than dimensions, the centred samples themselves (root.go).
//	 4. The trace of the square root is the sum of the singular values of R1 R2'.
//	    Where it has few rows this is the n×n Gram route (distance.go).
//	 5. Reference keeps the root of fixed statistics for the many distances of a
//	    training run, and takes the eigensolver as a function (reference.go).
//
// No ridge is ever added and no tolerance is absolute: Distance scales exactly
// with the square of the samples' unit. Files of samples are read by fid/samples.
//
// Products go through gonum's blas64, so a program that has a faster BLAS
// registers it once with blas64.Use.
package fid
