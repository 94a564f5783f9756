package sweep

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// What is popped is sorted by what is ahead, of equals the first first, however pushes and
// pops follow each other.
func TestQueue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var q queue
		var sorted []*job
		for range rapid.IntRange(1, 50).Draw(t, "steps") {
			if len(sorted) > 0 && rapid.Bool().Draw(t, "pop") {
				if have := q.pop(); have != sorted[0] {
					t.Fatalf("popped %d, want %d", have.ahead, sorted[0].ahead)
				}
				sorted = sorted[1:]
				continue
			}
			j := &job{ahead: int64(rapid.IntRange(0, 5).Draw(t, "ahead"))}
			q.push(j)
			sorted = append(sorted, j)
			slices.SortStableFunc(sorted, func(a, b *job) int { return int(b.ahead - a.ahead) })
		}
	})
}
