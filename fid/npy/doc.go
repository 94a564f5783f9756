// Package npy reads and writes NumPy's .npy and .npz files. Reading is strict:
//
//  1. The header is a Python dictionary of exactly descr, fortran_order and shape.
//  2. Shape and type must account for every byte that follows, neither more nor
//     fewer. This is checked before anything is allocated: against the size of the
//     file, or for a member of a .npz against what its compressed bytes can hold.
//  3. Numbers are float16, 32 and 64, integers of 8 to 64 bits and bool, in either
//     byte order. Pickled objects, structures, text and complex numbers are refused.
//  4. Data are read as float64 in the file's order, piece by piece (Array.Read), or
//     whole and in C order (Array.All); or whole in the file's own type (Exact).
//  5. The end of a .npz member is read too, so its checksum is verified.
//  6. Write, and Writer for a .npz, write float32 and 64, int32 and 64 and bytes,
//     piece by piece. Equal arrays give equal bytes.
package npy
