package main

import (
	"fmt"
	"math"
	"slices"

	"fig5/bench/claims"
	"fig5/bench/measure"
	"fig5/bench/stats"
	"fig5/bench/table"
	"fig5/filters"
)

// way is one way to measure the sweep.
type way struct {
	name   string
	change func(*filters.Analysis)
	sweep  *measure.Sweep // so measured
}

func butterworth(order int, cutoff float64) func(*filters.Analysis) {
	return func(a *filters.Analysis) {
		a.Lowpass = filters.Lowpass{Name: "butterworth", Order: order, Cutoff: cutoff}
	}
}

func lowpass(l filters.Lowpass) func(*filters.Analysis) {
	return func(a *filters.Analysis) { a.Lowpass = l }
}

func knee(k filters.Knee) func(*filters.Analysis) {
	return func(a *filters.Analysis) { a.Knee = k }
}

// The ways, by topic. A point is 100 iterations, so that a cutoff of 0.1 is a period of
// 2000; the two averages have about that.
func lowpasses() []*way {
	return []*way{
		{name: "none", change: lowpass(filters.Lowpass{Name: "none"})},
		{name: "period 500", change: butterworth(3, 0.4)},
		{name: "period 1000", change: butterworth(3, 0.2)},
		{name: "period 2000", change: butterworth(3, 0.1)},
		{name: "period 4000", change: butterworth(3, 0.05)},
		{name: "period 10,000", change: butterworth(3, 0.02)},
		{name: "period 2000, order 1", change: butterworth(1, 0.1)},
		{name: "period 2000, order 8", change: butterworth(8, 0.1)},
		{name: "moving average, 13 points", change: lowpass(filters.Lowpass{Name: "moving-average", Window: 13})},
		{name: "Savitzky-Golay, 27, cubic", change: lowpass(filters.Lowpass{Name: "savgol", Window: 27, PolyOrder: 3})},
	}
}

func windows() (ways []*way) {
	for _, w := range []float64{5000, 10000, 25000, 50000} {
		ways = append(ways, &way{name: table.Thousands(int(w)), change: func(a *filters.Analysis) { a.Window = w }})
	}
	return ways
}

func knees(s *measure.Sweep) []*way {
	return []*way{
		{name: "mser", change: knee(filters.Knee{Method: "mser"})},
		{name: "end of the curve", change: knee(filters.Knee{Method: "none", Least: span(s) - s.Analysis.Window})},
		{name: "settle", change: knee(filters.Knee{Method: "settle", Tolerance: 0.05})},
		{name: "kneedle", change: knee(filters.Knee{Method: "kneedle", Sensitivity: 1})},
		{name: "none", change: knee(filters.Knee{Method: "none"})},
	}
}

// span is the length of the shortest curve at β = ∞.
func span(s *measure.Sweep) float64 {
	least := math.Inf(1)
	for _, r := range measured(s) {
		least = min(least, r.X[len(r.X)-1]-r.X[0]+r.X[1]-r.X[0])
	}
	return least
}

// measured is the runs that have a curve.
func measured(s *measure.Sweep) (runs []*measure.Run) {
	for _, g := range s.Groups {
		for _, r := range g.Runs {
			if r.Measured != nil && !slices.Contains(runs, r) {
				runs = append(runs, r)
			}
		}
	}
	return runs
}

func remeasure(s *measure.Sweep, ways []*way) (err error) {
	for _, w := range ways {
		a := s.Analysis
		w.change(&a)
		if w.sweep, err = s.Remeasure(a); err != nil {
			return fmt.Errorf("%s: %w", w.name, err)
		}
	}
	return nil
}

// effect is what a sweep says by one amplitude: whether it falls with K where each level
// has as many iterations, and whether the largest K differs from training without
// annealing.
type effect struct {
	ladders      []*measure.Group // of the series of falls
	falls, damps *claims.Question // questions 1 and 4
	last         stats.Summary    // the amplitudes of the last ladder
	floor        stats.Number     // median over the ladders
	moving       int              // runs of the ladders that are
}

func ask(s *measure.Sweep, amplitude string) (*effect, error) {
	answer, err := claims.Ask(s, amplitude)
	if err != nil {
		return nil, err
	}
	e := &effect{}
	for i := range answer.Questions {
		switch q := &answer.Questions[i]; {
		case q.ID == 1 && e.falls == nil:
			e.falls = q
		case q.ID == 4 && e.damps == nil:
			e.damps = q
		}
	}
	if e.falls == nil || e.damps == nil {
		return nil, fmt.Errorf("%s: has no ladders with as many iterations at each level, or no cold runs", s.Dir)
	}
	for _, series := range s.Series() {
		if series.Label == e.falls.Series {
			e.ladders = series.Groups
		}
	}
	var floors []float64
	for _, g := range e.ladders {
		floors = append(floors, g.FloorValues(amplitude)...)
		for _, r := range g.Runs {
			count(&e.moving, r.Moving())
		}
	}
	floor, err := stats.Summarize(floors)
	if err != nil {
		return nil, err
	}
	e.floor = floor.Median
	values, _ := e.ladders[len(e.ladders)-1].Values(amplitude)
	e.last, err = stats.Summarize(values)
	return e, err
}

// effects is the table of the ways, by one amplitude each.
func effects(head string, ways []*way, amplitudes ...string) (*table.Table, []*effect, error) {
	t := newTable(head)
	var all []*effect
	for _, w := range ways {
		for _, amplitude := range amplitudes {
			e, err := ask(w.sweep, amplitude)
			if err != nil {
				return nil, nil, fmt.Errorf("%s: %w", w.name, err)
			}
			name := w.name
			if len(amplitudes) > 1 {
				name = "`" + amplitude + "`"
			}
			if all == nil {
				numbers(t, e.ladders[len(e.ladders)-1].Name(), "frozen", e.falls.Compared, "Page p", e.damps.Compared, "moving")
			}
			all = append(all, e)
			row(t, name, digits(e.last.GeoMean), digits(e.floor), table.Ratio(e.falls.Ratio, e.falls.RatioCI95),
				table.P(e.falls.P), table.Ratio(e.damps.Ratio, e.damps.RatioCI95), fmt.Sprint(e.moving))
		}
	}
	return t, all, nil
}

// growth is how each amplitude of the largest K grows with the window, over that of the
// shortest.
func growth(ways []*way) (*table.Table, error) {
	t := newTable("window", measure.Amplitudes...)
	first := map[string]float64{}
	for _, w := range ways {
		cells := []string{w.name}
		for _, amplitude := range measure.Amplitudes {
			e, err := ask(w.sweep, amplitude)
			if err != nil {
				return nil, err
			}
			v := float64(e.last.GeoMean)
			if first[amplitude] == 0 {
				first[amplitude] = v
			}
			cells = append(cells, share(v/first[amplitude]))
		}
		row(t, cells...)
	}
	return t, nil
}

// floors sets each group's amplitude beside that of its frozen generators.
func floors(s *measure.Sweep) (*table.Table, error) {
	const amplitude = "max_to_min"
	e, err := ask(s, amplitude)
	if err != nil {
		return nil, err
	}
	t := newTable("group", "seeds", "FID level", "amplitude", "frozen", "amplitude / frozen", "smallest of a run")
	for _, g := range append(s.Baselines(), e.ladders...) {
		least := math.Inf(1)
		for _, r := range g.Runs {
			if r.Status == measure.Settled && r.Floor != nil {
				least = min(least, r.Measured.Amplitude.MaxToMin/r.Floor.MaxToMin)
			}
		}
		values, _ := g.Values(amplitude)
		level, v, floor := median(g.FIDLevels()), median(values), median(g.FloorValues(amplitude))
		row(t, g.Name(), fmt.Sprint(len(values)), table.Digits(level), table.Digits(v), table.Digits(floor), share(v/floor), share(least))
	}
	var real []float64
	for _, a := range s.RealFloor {
		real = append(real, a.MaxToMin)
	}
	row(t, "real against real", "", "", "", table.Digits(median(real)), "", "")
	return t, nil
}

// rules is what the knee rules make of the sweep's runs.
func rules(ways []*way) (*table.Table, error) {
	t := newTable("rule", "knee, median", "first tenth", "still moving")
	for i, w := range ways {
		e, err := ask(w.sweep, measure.Amplitudes[0])
		if err != nil {
			return nil, err
		}
		if i == 0 {
			numbers(t, e.falls.Compared, "Page p", e.damps.Compared)
		}
		var at []float64
		first, moving := 0, 0
		runs := measured(w.sweep)
		for _, r := range runs {
			m := r.Measured
			at = append(at, m.Knee.Iteration-r.X[0])
			inside := m.Filtered[m.Window.Start:m.Window.End]
			count(&first, width(inside[len(inside)/10:]) < 0.5*width(inside))
			count(&moving, m.Knee.Limit)
		}
		row(t, w.name, table.Thousands(int(median(at))), fmt.Sprintf("%d of %d", first, len(runs)), fmt.Sprint(moving),
			table.Ratio(e.falls.Ratio, e.falls.RatioCI95), table.P(e.falls.P), table.Ratio(e.damps.Ratio, e.damps.RatioCI95))
	}
	return t, nil
}

func count(n *int, yes bool) {
	if yes {
		*n++
	}
}

func width(y []float64) float64 { return slices.Max(y) - slices.Min(y) }

// median of values; NaN of none.
func median(values []float64) float64 {
	s, err := stats.Summarize(values)
	if err != nil {
		return math.NaN()
	}
	return float64(s.Median)
}

// geometric is the geometric mean of values; NaN of none.
func geometric(values []float64) float64 {
	s, err := stats.Summarize(values)
	if err != nil {
		return math.NaN()
	}
	return float64(s.GeoMean)
}
