package sweep

import "container/heap"

// queue is jobs that are ready: pop takes the one with the most ahead of it, of equals the
// one that was pushed first.
type queue struct {
	jobs []queued
	n    int // that were pushed
}

type queued struct {
	job   *job
	order int
}

func (q *queue) push(j *job) {
	heap.Push((*byAheadHeap)(q), queued{j, q.n})
	q.n++
}

func (q *queue) pop() *job { return heap.Pop((*byAheadHeap)(q)).(queued).job }

// byAheadHeap is a queue to container/heap.
type byAheadHeap queue

func (h *byAheadHeap) Len() int      { return len(h.jobs) }
func (h *byAheadHeap) Swap(i, k int) { h.jobs[i], h.jobs[k] = h.jobs[k], h.jobs[i] }
func (h *byAheadHeap) Push(x any)    { h.jobs = append(h.jobs, x.(queued)) }

func (h *byAheadHeap) Less(i, k int) bool {
	a, b := h.jobs[i], h.jobs[k]
	return a.job.ahead > b.job.ahead || a.job.ahead == b.job.ahead && a.order < b.order
}

func (h *byAheadHeap) Pop() any {
	last := h.jobs[len(h.jobs)-1]
	h.jobs = h.jobs[:len(h.jobs)-1]
	return last
}
