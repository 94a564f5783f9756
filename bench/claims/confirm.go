package claims

import (
	"math"
	"slices"

	"fig5/bench/measure"
	"fig5/bench/stats"
	"fig5/filters"
)

// The filters and windows over which the verdicts are compared (docs/experiment.md), and
// the amplitudes by which the questions are asked again.
var (
	cutoffs = []float64{0.05, 0.1, 0.2}
	windows = []float64{25000, 50000}
	others  = []string{"peak_to_trough", "relative", "sd"}
)

// Confirm gives the numbers of docs/experiment.md that stand beside the verdicts of a
// sweep without one of their own. It measures every curve once for each filter, window
// and knee.
func Confirm(s *measure.Sweep) (*Secondary, error) {
	out := &Secondary{Amplitudes: map[string]Answer{}}
	var err error
	if out.Fit, err = FitLadders(s, measure.Amplitudes[0]); err != nil {
		return nil, err
	}
	for _, amplitude := range others {
		a, err := Ask(s, amplitude)
		if err != nil {
			return nil, err
		}
		out.Amplitudes[amplitude] = *a
	}
	out.Agreement, err = agreement(s)
	return out, err
}

// FitLadders fits ln amplitude on ln length, the iterations of annealing, and ln K over
// the ladders of a sweep, each training once, within seeds (stats.Within). Nil where
// they have one length or one K, or the one follows from the other.
func FitLadders(s *measure.Sweep, amplitude string) (*Fit, error) {
	var y []float64
	var x [][]float64
	var seeds []int
	seen := map[*measure.Run]bool{} // K = 50 at 500 a level is K = 50 at 25,000 in all
	for _, series := range s.Series() {
		for _, g := range ladders(series) {
			for _, r := range g.Runs {
				v := r.Amplitude(amplitude)
				if seen[r] || !(v > 0) || math.IsInf(v, 1) || r.Annealing() == 0 {
					continue
				}
				seen[r] = true
				y, seeds = append(y, math.Log(v)), append(seeds, r.Seed)
				x = append(x, []float64{math.Log(float64(r.Annealing())), math.Log(float64(g.K))})
			}
		}
	}
	f, err := stats.Within(y, x, seeds)
	if err != nil || len(f.Slopes) < 2 || !f.Slopes[0].Defined() {
		return nil, err
	}
	return &Fit{
		Length: f.Slopes[0], LengthCI95: f.CI95[0], K: f.Slopes[1], KCI95: f.CI95[1],
		Runs: f.N, Seeds: f.Blocks,
	}, nil
}

// agreement asks a sweep again under every setting, and counts those that give a
// question the verdict that it has as the sweep is measured, by max_to_min.
func agreement(s *measure.Sweep) ([]Agreement, error) {
	fixed, err := Ask(s, measure.Amplitudes[0])
	if err != nil {
		return nil, err
	}
	out := make([]Agreement, len(fixed.Questions))
	for i, q := range fixed.Questions {
		out[i] = Agreement{ID: q.ID, Series: q.Series, Verdict: q.Verdict, Others: []Setting{}}
	}
	for _, set := range settingsOf(s) {
		again, err := s.Remeasure(set.analysis)
		if err != nil {
			return nil, err
		}
		for _, amplitude := range measure.Amplitudes {
			a, err := Ask(again, amplitude)
			if err != nil {
				return nil, err
			}
			set.Measure = amplitude
			for i, q := range a.Questions {
				out[i].Settings++
				if q.Verdict == out[i].Verdict {
					out[i].Agree++
				} else {
					out[i].Others = append(out[i].Others, set.Setting)
				}
			}
		}
	}
	return out, nil
}

// setting is a Setting but for its amplitude, and the analysis that it means.
type setting struct {
	Setting
	analysis filters.Analysis
}

// settingsOf is the filters, windows and knees. A window is fixed to the end where all
// curves have one length, that of β = ∞.
func settingsOf(s *measure.Sweep) []setting {
	var lengths []float64
	for _, r := range s.Distinct() {
		if n := length(r); r.Measured != nil && n > 0 {
			lengths = append(lengths, n)
		}
	}
	lengths = slices.Compact(lengths)
	var out []setting
	for _, cutoff := range cutoffs {
		for _, window := range windows {
			a := filters.Analysis{Lowpass: filters.Lowpass{Name: "butterworth", Order: 3, Cutoff: cutoff}, Knee: filters.Knee{Method: "mser"}, Window: window}
			out = append(out, setting{Setting{Cutoff: cutoff, Window: window, Knee: "mser"}, a})
			if len(lengths) == 1 && lengths[0] >= window {
				a.Knee = filters.Knee{Method: "none", Least: lengths[0] - window}
				out = append(out, setting{Setting{Cutoff: cutoff, Window: window, Knee: "end"}, a})
			}
		}
	}
	return out
}
