package tinygan

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// The closed form of the amplitude under gradient descent against descending.
func TestDescentAmplitude(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSystem(t)
		s.AsPrinted, s.Levels = false, nil
		s.T = min(s.T, 3)
		how := rapid.SampledFrom([]Descent{Simultaneous, Alternating}).Draw(t, "descent")
		n := rapid.IntRange(1, 200).Draw(t, "steps a unit of time")
		h := 1 / float64(n)
		until := math.Ceil(40*s.T) + 1
		tr, err := s.Descend(how, h, until, h)
		if err != nil {
			t.Fatal(err)
		}
		// Simultaneous: |(θ-α) + i w ψ| / w. Alternating: from two neighbours.
		last := len(tr.Path) - 1
		x, y := tr.Path[last-1], tr.Path[last]
		w := s.frequency()
		got := math.Hypot(y.Theta-y.Alpha, w*y.Psi) / w
		if how == Alternating {
			phi := 2 * math.Asin(w*h/2)
			got = math.Hypot(x.Psi, (x.Psi*math.Cos(phi)-y.Psi)/math.Sin(phi))
		}
		want, ok := s.DescentAmplitude(how, h, until)
		if !ok || math.Abs(got-want) > 1e-8*max(1, want) {
			t.Errorf("%v, h = %v: amplitude %v, closed form %v", how, h, got, want)
		}
	})
}

// The descents are discretisations of order 1 of the same flow, printed sign and
// Jensen-Shannon included: halving the step halves the distance.
func TestDescentOrder(t *testing.T) {
	for _, s := range []System{
		{Kind: Autonomous, Start: State{1, 2, 3}, Target: 3},
		{Kind: BetaPrime, Objective: JensenShannon, Start: State{1, 0, 1}, Target: 3, T: 3},
		{Kind: BetaPrime, Start: State{1, 0, 1}, Target: 3, T: 3, AsPrinted: true},
	} {
		flow, err := s.Integrate(6, 6)
		if err != nil {
			t.Fatal(err)
		}
		for _, how := range []Descent{Simultaneous, Alternating} {
			var far []float64
			for _, h := range []float64{0.002, 0.001} {
				tr, err := s.Descend(how, h, 6, 6)
				if err != nil {
					t.Fatal(err)
				}
				far = append(far, math.Abs(tr.Path[1].Psi-flow.Path[1].Psi))
			}
			if order := math.Log2(far[0] / far[1]); math.Abs(order-1) > 0.1 {
				t.Errorf("%+v, %v: order %v (%v)", s, how, order, far)
			}
		}
	}
}

// Alternating descent stays where simultaneous descent spirals out, up to h = 2.
func TestGrowthRate(t *testing.T) {
	s := System{Kind: Autonomous, Start: State{4, 0, 3}, Target: 3}
	radius := func(how Descent, h float64) float64 {
		tr, err := s.Descend(how, h, 400*h, 400*h)
		if err != nil {
			t.Fatal(err)
		}
		return math.Hypot(tr.Path[1].Theta-3, tr.Path[1].Psi)
	}
	for _, h := range []float64{0.01, 0.1, 0.5} {
		if got, want := math.Log(radius(Simultaneous, h))/(400*h), Simultaneous.GrowthRate(1, h); math.Abs(got-want) > 1e-10 {
			t.Errorf("simultaneous, h = %v: grows at %v, formula %v", h, got, want)
		}
	}
	for _, h := range []float64{0.01, 0.5, 1.5, 1.9} {
		if got := radius(Alternating, h); got > 4 || Alternating.GrowthRate(1, h) != 0 {
			t.Errorf("alternating, h = %v: radius %v", h, got)
		}
	}
	const h = 2.1
	if got, want := math.Log(radius(Alternating, h))/(400*h), Alternating.GrowthRate(1, h); math.Abs(got-want) > 0.01*want {
		t.Errorf("alternating, h = %v: grows at %v, formula %v", h, got, want)
	}
	if a, ok := s.DescentAmplitude(Alternating, h, 1); !ok || !math.IsInf(a, 1) {
		t.Errorf("alternating, h = %v: amplitude %v", h, a)
	}
}

// At LargestStep the amplitude is off by the tolerance, and beyond by more.
func TestLargestStep(t *testing.T) {
	const tolerance = 0.05
	for _, s := range []System{
		{Kind: Beta, Start: State{1, 0, 1}, Target: 3, T: 3},
		{Kind: Beta, Start: State{1, 0, 1}, Target: 3, T: 30},
		{Kind: BetaPrime, Start: State{1, 0, 1}, Target: 3, T: 30},
		{Kind: Autonomous, Start: State{1, 2, 3}, Target: 3},
	} {
		steady, _ := s.Steady()
		off := func(how Descent, h, until float64) float64 {
			a, _ := s.DescentAmplitude(how, h, until)
			return math.Abs(a/steady.AmplitudePsi - 1)
		}
		for _, how := range []Descent{Simultaneous, Alternating} {
			for _, until := range []float64{20, 200, 2e4} {
				h := s.LargestStep(how, until, tolerance)
				if math.Abs(off(how, h, until)-tolerance) > 1e-6 || off(how, 1.2*h, until) < tolerance {
					t.Errorf("%v %v until %v: h = %v is off by %v", s.Kind, how, until, h, off(how, h, until))
				}
				w := steady.Frequency
				if small := 2 * math.Log1p(tolerance) / (w * w * until); how == Simultaneous && until > 100 && math.Abs(h/small-1) > 0.05 {
					t.Errorf("%v until %v: h = %v, for small steps %v", s.Kind, until, h, small)
				}
			}
		}
	}
	still := System{Kind: Beta, Start: State{3, 0, 3}, Target: 3, T: 3}
	if h := still.LargestStep(Simultaneous, 10, tolerance); !math.IsNaN(h) {
		t.Errorf("nothing oscillates, but h = %v", h)
	}
}

func TestDescendRefuses(t *testing.T) {
	s := System{Kind: Beta, Start: State{1, 0, 1}, Target: 3, T: 3}
	staircase := s
	staircase.Levels, staircase.Tau = []float64{2}, 1
	for _, c := range []struct {
		s               System
		how             Descent
		h, until, every float64
		want            string
	}{
		{s, Simultaneous, 0, 10, 1, "step: 0 is not a step (above 0, finite)"},
		{s, Simultaneous, math.NaN(), 10, 1, "step: NaN is not a step (above 0, finite)"},
		{s, Simultaneous, 0.3, 10, 1, "step: 0.3 does not divide 1, the interval of the rows"},
		{s, Simultaneous, 2, 10, 1, "step: 2 does not divide 1, the interval of the rows"},
		{s, Simultaneous, 1e-9, 10, 1, "step: 1e-09 up to 10 is more than 20000000 steps"},
		{s, Alternating, 3, 9000, 3000, "step: the descent leaves the range of the arithmetic before t = 3000"},
		{s, Descent(4), 1, 10, 1, "method: 4 is not a way to descend"},
		{staircase, Simultaneous, 1, 10, 1, "levels: gradient descent follows Eq. 7 only; leave out levels or the method"},
		{System{Kind: Beta}, Simultaneous, 1, 10, 1, "T: 0 is not a time constant (above 0, finite)"},
	} {
		if _, err := c.s.Descend(c.how, c.h, c.until, c.every); err == nil || err.Error() != c.want {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}

// The step of gradient descent up to which Eq. 16 holds to 5 %, for T = 30.
func ExampleSystem_LargestStep() {
	s := System{Kind: Beta, Start: State{1, 0, 1}, Target: 3, T: 30}
	fmt.Println("until  simultaneous  alternating")
	for _, until := range []float64{50, 200, 1000, 10000} {
		fmt.Printf("%5.0f  %12.2g  %11.2g\n", until, s.LargestStep(Simultaneous, until, 0.05), s.LargestStep(Alternating, until, 0.05))
	}
	// Output:
	// until  simultaneous  alternating
	//    50         0.002         0.61
	//   200       0.00049         0.61
	//  1000       9.8e-05         0.61
	// 10000       9.8e-06         0.61
}
