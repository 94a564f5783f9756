package figure

import "testing"

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
	}
}
