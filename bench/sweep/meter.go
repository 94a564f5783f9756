package sweep

import "time"

// meter estimates the time left: the mean speed of a worker so far against the
// iterations that are left.
type meter struct {
	now    func() time.Time
	jobs   int           // workers at once; 0: as many as there are
	open   map[*job]bool // not ended
	all    int64         // iterations of the sweep
	failed int64         // iterations that are left of runs that failed
	fresh  int64         // iterations trained since the start
	busy   time.Duration // worker time that took
	active int           // workers running
	since  time.Time     // when busy was last brought up to date
}

func newMeter(now func() time.Time, workers int, ended int64, all []*job) *meter {
	m := &meter{now: now, jobs: workers, open: map[*job]bool{}, all: ended, since: now()}
	for _, j := range all {
		m.open[j] = true
		m.all += j.total()
	}
	return m
}

func (m *meter) tick() {
	now := m.now()
	m.busy += now.Sub(m.since) * time.Duration(m.active)
	m.since = now
}

func (m *meter) started() { m.tick(); m.active++ }
func (m *meter) stopped() { m.tick(); m.active-- }

// resumed sets j's step to where its worker found it.
func (m *meter) resumed(j *job, step int64) { j.step = min(max(step, 0), j.total()) }

// trained sets j's step to where its worker has brought it.
func (m *meter) trained(j *job, step int64) {
	before := j.step
	m.resumed(j, step)
	m.fresh += max(j.step-before, 0)
}

// drop takes j out: it has ended.
func (m *meter) drop(j *job) { delete(m.open, j) }

// fail takes j out: it will not be trained any further.
func (m *meter) fail(j *job) {
	m.drop(j)
	m.failed += j.left()
}

// estimate is the share of the iterations that are done and the time that the rest
// takes: all workers share it, but no chain of jobs is cut.
func (m *meter) estimate() (share float64, left time.Duration) {
	m.tick()
	var rest, chain int64
	for j := range m.open {
		rest += j.left()
		length := j.left()
		if j.needs != nil && m.open[j.needs] {
			length += j.needs.left()
		}
		chain = max(chain, length)
	}
	share = 1
	if m.all > 0 {
		share = float64(m.all-rest-m.failed) / float64(m.all)
	}
	switch {
	case rest == 0:
		return share, 0
	case m.fresh == 0 || m.busy <= 0:
		return share, -1
	}
	workers := m.jobs
	if workers == 0 {
		workers = max(m.active, 1)
	}
	perIteration := float64(m.busy) / float64(m.fresh)
	return share, time.Duration(perIteration * max(float64(rest)/float64(workers), float64(chain)))
}
