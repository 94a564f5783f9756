package sweep

import (
	"testing"

	"fig5/bench/record"
)

// Two seeds of a ladder of 300 and a cold cell of 200, after pretraining of 50: one
// worker needs the sum, two begin with a pretraining each, and no number of workers
// goes below the longest chain.
func TestForecast(t *testing.T) {
	c := with(t, `
name: forecast
data: {name: mixture}
model: {name: toy}
anneal: {steps: [2], baselines: [cold], protocol: {iterations: 100}}
train: {pretrain: 50, final: 200}
seeds: 2
`)
	cells, err := Plan(c, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for workers, want := range map[int]float64{1: 1106, 2: 553, 3: 402, 9: 352} {
		starts := 0
		got, err := Forecast(c, t.TempDir(), cells, workers, func(_ *record.Run, left int64) float64 {
			starts++
			return 1 + float64(left)
		})
		if err != nil || got != want || starts != 6 {
			t.Errorf("%d workers: %v (%v) for %d runs, want %v", workers, got, err, starts, want)
		}
	}
}
