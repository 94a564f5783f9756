// Package record is the only place that names the files of a run and knows how
// they are written.
//
//  1. Sweep and Dir name the folders and files: runs/<sweep>/<cell>/curve.csv and so on.
//  2. Run is the manifest run.json: what was asked for, on what machine, how it ended.
//  3. CurveWriter appends rows to curve.csv as they are measured and, on resuming,
//     cuts the file back to the rows its checkpoint knows; ReadCurve reads them.
//  4. Checkpoint is checkpoint.npz: arrays, by fid/npy, and a checksum over all of them.
//     The one before is kept, and LastGood finds the newest that is whole and whose rows
//     are still those of the curve. What is damaged is set aside and named.
//  5. Lock is held by whoever writes in a run folder, and by nobody else.
//
// Files that are replaced (run.json, checkpoint.npz, floor.csv) are written under
// another name, synced and renamed, so that a process killed at any moment leaves
// the old file or the new one. That other name is fixed (FILE.tmp): whatever a
// killed writer leaves, the next one overwrites. docs/run-folder.md describes every file.
package record
