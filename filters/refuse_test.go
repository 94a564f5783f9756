package filters

import (
	"math"
	"strings"
	"testing"
)

func TestApplyRefuses(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(-1)
	for _, c := range []struct {
		l    Lowpass
		y    []float64
		want string
	}{
		{Lowpass{Name: "butterworth", Order: 4, Cutoff: 0.1}, make([]float64, 15), "15 points are too few for butterworth of order 4, which needs 16"},
		{Lowpass{Name: "butterworth", Order: 13, Cutoff: 0.1}, make([]float64, 99), "order: 13 is outside 1 to 12"},
		{Lowpass{Name: "butterworth", Order: 3}, make([]float64, 99), "cutoff: 0 is outside (0, 1), a fraction of Nyquist"},
		{Lowpass{Name: "butterworth", Order: 3, Cutoff: nan}, make([]float64, 99), "cutoff: NaN is outside (0, 1), a fraction of Nyquist"},
		{Lowpass{Name: "butterworth", Order: 1, Cutoff: 0.1}, []float64{1, 2, 3, nan, 5, 6, 7, 8}, "y[3]: NaN is not a finite number"},
		{Lowpass{Name: "moving-average", Window: 4}, []float64{1, 2, 3}, "window: 4 is not an odd number of points"},
		{Lowpass{Name: "moving-average", Window: 3}, []float64{1, inf, 3}, "y[1]: -Inf is not a finite number"},
		{Lowpass{Name: "savgol", Window: 7, PolyOrder: 2}, make([]float64, 5), "5 points are too few for savgol with a window of 7"},
		{Lowpass{Name: "savgol", Window: 5, PolyOrder: 5}, make([]float64, 40), "polyorder: 5 is outside 0 to 4 for a window of 5"},
		{Lowpass{Name: "savgol", Window: -1}, make([]float64, 40), "window: -1 is not an odd number of points"},
		{Lowpass{Name: "none"}, []float64{1, 1e200}, "y[1]: 1e+200 is too large (1e+150 at most)"},
		{Lowpass{Name: "median"}, []float64{1, 2}, `name: "median" is not a filter (butterworth, moving-average, savgol, none)`},
	} {
		if _, err := c.l.Apply(c.y); err == nil || err.Error() != c.want {
			t.Errorf("%+v: %v, want %s", c.l, err, c.want)
		}
	}
}

func TestMeasureRefuses(t *testing.T) {
	ok := []float64{9, 5, 3, 2, 1, 1, 1, 1}
	for _, c := range []struct {
		change func(a *Analysis)
		x, y   []float64
		want   string
	}{
		{nil, nil, nil, "0 points are too few for a curve"},
		{nil, []float64{0}, []float64{1}, "1 points are too few for a curve"},
		{nil, []float64{0, 1, 2}, []float64{1, 2}, "3 points of x, 2 of y"},
		{nil, []float64{0, 1, 1}, ok[:3], "x[2]: 1 does not come after 1"},
		{nil, []float64{0, 2, 1}, ok[:3], "x[2]: 1 does not come after 2"},
		{nil, []float64{0, 100, 250}, ok[:3], "x[2]: 250 is 150 after the point before, the points so far are 100 apart"},
		{nil, []float64{0, math.NaN(), 2}, ok[:3], "x[1]: NaN is not a finite number of at most 1e+150"},
		{nil, []float64{0, 1, 2}, []float64{1, math.Inf(1), 3}, "y[1]: +Inf is not a finite number"},
		{func(a *Analysis) { a.Lowpass = DefaultAnalysis().Lowpass }, nil, ok, "8 points are too few for butterworth of order 3, which needs 13"},
		{func(a *Analysis) { a.Lowpass.Name = "" }, nil, ok, `lowpass.name: "" is not a filter (butterworth, moving-average, savgol, none)`},
		{func(a *Analysis) { a.Knee.Method = "elbow" }, nil, ok, `knee.name: "elbow" is not a knee rule (mser, settle, kneedle, none)`},
		{func(a *Analysis) { a.Knee.Tolerance = 1 }, nil, ok, "knee.tolerance: 1 is outside (0, 1)"},
		{func(a *Analysis) { a.Knee.Sensitivity = -1 }, nil, ok, "knee.sensitivity: -1 is not a sensitivity (0 or more)"},
		{func(a *Analysis) { a.Knee.Least = math.NaN() }, nil, ok, "knee.least: NaN is not a length in iterations (0 or more)"},
		{func(a *Analysis) { a.Knee.Least = 8 }, nil, ok, "knee.least: 8 after the first point, 0, is behind the last, 7"},
		{func(a *Analysis) { a.Window = 0 }, nil, ok, "window: 0 is not a length in iterations (above 0)"},
	} {
		a := Analysis{Lowpass{Name: "none"}, Knee{Method: "settle", Tolerance: 0.05}, 5}
		if c.change != nil {
			c.change(&a)
		}
		x := c.x
		if x == nil {
			x = points(len(c.y))
		}
		if _, err := a.Measure(x, c.y); err == nil || err.Error() != c.want {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}

// points are 0, 1, ..., n-1.
func points(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = float64(i)
	}
	return x
}

func TestWindow(t *testing.T) {
	x := []float64{1000, 1100, 1200, 1300, 1400}
	for _, c := range []struct {
		start    int
		length   float64
		end      int
		complete bool
	}{
		{0, 500, 5, true},  // 1400 stands for 1400 to 1500
		{0, 501, 5, false}, // there would have to be a point at 1500
		{1, 400, 5, true},
		{1, 300, 4, true},
		{1, 250, 4, true}, // 1100, 1200, 1300 < 1350
		{1, 50, 2, true},
		{4, 100, 5, true},
		{4, 200, 5, false},
	} {
		w := cut(x, 100, c.start, c.length)
		want := Window{From: x[c.start], To: x[c.start] + c.length, Complete: c.complete, Start: c.start, End: c.end}
		if w != want {
			t.Errorf("%+v, want %+v", w, want)
		}
	}
	tenths := make([]float64, 21)
	for i := range tenths {
		tenths[i] = float64(i) / 10
	}
	if w := cut(tenths, (tenths[20]-tenths[0])/20, 3, 0.7); w.End != 10 || !w.Complete {
		t.Errorf("steps of 0.1: %+v", w)
	}
}

// Curves without a descent, with nothing but one, and the fewest points there can be.
func TestSettleCorners(t *testing.T) {
	line := points(200)
	for i := range line {
		line[i] = 200 - line[i]
	}
	exact := make([]float64, 200)
	for i := range exact {
		exact[i] = 3 + 50*math.Exp(-float64(i)/10)
	}
	for _, c := range []struct {
		name   string
		y      []float64
		lo, hi int
	}{
		{"two points", []float64{5, 1}, 0, 0},
		{"five points", []float64{5, 4, 3, 2, 1}, 0, 0},
		{"constant", []float64{7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7}, 0, 0},
		{"first point alone", []float64{7, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, 1, 1},
		{"straight", line, 170, 198},
		{"exponential", exact, 30, 31},
	} {
		if k := Settle(c.y, 0.05); k < c.lo || k > c.hi {
			t.Errorf("%s: knee at %d, want %d to %d", c.name, k, c.lo, c.hi)
		}
	}
}

func TestFallback(t *testing.T) {
	y := make([]float64, 100)
	for i := range y {
		y[i] = 10 * math.Exp(-float64(i)/8)
	}
	a := Analysis{Lowpass{Name: "none"}, Knee{Method: "kneedle", Sensitivity: 1}, 40}
	m, err := a.Measure(points(100), y)
	if err != nil || m.Knee.Fallback || m.Knee.Index != 20 {
		t.Errorf("%+v, %q, %v", m.Knee, m.Warnings, err)
	}
	late := make([]float64, 100) // nothing bends before 90
	for i := range late {
		late[i] = 5 - 0.01*float64(min(i, 90)*min(i, 90)) + 0.5*float64(max(i-90, 0))
	}
	for _, c := range []struct {
		name string
		y    []float64
		knee int // where the last window begins, or the first point
		want string
	}{
		{"none", make([]float64, 100), 0, "kneedle finds no knee; mser answers in its place"},
		{"late", late, 60, "kneedle finds its knee at 90, in the last quarter of the curve; mser answers in its place"},
	} {
		a.Knee.Online = true
		m, err := a.Measure(points(100), c.y)
		if err != nil || !m.Knee.Fallback || m.Knee.Method != "kneedle" || m.Knee.Index != c.knee || m.Warnings[0].String() != c.want {
			t.Errorf("%s: %+v, %q, %v", c.name, m.Knee, m.Warnings, err)
		}
	}
}

func TestLeast(t *testing.T) {
	y := make([]float64, 100)
	for i := range y {
		y[i] = 10*math.Exp(-float64(i)/5) + math.Sin(float64(i))
	}
	for _, method := range []string{"mser", "settle", "none", "kneedle"} {
		a := Analysis{Lowpass{Name: "none"}, Knee{Method: method, Tolerance: 0.05, Sensitivity: 1, Least: 60}, 40}
		m, err := a.Measure(points(100), y)
		if err != nil || m.Knee.Index < 60 || method != "kneedle" && m.Knee.Index != 60 {
			t.Errorf("%s: %+v, %v", method, m.Knee, err)
		}
	}
}

// A jump in the window is told, and a curve that does not come to rest; a jump before the
// window, which mser passes over, and an oscillation are not.
func TestWarnings(t *testing.T) {
	curve := func(level func(i int) float64) []float64 {
		y := make([]float64, 600)
		for i := range y {
			y[i] = level(i) + 5*math.Exp(-float64(i)/10) + 0.25*math.Sin(float64(i)/5)
		}
		return y
	}
	step := func(i int) float64 {
		if i < 300 {
			return 3
		}
		return 1
	}
	for _, c := range []struct {
		name, knee string
		level      func(i int) float64
		want       string
	}{
		{"steady", "mser", func(int) float64 { return 1 }, ""},
		{"slow oscillation", "settle", func(i int) float64 { return 1 + 0.5*math.Sin(float64(i)/60) }, ""},
		{"jump before the window", "mser", func(i int) float64 { return step(i + 200) }, ""},
		{"jump in the window", "kneedle", step, "the level shifts from 3.02 to 0.988 at 300, inside the window: a mode transition, not an oscillation; it inflates the amplitude"},
		{"mode lost and found", "kneedle", func(i int) float64 {
			if i >= 200 && i < 260 {
				return 2.5
			}
			return 1
		}, "the level shifts from 2.49 to 0.996 at 260, inside the window: a mode transition, not an oscillation; it inflates the amplitude"},
		{"ramp", "mser", func(i int) float64 { return 5 - float64(i)/120 }, "the curve is still moving where the last window begins: the amplitude may hold a drift; train longer, or see the detrended amplitude"},
	} {
		a := Analysis{Lowpass{Name: "none"}, Knee{Method: c.knee, Tolerance: 0.05, Sensitivity: 1}, 450}
		y := curve(c.level)
		m, err := a.Measure(points(len(y)), y)
		if err != nil {
			t.Fatal(err)
		}
		text := joined(m.Warnings)
		if c.want == "" && text != "" || !strings.Contains(text, c.want) {
			t.Errorf("%s: knee %d: %q, want %q", c.name, m.Knee.Index, m.Warnings, c.want)
		}
	}
}

// joined is the warnings, one a line.
func joined(warnings []Warning) string {
	var lines []string
	for _, w := range warnings {
		lines = append(lines, w.String())
	}
	return strings.Join(lines, "\n")
}
