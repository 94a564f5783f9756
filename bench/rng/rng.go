// Package rng gives every purpose of a run its own stream of random numbers, so
// that drawing more of one (a longer evaluation, another sample grid) never
// shifts another (the training noise).
//
//  1. New derives a stream from a seed and a name by SHA-256.
//  2. The stream is math/rand/v2's PCG; Normal is its ziggurat.
//  3. MarshalBinary and UnmarshalBinary save and restore the exact position.
package rng

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
)

// Stream is one named sequence of random numbers. It is not safe for concurrent use.
type Stream struct {
	*rand.Rand
	pcg *rand.PCG
}

// New is the stream of this seed for this purpose; equal arguments give equal streams.
func New(seed int64, purpose string) *Stream {
	sum := sha256.Sum256(fmt.Appendf(nil, "fig5 %d %s", seed, purpose))
	pcg := rand.NewPCG(binary.LittleEndian.Uint64(sum[:8]), binary.LittleEndian.Uint64(sum[8:16]))
	return &Stream{rand.New(pcg), pcg}
}

// Uniform fills dst with values uniform in [-1, 1), on a grid of 2^-23: two from
// every 64 random bits.
func (s *Stream) Uniform(dst []float32) {
	const step = 1.0 / (1 << 23)
	i := 0
	for ; i+1 < len(dst); i += 2 {
		u := s.pcg.Uint64()
		dst[i] = float32(int32(uint32(u)>>8)-1<<23) * step
		dst[i+1] = float32(int32(u>>40)-1<<23) * step
	}
	if i < len(dst) {
		dst[i] = float32(int32(s.pcg.Uint64()>>40)-1<<23) * step
	}
}

// MarshalBinary is the position in the stream.
func (s *Stream) MarshalBinary() ([]byte, error) { return s.pcg.MarshalBinary() }

// UnmarshalBinary goes to a position that MarshalBinary gave.
func (s *Stream) UnmarshalBinary(b []byte) error { return s.pcg.UnmarshalBinary(b) }
