package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat"

	"fig5/bench/english"
	"fig5/bench/figure"
	"fig5/bench/table"
	"fig5/filters"
)

var (
	lengths = [][2]int{{700, 500}, {200, 50}, {100, 50}} // points of a curve and of its window
	falls   = []float64{5, 50, 300}
	ruled   = []filters.Knee{{Method: "mser"}, {Method: "settle", Tolerance: 0.05}, {Method: "kneedle", Sensitivity: 1}}
)

// measureBy measures a curve of one point a step by the default filter.
func measureBy(k filters.Knee, window int, y []float64) (filters.Measurement, error) {
	a, x := filters.DefaultAnalysis(), make([]float64, len(y))
	for i := range x {
		x[i] = float64(i)
	}
	a.Knee, a.Window = k, float64(window)
	return a.Measure(x, y)
}

// outcomeOf is one curve by one rule: ln of its amplitude over the oracle's, NaN without
// a complete window.
type outcomeOf struct {
	rule, length, fall int
	log                float64
}

// overOracle measures falls to plateaus by each rule. The oracle sees the plateau without
// the fall, in the window that the rule chose.
func overOracle(reps int) (out []outcomeOf, err error) {
	for l, length := range lengths {
		for i := range reps * len(plateaus) * len(descents) * len(falls) {
			p, d, f := i%len(plateaus), i/len(plateaus)%len(descents), i/len(plateaus)/len(descents)%len(falls)
			r := rand.New(rand.NewPCG(uint64(l), uint64(i)))
			flat := plateaus[p].draw(r, length[0])
			y := fallen(r, flat, d, falls[f])
			oracle, err := filters.DefaultAnalysis().Lowpass.Apply(flat)
			if err != nil {
				return nil, err
			}
			for k, rule := range ruled {
				m, err := measureBy(rule, length[1], y)
				if err != nil {
					return nil, err
				}
				log := math.NaN()
				if w := m.Window; w.Complete {
					log = math.Log(m.Amplitude.MaxToMin / width(oracle[w.Start:w.End]))
				}
				out = append(out, outcomeOf{k, l, f, log})
			}
		}
	}
	return out, nil
}

// ratios is the geometric mean, 95 % quantile and largest of those that keep says, and
// the share without a window.
func ratios(all []outcomeOf, keep func(outcomeOf) bool) (mean, high, largest, none float64) {
	var v []float64
	n := 0
	for _, o := range all {
		if keep(o) {
			n++
			if !math.IsNaN(o.log) {
				v = append(v, o.log)
			}
		}
	}
	slices.Sort(v)
	high = v[int(0.95*float64(len(v)-1))]
	return math.Exp(stat.Mean(v, nil)), math.Exp(high), math.Exp(v[len(v)-1]), 1 - float64(len(v))/float64(n)
}

// stationary is what mser does where nothing falls, by its amplitude over that of the
// window in the middle of the same curve and by how many are said to be still moving; and
// with a fall and a late jump of 6, behind which no window fits: where the window is then.
func stationary(reps int) (selection, late *table.Table, err error) {
	selection = newTable("points / window", "plateau", "amplitude", "still moving")
	late = newTable("points / window", "plateau", "seen", "window before it", "in the window", "warned")
	for l, length := range lengths {
		for p, plateau := range plateaus {
			var logs []float64
			var moving, seen, before, inside, warned int
			for i := range reps {
				r := rand.New(rand.NewPCG(uint64(10*l+p), uint64(i)))
				y := plateau.draw(r, length[0])
				m, err := measureBy(ruled[0], length[1], y)
				if err != nil {
					return nil, nil, err
				}
				at := (length[0] - length[1]) / 2
				logs = append(logs, math.Log(m.Amplitude.MaxToMin/width(m.Filtered[at:at+length[1]])))
				count(&moving, m.Knee.Limit)

				jump := length[0] - length[1]/2
				y = fallen(r, y, 0, falls[1])
				for i := jump; i < len(y); i++ {
					y[i] += 6
				}
				if m, err = measureBy(ruled[0], length[1], y); err != nil {
					return nil, nil, err
				}
				holds := m.Window.Start < jump && m.Window.End > jump
				count(&seen, m.Window.Start >= jump)
				count(&before, m.Window.End <= jump)
				count(&inside, holds)
				count(&warned, holds && slices.ContainsFunc(m.Warnings, func(w filters.Warning) bool { return w.Kind == filters.Shift }))
			}
			percent := func(n int) string { return fmt.Sprintf("%.0f %%", 100*float64(n)/float64(reps)) }
			name := fmt.Sprintf("%d / %d", length[0], length[1])
			add(selection, name, plateau.name, factor(math.Exp(stat.Mean(logs, nil))), percent(moving))
			add(late, name, plateau.name, percent(seen), percent(before), percent(inside), percent(warned))
		}
	}
	return selection, late, nil
}

// knees measures curves of known truth, and draws one of them.
func (p page) knees() (f figure.Figure, err error) {
	all, err := overOracle(10)
	if err != nil {
		return f, err
	}
	if p["Selection"], p["Late"], err = stationary(300); err != nil {
		return f, err
	}
	r := rand.New(rand.NewPCG(2018, 5))
	y := fallen(r, plateaus[0].draw(r, 700), 1, 300)
	for i := range y {
		y[i] += 6 // positive, as an FID is
	}
	example := figure.Lines{Title: "a curve and its knees", X: "point", Y: "FID", Limits: [4]float64{1, 700, 1, 400}, Lines: make([]figure.Line, 2)}
	mean := figure.Lines{Title: "geometric mean", X: "fall, in sd of the plateau", Y: "amplitude / oracle's", Ticks: falls, Limits: [4]float64{4, 400, 0.9, 200}}
	mean.Lines = make([]figure.Line, 2) // nameless, so that a rule has one colour in all panels
	high := mean
	high.Title, high.Lines = "95 % quantile", make([]figure.Line, 2)
	byLength := newTable("rule", "points / window", "geometric mean", "95 %", "largest", "no window")
	var heads []string
	for _, fall := range falls {
		heads = append(heads, fmt.Sprintf("fall %g: mean", fall), "95 %")
	}
	byFall := newTable("rule", heads...)
	for k, rule := range ruled {
		m, err := measureBy(rule, 500, y)
		if err != nil {
			return f, err
		}
		at := m.Knee.Index
		example.Lines = append(example.Lines, figure.Line{Name: fmt.Sprintf("%s, %d", rule.Method, at), Points: [][2]float64{{float64(at), m.Filtered[at]}}})
		curve, filtered := figure.Line{Name: "curve", As: figure.Plain}, figure.Line{Name: "filtered", As: figure.Plain}
		for i, v := range m.Filtered {
			curve.Points, filtered.Points = append(curve.Points, [2]float64{float64(i), y[i]}), append(filtered.Points, [2]float64{float64(i), v})
		}
		example.Lines[0], example.Lines[1] = curve, filtered // the same by every rule
		for l, length := range lengths {
			mean, high, largest, none := ratios(all, func(o outcomeOf) bool { return o.rule == k && o.length == l })
			add(byLength, "`"+rule.Method+"`", fmt.Sprintf("%d / %d", length[0], length[1]), factor(mean), factor(high), largest, fmt.Sprintf("%.0f %%", 100*none))
		}
		lines, cells := [2]figure.Line{{Name: rule.Method}, {Name: rule.Method}}, []any{"`" + rule.Method + "`"}
		for i, fall := range falls {
			mean, high, _, _ := ratios(all, func(o outcomeOf) bool { return o.rule == k && o.fall == i })
			lines[0].Points, lines[1].Points = append(lines[0].Points, [2]float64{fall, mean}), append(lines[1].Points, [2]float64{fall, high})
			cells = append(cells, factor(mean), factor(high))
		}
		mean.Lines, high.Lines = append(mean.Lines, lines[0]), append(high.Lines, lines[1])
		add(byFall, cells...)
	}
	p["ByLength"], p["ByFall"], p["Curves"] = byLength, byFall, english.Thousands(len(all)/len(ruled))
	return figure.Panels("method-knee", "A curve with its knees by three rules, and what the descent adds to the amplitude", 3, example, mean, high), nil
}
