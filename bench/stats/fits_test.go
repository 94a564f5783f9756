package stats

import (
	"math"
	"testing"
)

// Slopes, ratios and their intervals against SciPy and statsmodels.
func TestFits(t *testing.T) {
	type ratio struct {
		A, B  []float64
		Ratio float64
		CI95  [2]float64
	}
	var file struct {
		Within []struct {
			X              [][]float64
			Y              []float64
			Block          []int
			Slopes, StdErr []float64
			CI95           [][2]float64
		}
		Paired, Groups []ratio
	}
	load(t, "fits.json", &file)
	for _, c := range file.Within {
		f := must(Within(c.Y, c.X, c.Block))(t)
		for j := range c.Slopes {
			equal(t, "slope", f.Slopes[j], &c.Slopes[j])
			equal(t, "stderr", f.StdErr[j], &c.StdErr[j])
			equal(t, "slope lo", Number(f.CI95[j].Lo), &c.CI95[j][0])
			equal(t, "slope hi", Number(f.CI95[j].Hi), &c.CI95[j][1])
		}
	}
	check := func(c ratio, got Number, ci Interval) {
		equal(t, "ratio", got, &c.Ratio)
		equal(t, "ratio lo", Number(ci.Lo), &c.CI95[0])
		equal(t, "ratio hi", Number(ci.Hi), &c.CI95[1])
	}
	for _, c := range file.Paired {
		got, ci, n, err := PairedRatio(c.A, c.B)
		if err != nil || n != len(c.A) {
			t.Errorf("%d pairs of %d, %v", n, len(c.A), err)
		}
		check(c, got, ci)
	}
	for _, c := range file.Groups {
		got, ci := GroupRatio(c.A, c.B)
		check(c, got, ci)
	}
	if len(file.Within) != 4 || len(file.Paired) != 4 || len(file.Groups) != 3 {
		t.Error("cases are missing")
	}
}

// What cannot be told apart is undefined; a block of one value changes nothing.
func TestWithinLittleData(t *testing.T) {
	y, x, block := []float64{1, 2, 4, 3, 5, 8}, [][]float64{{0, 1}, {1, 0}, {2, 3}, {0, 1}, {1, 0}, {2, 3}}, []int{1, 1, 1, 2, 2, 2}
	f := must(Within(y, x, block))(t)
	more := must(Within(append(y, 9), append(x, []float64{7, 7}), append(block, 3)))(t)
	if f.Slopes[0] != more.Slopes[0] || f.CI95[1] != more.CI95[1] || more.Blocks != 2 || more.N != 6 {
		t.Errorf("%+v became %+v", f, more)
	}
	for name, c := range map[string]struct {
		x     [][]float64
		block []int
	}{
		"one block": {x, []int{1, 1, 1, 1, 1, 1}},
		"collinear": {[][]float64{{0, 0}, {1, 2}, {2, 4}, {0, 0}, {1, 2}, {2, 4}}, block},
		"constant":  {[][]float64{{0, 1}, {1, 1}, {2, 1}, {0, 1}, {1, 1}, {2, 1}}, block},
		"no pairs":  {x, []int{1, 2, 3, 4, 5, 6}},
	} {
		f := must(Within(y, c.x, c.block))(t)
		if f.Slopes[0].Defined() || f.CI95[1].Defined() {
			t.Errorf("%s: %+v", name, f)
		}
	}
	for want, run := range map[string]func() error{
		"y has 6 values, x 6 rows, block 5": func() error { _, err := Within(y, x, block[:5]); return err },
		"row 0: NaN is not a finite number": func() error { _, err := Within([]float64{math.NaN()}, x[:1], block[:1]); return err },
		"x[1]: 1 columns, but x[0] has 2":   func() error { _, err := Within(y[:2], [][]float64{{1, 2}, {1}}, block[:2]); return err },
	} {
		if err := run(); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if r, ci := GroupRatio([]float64{1, math.Inf(1)}, []float64{2, 2}); r != 2 || ci.Defined() {
		t.Errorf("%v %v", r, ci)
	}
	if r, ci, n, err := PairedRatio([]float64{1, math.Inf(1), 1, 2}, []float64{2, 1, math.Inf(1), 4}); r != 2 || ci != (Interval{2, 2}) || n != 2 || err != nil {
		t.Errorf("%v %v %d %v", r, ci, n, err)
	}
	if r, _ := GroupRatio(nil, []float64{1}); r.Defined() {
		t.Errorf("a ratio to nothing: %v", r)
	}
}
