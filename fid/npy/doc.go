// Package npy reads NumPy's .npy and .npz files as float64 numbers, strictly:
//
//  1. The header is a Python dictionary of exactly descr, fortran_order and shape.
//  2. Shape and type must account for every byte that follows, neither more nor
//     fewer. This is checked before anything is allocated: against the size of the
//     file, or for a member of a .npz against what its compressed bytes can hold.
//  3. Numbers are float16, 32 and 64, integers of 8 to 64 bits and bool, in either
//     byte order. Pickled objects, structures, text and complex numbers are refused.
//  4. Data are read in the file's order, piece by piece (Array.Read), or whole and
//     in C order (Array.All).
//  5. The end of a .npz member is read too, so its checksum is verified.
//
// github.com/sbinet/npyio reads the same format but allocates what a header asks
// for before looking at the file, takes a short file for a whole one, panics on
// some malformed headers and flushes subnormal float16 to zero; it serves for
// writing only.
package npy
