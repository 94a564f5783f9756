// Package files opens and writes the files that a user names, and says what is wrong with
// them:
//
//  1. Open and Read take regular files, of a size that is known before they are read.
//  2. Sum is a file's checksum. Write makes a file, whole or not at all; the
//     files of run folders are written by bench/record, whose temporary names are fixed.
//     WriteJSON is the one form of JSON for people.
//  3. Error puts the file first: "a/b.npz: no such file or directory"; Plain is what went
//     wrong alone.
package files
