package claims

import (
	"math"
	"testing"

	"fig5/bench/measure"
)

// A fall of the level alone: the amplitude falls, and relative to the level it does not.
func TestRead(t *testing.T) {
	s := &measure.Sweep{Groups: []measure.Group{baseline("cold", high...), group(grid("g", "b"), 1, "", high...), group(grid("g", "b"), 5, "", times(high, 0.5)...)}}
	for _, r := range s.Groups[2].Runs {
		r.Measured.Level /= 2
		*r.Measured.Amplitude.Relative *= 2
		lost := r.Seed % 2
		r.Lost = &lost
	}
	s.Groups[1].Runs[0].Status = measure.Unsettled
	s.Groups[2].Runs[1].Measured.Amplitude.MaxToMin = 0.002 // no larger than the floor
	rs, err := Read(s, "max_to_min")
	if err != nil || len(rs) != 1 {
		t.Fatalf("%+v, %v", rs, err)
	}
	r := rs[0]
	near(t, "level", float64(r.Level.Ratio), 0.5)
	if r.Compared != "K = 5 / K = 1" || r.Amplitude.Pairs != 7 || r.Amplitude.Ratio > 0.45 || math.Abs(float64(r.Relative.Ratio)-1) > 0.02 || r.Relative.Pairs != 7 || r.Amplitude.P != 2./128 {
		t.Errorf("%+v %+v", r.Amplitude, r.Relative)
	}
	if r.Lost != 4 || r.Counted != 8 || r.InFloor != 1 || r.Runs != 15 {
		t.Errorf("%+v", r)
	}
	sum, err := Summarize(s, "max_to_min")
	if err != nil {
		t.Fatal(err)
	}
	near(t, "least over the floor", r.OverFloor.Lo, float64(sum.Groups[2].GeoMean)/0.0021)
	near(t, "most over the floor", r.OverFloor.Hi, float64(sum.Groups[1].GeoMean)/0.0021)
	s.Groups = s.Groups[:2]
	if rs, err = Read(s, "sd"); err != nil || rs[0].Amplitude != nil || rs[0].OverFloor.Defined() {
		t.Errorf("of one K: %+v, %v", rs, err)
	}
}

// A coordinate matters where pairs differ after Holm's correction; it does not where
// all intervals lie within 1/1.5 and 1.5.
func TestMatters(t *testing.T) {
	sweep := func(printed, wide []float64) *measure.Sweep {
		at := func(k int, end, width string, v []float64) measure.Group {
			g := group(map[string]string{"schedule": "geometric", "anneal.end": end, "anneal.box.half_width": width}, k, "", v...)
			for _, r := range g.Runs { // as trained: K = 1 is the same at both ends
				r.Training = string(rune('a'+k)) + width + string(rune('0'+r.Seed))
				if k > 1 {
					r.Training += end
				}
			}
			return g
		}
		s := &measure.Sweep{Groups: []measure.Group{baseline("hot", high...)}}
		for _, k := range []int{1, 20} {
			s.Groups = append(s.Groups, at(k, "inclusive", "1", high), at(k, "inclusive", "4", wide))
			if k == 1 {
				s.Groups = append(s.Groups, at(k, "printed", "1", high), at(k, "printed", "4", wide))
			} else {
				s.Groups = append(s.Groups, at(k, "printed", "1", printed), at(k, "printed", "4", times(wide, 1.01)))
			}
		}
		return s
	}
	for name, c := range map[string]struct {
		s           *measure.Sweep
		width, end  Matter
		least, most float64 // of the ratios by width
	}{
		// Widths at K = 1 are one pair of trainings at both ends.
		"both matter": {sweep(times(high, 0.3), times(high, 0.2)), Matter{Pairs: 3, Seeds: 8, Differ: 3}, Matter{Pairs: 2, Seeds: 8, Differ: 1, Close: 1}, 0.2, 0.7},
		"neither":     {sweep(alternate(high, 1.02), alternate(high, 1.03)), Matter{Pairs: 3, Seeds: 8, Close: 3}, Matter{Pairs: 2, Seeds: 8, Close: 2}, 1, 1},
		"open":        {sweep(high, alternate(high, 3)), Matter{Pairs: 3, Seeds: 8}, Matter{Pairs: 2, Seeds: 8, Close: 2}, 1, 1},
	} {
		m, err := Matters(c.s, "max_to_min")
		if err != nil || len(m) != 2 || m[0].Key != "anneal.box.half_width" || m[1].Key != "anneal.end" {
			t.Fatalf("%s: %+v, %v", name, m, err)
		}
		for i, want := range []Matter{c.width, c.end} {
			got := m[i]
			if got.Pairs != want.Pairs || got.Seeds != want.Seeds || got.Differ != want.Differ || got.Close != want.Close {
				t.Errorf("%s, %s: %+v, want %+v", name, got.Key, got, want)
			}
		}
		if r := m[0].Ratios; math.Abs(r.Lo-c.least) > 0.02*c.least || math.Abs(r.Hi-c.most) > 0.05*c.most {
			t.Errorf("%s: ratios %v", name, r)
		}
	}
	if m, err := Matters(steady().sweep(), "max_to_min"); err != nil || len(m) != 1 || m[0].Key != "anneal.protocol" {
		t.Errorf("%+v, %v", m, err)
	}
}
