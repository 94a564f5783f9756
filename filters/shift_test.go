package filters

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// stationary are curves without a shift: n points each of white noise, of
// autocorrelated noise and of oscillations.
var stationary = []struct {
	name string
	draw func(r *rand.Rand, n int) []float64
}{
	{"white noise", func(r *rand.Rand, n int) []float64 { return noise(r, n, 0) }},
	{"AR(1), 0.7", func(r *rand.Rand, n int) []float64 { return noise(r, n, 0.7) }},
	{"AR(1), 0.9", func(r *rand.Rand, n int) []float64 { return noise(r, n, 0.9) }},
	{"AR(1), 0.97", func(r *rand.Rand, n int) []float64 { return noise(r, n, 0.97) }},
	{"sine of 20 points", func(r *rand.Rand, n int) []float64 { return wave(r, n, 20) }},
	{"sine of n/3 points", func(r *rand.Rand, n int) []float64 { return wave(r, n, float64(n)/3) }},
	{"sine of n points", func(r *rand.Rand, n int) []float64 { return wave(r, n, float64(n)) }},
	{"straight line", func(r *rand.Rand, n int) []float64 {
		y := noise(r, n, 0)
		for i := range y {
			y[i] = y[i]/50 + float64(i)/float64(n)
		}
		return y
	}},
}

func noise(r *rand.Rand, n int, phi float64) []float64 {
	y := make([]float64, n)
	v := r.NormFloat64()
	for i := range y {
		v = phi*v + math.Sqrt(1-phi*phi)*r.NormFloat64()
		y[i] = v
	}
	return y
}

// wave is a sine of amplitude 1 with a tenth of noise on it.
func wave(r *rand.Rand, n int, period float64) []float64 {
	y, phase := noise(r, n, 0), 2*math.Pi*r.Float64()
	for i := range y {
		y[i] = y[i]/10 + math.Sin(2*math.Pi*float64(i)/period+phase)
	}
	return y
}

// go test -v -run ShiftsRates prints the rates.
func TestShiftsRates(t *testing.T) {
	const reps = 200
	lengths := []int{50, 100, 300, 500}
	share := func(hits int) string { return fmt.Sprintf(" %.1f %% |", 100*float64(hits)/reps) }
	for k, s := range stationary {
		var row strings.Builder
		for _, n := range lengths {
			alarms := 0
			for i := range reps {
				if len(Shifts(s.draw(rand.New(rand.NewPCG(uint64(k), uint64(i))), n))) > 0 {
					alarms++
				}
			}
			row.WriteString(share(alarms))
			if limit := map[bool]int{true: reps / 10, false: reps / 50}[n <= 100]; alarms > limit {
				t.Errorf("%s of %d points: %d false alarms in %d", s.name, n, alarms, reps)
			}
		}
		t.Logf("| %s |%s", s.name, row.String())
	}
	for _, jump := range []float64{2, 3, 4, 6} {
		for _, at := range []float64{0.5, 0.8} {
			var row strings.Builder
			for _, n := range lengths {
				found := 0
				for i := range reps {
					r := rand.New(rand.NewPCG(99, uint64(i)))
					y := wave(r, n, 15+45*r.Float64())
					for j := range y {
						y[j] -= jump * map[bool]float64{true: 1}[float64(j) >= at*float64(n)]
					}
					where := int(at * float64(n))
					if slices.ContainsFunc(Shifts(y), func(s int) bool { return s > where-n/20-3 && s < where+n/20+3 }) {
						found++
					}
				}
				row.WriteString(share(found))
				if n >= 500 && jump >= 3 && found < reps*8/10 {
					t.Errorf("jump of %g at %g of %d points: found %d times in %d", jump, at, n, found, reps)
				}
			}
			t.Logf("| %g | %g |%s", jump, at, row.String())
		}
	}
}

// The range of what is in a window grows with the window: an amplitude is to be
// compared with those of the same window alone.
func TestAmplitudeGrowsWithWindow(t *testing.T) {
	lengths := []int{100, 200, 500, 1000}
	sums := make([][3]float64, len(lengths))
	const reps = 100
	for i := range reps {
		f, err := Lowpass{Name: "butterworth", Order: 3, Cutoff: 0.1}.Apply(noise(rand.New(rand.NewPCG(5, uint64(i))), 1100, 0.7))
		if err != nil {
			t.Fatal(err)
		}
		for k, n := range lengths {
			a := MeasureAmplitude(points(n), f[50:50+n])
			sums[k][0] += a.MaxToMin / reps
			sums[k][1] += *a.PeakToTrough / reps
			sums[k][2] += a.SD / reps
		}
	}
	for k, n := range lengths {
		t.Logf("| %d | %.2f | %.2f | %.2f |", n, sums[k][0], sums[k][1], sums[k][2])
		if k > 0 && sums[k][0] < 1.05*sums[k-1][0] {
			t.Errorf("max to min grows from %g to %g only", sums[k-1][0], sums[k][0])
		}
	}
	if d := sums[3][1]/sums[0][1] - 1; math.Abs(d) > 0.1 {
		t.Errorf("peak to trough changes by %.0f %% from 100 to 1000 points", 100*d)
	}
}

// A rise and a slow fall: the stretch that is cut out goes on to the end of the curve,
// which is no shift.
func TestShiftsWithin(t *testing.T) {
	y := []float64{-2, -2, -3, -2.5, -2, -1.8, 6, 7, 7.5, 7, 7, 6.5, 7, 6, 5.5, 5, 5.5, 5, 2.9, 3.5, 3, 4, 3.5}
	if at := Shifts(y); !slices.Equal(at, []int{6}) {
		t.Errorf("%v, want [6]", at)
	}
	if at := lastLevel(y); at != 6 {
		t.Errorf("the last level begins at %d, want 6", at)
	}
}
