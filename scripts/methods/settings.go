package main

import (
	"fmt"
	"slices"

	"fig5/bench/claims"
	"fig5/bench/english"
	"fig5/bench/figure"
	"fig5/bench/measure"
	"fig5/bench/stats"
	"fig5/bench/table"
	"fig5/filters"
)

// way is one way to measure the sweep, and what comes out.
type way struct {
	name   string
	change func(*filters.Analysis)
	sweep  *measure.Sweep
	effect
}

func lowpass(name string, l filters.Lowpass) *way {
	return &way{name: name, change: func(a *filters.Analysis) { a.Lowpass = l }}
}

func butterworth(name string, order int, cutoff float64) *way {
	return lowpass(name, filters.Lowpass{Name: "butterworth", Order: order, Cutoff: cutoff})
}

func window(w float64) *way {
	return &way{name: english.Thousands(int(w)), change: func(a *filters.Analysis) { a.Window = w }}
}

func knee(name string, k filters.Knee) *way {
	return &way{name: name, change: func(a *filters.Analysis) { a.Knee = k }}
}

// waysOf is the ways by topic: low-passes, windows, knees. A point is 100 iterations, so
// that a cutoff of 0.1 is a period of 2000; the two averages have about that.
func waysOf(s *measure.Sweep) [3][]*way {
	return [3][]*way{{
		lowpass("none", filters.Lowpass{Name: "none"}),
		butterworth("period 500", 3, 0.4),
		butterworth("period 1000", 3, 0.2),
		butterworth("period 2000", 3, 0.1),
		butterworth("period 4000", 3, 0.05),
		butterworth("period 10,000", 3, 0.02),
		butterworth("period 2000, order 1", 1, 0.1),
		butterworth("period 2000, order 8", 8, 0.1),
		lowpass("moving average, 13 points", filters.Lowpass{Name: "moving-average", Window: 13}),
		lowpass("Savitzky-Golay, 27, cubic", filters.Lowpass{Name: "savgol", Window: 27, PolyOrder: 3}),
	}, {
		window(5000), window(10000), window(25000), window(50000),
	}, {
		knee("mser", filters.Knee{Method: "mser"}),
		knee("end of the curve", filters.Knee{Method: "none", Least: float64(s.Config.Train.Final) - s.Analysis.Window}),
		knee("settle", filters.Knee{Method: "settle", Tolerance: 0.05}),
		knee("kneedle", filters.Knee{Method: "kneedle", Sensitivity: 1}),
		knee("none", filters.Knee{Method: "none"}),
	}}
}

// effect is what a sweep says by one amplitude: questions 1 and 4 of docs/experiment.md.
type effect struct {
	ladders      []*measure.Group // with as many iterations at each level
	means        []float64        // their amplitudes, geometric means
	falls, damps claims.Question  // with K; against cold
	floor        float64          // median over the ladders
	moving       int              // runs of the ladders
}

func ask(s *measure.Sweep, amplitude string) (e effect, err error) {
	answer, err := claims.Ask(s, amplitude)
	if err != nil {
		return e, err
	}
	for _, q := range answer.Questions {
		switch {
		case q.ID == 1 && e.falls.ID == 0:
			e.falls = q
		case q.ID == 4 && e.damps.ID == 0:
			e.damps = q
		}
	}
	if e.falls.ID == 0 || e.damps.ID == 0 {
		return e, fmt.Errorf("%s: no ladders with as many iterations at each level, or no cold runs", s.Dir)
	}
	for _, series := range s.Series() {
		if series.Label == e.falls.Series {
			e.ladders = series.Groups
		}
	}
	var floors []float64
	for _, g := range e.ladders {
		values, _ := g.Values(amplitude)
		v, err := stats.Summarize(values)
		if err != nil {
			return e, err
		}
		e.means = append(e.means, float64(v.GeoMean))
		floors = append(floors, g.FloorValues(amplitude)...)
		for _, r := range g.Runs {
			count(&e.moving, r.Moving())
		}
	}
	floor, err := stats.Summarize(floors)
	e.floor = float64(floor.Median)
	return e, err
}

func (e *effect) last() float64 { return e.means[len(e.means)-1] }

// columns and cells are those of the two questions.
func (e *effect) columns() []string {
	return []string{e.falls.Compared, "Page p", e.damps.Compared}
}

func (e *effect) cells() []any {
	return []any{table.Ratio(e.falls.Ratio, e.falls.RatioCI95), table.P(e.falls.P), table.Ratio(e.damps.Ratio, e.damps.RatioCI95)}
}

// effects is the table of the ways.
func effects(head string, ways []*way) *table.Table {
	e := ways[0].effect
	t := newTable(head, append([]string{e.ladders[len(e.ladders)-1].Name(), "frozen", "moving"}, e.columns()...)...)
	for _, w := range ways {
		add(t, append([]any{w.name, w.last(), w.floor, w.moving}, w.cells()...)...)
	}
	return t
}

// settings measures the sweep by all ways.
func (p page) settings(s *measure.Sweep) (f figure.Figure, err error) {
	ways := waysOf(s)
	var definitions []*way
	for _, amplitude := range measure.Amplitudes {
		w := &way{name: "`" + amplitude + "`"}
		if w.effect, err = ask(s, amplitude); err != nil {
			return f, err
		}
		definitions = append(definitions, w)
	}
	for _, w := range slices.Concat(ways[:]...) {
		a := s.Analysis
		w.change(&a)
		if w.sweep, err = s.Remeasure(a); err != nil {
			return f, fmt.Errorf("%s: %w", w.name, err)
		}
		if w.effect, err = ask(w.sweep, measure.Amplitudes[0]); err != nil {
			return f, err
		}
	}
	growth := newTable("window", measure.Amplitudes...)
	var first []float64 // the amplitudes in the first window
	for _, w := range ways[1] {
		cells := []any{w.name}
		for i, amplitude := range measure.Amplitudes {
			e, err := ask(w.sweep, amplitude)
			if err != nil {
				return f, err
			}
			if w == ways[1][0] {
				first = append(first, e.last())
			}
			cells = append(cells, factor(e.last()/first[i]))
		}
		add(growth, cells...)
	}
	var significant, damped int
	all := slices.Concat(ways[0], ways[1], definitions[1:])
	for _, w := range all {
		count(&significant, w.falls.P < claims.Alpha)
		count(&damped, w.damps.P < claims.Alpha && w.damps.Ratio < 1)
	}
	p["Significant"], p["Damped"], p["Ways"] = significant, damped, len(all)
	p["K"] = definitions[0].ladders[len(definitions[0].ladders)-1].Name()
	p["Lowpass"], p["Windows"] = effects("low-pass", ways[0]), effects("window", ways[1])
	p["Definitions"], p["Growth"], p["Rules"] = effects("amplitude", definitions), growth, rules(ways[2])
	return figure.Panels("method-settings", "Amplitude against K by low-pass, window and knee", 3,
		againstK("low-pass", ways[0][:6], ""), againstK("window", ways[1], " iterations"), againstK("knee", ways[2], "")), nil
}

func againstK(title string, ways []*way, unit string) figure.Lines {
	l := figure.Lines{Title: title, X: "K", Y: "max − min of FID"}
	for _, w := range ways {
		line := figure.Line{Name: w.name + unit}
		for i, g := range w.ladders {
			line.Points = append(line.Points, [2]float64{float64(g.K), w.means[i]})
		}
		l.Lines = append(l.Lines, line)
	}
	for _, q := range l.Lines[0].Points {
		l.Ticks = append(l.Ticks, q[0])
	}
	return l
}

// rules is what the knee rules make of the sweep's runs.
func rules(ways []*way) *table.Table {
	t := newTable("rule", append([]string{"knee, median", "first tenth", "moving"}, ways[0].columns()...)...)
	for _, w := range ways {
		var at []float64
		first, moving := 0, 0
		runs := slices.DeleteFunc(w.sweep.Distinct(), func(r *measure.Run) bool { return r.Measured == nil })
		for _, r := range runs {
			m := r.Measured
			inside := m.Filtered[m.Window.Start:m.Window.End]
			at = append(at, m.Knee.Iteration-r.X[0])
			count(&first, width(inside[len(inside)/10:]) < 0.5*width(inside))
			count(&moving, m.Knee.Limit)
		}
		slices.Sort(at)
		add(t, append([]any{w.name, int(at[len(at)/2]), fmt.Sprintf("%d of %d", first, len(runs)), moving}, w.cells()...)...)
	}
	return t
}

func count(n *int, yes bool) {
	if yes {
		*n++
	}
}

func width(y []float64) float64 { return slices.Max(y) - slices.Min(y) }
