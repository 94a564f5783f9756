package claims

import (
	"cmp"
	"errors"
	"math"

	"fig5/bench/measure"
	"fig5/bench/stats"
)

// Reading is what else a reader asks of one series, in numbers.
type Reading struct {
	Series   string `json:"series"`   // its label
	Compared string `json:"compared"` // the largest K with the smallest, "K = 50 / K = 1"; empty of one K

	// Is it more than the level? The pair by the amplitude, by the amplitude relative to
	// the level, and its FID levels, over the seeds settled in both; nil of one K.
	Amplitude *Ratio `json:"amplitude"`
	Relative  *Ratio `json:"relative"`
	Level     *Ratio `json:"level"`

	// Does it stand out of the noise? Of each group with a floor, its geometric mean over
	// the median of its floor, the least and the most; and of Runs those whose amplitude is
	// no larger than the largest floor of their group.
	OverFloor stats.Interval `json:"over_floor"`
	InFloor   int            `json:"in_floor"`
	Runs      int            `json:"runs"`

	// How many of Counted runs held too few modes somewhere in the window?
	Lost    int `json:"lost"`
	Counted int `json:"counted"`
}

// Ratio is a ratio of two groups, paired by seed, with its interval and Wilcoxon's p.
type Ratio struct {
	Ratio stats.Number   `json:"ratio"`
	CI95  stats.Interval `json:"ci95"`
	Pairs int            `json:"pairs"`
	P     stats.Number   `json:"p"`
}

// Read gives a Reading of each series of a sweep, by one of measure.Amplitudes.
func Read(s *measure.Sweep, amplitude string) ([]Reading, error) {
	if err := measure.CheckAmplitude(amplitude); err != nil {
		return nil, err
	}
	var out []Reading
	for _, series := range s.Series() {
		groups := ladders(series)
		if len(groups) == 0 {
			continue
		}
		first, last := groups[0], groups[len(groups)-1]
		r := Reading{Series: series.Label, OverFloor: stats.Interval{Lo: math.Inf(1), Hi: math.Inf(-1)}}
		if first != last {
			r.Compared = last.Name() + " / " + first.Name()
			var errs [3]error
			r.Amplitude, errs[0] = ratio(first, last, func(r *measure.Run) float64 { return r.Amplitude(amplitude) })
			r.Relative, errs[1] = ratio(first, last, func(r *measure.Run) float64 { return r.Amplitude("relative") })
			r.Level, errs[2] = ratio(first, last, (*measure.Run).Level)
			if err := cmp.Or(errs[:]...); err != nil {
				return nil, err
			}
		}
		for _, g := range groups {
			lost, counted := g.LostModes()
			r.Lost, r.Counted = r.Lost+lost, r.Counted+counted
			values, _ := g.Values(amplitude)
			v, err1 := stats.Summarize(values)
			floor, err2 := stats.Summarize(g.FloorValues(amplitude))
			if err := cmp.Or(err1, err2); err != nil {
				return nil, err
			}
			if !v.GeoMean.Defined() || !(floor.Median > 0) {
				continue
			}
			times := float64(v.GeoMean / floor.Median)
			r.OverFloor = stats.Interval{Lo: min(r.OverFloor.Lo, times), Hi: max(r.OverFloor.Hi, times)}
			r.Runs += len(values)
			for _, v := range values {
				if v <= float64(floor.Max) {
					r.InFloor++
				}
			}
		}
		out = append(out, r)
	}
	return out, nil
}

// ratio holds b against a by a number of a run, over the seeds settled in both.
func ratio(a, b *measure.Group, of func(*measure.Run) float64) (*Ratio, error) {
	settled := func(r *measure.Run) float64 {
		if v := of(r); !math.IsInf(v, 1) {
			return v
		}
		return math.NaN()
	}
	p, err := pair(a.BySeed(settled), b.BySeed(settled))
	return &Ratio{p.ratio, p.ci, p.pairs, p.wilcoxon.P}, err
}

// Matter is how far a coordinate of the grid matters, over the pairs of groups that
// differ in it alone: the other values against the first.
type Matter struct {
	Key    string         `json:"key"`
	Pairs  int            `json:"pairs"`  // each pair of trainings once
	Seeds  int            `json:"seeds"`  // of the pair that has fewest
	Ratios stats.Interval `json:"ratios"` // the least and the most
	Close  int            `json:"close"`  // of Pairs, those whose interval lies within 1/1.5 and 1.5
	Differ int            `json:"differ"` // of the others, those with Holm's p below Alpha
}

// Matters gives a Matter of each of half-width, schedule, end and protocol that groups
// of the sweep differ in.
func Matters(s *measure.Sweep, amplitude string) ([]Matter, error) {
	var out []Matter
	for _, key := range []string{byWidth, bySchedule, byEnd, byProtocol} {
		c, err := Compare([]*measure.Sweep{s}, key, amplitude)
		if errors.Is(err, errNothing) || errors.Is(err, errNoKey) {
			continue
		}
		if err != nil {
			return nil, err
		}
		m := Matter{Key: key, Seeds: math.MaxInt, Ratios: stats.Interval{Lo: math.Inf(1), Hi: math.Inf(-1)}}
		for _, p := range c.Comparisons {
			if !p.counted {
				continue
			}
			m.Pairs++
			m.Seeds = min(m.Seeds, p.Pairs)
			if v := float64(p.Ratio); p.Ratio.Defined() {
				m.Ratios = stats.Interval{Lo: min(m.Ratios.Lo, v), Hi: max(m.Ratios.Hi, v)}
			}
			switch {
			case p.RatioCI95.Lo > 1/relevant && p.RatioCI95.Hi < relevant:
				m.Close++
			case p.HolmP < Alpha:
				m.Differ++
			}
		}
		if m.Pairs > 0 {
			out = append(out, m)
		}
	}
	return out, nil
}
