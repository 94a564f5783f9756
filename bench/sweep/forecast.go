package sweep

import (
	"slices"

	"fig5/bench/config"
	"fig5/bench/record"
)

// Forecast is the wall time, in seconds, in which so many workers train what is
// missing of the cells, if seconds is what each run takes a worker: they are started
// as Run starts them, the longest first and a pretraining before its cells.
func Forecast(c *config.Config, runs string, cells []Cell, workers int, seconds func(r *record.Run, left int64) float64) (float64, error) {
	all, err := jobs(c, runs, cells)
	if err != nil {
		return 0, err
	}
	var ready ready
	waiting := map[*job][]*job{}
	for _, j := range all {
		if j.needs != nil {
			waiting[j.needs] = append(waiting[j.needs], j)
		} else {
			ready.add(j)
		}
	}
	type ending struct {
		at  float64
		job *job
	}
	var running []ending
	now := 0.0
	for ready.len() > 0 || len(running) > 0 {
		for ready.len() > 0 && len(running) < workers {
			j := ready.take()
			running = append(running, ending{now + seconds(j.want, j.left()), j})
		}
		first := 0
		for i, e := range running {
			if e.at < running[first].at {
				first = i
			}
		}
		done := running[first]
		running = slices.Delete(running, first, first+1)
		now = done.at
		ready.add(waiting[done.job]...)
	}
	return now, nil
}
