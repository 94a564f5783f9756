package sweep

import "container/heap"

// ready are jobs that can start. The one with the most ahead of it is the first, of equals
// the one that was added first.
type ready struct {
	jobs  byAhead
	added int
}

func (r *ready) add(jobs ...*job) {
	for _, j := range jobs {
		j.order = r.added
		r.added++
		heap.Push(&r.jobs, j)
	}
}

// take takes the first one away.
func (r *ready) take() *job { return heap.Pop(&r.jobs).(*job) }

// putBack undoes take.
func (r *ready) putBack(jobs []*job) {
	for _, j := range jobs {
		heap.Push(&r.jobs, j)
	}
}

func (r *ready) len() int { return len(r.jobs) }

// byAhead is a heap.
type byAhead []*job

func (h byAhead) Len() int { return len(h) }
func (h byAhead) Less(a, b int) bool {
	if h[a].ahead != h[b].ahead {
		return h[a].ahead > h[b].ahead
	}
	return h[a].order < h[b].order
}
func (h byAhead) Swap(a, b int) { h[a], h[b] = h[b], h[a] }
func (h *byAhead) Push(x any)   { *h = append(*h, x.(*job)) }
func (h *byAhead) Pop() any {
	last := len(*h) - 1
	j := (*h)[last]
	*h = (*h)[:last]
	return j
}
