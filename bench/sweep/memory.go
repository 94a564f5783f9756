package sweep

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"

	"fig5/bench/config"
	"fig5/bench/english"
	"fig5/bench/models"
	"fig5/fid/features/kinds"
)

// FeatureDim is how many numbers of a sample are compared.
func FeatureDim(c *config.Config) int {
	if d := kinds.Find(c.FID.Features.Name).Dim; d > 0 {
		return d
	}
	return c.Data.Shape().Len()
}

// Memory is about how many bytes a worker of the sweep takes at its most, measured as
// resident memory of mixture, MNIST and images of 768 to 3072 numbers (all within a
// quarter). What the garbage collector leaves lying counts double.
func Memory(c *config.Config) int64 {
	const (
		program = 130e6 // libtorch and the program itself
		single  = 4     // bytes of a number
		double  = 8
	)
	d, f := float64(c.Data.Shape().Len()), float64(FeatureDim(c))
	n, rows := float64(c.FID.Samples), float64(c.Data.Rows())
	number := 2.0 * single // of the real data
	if c.Data.Kind().Packed {
		number = 1
	}
	total := program + number*rows*d + single*n*d
	if g, dis := c.Model.Nets(c.Data.Shape()); g != nil {
		total += float64(models.Memory(g, dis, c.Train.Batch))
	}
	// The real data's covariance, its root and what makes them; then the samples', or
	// their product with the root where they are fewer than features.
	if n < f {
		total += double * (6*f*f + 2*n*f + n*n)
	} else {
		total += double * 11 * f * f
	}
	if k := kinds.Find(c.FID.Features.Name); k.Dim > 0 { // their features are kept beside the samples
		total += k.Memory + single*n*f
	}
	return int64(total)
}

// Fit is how many of the workers that are wanted have room in so many free bytes, at
// least one; the text says why they are fewer, and is empty where they are not. Free of 0
// is not known.
func Fit(c *config.Config, workers int, free int64) (int, string) {
	need := Memory(c)
	if free <= 0 || int64(workers)*need <= free {
		return workers, ""
	}
	return int(max(free/need, 1)), fmt.Sprintf("a worker takes about %s of memory and %s are free", english.Bytes(need), english.Bytes(free))
}

var available = regexp.MustCompile(`(?m)^MemAvailable:\s*(\d+) kB$`)

// Free is the memory in bytes that new processes have on this machine; 0 where the system
// does not tell. A container has no more than its limit.
func Free() int64 {
	text, _ := os.ReadFile("/proc/meminfo")
	m := available.FindSubmatch(text)
	if m == nil {
		return 0
	}
	kB, _ := strconv.ParseInt(string(m[1]), 10, 64)
	free := 1024 * kB
	for _, path := range []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"} {
		text, _ := os.ReadFile(path) // a number, or "max"
		if limit, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64); err == nil {
			free = min(free, limit)
		}
	}
	return free
}
