package figure

import (
	"fmt"
	"math"
)

// brief writes a size as a tick has it: "500", "2.5k".
func brief(v float64) string {
	if v >= 1000 && math.Mod(v, 100) == 0 {
		return fmt.Sprintf("%gk", v/1000)
	}
	return fmt.Sprintf("%g", v)
}

// clipped is the end of s, with dots where it was longer than n characters.
func clipped(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return "…" + string(r[len(r)-n+1:])
}
