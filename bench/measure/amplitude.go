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

// CheckAmplitude is an error unless name is one of Amplitudes.
func CheckAmplitude(name string) error {
	if slices.Contains(Amplitudes, name) {
		return nil
	}
	return fmt.Errorf("--measure: %q is not an amplitude (%s)", name, strings.Join(Amplitudes, ", "))
}

// Words is an amplitude in words, for titles and axes.
func Words(name string) string {
	return map[string]string{
		"max_to_min":     "max − min of the filtered FID",
		"peak_to_trough": "mean peak to trough of the filtered FID",
		"sd":             "sd of the filtered FID",
		"detrended":      "max − min about the trend",
		"relative":       "max − min of ln FID",
	}[name]
}

// ShortWords is Words where there is little room.
func ShortWords(name string) string {
	return map[string]string{
		"max_to_min":     "max − min of FID",
		"peak_to_trough": "peak to trough",
		"sd":             "sd of FID",
		"detrended":      "max − min, no trend",
		"relative":       "max − min of ln FID",
	}[name]
}

// Of is one of a's amplitudes by its name, NaN where it is undefined.
func Of(a filters.Amplitude, name string) float64 {
	var v *float64
	switch name {
	case "max_to_min":
		v = &a.MaxToMin
	case "peak_to_trough":
		v = a.PeakToTrough
	case "sd":
		v = &a.SD
	case "detrended":
		v = &a.Detrended
	case "relative":
		v = a.Relative
	}
	if v == nil {
		return math.NaN()
	}
	return *v
}

// Amplitude is one of the run's amplitudes by its name: +Inf where the run has a result
// but no settled amplitude (rank tests place it last), NaN where it has no result.
func (r *Run) Amplitude(name string) float64 {
	switch r.Status {
	case Settled:
		if v := Of(r.Measured.Amplitude, name); !math.IsNaN(v) {
			return v
		}
		return math.Inf(1)
	case Unsettled, Diverged:
		return math.Inf(1)
	}
	return math.NaN()
}

// Values is the amplitude of every settled run that has one, and its seed.
func (g *Group) Values(amplitude string) (values []float64, seeds []int) {
	values, seeds = []float64{}, []int{}
	for _, r := range g.Runs {
		if v := r.Amplitude(amplitude); !math.IsInf(v, 0) && !math.IsNaN(v) {
			values, seeds = append(values, v), append(seeds, r.Seed)
		}
	}
	return values, seeds
}

// Ranked maps a seed to its amplitude, +Inf where it has no settled one. Runs without a
// result are left out.
func (g *Group) Ranked(amplitude string) map[int]float64 {
	m := map[int]float64{}
	for _, r := range g.Runs {
		if v := r.Amplitude(amplitude); !math.IsNaN(v) {
			m[r.Seed] = v
		}
	}
	return m
}

// FloorValues is the amplitude of the frozen generator, one a run that has it.
func (g *Group) FloorValues(amplitude string) []float64 {
	values := []float64{}
	for _, r := range g.Runs {
		if r.Floor != nil {
			if v := Of(*r.Floor, amplitude); !math.IsNaN(v) {
				values = append(values, v)
			}
		}
	}
	return values
}
