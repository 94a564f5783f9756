// Package sweep runs what is missing of a sweep, on this machine or a cluster.
//
//  1. Plan expands the config into cells and looks up how far each has come.
//  2. Run makes a job of every cell that is missing and, for every seed that such
//     cells begin from, one of its pretraining. A pretraining is a job of its own, so
//     that no worker ever sits waiting for another one's.
//  3. The jobs go to an Executor: worker processes of this machine, one a core unless memory
//     is short, or the tasks of Slurm job arrays. Of those that can start it is always
//     the one with the most iterations ahead of it, its own and those of the longest
//     job that waits for it. So pretrainings come first, all seeds side by side, and
//     then the longest cells; a core is idle only when every job left is running or
//     waits for a pretraining that is.
//  4. A job whose folder somebody else works on (another `fig5 run`, or a worker that
//     outlives its `fig5`) is put aside until that folder's lock is free; then it is
//     looked at anew, and is most likely done.
//     On a cluster everything is queued at once, and the queue holds cells back until the
//     pretrainings have ended. Whether a job has ended its run folder tells, never the queue.
//  5. Events tell how it goes; Lines writes them as a log, Bars as progress bars.
//
// NewEstimate is what a sweep takes before it runs, List the runs of one that has. A worker
// is the program fig5-torch, one process a run: package worker starts it, package protocol
// is what is said to it and by it. A worker that fails or crashes costs its cell and nothing else: run.json
// says "failed" and why, and the next Run tries again from the checkpoint.
package sweep
