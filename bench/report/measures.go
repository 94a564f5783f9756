package report

import (
	"fmt"
	"math"
	"strings"

	"fig5/filters"
)

// Measures is the names of the amplitudes, the paper's first.
var Measures = []string{"max_to_min", "peak_to_trough", "sd", "detrended", "relative"}

// words for the measures in figures and texts.
var measureWords = map[string]string{
	"max_to_min":     "max − min of the filtered FID",
	"peak_to_trough": "mean peak to trough of the filtered FID",
	"sd":             "sd of the filtered FID",
	"detrended":      "max − min about the trend",
	"relative":       "max − min of ln FID",
}

// shortWords are the same where there is little room.
var shortWords = map[string]string{
	"max_to_min":     "max − min of FID",
	"peak_to_trough": "peak to trough",
	"sd":             "sd of FID",
	"detrended":      "max − min, no trend",
	"relative":       "max − min of ln FID",
}

// Words is one of Measures in words.
func Words(measure string) string { return measureWords[measure] }

// CheckMeasure is an error unless name is one of Measures.
func CheckMeasure(name string) error {
	if _, ok := measureWords[name]; ok {
		return nil
	}
	return fmt.Errorf("--measure: %q is not an amplitude (%s)", name, strings.Join(Measures, ", "))
}

// amplitude is a by one of Measures, NaN where it is undefined.
func amplitude(a filters.Amplitude, measure string) float64 {
	orNaN := func(p *float64) float64 {
		if p == nil {
			return math.NaN()
		}
		return *p
	}
	switch measure {
	case "max_to_min":
		return a.MaxToMin
	case "peak_to_trough":
		return orNaN(a.PeakToTrough)
	case "sd":
		return a.SD
	case "detrended":
		return a.Detrended
	case "relative":
		return orNaN(a.Relative)
	}
	return math.NaN()
}
