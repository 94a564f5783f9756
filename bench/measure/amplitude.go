package measure

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"fig5/filters"
)

// Amplitudes is the names of the amplitudes, the paper's first.
var Amplitudes = []string{"max_to_min", "peak_to_trough", "sd", "detrended", "relative"}

// amplitudes has each in words, in fewer words, and where a measurement holds it.
var amplitudes = map[string]struct {
	words, short string
	of           func(*filters.Amplitude) *float64 // nil where it is undefined
}{
	"max_to_min":     {"max − min of the filtered FID", "max − min of FID", func(a *filters.Amplitude) *float64 { return &a.MaxToMin }},
	"peak_to_trough": {"mean peak to trough of the filtered FID", "peak to trough", func(a *filters.Amplitude) *float64 { return a.PeakToTrough }},
	"sd":             {"sd of the filtered FID", "sd of FID", func(a *filters.Amplitude) *float64 { return &a.SD }},
	"detrended":      {"max − min about the trend", "max − min, no trend", func(a *filters.Amplitude) *float64 { return &a.Detrended }},
	"relative":       {"max − min of ln FID", "max − min of ln FID", func(a *filters.Amplitude) *float64 { return a.Relative }},
}

// CheckAmplitude is an error unless name is one of Amplitudes.
func CheckAmplitude(name string) error {
	if slices.Contains(Amplitudes, name) {
		return nil
	}
	return fmt.Errorf("--measure: %q is not an amplitude (%s)", name, strings.Join(Amplitudes, ", "))
}

// Words is an amplitude in words, for titles and axes.
func Words(name string) string { return amplitudes[name].words }

// ShortWords is Words where there is little room.
func ShortWords(name string) string { return amplitudes[name].short }

// Of is one of a's amplitudes by its name, one of Amplitudes; NaN where it is undefined.
func Of(a filters.Amplitude, name string) float64 {
	if v := amplitudes[name].of(&a); v != nil {
		return *v
	}
	return math.NaN()
}

// Amplitude is one of the run's amplitudes by its name: +Inf where the run has a result
// but no settled amplitude (rank tests place it last), NaN where it has no result.
func (r *Run) Amplitude(name string) float64 {
	switch r.Status {
	case Failed, Missing:
		return math.NaN()
	case Settled:
		if v := Of(r.Measured.Amplitude, name); !math.IsNaN(v) {
			return v
		}
	}
	return math.Inf(1)
}

// Level is the mean filtered FID in the window of a settled run, NaN of another.
func (r *Run) Level() float64 {
	if r.Status != Settled {
		return math.NaN()
	}
	return r.Measured.Level
}

// Values is the amplitude of every settled run that has one, and its seed.
func (g *Group) Values(amplitude string) (values []float64, seeds []int) {
	return g.finite(func(r *Run) float64 { return r.Amplitude(amplitude) })
}

// FIDLevels is the Level of every settled run.
func (g *Group) FIDLevels() []float64 {
	levels, _ := g.finite((*Run).Level)
	return levels
}

// FloorValues is the amplitude of the frozen generator, one a run that has it.
func (g *Group) FloorValues(amplitude string) []float64 {
	values, _ := g.finite(func(r *Run) float64 {
		if r.Floor == nil {
			return math.NaN()
		}
		return Of(*r.Floor, amplitude)
	})
	return values
}

// finite is a number of every run where it is finite, and the seeds of these.
func (g *Group) finite(of func(*Run) float64) (values []float64, seeds []int) {
	values, seeds = []float64{}, []int{}
	for _, r := range g.Runs {
		if v := of(r); !math.IsInf(v, 0) && !math.IsNaN(v) {
			values, seeds = append(values, v), append(seeds, r.Seed)
		}
	}
	return values, seeds
}

// Ranked maps a seed to its amplitude, +Inf where it has no settled one. Runs without a
// result are left out.
func (g *Group) Ranked(amplitude string) map[int]float64 {
	return g.BySeed(func(r *Run) float64 { return r.Amplitude(amplitude) })
}

// BySeed maps a seed to a number of its run. Runs for which it is NaN are left out.
func (g *Group) BySeed(of func(*Run) float64) map[int]float64 {
	m := map[int]float64{}
	for _, r := range g.Runs {
		if v := of(r); !math.IsNaN(v) {
			m[r.Seed] = v
		}
	}
	return m
}
