package sweep

import (
	"cmp"
	"slices"
)

// ready are jobs that can start, in their order: the one with the most ahead of it is the
// first, of equals the one that was added first.
type ready struct {
	jobs  []*job
	added int
}

func (r *ready) add(jobs ...*job) {
	for _, j := range jobs {
		j.order = r.added
		r.added++
	}
	r.putBack(jobs)
}

// take takes the first one away.
func (r *ready) take() *job {
	j := r.jobs[0]
	r.jobs = r.jobs[1:]
	return j
}

// putBack undoes take.
func (r *ready) putBack(jobs []*job) {
	for _, j := range jobs {
		at, _ := slices.BinarySearchFunc(r.jobs, j, func(a, b *job) int {
			return cmp.Or(cmp.Compare(b.ahead, a.ahead), cmp.Compare(a.order, b.order))
		})
		r.jobs = slices.Insert(r.jobs, at, j)
	}
}

func (r *ready) len() int { return len(r.jobs) }
