package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"fig5/bench/table"
	"fig5/filters"
)

// lengths is the points of a curve and of its window.
var lengths = [][2]int{{700, 500}, {200, 50}, {100, 50}}

var falls = []float64{5, 50, 300}

// ruled is the rules that are compared.
var ruled = []filters.Knee{{Method: "mser"}, {Method: "settle", Tolerance: 0.05}, {Method: "kneedle", Sensitivity: 1}}

// measureBy measures a curve of one point a step by the default filter.
func measureBy(k filters.Knee, window int, y []float64) (filters.Measurement, error) {
	a, x := filters.DefaultAnalysis(), make([]float64, len(y))
	for i := range x {
		x[i] = float64(i)
	}
	a.Knee, a.Window = k, float64(window)
	return a.Measure(x, y)
}

// place is a cell of a table: a rule with curves of one length, with one height of fall.
type place struct{ rule, length, fall int }

// result is what comes out there: ln of the amplitude over the oracle's, and how many
// curves leave no window.
type result struct {
	logs       []float64
	incomplete int
}

// sum is all results of a rule, of one length and one fall where they are not negative.
func sum(results map[place]*result, rule, length, fall int) (total result) {
	for p, r := range results {
		if p.rule == rule && (length < 0 || p.length == length) && (fall < 0 || p.fall == fall) {
			total.logs = append(total.logs, r.logs...)
			total.incomplete += r.incomplete
		}
	}
	slices.Sort(total.logs)
	return total
}

func (r result) mean() float64 {
	s := 0.0
	for _, v := range r.logs {
		s += v
	}
	return math.Exp(s / float64(len(r.logs)))
}

func (r result) quantile(q float64) float64 { return math.Exp(r.logs[int(q*float64(len(r.logs)-1))]) }

// overOracle measures falls to plateaus by each rule. The oracle sees the plateau without
// the fall, in the window that the rule chose.
func overOracle(reps int) (map[place]*result, error) {
	out := map[place]*result{}
	for l, length := range lengths {
		for p, plateau := range plateaus {
			for d := range descents {
				for f, fall := range falls {
					for i := range reps {
						r := rand.New(rand.NewPCG(uint64(1000*l+100*p+10*d+f), uint64(i)))
						flat := plateau.draw(r, length[0])
						y := fallen(r, flat, d, fall)
						oracle, err := filters.Butterworth(flat, 3, 0.1)
						if err != nil {
							return nil, err
						}
						for k, rule := range ruled {
							m, err := measureBy(rule, length[1], y)
							if err != nil {
								return nil, err
							}
							o := out[place{k, l, f}]
							if o == nil {
								o = &result{}
								out[place{k, l, f}] = o
							}
							if m.Window.Complete {
								o.logs = append(o.logs, math.Log(m.Amplitude.MaxToMin/width(oracle[m.Window.Start:m.Window.End])))
							} else {
								o.incomplete++
							}
						}
					}
				}
			}
		}
	}
	return out, nil
}

// selection is what mser does where nothing falls: its amplitude over that of the window
// in the middle of the same curve, and how many curves it says are still moving.
func selection(reps int) (*table.Table, error) {
	t := newTable("points / window", "plateau", "amplitude", "still moving")
	for l, length := range lengths {
		for p, plateau := range plateaus {
			var all result
			moving := 0
			for i := range reps {
				y := plateau.draw(rand.New(rand.NewPCG(uint64(10*l+p), uint64(i))), length[0])
				m, err := measureBy(ruled[0], length[1], y)
				if err != nil {
					return nil, err
				}
				at := (length[0] - length[1]) / 2
				all.logs = append(all.logs, math.Log(m.Amplitude.MaxToMin/width(m.Filtered[at:at+length[1]])))
				count(&moving, m.Knee.Limit)
			}
			row(t, lengthName(length), plateau.name, share(all.mean()), percent(moving, reps))
		}
	}
	return t, nil
}

// late is what mser does with a jump of 6 standard deviations behind which a window no
// longer fits: the knee is behind it, the window before it, or the jump in the window,
// with a warning or without.
func late(reps int) (*table.Table, error) {
	t := newTable("points / window", "plateau", "seen", "window before it", "in the window, warned", "in the window, not warned")
	for l, length := range lengths {
		for p, plateau := range plateaus {
			jump := length[0] - length[1]/2
			var seen, before, warned, missed int
			for i := range reps {
				r := rand.New(rand.NewPCG(uint64(10*l+p), uint64(i)))
				y := fallen(r, plateau.draw(r, length[0]), 0, falls[1])
				for i := jump; i < len(y); i++ {
					y[i] += 6
				}
				m, err := measureBy(ruled[0], length[1], y)
				if err != nil {
					return nil, err
				}
				switch w := m.Window; {
				case w.Start >= jump:
					seen++
				case w.End <= jump:
					before++
				case slices.ContainsFunc(m.Warnings, func(w filters.Warning) bool { return w.Kind == filters.Shift }):
					warned++
				default:
					missed++
				}
			}
			row(t, lengthName(length), plateau.name, percent(seen, reps), percent(before, reps), percent(warned, reps), percent(missed, reps))
		}
	}
	return t, nil
}

func lengthName(l [2]int) string { return fmt.Sprintf("%d / %d", l[0], l[1]) }
func percent(n, of int) string   { return fmt.Sprintf("%.0f %%", 100*float64(n)/float64(of)) }

// kneePage is what is known of the rules.
type kneePage struct {
	ByLength, ByFall, Selection, Late, Recorded *table.Table
	Curves                                      string // of ByLength and ByFall
	results                                     map[place]*result
}

func measureKnees(ways []*way) (*kneePage, error) {
	p := &kneePage{ByLength: newTable("rule", "points / window", "geometric mean", "95 %", "largest", "no window"), ByFall: newTable("rule")}
	const reps = 10
	p.Curves = table.Thousands(reps * len(lengths) * len(plateaus) * len(descents) * len(falls))
	var err error
	if p.results, err = overOracle(reps); err != nil {
		return nil, err
	}
	for f := range falls {
		numbers(p.ByFall, fmt.Sprintf("fall %g: mean", falls[f]), "95 %")
	}
	for k, rule := range ruled {
		for l, length := range lengths {
			r := sum(p.results, k, l, -1)
			row(p.ByLength, "`"+rule.Method+"`", lengthName(length), share(r.mean()), share(r.quantile(0.95)), share(r.quantile(1)), percent(r.incomplete, r.incomplete+len(r.logs)))
		}
		cells := []string{"`" + rule.Method + "`"}
		for f := range falls {
			r := sum(p.results, k, -1, f)
			cells = append(cells, share(r.mean()), share(r.quantile(0.95)))
		}
		row(p.ByFall, cells...)
	}
	if p.Selection, err = selection(300); err != nil {
		return nil, err
	}
	if p.Late, err = late(100); err != nil {
		return nil, err
	}
	p.Recorded, err = rules(ways)
	return p, err
}
