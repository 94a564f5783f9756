package figure

import (
	"math"
	"testing"

	"fig5/bench/config"
	"fig5/bench/curves"
	"fig5/bench/measure"
	"fig5/bench/tinygan"
	"fig5/filters"
)

func TestLook(t *testing.T) {
	spoilt := confirm
	spoilt.spoil = true
	full := synthetic{seeds: 10, cold: true, warm: true, hot: []int{25000}, ladders: []ladders{budget(10000, 1, 2, 5, 10, 20, 50), perLevel(500, 1, 2, 5, 10, 20, 50)}}
	one := synthetic{seeds: 10, warm: true, hot: []int{10000}, ladders: []ladders{budget(10000, 1, 5, 20)}}
	for name, s := range map[string]synthetic{"confirm-": confirm, "spoilt-": spoilt, "full-": full, "one-": one} {
		sw, sum, other := s.sample(t, "max_to_min", "relative")
		show(t, name, Answer(sw, sum), AnswerK(sw, sum))
		if f, ok := AnswerLength(sw, sum); ok {
			show(t, name, f)
		}
		show(t, name, Sweep("fig5", sw, sum, other)...)
		show(t, name, Narrow("fig5-column", sw, sum, true)...)
		show(t, name, Narrow("fig5-linear", sw, sum, false)...)
		f, _ := Staircase(sw)
		show(t, name, f)
		if name == "spoilt-" {
			show(t, name, Curves(sw, sum)[0])
		}
	}
	figs, err := Figure1()
	check(t, err)
	show(t, "", figs...)
	th, _ := Theory()
	show(t, "", th)
	c, err := curves.ReadFile("../../docs/example/fid.csv", curves.Columns{})
	check(t, err)
	a := filters.DefaultAnalysis()
	m, err := a.Measure(c.X, c.Y)
	check(t, err)
	show(t, "", Analyzed(c, a.Lowpass, &m))
	s, err := tinygan.System{Kind: tinygan.Beta, Start: tinygan.State{Theta: 1, Alpha: 1}, Target: 3, T: 30}.Descend(tinygan.Simultaneous, 0.02, 100, 0.1)
	check(t, err)
	show(t, "descend-", Trajectory(s, "gradient descent"))
}

func TestReal(t *testing.T) {
	cfg, err := config.Load("../../configs/fig5-full.yaml", nil)
	check(t, err)
	sw, err := measure.Load(cfg, "../../runs/recorded/fig5-full")
	check(t, err)
	sum, other := summarize(t, sw, "max_to_min"), summarize(t, sw, "relative")
	show(t, "real-", Answer(sw, sum), AnswerK(sw, sum))
	f, _ := AnswerLength(sw, sum)
	show(t, "real-", f)
	show(t, "real-", Sweep("fig5", sw, sum, other)...)
	show(t, "real-", Curves(sw, sum)[3])
	_ = math.Pi
}
