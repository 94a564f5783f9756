package sweep

import (
	"cmp"
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
	for _, j := range all {
		if j.needs == nil {
			ready.add(j)
		}
	}
	type ending struct {
		at  float64
		job *job
	}
	var running []ending
	now := 0.0
	for len(ready) > 0 || len(running) > 0 {
		for len(ready) > 0 && len(running) < workers {
			j := ready[0]
			ready = ready[1:]
			running = append(running, ending{now + seconds(j.want, j.left()), j})
		}
		first := slices.MinFunc(running, func(a, b ending) int { return cmp.Compare(a.at, b.at) })
		running = slices.DeleteFunc(running, func(e ending) bool { return e == first })
		now = first.at
		ready.add(first.job.held...)
	}
	return now, nil
}
