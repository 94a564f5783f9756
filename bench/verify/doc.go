// Package verify holds what runs and bundles are against what they ought to be.
//
//  1. CheckRun reads every file of a run (record.Verify) and measures it again.
//  2. CheckBundle reads a bundle that is not trusted, checks every run in it, and has every
//     number of its files computed again (bundle.Recompute).
//  3. Retrain trains cells again and holds their curves against the recorded ones.
//
// What is wrong is a problem in the answer, one line that begins with its file. An error is
// of what was asked for, or of this machine.
package verify
