// Package sweep runs what is missing of a sweep, on this machine.
//
//  1. Plan expands the config into cells and looks up how far each has come.
//  2. Run makes a job of every cell that is missing and, for every seed that such
//     cells begin from, one of its pretraining. A pretraining is a job of its own, so
//     that no worker ever sits waiting for another one's.
//  3. The jobs go to worker processes, one a core: of those that can start, always
//     the one with the most iterations ahead of it, its own and those of the longest
//     job that waits for it. So pretrainings come first, all seeds side by side, and
//     then the longest cells; a core is idle only when every job left is running or
//     waits for a pretraining that is.
//  4. A job whose folder somebody else works on (another `fig5 run`, or a worker that
//     outlives its `fig5`) is put aside until that folder's lock is free; then it is
//     looked at anew, and is most likely done.
//  5. Events tell how it goes; Lines writes them as a log, Bars as progress bars.
//
// # The worker
//
// The worker is called as
//
//	fig5-torch train --parent RUN_DIR
//
// after Run has written RUN_DIR/run.json with the state "running". It takes the
// folder's lock, waiting for it if need be; reads run.json, and if the run has ended
// meanwhile reports so; goes on from checkpoint.npz where there is one, else from the
// pretraining's (runs/<sweep>/pretrain/<seed>/checkpoint.npz) where the cell has
// one, else from the beginning. A pretraining is a run folder like a cell's, with
// "pretraining": true and beta = 0 as its one level, and without curve.
//
// Its standard output is JSON lines; anything else there is ignored:
//
//	{"event":"start","cell":ID,"step":S,"total":N}
//	{"event":"progress","step":S,"total":N,"fid":F,"rate":R}
//	{"event":"warning","message":"one line"}
//	{"event":"done","state":"done","seconds":S}        or "state":"diverged"
//	{"event":"error","message":"one line"}
//
// Its exit code is 0 when the run has ended (run.json then says done or diverged), 1
// when it failed, 2 when what it was given is wrong, 3 when it was told to stop and
// has written a checkpoint. SIGTERM, SIGINT and, with --parent, the end of its
// standard input (which is a pipe that ends when this process does, however it does)
// tell it to stop. A worker that fails or crashes costs its cell and nothing else:
// run.json says "failed" and why, and the next Run tries again from the checkpoint.
package sweep
