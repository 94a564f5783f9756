package data

import (
	"math"
	"testing"
)

// The sets have the moments of the distributions they are drawn from, to 4 standard
// errors; centres and deviations are those of the docs.
func TestMixtureMoments(t *testing.T) {
	set, err := Open(Source{Name: "mixture"})
	if err != nil {
		t.Fatal(err)
	}
	if set.Len() != 10000 || set.Dim != 3 || len(set.Centres) != 5 {
		t.Fatalf("%d points of dimension %d, %d centres", set.Len(), set.Dim, len(set.Centres))
	}
	const n, sd = 2000.0, .07
	for m, centre := range set.Centres {
		for j, c := range centre {
			var sum, sq float64
			for i := m; i < set.Len(); i += 5 {
				e := float64(set.X[3*i+j]) - float64(c)
				sum += e
				sq += e * e
			}
			if mean := sum / n; math.Abs(mean) > 4*sd/math.Sqrt(n) {
				t.Errorf("mode %d, coordinate %d: mean is off by %g", m, j, mean)
			}
			// The variance of a squared Gaussian is 2 sd^4.
			if v := sq / n; math.Abs(v-sd*sd) > 4*sd*sd*math.Sqrt(2/n) {
				t.Errorf("mode %d, coordinate %d: variance %g, want %g", m, j, v, sd*sd)
			}
		}
	}
	inBox(t, set)
}

func TestCubes(t *testing.T) {
	set, err := Open(Source{Name: "cubes"})
	if err != nil {
		t.Fatal(err)
	}
	if set.Len() != 10000 || set.Dim != 3 {
		t.Fatalf("%d points of dimension %d", set.Len(), set.Dim)
	}
	for i := range set.Len() {
		sign := float32(1 - 2*((i+1)%2))
		for _, v := range set.X[3*i : 3*i+3] {
			if v*sign < .2 || v*sign > .8 {
				t.Fatalf("point %d: %g lies outside its cube", i, v)
			}
		}
	}
	if got := CountModes(set.X, 3, set.Centres); got != 2 {
		t.Errorf("the data hold %d of their 2 modes", got)
	}
}

func TestCountModes(t *testing.T) {
	set, err := Open(Source{Name: "mixture"})
	if err != nil {
		t.Fatal(err)
	}
	if got := CountModes(set.X, 3, set.Centres); got != 5 {
		t.Errorf("the data hold %d of their 5 modes", got)
	}
	// 2000 points: a fair share is 400, a fifth of it 80.
	for _, c := range []struct{ inSecond, want int }{{0, 1}, {79, 1}, {80, 2}} {
		var x []float32
		for i := range 2000 {
			m := 0
			if i < c.inSecond {
				m = 1
			}
			x = append(x, set.Centres[m]...)
		}
		if got := CountModes(x, 3, set.Centres); got != c.want {
			t.Errorf("%d of 2000 points in the second mode: %d modes, want %d", c.inSecond, got, c.want)
		}
	}
	if got := CountModes(nil, 3, set.Centres); got != 0 {
		t.Errorf("no points hold %d modes", got)
	}
	if got := CountModes(set.X, 3, nil); got != 0 {
		t.Errorf("%d modes of a set without any", got)
	}
}

func TestGather(t *testing.T) {
	set := &Set{Dim: 2, X: []float32{0, 1, 10, 11, 20, 21}}
	dst := make([]float32, 6)
	set.Gather(dst, []int32{2, 0, 2})
	for i, want := range []float32{20, 21, 0, 1, 20, 21} {
		if dst[i] != want {
			t.Fatalf("gathered %v", dst)
		}
	}
}

func inBox(t *testing.T, set *Set) {
	t.Helper()
	for i, v := range set.X {
		if !(v >= -1 && v <= 1) {
			t.Fatalf("value %d is %g", i, v)
		}
	}
}
