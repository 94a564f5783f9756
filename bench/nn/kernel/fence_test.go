//go:build cgo

package kernel

import (
	"math"
	"os"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
	"pgregory.net/rapid"
)

// A fence is a buffer that ends where the readable memory ends, so that one byte
// read or written past it is a segmentation fault, and begins after values that
// are checked for change.
type fence struct {
	pages, before []byte
}

const canary = 0x5a

type fences struct{ all []fence }

// new is a slice of n values drawn by fill.
func (f *fences) new(n int, fill func() float32) []float32 {
	page := os.Getpagesize()
	size := (4*n+64+page-1)/page*page + page
	b, err := unix.Mmap(-1, 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	if err != nil {
		panic(err)
	}
	if err := unix.Mprotect(b[size-page:], unix.PROT_NONE); err != nil {
		panic(err)
	}
	from := size - page - 4*n
	for i := from - 64; i < from; i++ {
		b[i] = canary
	}
	f.all = append(f.all, fence{b, b[from-64 : from]})
	s := unsafe.Slice((*float32)(unsafe.Pointer(&b[from-4])), n+1)[1:]
	for i := range s {
		s[i] = fill()
	}
	return s
}

// close reports a write in front of a buffer and frees all.
func (f *fences) close(t rapid.TB) {
	for _, x := range f.all {
		for _, b := range x.before {
			if b != canary {
				t.Errorf("a value in front of a buffer was overwritten")
				break
			}
		}
		unix.Munmap(x.pages)
	}
}

// values draws from [-1, 1), reproducibly.
func values(seed uint64) func() float32 {
	s := seed
	return func() float32 {
		s = s*6364136223846793005 + 1442695040888963407
		return float32(int32(s>>32)) / (1 << 31)
	}
}

// garbage fills what must be overwritten: NaN would spread if it were read.
func garbage() float32 { return float32(math.NaN()) }

// within compares value by value; a bound of the error comes with each.
func within(t rapid.TB, what string, got []float32, want approx) {
	t.Helper()
	for i, w := range want.v {
		if d := math.Abs(float64(got[i]) - w); !(d <= want.err[i]+1e-37) {
			t.Fatalf("%s %s[%d]: %g, want %g ± %g", Set(), what, i, got[i], w, want.err[i])
		}
	}
}

// eachSet runs a test on every instruction set of this machine.
func eachSet(t *testing.T, f func(t *testing.T)) {
	before := Set()
	defer Use(before)
	for _, name := range Sets() {
		t.Run(name, func(t *testing.T) {
			if err := Use(name); err != nil {
				t.Fatal(err)
			}
			f(t)
		})
	}
}
