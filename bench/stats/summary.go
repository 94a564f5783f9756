package stats

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Summary describes the settled values of one group.
type Summary struct {
	N    int // settled values, those that the rest describes
	Mean Number
	SD   Number   // with n-1
	CI95 Interval // mean ∓ t(0.975, n-1) sd/√n

	GeoMean     Number
	GeoMeanCI95 Interval // the same interval on natural logs

	Median     Number
	MedianCI95 Interval // order statistics, see [Summarize]

	// IQM is the mean without ⌊n/4⌋ values at each end (scipy.stats.trim_mean at 0.25;
	// rliable's interquartile mean).
	IQM Number
	Max Number

	Warnings []string
}

// Summarize describes one group, one value a seed. Unsettled values (+Inf) are
// counted and left out.
//
// The median's interval is the shortest [x(k), x(n+1-k)] in sorted order whose
// coverage 1 - 2 P(Bin(n, ½) < k) is at least 0.95 for any continuous distribution;
// with fewer than six values there is none. The geometric mean is undefined unless
// all values are positive.
func Summarize(x []float64) (Summary, error) {
	if err := check("values", x); err != nil {
		return Summary{}, err
	}
	v := settled(x)
	slices.Sort(v)
	n := len(v)
	s := Summary{
		N: n, Mean: undefined, SD: undefined, CI95: noInterval,
		GeoMean: undefined, GeoMeanCI95: noInterval,
		Median: undefined, MedianCI95: noInterval,
		IQM: undefined, Max: undefined, Warnings: []string{},
	}
	if n < len(x) {
		s.warn("%d of %d unsettled: left out of every average", len(x)-n, len(x))
	}
	if n < fewSeeds {
		s.warn("%s", fewWarning(n))
	}
	if n == 0 {
		return s, nil
	}
	mean, sd := meanSD(v)
	s.Mean, s.SD, s.CI95 = Number(mean), Number(sd), tInterval(mean, sd, n)
	if v[0] > 0 {
		m, d := meanSD(logs(v))
		ci := tInterval(m, d, n)
		s.GeoMean = Number(math.Exp(m))
		s.GeoMeanCI95 = Interval{math.Exp(ci.Lo), math.Exp(ci.Hi)}
	} else {
		s.warn("no geometric mean: %v is not positive", v[0])
	}
	s.Median, s.MedianCI95 = Number(median(v)), medianInterval(v)
	s.IQM, s.Max = Number(stat.Mean(v[n/4:n-n/4], nil)), Number(v[n-1])
	if n > 1 && v[0] == v[n-1] {
		s.warn("zero variance: all %d values are equal", n)
	}
	return s, nil
}

func (s *Summary) warn(format string, args ...any) {
	s.Warnings = append(s.Warnings, fmt.Sprintf(format, args...))
}

// meanSD is the mean and the standard deviation (n-1) of v, which is not empty;
// the standard deviation of one value is NaN, that of equal values exactly 0.
func meanSD(v []float64) (mean, sd float64) {
	if len(v) == 1 {
		return v[0], math.NaN()
	}
	if slices.Min(v) == slices.Max(v) {
		return v[0], 0
	}
	return stat.MeanStdDev(v, nil)
}

func tInterval(mean, sd float64, n int) Interval {
	if n < 2 {
		return noInterval
	}
	h := tCritical(float64(n-1)) * sd / math.Sqrt(float64(n))
	return Interval{mean - h, mean + h}
}

func median(sorted []float64) float64 {
	n := len(sorted)
	if n%2 == 1 {
		return sorted[n/2]
	}
	return (sorted[n/2-1] + sorted[n/2]) / 2
}

func medianInterval(sorted []float64) Interval {
	n := len(sorted)
	below := distuv.Binomial{N: float64(n), P: 0.5}
	k := 0
	for p := below.Prob(0); 2*p <= 0.05; p += below.Prob(float64(k)) {
		k++
	}
	if k == 0 {
		return noInterval
	}
	return Interval{sorted[k-1], sorted[n-k]}
}
