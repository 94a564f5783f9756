// Package config reads a sweep and expands it into cells.
//
//  1. A file is one YAML map; a reader keeps the file of every node beside its line.
//  2. base: names a file to lie over; maps merge, lists replace, and a map whose name
//     changes is replaced whole. --set path=value lies over all files.
//  3. Keys lists every key with its default and range; what it does not list is an
//     error that names the nearest key.
//  4. Config is the result with all keys resolved. Its YAML and JSON forms hold all of
//     them and read back equal. With changes keys of a config that a run carries.
//  5. Cells expands the grid into runs; Fingerprint tells whether a run that is there
//     was made by the same settings, Changes which keys count.
package config
