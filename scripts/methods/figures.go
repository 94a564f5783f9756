package main

import (
	"fmt"
	"math/rand/v2"

	"fig5/bench/figure"
)

// figure is the amplitude against K by low-pass, window and knee.
func (p *settingsPage) figure() figure.Figure {
	panel := func(title string, ways []*way, unit string) (l figure.Lines) {
		l = figure.Lines{Title: title, X: "K", Y: "max − min of FID"}
		for _, w := range ways {
			e, err := ask(w.sweep, "max_to_min")
			if err != nil {
				continue // told where the tables are made
			}
			line := figure.Line{Name: w.name + unit}
			l.Ticks = nil // the same of every way
			for _, g := range e.ladders {
				values, _ := g.Values("max_to_min")
				l.Ticks = append(l.Ticks, float64(g.K))
				line.Points = append(line.Points, [2]float64{float64(g.K), geometric(values)})
			}
			l.Lines = append(l.Lines, line)
		}
		return l
	}
	return figure.Panels("method-settings", "Amplitude against K by low-pass, window and knee", 3,
		panel("low-pass", p.lowpasses[:6], ""), panel("window", p.windows, " iterations"), panel("knee", p.knees, ""))
}

// figure is one curve with its knees, and the amplitude over the oracle's against the fall.
func (k *kneePage) figure() figure.Figure {
	r := rand.New(rand.NewPCG(2018, 5))
	y := fallen(r, plateaus[0].draw(r, 700), 1, 300)
	for i := range y {
		y[i] += 6 // so that it is positive, as an FID is
	}
	example := figure.Lines{Title: "a curve and its knees", X: "point", Y: "FID", Limits: [4]float64{1, 700, 1, 400}}
	raw, filtered := figure.Line{Name: "curve", As: figure.Plain}, figure.Line{Name: "filtered", As: figure.Plain}
	example.Lines = []figure.Line{raw, filtered}
	mean := figure.Lines{Title: "geometric mean", X: "fall, in sd of the plateau", Y: "amplitude / oracle's", Ticks: falls, Limits: [4]float64{4, 400, 0.9, 200}}
	worst := figure.Lines{Title: "95 % quantile", X: mean.X, Y: mean.Y, Ticks: falls, Limits: mean.Limits}
	mean.Lines, worst.Lines = make([]figure.Line, 2), make([]figure.Line, 2) // nameless: a rule has one colour in all panels
	for i, rule := range ruled {
		m, err := measureBy(rule, 500, y)
		if err != nil {
			continue // a curve of our own
		}
		if i == 0 {
			for j, v := range m.Filtered {
				example.Lines[0].Points = append(example.Lines[0].Points, [2]float64{float64(j), y[j]})
				example.Lines[1].Points = append(example.Lines[1].Points, [2]float64{float64(j), v})
			}
		}
		at := m.Knee.Index
		example.Lines = append(example.Lines, figure.Line{Name: fmt.Sprintf("%s, %d", rule.Method, at), Points: [][2]float64{{float64(at), m.Filtered[at]}}})
		a, b := figure.Line{Name: rule.Method}, figure.Line{Name: rule.Method}
		for f, fall := range falls {
			r := sum(k.results, i, -1, f)
			a.Points, b.Points = append(a.Points, [2]float64{fall, r.mean()}), append(b.Points, [2]float64{fall, r.quantile(0.95)})
		}
		mean.Lines, worst.Lines = append(mean.Lines, a), append(worst.Lines, b)
	}
	return figure.Panels("method-knee", "A curve with its knees by three rules, and what the descent adds to the amplitude", 3, example, mean, worst)
}
